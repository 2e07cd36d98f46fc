"""The verdict for each drug: two axes, response marker and resistance level, and what could not be assessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from resistab.core.derivation import EvidenceItem, mechanism_steps
from resistab.core.records import dataclass
from resistab.core.scoring import BY_LEVEL, first_to_speak
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER
from resistab.domains.oncology.policy.approvals import approval_words
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.policy.models import (
    Contribution,
    Verdict,
)
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.rules import POLICY, RuledVerdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS


def all_verdicts(
    prepared: PreparedRules, inferred: Inferred, known: Mapping[str, Verdict] = MappingProxyType({})
) -> tuple[Verdict, ...]:
    """A verdict for every table: the drugs relevant to the tumour type first, then by name.

    ``known`` are verdicts, by drug, that none of the patient's findings can have changed but by cross-resistance.
    """
    deriver = Deriver(prepared, inferred.genotype, inferred.observed, inferred.values)
    drugs = [Judged(prepared, rules, inferred, deriver) for rules in prepared.drugs if rules.drug not in known]
    conferred = [finding for drug in drugs for finding in drug.resistance_conferred()]
    alike = {
        name
        for change in conferred
        for of in prepared.drug_by_name[change.drug].classes
        for name in prepared.by_class[of]
    }
    drugs += [
        Judged(prepared, rules, inferred, deriver)
        for rules in prepared.drugs
        if rules.drug in known and rules.drug in alike
    ]
    for drug in drugs:
        drug.of_others = conferred
    found = {**known, **{drug.table.drug: verdict_of(drug) for drug in drugs}}
    return tuple(sorted(found.values(), key=lambda verdict: (not verdict.relevant, verdict.drug)))


def verdicts_on(prepared: PreparedRules, inferred: Inferred, drugs: Iterable[str]) -> Judgements:
    """The verdicts on ``drugs``, and what fired of all others."""
    wanted = set(drugs)
    deriver = Deriver(prepared, inferred.genotype, inferred.observed, inferred.values)
    judged = {rules.drug: Judged(prepared, rules, inferred, deriver) for rules in prepared.alike(wanted)}
    conferred = [finding for drug in judged.values() for finding in drug.resistance_conferred()]
    for drug in judged.values():
        drug.of_others = conferred
    fired = {
        name for head, value in inferred.values.items() if value.strength for name in prepared.by_head.get(head, ())
    }
    others = []
    for name in sorted(fired - wanted):
        drug = judged.get(name) or Judged(prepared, prepared.drug_by_name[name], inferred, deriver)
        others.append(Fired(name, drug.contributions))
    return Judgements(tuple(verdict_of(judged[name]) for name in sorted(wanted)), tuple(others))


@dataclass(frozen=True)
class Fired:
    """The rows that fired for a drug of which no verdict was asked."""

    drug: str
    contributions: tuple[Contribution, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """Their ids, as a verdict names them."""
        return rows_of(self.contributions)


@dataclass(frozen=True)
class Judgements:
    """The verdicts on the drugs that were asked for, and what fired of others."""

    verdicts: tuple[Verdict, ...]
    others: tuple[Fired, ...]


def rows_of(contributions: Iterable[Contribution]) -> tuple[str, ...]:
    """The rows that fired on what they name, and not for another substitution at its codon."""
    return tuple(contribution.row for contribution in contributions if not contribution.same_residue)


@dataclass(frozen=True)
class Summary:
    """What a table of many patients says of one drug; ``shown`` where a report leads with it."""

    verdict: str
    level: int | None
    relevant: bool
    reason: str
    rows: tuple[str, ...]
    shown: bool


def summary_of(drug: Judged) -> Summary:
    """What a verdict comes to in a line, without its derivation."""
    _, said, not_known, rests_on_level = _decided(drug)
    return Summary(
        verdict=said.verdict,
        level=drug.level.level if rests_on_level else None,
        relevant=drug.is_used,
        reason=said.reason or drug.reason(said.verdict, not_known),
        rows=rows_of(drug.contributions),
        shown=drug.is_used or bool(drug.contributions),
    )


def _decided(drug: Judged) -> tuple[str, RuledVerdict, tuple[str, ...], bool]:
    """What decides, what it says, what is not known for more, and whether the verdict rests on the drug's level."""
    decided_by, said = first_to_speak(POLICY, drug) or (BY_LEVEL, RuledVerdict(drug.level.verdict))
    not_known = drug.not_known if said.not_known is None else said.not_known
    rests_on_level = said.verdict not in ("not_indicated", "not_assessable") and said.reason is None
    return decided_by, said, not_known, rests_on_level


def verdict_of(drug: Judged) -> Verdict:
    """The verdict on one drug, once the resistance conferred to others is known."""
    contributions, level = drug.contributions, drug.level
    decided_by, said, not_known, rests_on_level = _decided(drug)
    cited = [item.reference for contribution in contributions for item in _all_evidence(contribution)]
    return Verdict(
        drug=drug.table.drug,
        drug_classes=drug.rules.classes,
        relevant=drug.is_used,
        verdict=said.verdict,
        decided_by=decided_by,
        level=level.level if rests_on_level else None,
        level_name=level.name if rests_on_level else None,
        score=drug.score_found,
        reason=said.reason or drug.reason(said.verdict, not_known),
        marker=drug.response_marker,
        rows=rows_of(contributions),
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
