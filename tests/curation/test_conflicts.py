"""Evidence that contradicts itself, in the rules as they are shipped."""

from __future__ import annotations

from resistab.curation.conflicts import conflicts


def test_row_with_evidence_of_like_weight_on_both_sides_is_lowered(oncology):
    found = {conflict.rows: conflict for conflict in conflicts(oncology.rulebase)}

    assert found[("VEM-024",)].settled == (
        "level C is against C: one step lower, and the row is reported as disputed; score 15"
    )


def test_every_conflict_has_both_sides(oncology):
    found = conflicts(oncology.rulebase)

    assert found
    assert all(conflict.supports and conflict.against and conflict.settled for conflict in found)
