"""The genotype that a line of a plain table gives of a tumour."""

from __future__ import annotations

from pathlib import Path

import pytest

import resistab
from resistab.core.faults import InputError
from resistab.curation.kit.measured.plain import ListedSample
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.measures.reading import plain_genotype
from resistab.files.tables import TextRow
from tests.paths import EXAMPLES


def read(text: str = "", file: Path | None = None, **fields: str) -> Genotype:
    row = TextRow("table.csv", 7, {"tumour_type": "LUAD", "assayed": "EGFR, MET", **fields})
    return plain_genotype(resistab.load("oncology"), ListedSample(row, "s1", "p1", text, file))


@pytest.mark.parametrize("text", ["EGFR L858R; EGFR T790M", "EGFR L858R, EGFR T790M", "EGFR L858R;EGFR T790M;"])
def test_findings_are_a_list(text: str) -> None:
    assert len(read(text).findings) == 2


@pytest.mark.parametrize("text", ["none", "NA", ""])
def test_nothing_found_is_said(text: str) -> None:
    assert read(text).findings == ()


def test_the_sample_has_its_name() -> None:
    assert read("EGFR L858R").sample == "s1"


def test_a_file_of_one_sample_may_be_named() -> None:
    assert read(file=EXAMPLES / "lung_osimertinib_c797s.yaml", tumour_type="").findings


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        ("EGFR X790M", {}, "table.csv:7: "),
        ("EGFR L858R", {"tumour_type": ""}, "table.csv:7: no tumour type is given; expected an OncoTree code or name"),
        ("EGFR L858R", {"tumour_type": "LUDA"}, "did you mean"),
        ("EGFR L858R", {"assayed": "EGRF"}, "did you mean"),
    ],
)
def test_faults_are_of_the_line(text: str, fields: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, **fields)
    assert said in str(caught.value)
    assert {fault.line for fault in caught.value.faults} == {7}


def test_a_file_of_several_samples_is_refused() -> None:
    with pytest.raises(InputError, match="holds 6 samples; expected a file of one sample"):
        read(file=EXAMPLES / "cohort.json", tumour_type="")
