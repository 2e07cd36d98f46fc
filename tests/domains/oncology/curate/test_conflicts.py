"""Evidence that contradicts itself, in the rules as they are shipped, and the rule that settles it."""

from __future__ import annotations

import pytest

from resistab.core.faults import OptionsError
from resistab.domains.oncology.commands import conflicts as list_conflicts
from resistab.domains.oncology.curate.conflicts import conflicts
from resistab.domains.oncology.interpreter import TumourInterpreter
from tests.paths import SMALL_VIRUS


@pytest.mark.parametrize(
    ("rows", "settled"),
    [
        # One report of each side.
        (("VEM-024",), "best evidence is level C: 30; evidence of similar weight against it: 15"),
        # Level B for T790M, and weaker evidence against.
        (("AFA-019",), "best evidence is level B: 60; the evidence against it is weaker and changes nothing"),
        (
            ("SUN-003",),
            "best evidence is level D: 15; evidence of similar weight against it: 10; "
            "outweighed, and reported as disputed",
        ),
        (
            ("IMA-069", "IMA-015"),
            "both rows fire; the highest score decides, and a response marker takes nothing from a resistance",
        ),
    ],
    ids=["of like weight", "weaker", "stronger", "two rows"],
)
def test_a_conflict_is_settled_by_the_rule_that_scores_it(
    oncology: TumourInterpreter, rows: tuple[str, ...], settled: str
) -> None:
    found = {conflict.rows: conflict.settled for conflict in conflicts(oncology.rulebase)}
    assert found[rows] == settled


def test_a_score_that_a_curator_set_settles_it_with_the_reason_given(oncology: TumourInterpreter) -> None:
    (row,) = [row for _, row in oncology.rulebase.active_rows() if row.id == "CET-018"]
    found = {conflict.rows: conflict.settled for conflict in conflicts(oncology.rulebase)}
    assert found[("CET-018",)].startswith(f"set by the curator: 5 ({row.score_reason})")


def test_every_row_with_evidence_on_both_sides_is_a_conflict(oncology: TumourInterpreter) -> None:
    both = {
        row.id
        for _, row in oncology.rulebase.active_rows()
        if {item.direction for item in row.evidence} == {"supports", "against"}
    }
    found = {conflict.rows[0] for conflict in conflicts(oncology.rulebase) if len(conflict.rows) == 1}
    assert both
    assert found == both


def test_every_conflict_has_both_sides(oncology: TumourInterpreter) -> None:
    assert all(conflict.supports and conflict.against for conflict in conflicts(oncology.rulebase))


def test_rule_sets_without_evidence_are_refused_with_the_reason() -> None:
    with pytest.raises(OptionsError, match="no other has evidence that contradicts itself"):
        list_conflicts(SMALL_VIRUS)
