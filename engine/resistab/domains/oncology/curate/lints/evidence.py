"""Active rows and rules whose evidence comes from elsewhere, is weaker than their score, or was read too long ago."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from resistab.curation.kit.lints import Lint, review_lints
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.curate.lints.context import MECHANISMS, TumourContext
from resistab.domains.oncology.kinds.models import MechanismRule, Row
from resistab.domains.oncology.policy.scores import WITHOUT_SCORE, row_score


def evidence_lints(context: TumourContext, on: datetime.date) -> Iterator[Lint]:
    """What is wrong with the evidence of active rows and rules, and with the dates of their reviews."""
    months = context.rulebase.manifest.curation.review_months
    for table, row in context.active:
        file = context.rulebase.file_of(table)
        yield from _studied_elsewhere(context, file, row)
        yield from _score_above_evidence(context, file, table.name, row)
        yield from review_lints(file, row.id, row.reviewed, months, on)
    for rule in context.rules:
        if not rule.definition:
            yield from _studied_elsewhere(context, MECHANISMS, rule)
        yield from review_lints(MECHANISMS, rule.id, rule.reviewed, months, on)


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
