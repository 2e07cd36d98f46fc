"""Tumour types as people write them: what each name means, what is refused, and what is suggested."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.tumour_types import read_tumour_type, suggest_tumour_types
from resistab.domains.oncology.kinds.tumour_names import listed
from tests.running import RESISTAB, Result


def run(*arguments: str, cwd: Path) -> Result:
    return subprocess.run([*RESISTAB, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


MEANT = {
    "luad": "LUAD",
    "Lung Adenocarcinoma": "LUAD",
    "GBM": "GB",
    "AASTR": "ASTR",
    "DLBCL": "DLBCLNOS",
    "CLL": "CLLSLL",
    "NCIT:C3512": "LUAD",
    "UMLS:C0152013": "LUAD",
    "ONCOTREE:LUAD": "LUAD",
    "C2926": "NSCLC",
    "Breast cancer": "BRCA",
    "Breast Cancer": "BRCA",
    "Colorectal cancer": "COADREAD",
    "CRC": "COADREAD",
    "Prostate cancer": "PRAD",
    "castration-resistant prostate cancer": "PRAD",
    "mCRPC": "PRAD",
    "Multiple myeloma": "PCM",
    "cancer of the pancreas": "PAAD",
    "PDAC": "PAAD",
    "metastatic breast cancer": "BRCA",
    "stage IV non-small-cell lung cancer": "NSCLC",
    "Non small cell carcinoma of lung": "NSCLC",
    "NSCLC adenocarcinoma": "LUAD",
    "adenocarcinoma of the lung": "LUAD",
    "Lung Adenocarcinoma (LUAD)": "LUAD",
    "oesophageal adenocarcinoma": "ESCA",
    "acute myeloid leukaemia": "AML",
    "relapsed/refractory AML": "AML",
    "malignant neoplasm of breast": "BRCA",
    "KIRC": "CCRCC",
    "OV": "SOC",
    "LIHC": "HCC",
    "LAML": "AML",
    "ccRCC": "CCRCC",
    "Sézary syndrome": "SS",
    "Wilms tumour": "WT",
    "Ewing's sarcoma": "ES",
    "essential thrombocythaemia": "ET",
    "gastric cancer": "STAD",
    "MPM": "PLMESO",
    "MTC": "THME",
}


@pytest.mark.parametrize(("written", "code"), MEANT.items())
def test_a_name_means_its_type(oncology: Interpreter, written: str, code: str) -> None:
    read = read_tumour_type(oncology.rulebase, written)
    assert read.tumour is not None
    assert read.tumour.code == code


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("Lung cancer", ["NSCLC", "SCLC"]),
        ("lung carcinoma", ["NSCLC", "SCLC"]),
        ("metastatic lung cancer", ["NSCLC", "SCLC"]),
        ("ALL", ["BLL", "TLL"]),
        ("NET", ["PANET", "GINET", "LUCA", "NETNOS"]),
        ("Kidney cancer", ["RCC", "WT", "UTUC"]),
        ("Choriocarcinoma", ["UCCA", "TCCA", "BCCA", "OCNOS"]),
        ("Yolk Sac Tumor", ["OYST", "BYST", "TYST", "VYST"]),
    ],
)
def test_a_name_of_several_types_is_refused_with_all_of_them(
    oncology: Interpreter, written: str, likely: list[str]
) -> None:
    read = read_tumour_type(oncology.rulebase, written)
    assert read.tumour is None
    assert {candidate.code for candidate in read.candidates} == set(likely)
    assert read.candidates[0].code in read.doubt.partition(" or ")[0]


@pytest.mark.parametrize(
    "written",
    [
        "brain metastases",
        "C50.9",
        "unknown",
        "tumour",
        "breast cancer (LUAD)",
        "EGFR-mutant something",
        "",
        "Brustkrebs",
    ],
)
def test_what_names_no_type_is_not_guessed(oncology: Interpreter, written: str) -> None:
    read = read_tumour_type(oncology.rulebase, written)
    assert read.tumour is None
    assert read.candidates == ()


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("brest cancer", "BRCA"),
        ("Breast adenoca of left side", "BRCA"),
        ("EGFR-mutant NSCLC", "NSCLC"),
        ("lung adeno", "LUAD"),
        ("melanma", "MEL"),
        ("hepatocelular carcinoma", "HCC"),
        ("colonrectal cancer", "COADREAD"),
        ("LUADD", "LUAD"),
    ],
)
def test_the_likeliest_type_is_suggested_first(oncology: Interpreter, written: str, first: str) -> None:
    suggested = suggest_tumour_types(oncology.rulebase, written)
    assert suggested is not None
    assert suggested.startswith(f"{first} (")


@pytest.mark.parametrize("written", ["Breast something", "brest cancer", "colorectal something"])
def test_another_organ_is_never_suggested(oncology: Interpreter, written: str) -> None:
    suggested = suggest_tumour_types(oncology.rulebase, written) or ""
    assert "Urethral" not in suggested
    assert "Bladder" not in suggested


def test_nothing_is_suggested_where_only_common_words_are_shared(oncology: Interpreter) -> None:
    assert suggest_tumour_types(oncology.rulebase, "xyzzy cancer") is None


def test_every_listed_name_means_its_code_alone(oncology: Interpreter) -> None:
    names = oncology.rulebase.tumour_names
    wrong = {
        name: names.meant(name).codes
        for code, name in listed(oncology.rulebase.tumour_name_file)
        if names.meant(name).code != code
    }
    assert wrong == {}


def test_every_code_means_itself_whatever_else_bears_its_letters(oncology: Interpreter) -> None:
    names = oncology.rulebase.tumour_names
    assert {t.code for t in oncology.rulebase.tumour_types if names.meant(t.code.lower()).code != t.code} == set()


def test_a_report_says_how_a_name_was_read(oncology: Interpreter) -> None:
    assert "'Breast cancer' was read as BRCA (Invasive Breast Carcinoma)" in oncology.genotype("Breast cancer").notes
    assert oncology.genotype("LUAD").notes == ()


def test_a_report_says_what_a_code_may_have_been_meant_to_be(oncology: Interpreter) -> None:
    (note,) = oncology.genotype("MBC").notes
    assert note.startswith("MBC (Metaplastic Breast Cancer) was taken")
    assert "metastatic breast cancer, which is BRCA" in note


def test_a_report_names_the_finer_types_whose_rules_are_not_used(oncology: Interpreter) -> None:
    (note,) = oncology.genotype("thyroid cancer").notes
    assert "rules on THAP, THFO, THME, THPA are not used" in note


COHORT = "sample,tumour_type,alteration\na,LUAD,EGFR T790M\nb,Brustkrebs,PIK3CA H1047R\nc,Lung cancer,EGFR L858R\n"


def test_one_sample_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COHORT)
    done = run("evaluate", "c.csv", "--keep-going", "--table", "-", cwd=tmp_path)
    assert done.returncode == 0
    rows = [line.split(",") for line in done.stdout.splitlines()]
    assert {row[0] for row in rows[1:]} == {"a", "b", "c"}
    assert [row[:4] for row in rows[-2:]] == [["b", "", "", "set aside"], ["c", "", "", "set aside"]]
    assert "set aside: sample 'b': c.csv:3: unknown tumour type 'Brustkrebs'" in done.stderr


def test_every_output_of_a_cohort_names_what_was_set_aside(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COHORT)
    run("evaluate", "c.csv", "--keep-going", "--jsonl", "o.jsonl", "--reports", "pages", cwd=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]
    assert [line["sample"]["id"] for line in lines] == ["a", "b", "c"]
    assert "unknown tumour type" in lines[1]["set_aside"][0]
    assert json.loads((tmp_path / "pages/b.json").read_text()) == lines[1]
    summed = run("cohort", "o.jsonl", "--format", "json", cwd=tmp_path)
    cohort = json.loads(summed.stdout)
    assert cohort["samples"] == 1
    assert [item["samples"] for item in cohort["set_aside"]] == [["b"], ["c"]]


def test_all_types_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COHORT)
    done = run("evaluate", "c.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert "c.csv:3: unknown tumour type 'Brustkrebs'" in done.stderr
    assert "c.csv:4: 'Lung cancer' may mean NSCLC (Non-Small Cell Lung Cancer) or SCLC" in done.stderr


def test_a_cohort_of_which_no_sample_can_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sample,tumour_type,alteration\na,Brustkrebs,EGFR T790M\nb,qq,KRAS G12D\n")
    assert run("evaluate", "c.csv", "--keep-going", "--table", "-", cwd=tmp_path).returncode == 3


@pytest.mark.parametrize(
    ("of_file", "said", "note"),
    [
        ("Brustkrebs", "BRCA", "the file says 'Brustkrebs', which is not understood; --tumour BRCA is used"),
        ("ALL", "TLL", "the file says 'ALL', which may mean BLL"),
        ("Breast cancer", "BRCA", "'Breast cancer' was read as BRCA"),
    ],
)
def test_the_type_that_is_said_holds_where_the_file_is_unclear(
    tmp_path: Path, of_file: str, said: str, note: str
) -> None:
    (tmp_path / "c.csv").write_text(f"sample,tumour_type,alteration\na,{of_file},PIK3CA H1047R\n")
    done = run("evaluate", "c.csv", "-t", said, "--json", "-", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert report["sample"]["tumour_type"]["code"] == said
    assert any(one.startswith(note) for one in report["notes"])


@pytest.mark.parametrize(("of_file", "said"), [("LUAD", "BRCA"), ("Lung cancer", "MEL")])
def test_two_types_that_differ_are_refused(tmp_path: Path, of_file: str, said: str) -> None:
    (tmp_path / "c.csv").write_text(f"sample,tumour_type,alteration\na,{of_file},PIK3CA H1047R\n")
    done = run("evaluate", "c.csv", "-t", said, cwd=tmp_path)
    assert done.returncode == 3
    assert f"'{said}' is given, and the file says {of_file}" in done.stderr


def test_a_type_that_is_said_and_not_known_is_one_fault(oncology: Interpreter) -> None:
    with pytest.raises(InputError) as raised:
        oncology.genotype("Brustkrebs", ["EGFR T790M"])
    assert len(raised.value.faults) == 1


def test_a_start_with_nothing_to_suggest_loads_no_rapidfuzz() -> None:
    code = (
        "import sys, resistab; resistab.load('oncology').genotype('LUAD', ['EGFR T790M']); "
        "sys.exit('rapidfuzz' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
