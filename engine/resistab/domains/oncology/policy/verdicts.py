"""The verdict for each drug: two axes, response marker and resistance level, and what could not be assessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from resistab.core.derivation import EvidenceItem, mechanism_steps
from resistab.core.records import dataclass
from resistab.core.said import said, said_of
from resistab.core.scoring import BY_LEVEL, first_to_speak
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER
from resistab.domains.oncology.policy.approvals import approval_words
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.judged import Judged, ResistanceTo
from resistab.domains.oncology.policy.models import (
    Contribution,
    Verdict,
)
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.rules import POLICY, RuledVerdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS


def all_verdicts(
    prepared: PreparedRules,
    inferred: Inferred,
    known: Mapping[str, Verdict] = MappingProxyType({}),
    leading: bool = False,
) -> tuple[Verdict, ...]:
    """A verdict for every table: the drugs relevant to the tumour type first, then by name.

    ``known`` are verdicts, by drug, that none of the patient's findings can have changed but by cross-resistance. With
    ``leading`` the others are left out, see ``report.leading``: nobody gives them there, and no row fired.
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
        drug.of_others = lambda: conferred
    told = [drug for drug in drugs if not leading or drug.is_used or drug.contributions]
    judged = {drug.table.drug for drug in drugs}
    found = {name: verdict for name, verdict in known.items() if name not in judged}
    if leading:
        found = {name: verdict for name, verdict in found.items() if verdict.relevant or verdict.contributions}
    found |= {drug.table.drug: verdict_of(drug) for drug in told}
    return tuple(sorted(found.values(), key=lambda verdict: (not verdict.relevant, verdict.drug)))


def verdicts_on(prepared: PreparedRules, inferred: Inferred, drugs: Iterable[str], others: bool = True) -> Judgements:
    """The verdicts on ``drugs``, and where ``others`` are asked for what fired of all others."""
    wanted = sorted(drugs)
    deriver = Deriver(prepared, inferred.genotype, inferred.observed, inferred.values)
    judged: dict[str, Judged] = {}

    def judged_on(name: str) -> Judged:
        if name not in judged:
            judged[name] = Judged(prepared, prepared.drug_by_name[name], inferred, deriver)
            judged[name].of_others = conferred
        return judged[name]

    @cache
    def conferred() -> Sequence[ResistanceTo]:
        # Asked for only where nothing else decides.
        alike = (judged_on(rules.drug) for rules in prepared.alike(wanted))
        return [change for drug in alike for change in drug.resistance_conferred()]

    certain = (head for head, value in inferred.values.items() if value.strength)
    fired = {name for head in certain for name in prepared.by_head.get(head, ())} if others else set()
    return Judgements(
        tuple(verdict_of(judged_on(name)) for name in wanted),
        tuple(Fired(name, judged_on(name).contributions) for name in sorted(fired.difference(wanted))),
        tuple(change for name in wanted for change in judged_on(name).resistance_conferred()),
    )


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
    """The verdicts on the drugs that were asked for, what fired of others, and the resistance that those confer."""

    verdicts: tuple[Verdict, ...]
    others: tuple[Fired, ...]
    conferred: tuple[ResistanceTo, ...]


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
            yield said_of(
                for_it,
                "{row} ({condition}, {effect}): {number} evidence item for it, {against} against",
                "{row} ({condition}, {effect}): {number} evidence items for it, {against} against",
                row=contribution.row,
                condition=contribution.condition,
                effect=contribution.effect,
                against=against,
            )
    markers = [c for c in contributions if c.effect == RESPONSE_MARKER]
    for one in contributions:
        for other in markers:
            shared = sorted(set(one.findings) & set(other.findings))
            if one.effect in RESISTANCE_EFFECTS and shared:
                yield said(
                    "{findings}: {effect} by {row}, response marker by {other}; the resistance decides",
                    findings=", ".join(shared),
                    effect=one.effect,
                    row=one.row,
                    other=other.row,
                )
