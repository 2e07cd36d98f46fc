"""The score of a rule, from its evidence and the policy of the rule set, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from resistab.core.evidence import EvidenceLevel
from resistab.core.program import FULL_WEIGHT
from resistab.core.records import dataclass
from resistab.core.said import said, terms
from resistab.domains.oncology.kinds.models import (
    RESPONSE_MARKER,
    Effect,
    Evidence,
    MechanismRule,
    Row,
    ScorePolicy,
)

RESISTANCE_EFFECTS: frozenset[Effect] = frozenset({"resistance", "reduced response"})
RESPONSE_EFFECTS: frozenset[Effect] = frozenset({RESPONSE_MARKER, "increased susceptibility"})
# A response marker has a tier instead; what was shown not to matter weighs nothing.
WITHOUT_SCORE: frozenset[Effect] = frozenset({RESPONSE_MARKER, "no effect"})

ABSENCE_ALONE = said("evidence of absence alone: weighs nothing")
# Of a response marker, which has no score, the reasons are told without one.
WITHOUT_NUMBER = terms(
    "evidence of absence alone",
    "best evidence is level {grade}",
    "studied with {drug}, used as an extrapolation",
    "evidence of similar weight against it",
    "reached through a conclusion whose evidence is worth level {grade}",
)

Contrary = Literal["none", "weaker", "similar", "stronger"]
"""How the best evidence against a rule compares with the best for it; "similar" and "stronger" lower the score."""


@dataclass(frozen=True)
class RuleScore:
    """A rule's score, the steps that led to it, the best supporting level, and how the evidence against it compares."""

    score: float
    reasons: tuple[str, ...]
    level: EvidenceLevel | None
    contrary: Contrary = "none"

    @property
    def outweighed(self) -> bool:
        """Whether the evidence against the rule is stronger than the evidence for it."""
        return self.contrary == "stronger"


def evidence_score(
    evidence: tuple[Evidence, ...], policy: ScorePolicy, own_drug: str | None, of_response: bool = False
) -> tuple[float, list[str], EvidenceLevel | None, Contrary]:
    """The score of the best supporting item, lowered where evidence of similar weight is against it.

    An item that studied another drug than ``own_drug`` counts as an extrapolation; with ``own_drug`` None (a
    mechanism rule, which names the drug studied in each item) none does. What is shown ``of_response`` to a combination
    says less of one of its drugs; what resists the combination resists its drugs too.
    """
    best: tuple[float, Evidence, bool] | None = None
    for item in evidence:
        if not item.carries:
            continue
        foreign = own_drug is not None and item.drug is not None and item.drug != own_drug
        score = policy.by_level[carried_level(item, evidence, partners(item, policy) if of_response else ())]
        if foreign:
            score = policy.lowered(score, policy.extrapolation_steps)
        if best is None or score > best[0]:
            best = (score, item, foreign)
    if best is None:
        return 0.0, [ABSENCE_ALONE] if on_absence_alone(evidence) else [], None, "none"
    score, item, foreign = best
    beside = partners(item, policy) if of_response else ()
    level = carried_level(item, evidence, beside)
    worth = f"{policy.by_level[level]:g}"
    if beside and level != item.level:
        best_is = said(
            "best evidence is level {grade}: {score} (level {own} with {drugs}, which says less of the drug alone)",
            grade=level,
            score=worth,
            own=item.level,
            drugs=" and ".join(beside),
        )
    elif level != item.level:
        best_is = said(
            "best evidence is level {grade}: {score} (level {own} by a mention of the study alone)",
            grade=level,
            score=worth,
            own=item.level,
        )
    else:
        best_is = said("best evidence is level {grade}: {score}", grade=level, score=worth)
    reasons = [best_is]
    if foreign:
        reasons.append(
            said("studied with {drug}, used as an extrapolation: {score}", drug=item.drug, score=f"{score:g}")
        )
    contrary: Contrary = "none"
    if against := [policy.by_level[e.level] for e in evidence if e.direction == "against"]:
        contrary = "weaker" if max(against) < score else "similar" if max(against) == score else "stronger"
    if contrary in ("similar", "stronger"):
        score = policy.lowered(score, policy.contrary_steps)
        reasons.append(said("evidence of similar weight against it: {score}", score=f"{score:g}"))
    return score, reasons, level, contrary


def carried_level(item: Evidence, evidence: tuple[Evidence, ...], beside: tuple[str, ...] = ()) -> EvidenceLevel:
    """The level that an item lends its row: what was seen in a mention alone is no level A or B without a second item.

    Nor is a study of which not even the change was seen, nor one of a combination with the drugs ``beside`` it: of the
    drug alone that says a level less.
    """
    level = item.level
    if level in ("A", "B") and item.verification != "full":
        others = (other for other in evidence if other is not item and other.carries)
        level = level if any(other.verification != "partial" for other in others) else "C"
    return _OF_COMBINATION[level] if beside else level


# No study of a combination makes a response marker of tier I for one of its drugs.
_OF_COMBINATION: dict[EvidenceLevel, EvidenceLevel] = {"A": "C", "B": "C", "C": "D", "D": "E", "E": "E"}


def partners(item: Evidence, policy: ScorePolicy) -> tuple[str, ...]:
    """The drugs of the studied combination beside which the item's own is not in its normal use."""
    return tuple(name for name in item.given_with if name not in policy.backbones)


def row_score(row: Row, drug: str, policy: ScorePolicy, extrapolated: bool = False) -> RuleScore:
    """The score that ``row`` contributes when it fires; 0 for a response marker and for what has no effect."""
    score, reasons, level, contrary = evidence_score(row.evidence, policy, drug, row.effect in RESPONSE_EFFECTS)
    if row.effect in WITHOUT_SCORE:
        if extrapolated:
            reasons.append(said("used outside the tumour types it was shown in"))
        return RuleScore(0.0, tuple(reasons), level, contrary)
    if on_absence_alone(row.evidence):
        return RuleScore(0.0, tuple(reasons), None)
    if row.score is not None:
        score = row.score
        reasons = [said("set by the curator: {score} ({quoted})", score=f"{row.score:g}", quoted=row.score_reason)]
    elif row.effect == "reduced response":
        score = policy.lowered(score, policy.reduced_response_steps)
        score = min(score, policy.reduced_response_highest)
        reasons.append(said("a reduced response, not resistance: {score}", score=f"{score:g}"))
    if extrapolated:
        score = policy.lowered(score, policy.extrapolation_steps)
        reasons.append(
            said("used outside the tumour types it was shown in, an extrapolation: {score}", score=f"{score:g}")
        )
    if row.effect == "increased susceptibility" and score > 0:
        score = -score
        reasons.append(said("increased susceptibility: {score}", score=f"{score:g}"))
    return RuleScore(score, tuple(reasons), level, contrary)


def mechanism_weight(rule: MechanismRule, policy: ScorePolicy) -> float:
    """How much a mechanism rule lets through: its evidence's score, or everything for a definition."""
    if rule.definition:
        return FULL_WEIGHT
    return evidence_score(rule.evidence, policy, None)[0]


def of_other_drugs(row: Row, drug: str) -> bool:
    """Whether all that supports a row was studied with other drugs than ``drug``; so is what nothing supports."""
    return all(item.drug not in (None, drug) for item in row.evidence if item.carries)


def shows_resistance(row: Row) -> bool:
    """Whether a row says that a drug works less or not at all, and rests on more than evidence of absence."""
    return row.effect in RESISTANCE_EFFECTS and not on_absence_alone(row.evidence)


def on_absence_alone(evidence: Iterable[Evidence]) -> bool:
    """Whether all that supports a rule is that studies looked for the opposite and did not find it."""
    supporting = [item for item in evidence if item.direction == "supports"]
    return bool(supporting) and all(item.absence for item in supporting)
