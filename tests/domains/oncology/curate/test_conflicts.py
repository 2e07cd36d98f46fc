"""Evidence that contradicts itself, and the rule that settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import OptionsError
from resistab.domains.oncology.commands import conflicts as list_conflicts
from resistab.domains.oncology.curate.conflicts import conflicts
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from tests.conftest import RulebaseCopy
from tests.paths import SMALL_VIRUS


def row(name: str, effect: str, supports: str, against: str = "", more: str = "") -> str:
    """A row on BRAF K601E in melanoma that rests on an item of one level, with one of another level against it."""
    items = [(supports, "supports"), *([(against, "against")] if against else [])]
    evidence = ", ".join(
        f"{{reference: PMID:23569304, level: {level}, direction: {direction}, studied_in: MEL, statement: {level}.}}"
        for level, direction in items
    )
    return (
        f"  - id: {name}\n    status: active\n    when: BRAF K601E\n    tumour_types: [MEL]\n    effect: {effect}\n"
        f"    mechanism: not established\n{more}    created: 2026-11-21\n    reviewed: 2026-11-21\n"
        f"    evidence: [{evidence}]\n"
    )


def settled(folder: Path, *rows: str) -> dict[tuple[str, ...], str]:
    """How the conflicts of vemurafenib are settled once ``rows`` stand in its table."""
    table = folder / "tables" / "vemurafenib.yaml"
    table.write_text(table.read_text("utf-8") + "".join(rows), "utf-8")
    return {conflict.rows: conflict.settled for conflict in conflicts(load_rulebase_folder(folder))}


@pytest.mark.parametrize(
    ("supports", "against", "rule"),
    [
        ("C", "C", "best evidence is level C: 30; evidence of similar weight against it: 15"),
        ("B", "C", "best evidence is level B: 60; the evidence against it is weaker and changes nothing"),
        (
            *("D", "B"),
            "best evidence is level D: 15; evidence of similar weight against it: 10; "
            "outweighed, and reported as disputed",
        ),
    ],
    ids=["of like weight", "weaker", "stronger"],
)
def test_a_conflict_is_settled_by_the_rule_that_scores_it(
    small_rulebase_copy: RulebaseCopy, supports: str, against: str, rule: str
) -> None:
    assert settled(small_rulebase_copy(), row("VEM-101", "resistance", supports, against))["VEM-101",] == rule


def test_of_two_rows_the_highest_score_decides(small_rulebase_copy: RulebaseCopy) -> None:
    rows = (row("VEM-101", "resistance", "B"), row("VEM-102", "susceptibility", "C"))
    assert settled(small_rulebase_copy(), *rows)["VEM-101", "VEM-102"] == (
        "both rows fire; the highest score decides, and a response marker takes nothing from a resistance"
    )


def test_a_score_set_by_a_curator_settles_it_with_its_reason(small_rulebase_copy: RulebaseCopy) -> None:
    score = "    score: 5\n    score_reason: The two studies differ.\n"
    rule = settled(small_rulebase_copy(), row("VEM-101", "resistance", "B", "B", score))["VEM-101",]
    assert rule.startswith("set by the curator: 5 (The two studies differ.)")


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
