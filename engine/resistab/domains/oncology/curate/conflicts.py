"""Evidence that contradicts itself, within a row or between two rows of a drug, and the rule that settles it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resistab.core.condition import condition_text
from resistab.domains.oncology.kinds.models import Evidence, Row, Rulebase
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS, row_score


@dataclass(frozen=True)
class Conflict:
    """Items that contradict each other.

    ``table`` is the drug or class, ``rows`` the one or two rows concerned, ``supports`` and ``against`` the
    references of either side with their levels, ``settled`` the rule that decides and what follows.
    """

    table: str
    rows: tuple[str, ...]
    condition: str
    tumour_types: tuple[str, ...]
    supports: tuple[str, ...]
    against: tuple[str, ...]
    settled: str


def conflicts(rulebase: Rulebase) -> tuple[Conflict, ...]:
    """Every conflict of the active rows, by table and row.

    Two rows conflict where they state the same condition for tumour types in common and the one speaks against the
    drug, the other for it or for no effect; what conflicts by implication only is for the lints to find.
    """
    found = []
    for table in sorted(rulebase.row_tables, key=lambda table: table.name):
        active = [row for row in table.rows if row.status == "active"]
        found += [conflict for row in active for conflict in _within(rulebase, table.name, row)]
        for index, row in enumerate(active):
            found += [
                conflict for other in active[index + 1 :] for conflict in _between(rulebase, table.name, row, other)
            ]
    return tuple(found)


def _within(rulebase: Rulebase, table: str, row: Row) -> Iterator[Conflict]:
    against = [item for item in row.evidence if item.direction == "against"]
    if not against:
        return
    supports = [item for item in row.evidence if item.direction == "supports"]
    scored = row_score(row, table, rulebase.manifest.score_policy)
    # The score's own reasons are what settles it.
    rule = "; ".join(scored.reasons)
    if scored.contrary == "weaker" and row.score is None:
        rule += "; the evidence against it is weaker and changes nothing"
    if scored.outweighed:
        rule += "; outweighed, and reported as disputed"
    yield Conflict(
        table, (row.id,), condition_text(row.when), row.tumour_types, _sides(supports), _sides(against), rule
    )


def _between(rulebase: Rulebase, table: str, row: Row, other: Row) -> Iterator[Conflict]:
    if (row.effect in RESISTANCE_EFFECTS) == (other.effect in RESISTANCE_EFFECTS) or row.when != other.when:
        return
    shared = tuple(code for code in row.tumour_types if code in other.tumour_types)
    if not shared:
        return
    first, second = (row, other) if row.effect in RESISTANCE_EFFECTS else (other, row)
    how = "the highest score decides" if rulebase.manifest.scoring.combine == "max" else "the scores are added"
    rule = f"both rows fire; {how}, and a response marker takes nothing from a resistance"
    if second.effect == "increased susceptibility":
        rule = f"both rows fire; {how}"
    yield Conflict(
        table,
        (first.id, second.id),
        condition_text(row.when),
        shared,
        _sides([item for item in first.evidence if item.direction == "supports"]),
        _sides([item for item in second.evidence if item.direction == "supports"]),
        rule,
    )


def _sides(items: list[Evidence]) -> tuple[str, ...]:
    return tuple(f"{item.reference} ({item.level})" for item in items)
