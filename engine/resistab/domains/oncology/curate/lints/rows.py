"""Rows of tumour tables and mechanism rules that can never fire, say the same, or say the opposite."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from resistab.core.condition import Condition, condition_text
from resistab.core.cycles import dependencies
from resistab.curation.kit.lints import Lint
from resistab.domains.oncology.compile.program import marker_name
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.curate.lints.context import MECHANISMS, TumourContext
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER, ClassTable, Row, Table
from resistab.domains.oncology.policy.scores import RuleScore, of_other_drugs, row_score

_OPPOSITE = frozenset({RESPONSE_MARKER, "increased susceptibility"})


def row_lints(context: TumourContext) -> Iterator[Lint]:
    """What is wrong with the active rows, mechanism rules and required markers, taken by their conditions."""
    dead = set()
    for table, row in context.active:
        extrapolated = context.extrapolated(row)
        if context.reasoner.impossible(context.own(row)):
            if extrapolated is None or context.reasoner.impossible(extrapolated):
                dead.add(row.id)
            text = f"'{condition_text(row.when)}' in {_listed(row.tumour_types)} never holds"
            yield finding("RT601", context.rulebase.file_of(table), row.id, text)
        elif extrapolated is not None and context.reasoner.impossible(extrapolated):
            text = f"it is never extrapolated to {_listed(row.extrapolated_to)}"
            yield finding("RT602", context.rulebase.file_of(table), row.id, text)
    for table in context.rulebase.row_tables:
        rows = [row for row in table.rows if row.status == "active" and row.id not in dead]
        yield from _pairs(context, table, rows)
    yield from _mechanisms(context)
    for table, index, condition in context.markers:
        if context.reasoner.impossible(condition):
            requires = table.indications[index].requires
            text = "" if requires == "nothing" else condition_text(requires)
            place = marker_name(table.drug, index)
            yield finding("RT624", context.rulebase.file_of(table), place, f"the required marker '{text}' never holds")


# --- pairs of rows ------------------------------------------------------------------------------------------------


def _pairs(context: TumourContext, table: Table | ClassTable, rows: list[Row]) -> Iterator[Lint]:
    file = context.rulebase.file_of(table)
    identical: set[frozenset[str]] = set()
    for one, other in itertools.combinations(rows, 2):
        if one.effect == other.effect and _same_firing(context, one, other):
            identical.add(frozenset({one.id, other.id}))
            yield finding("RT603", file, other.id, f"it fires exactly where {one.id} fires, with the same effect")
        elif _contradict(context, one, other):
            text = f"'{condition_text(one.when)}': {one.id} says {one.effect}, {other.id} {other.effect}"
            yield finding("RT605", file, other.id, text)
    wider: dict[str, list[Row]] = {}
    for one, other in itertools.permutations(rows, 2):
        if one.effect != other.effect or frozenset({one.id, other.id}) in identical:
            continue
        if _redundant(context, table, one, other):
            wider.setdefault(one.id, []).append(other)
    for row in rows:
        if row.id in wider:
            holds_all = next((other for other in wider[row.id] if _sources(row) <= _sources(other)), None)
            other = holds_all or wider[row.id][0]
            code = "RT604" if holds_all else "RT625"
            yield finding(code, file, row.id, f"{other.id} fires wherever it fires, and counts as much")


def _sources(row: Row) -> set[tuple[str, str | None, str | None]]:
    return {(item.reference, item.source, item.drug) for item in row.evidence}


def _same_firing(context: TumourContext, one: Row, other: Row) -> bool:
    reasoner = context.reasoner
    if not reasoner.equivalent(context.own(one), context.own(other)):
        return False
    first, second = context.extrapolated(one), context.extrapolated(other)
    if first is None or second is None:
        return first is second
    return reasoner.equivalent(first, second)


def _contradict(context: TumourContext, one: Row, other: Row) -> bool:
    effects = {one.effect, other.effect}
    if "resistance" not in effects or effects.isdisjoint(_OPPOSITE):
        return False
    if any(item.direction == "against" for row in (one, other) for item in row.evidence):
        return False
    if not context.reasoner.equivalent(one.when, other.when):
        return False
    lineage = context.rulebase.lineage
    return any(
        code in lineage(another) or another in lineage(code)
        for code in one.tumour_types
        for another in other.tumour_types
    )


def _redundant(context: TumourContext, table: Table | ClassTable, one: Row, other: Row) -> bool:
    """Whether ``one`` adds nothing to a verdict where ``other`` is: it fires only together with it, for no more."""
    summed = context.rulebase.manifest.scoring.combine == "sum"
    if summed and one.effect != RESPONSE_MARKER and (one.group is None or one.group != other.group):
        return False
    # A conclusion under a negation may weaken the wider row where it does not weaken the narrower.
    if any(negated for row in (one, other) for _, negated in dependencies(row.when)):
        return False
    if not _counts_as_much(context, table, other, one, extrapolated=False):
        return False
    if not context.reasoner.entails(context.own(one), context.own(other)):
        return False
    extrapolated, wider = context.extrapolated(one), context.extrapolated(other)
    if extrapolated is None or context.reasoner.impossible(extrapolated):
        return True
    if wider is not None and not _counts_as_much(context, table, other, one, extrapolated=True):
        wider = None
    return context.reasoner.entails(extrapolated, context.own(other), *((wider,) if wider is not None else ()))


def _counts_as_much(
    context: TumourContext, table: Table | ClassTable, one: Row, other: Row, extrapolated: bool
) -> bool:
    policy = context.rulebase.manifest.score_policy
    mine, its = (row_score(row, table.name, policy, extrapolated) for row in (one, other))
    if one.effect == RESPONSE_MARKER:
        return _tier(one, mine, table.name) <= _tier(other, its, table.name) and mine.outweighed <= its.outweighed
    return mine.score >= its.score


def _tier(row: Row, score: RuleScore, drug: str) -> int:
    """The place of a response marker's tier, the best first; studied with other drugs alone it is one lower."""
    return ord(score.level or "F") + of_other_drugs(row, drug)


# --- mechanism rules ----------------------------------------------------------------------------------------------


def _mechanisms(context: TumourContext) -> Iterator[Lint]:
    for rule in context.rules:
        if context.reasoner.impossible(context.rule(rule)):
            text = f"'{condition_text(rule.when)}' in {_listed(rule.tumour_types)} never holds"
            yield finding("RT612", MECHANISMS, rule.id, text)
    for one, other in itertools.combinations(context.rules, 2):
        if one.concludes == other.concludes and _possible_and_equal(context, context.rule(one), context.rule(other)):
            text = f"it leads to {other.concludes} exactly where {one.id} does"
            yield finding("RT616", MECHANISMS, other.id, text)


def _possible_and_equal(context: TumourContext, one: Condition, other: Condition) -> bool:
    return not context.reasoner.impossible(one) and context.reasoner.equivalent(one, other)


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(codes)
