"""Patients in options, in patient files and in tables."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import resistab
from resistab.core.faults import InputError, OptionsError
from resistab.domains.pack import Given
from resistab.domains.pharmacogenomics.inputs import genotypes
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter


def written(tmp_path: Path, name: str, text: str) -> Given:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return Given(files=(tmp_path / name,))


def test_one_patient_in_the_options(germline: GermlineInterpreter) -> None:
    (genotype,) = genotypes(germline, Given(sample="P-1", said={"finding": ["TPMT *1/*1", "DPYD *1/*2A"]}))
    assert (genotype.sample, [result.gene for result in genotype.results]) == ("P-1", ["TPMT", "DPYD"])


@pytest.mark.parametrize("given", [Given(), Given(files=(Path("p.yaml"),), said={"finding": ["TPMT *1/*1"]})])
def test_options_and_files_exclude_each_other(germline: GermlineInterpreter, given: Given) -> None:
    with pytest.raises(OptionsError, match="give --finding, or patient files"):
        genotypes(germline, given)


def test_a_patient_file(germline: GermlineInterpreter, tmp_path: Path) -> None:
    text = 'sample: P-1\ndate: 2026-11-02\nfindings: ["DPYD *1/*2A"]\n'
    (genotype,) = genotypes(germline, written(tmp_path, "p.yaml", text))
    assert (genotype.sample, genotype.taken) == ("P-1", datetime.date(2026, 11, 2))


def test_several_patients_in_json(germline: GermlineInterpreter, tmp_path: Path) -> None:
    text = '{"patients": [{"sample": "A", "findings": []}, {"sample": "B", "findings": ["G6PD normal"]}]}'
    found = genotypes(germline, written(tmp_path, "p.json", text))
    assert [(genotype.sample, len(genotype.results)) for genotype in found] == [("A", 0), ("B", 1)]


def test_a_table_of_several_patients(germline: GermlineInterpreter, tmp_path: Path) -> None:
    text = "sample,gene,result\nA,TPMT,*1/*3A\nB,DPYD,c.1905+1G>A heterozygous\nA,HLA-B,*57:01 negative\n"
    found = genotypes(germline, written(tmp_path, "p.csv", text))
    assert [(genotype.sample, len(genotype.results)) for genotype in found] == [("A", 2), ("B", 1)]


def test_one_sample_of_several_is_chosen(germline: GermlineInterpreter, tmp_path: Path) -> None:
    given = written(tmp_path, "p.csv", "sample,gene,result\nA,TPMT,*1/*3A\nB,TPMT,*1/*1\n")
    (genotype,) = genotypes(germline, Given(files=given.files, sample="B"))
    assert genotype.sample == "B"


@pytest.mark.parametrize(
    ("name", "text", "messages"),
    [
        ("p.yaml", "sample: A\n", ["p.yaml:1:1: the field 'findings' is missing"]),
        ("p.yaml", "- 1\n", ["p.yaml:1:3: is no sample"]),
        ("p.yaml", "- {sample: A, findings: []}\n- {sample: A, findings: []}\n", ["the sample 'A' is given twice"]),
        ("p.yaml", "sample: A\nfindings: [XYZ, 'DPYD *9']\n", ["p.yaml:2:12: 'XYZ' is no gene", "p.yaml:2:17: 'DPYD"]),
        ("p.csv", "gene;result\nDPYD;*1\n", ["p.csv:2: 'DPYD *1': one allele of two"]),
        ("p.tsv", "gene\tresult\n", ["holds no row"]),
        ("p.csv", "sample,gene\nA,B\n", ["the column 'result' is missing"]),
    ],
)
def test_every_fault_is_placed(
    germline: GermlineInterpreter, tmp_path: Path, name: str, text: str, messages: list[str]
) -> None:
    with pytest.raises(InputError) as refused:
        genotypes(germline, written(tmp_path, name, text))
    assert all(message in str(refused.value) for message in messages), str(refused.value)


def test_the_shipped_rules_open_alike_from_cache_and_files() -> None:
    reports = []
    for _ in range(2):
        interpreter = resistab.load("pharmacogenomics")
        reports.append(interpreter.interpret(interpreter.genotype(["HLA-B*57:01", "DPYD *1/*2A"])).to_json())
    assert reports[0] == reports[1]
