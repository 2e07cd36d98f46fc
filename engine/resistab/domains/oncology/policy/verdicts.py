"""The verdict for each drug: two axes, response marker and resistance level, and what could not be assessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from resistab.core.derivation import EvidenceItem, mechanism_steps
from resistab.core.scoring import BY_LEVEL, first_to_speak
from resistab.domains.oncology.kinds.models import (
    RESPONSE_MARKER,
    Rulebase,
)
from resistab.domains.oncology.policy.approvals import approval_words
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.judged import Inferred, Judged
from resistab.domains.oncology.policy.models import (
    Contribution,
    Verdict,
)
from resistab.domains.oncology.policy.rules import POLICY, RuledVerdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS


def all_verdicts(rulebase: Rulebase, inferred: Inferred, weights: Mapping[str, float]) -> tuple[Verdict, ...]:
    """A verdict for every table: the drugs relevant to the tumour type first, then by name."""
    return judge(rulebase, inferred, Deriver(rulebase, inferred.genotype, inferred.observed, inferred.values, weights))


def judge(rulebase: Rulebase, inferred: Inferred, deriver: Deriver) -> tuple[Verdict, ...]:
    """The same, with the ``deriver`` of this patient at hand."""
    drugs = [Judged(rulebase, table, inferred, deriver) for table in rulebase.tables]
    resistance_conferred = [finding for drug in drugs for finding in drug.resistance_conferred()]
    for drug in drugs:
        drug.of_others = resistance_conferred
    return tuple(sorted(map(_verdict, drugs), key=lambda verdict: (not verdict.relevant, verdict.drug)))


def _verdict(drug: Judged) -> Verdict:
    contributions, level = drug.contributions, drug.level
    decided_by, said = first_to_speak(POLICY, drug) or (BY_LEVEL, RuledVerdict(level.verdict))
    not_known = drug.not_known if said.not_known is None else said.not_known
    rests_on_level = said.verdict not in ("not_indicated", "not_assessable") and said.reason is None
    cited = [item.reference for contribution in contributions for item in _all_evidence(contribution)]
    return Verdict(
        drug=drug.table.drug,
        drug_classes=drug.rulebase.classes_of(drug.table.drug),
        relevant=drug.is_used,
        verdict=said.verdict,
        decided_by=decided_by,
        level=level.level if rests_on_level else None,
        level_name=level.name if rests_on_level else None,
        score=drug.score_found,
        reason=said.reason or drug.reason(said.verdict, not_known),
        marker=drug.response_marker,
        rows=tuple(contribution.row for contribution in contributions if not contribution.same_residue),
        citations=tuple(dict.fromkeys(cited)),
        not_assessable=not_known,
        contributions=contributions,
        undecided=drug.undecided(),
        conflicts=tuple(_conflicts(contributions)),
        approval=approval_words(drug.rulebase, drug.table.drug, drug.inferred.genotype.tumour_type),
    )


def _all_evidence(contribution: Contribution) -> Iterable[EvidenceItem]:
    yield from contribution.evidence
    for rule in mechanism_steps(contribution.derivation):
        yield from rule.evidence


def _conflicts(contributions: tuple[Contribution, ...]) -> Iterable[str]:
    for contribution in contributions:
        sides = {item.direction for item in contribution.evidence}
        if len(sides) == 2:
            for_it = sum(1 for item in contribution.evidence if item.direction == "supports")
            against = len(contribution.evidence) - for_it
            yield (
                f"{contribution.row} ({contribution.condition}, {contribution.effect}): "
                f"{for_it} evidence {_items(for_it)} for it, {against} against"
            )
    markers = [c for c in contributions if c.effect == RESPONSE_MARKER]
    for one in contributions:
        for other in markers:
            shared = sorted(set(one.findings) & set(other.findings))
            if one.effect in RESISTANCE_EFFECTS and shared:
                yield (
                    f"{', '.join(shared)}: {one.effect} by {one.row}, response marker by {other.row}; "
                    "the resistance decides"
                )


def _items(number: int) -> str:
    return "item" if number == 1 else "items"
