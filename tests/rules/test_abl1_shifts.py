"""Our verdicts on ABL1 mutants beside measured shifts, where these are at hand: no difference but those explained."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from resistab.domains.oncology.interpreter import TumourInterpreter
from tests.paths import ROOT, SHARED
from tools.abl1_shifts import Compared, Shift, compared, read_shifts

MEASURED = SHARED / "data" / "kinase" / "abl1_hauser2018_ddg.csv"
LISTED = yaml.safe_load((Path(__file__).with_name("abl1_disagreements.yaml")).read_text("utf-8"))
NEEDS_DATA = pytest.mark.skipif(
    not MEASURED.is_file(), reason="the measured shifts of ABL1 are not part of the project; see docs/abl1.md"
)


def pairs(groups: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(drug, change) for group in groups for drug, changes in group["pairs"].items() for change in changes]


@pytest.fixture(scope="module")
def beside(oncology: TumourInterpreter) -> list[Compared]:
    return compared(oncology, read_shifts(MEASURED))


@NEEDS_DATA
def test_every_disagreement_is_explained(beside: list[Compared]) -> None:
    listed = {
        (drug, change): (group["call"], group["verdict"])
        for group in LISTED["disagreements"]
        for drug, changes in group["pairs"].items()
        for change in changes
    }
    found = {
        (item.shift.drug, item.shift.mutation): (item.shift.call, item.verdict)
        for item in beside
        if item.agrees is False
    }
    assert found == listed


@NEEDS_DATA
def test_what_is_not_compared_is_listed(beside: list[Compared]) -> None:
    found = [(item.shift.drug, item.shift.mutation) for item in beside if item.agrees is None]
    assert Counter(found) == Counter(pairs(LISTED["not_compared"]))


@NEEDS_DATA
def test_no_tenfold_shift_is_called_sensitive(beside: list[Compared]) -> None:
    assert [item for item in beside if item.shift.call == "resistant" and item.predicts == "sensitive"] == []


@NEEDS_DATA
def test_counts_are_those_of_the_page(beside: list[Compared]) -> None:
    counts = Counter(item.agrees for item in beside)
    assert counts == {True: 87, False: 43, None: 14}
    page = (ROOT / "docs" / "abl1.md").read_text("utf-8")
    assert "Of 144 pairs 130 are compared: 87 agree, 43 do not." in page


def test_the_page_names_every_disagreement() -> None:
    page = (ROOT / "docs" / "abl1.md").read_text("utf-8")
    for group in (*LISTED["disagreements"], *LISTED["not_compared"]):
        for drug, changes in group["pairs"].items():
            row = f"| {drug} | {', '.join(changes)} |"
            assert row in page, row
            assert group["why"].casefold() in page.casefold()


@NEEDS_DATA
def test_folds_fit_the_inhibition(oncology: TumourInterpreter) -> None:
    """The wild type that follows from fold and IC50 is the same for all mutants of a drug, but for one unit."""
    wild_types: dict[str, list[float]] = {}
    for shift in read_shifts(MEASURED):
        wild_types.setdefault(shift.drug, []).append(shift.ic50 / shift.fold)
    odd = {
        drug: sum(abs(math.log(value / sorted(values)[len(values) // 2])) > 0.1 for value in values)
        for drug, values in wild_types.items()
    }
    assert {drug: number for drug, number in odd.items() if number} == {"ponatinib": 1}


@pytest.mark.parametrize(("fold", "call"), [(2.9, "sensitive"), (3.0, "intermediate"), (10.0, "resistant")])
def test_calls_follow_from_the_fold(fold: float, call: str) -> None:
    shift = Shift("imatinib", "T315I", 100.0, fold)
    assert shift.call == call
    assert shift.row["findings"] == "BCR::ABL1; ABL1 T315I"
