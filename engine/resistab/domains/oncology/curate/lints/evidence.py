"""Active rows and rules whose evidence comes from elsewhere, is weaker than their score, or was read too long ago."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from resistab.core.evidence import EvidenceLevel
from resistab.curation.kit.lints import Lint, review_lints
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.curate.lints.context import MECHANISMS, TumourContext
from resistab.domains.oncology.kinds.models import MechanismRule, Row
from resistab.domains.oncology.policy.scores import WITHOUT_SCORE, row_score
from resistab.rulesets.models import Curation

_OLD_YEARS = 10
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def evidence_lints(context: TumourContext, on: datetime.date) -> Iterator[Lint]:
    """What is wrong with the evidence of active rows and rules, and with the dates of their reviews."""
    curation = context.rulebase.manifest.curation
    months = curation.review_months
    aged: dict[str, list[str]] = {}
    for table, row in context.active:
        file = context.rulebase.file_of(table)
        yield from _studied_elsewhere(context, file, row)
        yield from _score_above_evidence(context, file, table.name, row)
        yield from review_lints(file, row.id, row.reviewed, months, on)
        yield from _second_reader(file, row, curation)
        best = _best_level(row)
        if best in ("A", "B") and _newest(context, row) < on.year - _OLD_YEARS:
            aged.setdefault(table.name, []).append(row.id)
    for table in context.rulebase.row_tables:
        if rows := aged.get(table.name):
            text = f"{', '.join(rows)}: all that supports {'it' if len(rows) == 1 else 'them'} is from before "
            yield finding("RT633", context.rulebase.file_of(table), table.name, text + str(on.year - _OLD_YEARS))
    for rule in context.rules:
        if not rule.definition:
            yield from _studied_elsewhere(context, MECHANISMS, rule)
        yield from review_lints(MECHANISMS, rule.id, rule.reviewed, months, on)
        yield from _second_reader(MECHANISMS, rule, curation)


def _second_reader(file: str, rule: Row | MechanismRule, curation: Curation) -> Iterator[Lint]:
    best = _best_level(rule)
    readers = tuple(dict.fromkeys(rule.reviewers))
    if best in curation.second_reader and len(readers) < 2:
        named = f"{readers[0]} alone" if readers else "nobody"
        yield finding(
            "RT635", file, rule.id, f"its best evidence is of level {best}, and {named} is said to have read it"
        )


def _best_level(row: Row | MechanismRule) -> EvidenceLevel | None:
    """The best level of what supports a row or rule, None where nothing does."""
    return min((item.level for item in row.evidence if item.carries), default=None)


def _newest(context: TumourContext, row: Row) -> int:
    """The year of the newest item that supports a row; a reference without a year is of no age."""
    return max(_year(context, item.reference) for item in row.evidence if item.carries)


def _year(context: TumourContext, reference: str) -> int:
    citation = context.rulebase.citation_by_reference.get(reference)
    years = _YEAR.findall(citation.short if citation else "") or _YEAR.findall(reference.partition("LABEL:")[2])
    return int(years[-1]) if years else datetime.MAXYEAR


def _studied_elsewhere(context: TumourContext, file: str, rule: Row | MechanismRule) -> Iterator[Lint]:
    """Tumour types in which a rule holds and none of its supporting evidence was studied.

    Evidence in a subtype speaks of the type; so does evidence in a wider type, and where the type is not stated.
    """
    lineage = context.rulebase.lineage
    studied = {item.studied_in for item in rule.evidence if item.direction == "supports"}
    without = [
        code
        for code in rule.tumour_types
        if not any(code in lineage(other) or other in lineage(code) for other in studied)
    ]
    if not studied or not without:
        return
    where = ", ".join(sorted(studied))
    if len(without) == len(rule.tumour_types):
        text = f"it holds in {', '.join(without)}, and its evidence was studied in {where}"
        yield finding("RT606" if isinstance(rule, Row) else "RT627", file, rule.id, text)
    else:
        text = f"it holds in {', '.join(without)} too, and its evidence was studied in {where} alone"
        yield finding("RT607", file, rule.id, text)


def _score_above_evidence(context: TumourContext, file: str, drug: str, row: Row) -> Iterator[Lint]:
    if row.score is None or row.effect in WITHOUT_SCORE:
        return
    policy = context.rulebase.manifest.score_policy
    due = row_score(row.model_copy(update={"score": None, "score_reason": None}), drug, policy).score
    if abs(row.score) > abs(due):
        text = f"its score is {row.score:g}, and its evidence gives {due:g}"
        yield finding("RT608", file, row.id, text)
