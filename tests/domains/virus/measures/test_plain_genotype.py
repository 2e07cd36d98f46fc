"""The genotype that a line of the plain table gives of a virus."""

from __future__ import annotations

from pathlib import Path

import pytest

import resistab
from resistab.core.faults import InputError
from resistab.curation.kit.measured.plain import ListedSample, read_plain
from resistab.domains.virus import measures
from resistab.domains.virus.interpreter import ViralInterpreter


@pytest.fixture(scope="module")
def hiv1() -> ViralInterpreter:
    interpreter = resistab.load("hiv1")
    assert isinstance(interpreter, ViralInterpreter)
    return interpreter


def line(folder: Path, mutations: str) -> ListedSample:
    path = folder / "measured.csv"
    path.write_text(f'sample,patient,mutations,drug,value\niso-1,p-1,"{mutations}",EFV,20\n', "utf-8")
    (sample,) = read_plain(path).samples
    return sample


def test_the_genes_of_the_drugs_count_as_read(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    genotype = measures.genotype(hiv1, line(tmp_path, "RT:K103N"), ["EFV"])
    assert [(finding.gene, finding.position, finding.residues) for finding in genotype.findings] == [
        ("RT", 103, ("N",))
    ]
    assert [item.gene for item in genotype.coverage] == ["RT"]


def test_a_list_that_cannot_be_read_names_its_line(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        measures.genotype(hiv1, line(tmp_path, "RT:R103N"), ["EFV"])
    assert "measured.csv" in str(error.value) and "2" in str(error.value)
