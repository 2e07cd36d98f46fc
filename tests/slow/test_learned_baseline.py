"""Learned tables against a plain baseline on published phenotypes, where these are present.

The baseline, measured apart: the lasso on residues that were seen at least five times, log10 of the fold, five folds by
patient. A table of at most sixty integer scores beats it where few patients were measured, and loses at most 0.02 where
there are many.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import resistab
from resistab.core.faults import InputError
from resistab.curation.learning.fitting import FitSettings
from resistab.curation.learning.learn import learn_table
from resistab.curation.learning.model import LearnedDrug
from resistab.domains.registry import pack_named
from tests.paths import SHARED

PHENOTYPES = SHARED / "data" / "hiv" / "phenotypes"
MOST_ROWS = 60

pytestmark = pytest.mark.skipif(not PHENOTYPES.is_dir(), reason="no published phenotypes at hand")


@pytest.fixture(scope="module")
def hiv1() -> Any:
    return resistab.load("hiv1")


def learned(hiv1: Any, file: str, drug: str) -> LearnedDrug:
    pack = pack_named("virus")
    measured = pack.measures.read(hiv1, [PHENOTYPES / file], False, [drug])
    return learn_table(
        pack, hiv1, measured, measured.drugs[drug],
        files=[file], seed=1, settings=FitSettings(most_rows=MOST_ROWS), on=datetime.date(2026, 11, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "drug", "isolates", "patients", "least"),
    [
        ("INI.tsv", "RAL", 683, 286, 0.362),
        ("INI.tsv", "EVG", 635, 271, 0.496),
        ("INI.tsv", "DTG", 290, 51, 0.114),
        ("NNRTI.tsv", "EFV", 1829, 1655, 0.867 - 0.02),
    ],
)
def test_tables_hold_their_own_against_the_baseline(
    hiv1: Any, file: str, drug: str, isolates: int, patients: int, least: float
) -> None:
    table = learned(hiv1, file, drug).table
    assert (table.samples, table.patients) == (isolates, patients)
    assert table.r2 > least
    assert 0 < len(table.rows) <= MOST_ROWS


def test_too_few_resistant_patients_are_refused(hiv1: Any) -> None:
    with pytest.raises(InputError) as error:
        learned(hiv1, "INI.tsv", "BIC")
    assert [str(fault) for fault in error.value.faults] == [
        "INI.tsv: BIC: 6 resistant samples of 2 patients; expected samples of 10 patients that are resistant: "
        "8 patients are lacking"
    ]
