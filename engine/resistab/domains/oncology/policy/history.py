"""The cumulative genotype of a tumour: what its earlier samples had and the present one does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resistab.domains.oncology.genotype import (
    ChangeFinding,
    Finding,
    FusionFinding,
    Genotype,
    PriorTherapy,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.series import identity, name_of, said_by_place
from resistab.report.options.history import Cumulative
from resistab.report.options.model import EarlierFinding
from resistab.report.options.patient import EarlierSample
from resistab.report.timeline.model import Therapy

# States that say that nothing was found.
_NOTHING = ("value", "neither", "stable", "negative", "low")


def cumulative(genotype: Genotype, history: Sequence[EarlierSample], rulebase: Rulebase) -> Cumulative:
    """The genotype with the findings of earlier samples, the oldest first, that it does not have.

    Of states of one thing the latest holds, but for an alteration of copies: a clone may have kept it. What was wild
    type is no finding. A germline variant is not lost. Where nothing is said of earlier therapies, those of earlier
    samples are what is known of them.
    """
    archived: dict[tuple[object, ...], tuple[Finding, EarlierSample]] = {}
    for sample in history:
        for finding in sample.genotype.findings:
            archived[_place(finding, rulebase)] = finding, sample
    own = {_place(finding, rulebase) for finding in genotype.findings}
    lost = [
        (finding, sample)
        for place, (finding, sample) in archived.items()
        if place not in own and not _says_nothing(finding) and not _said_more_closely(finding, genotype)
    ]
    standing = [finding for finding, _ in lost if finding.origin == "germline"]
    present = genotype
    prior = _prior(genotype, history)
    if standing or prior != genotype.prior_therapies:
        findings = (*genotype.findings, *standing)
        present = genotype.model_copy(update={"findings": findings, "prior_therapies": prior})
    others = [finding for finding, _ in lost if finding.origin != "germline"]
    whole = present
    if others:
        again = {_place(finding, rulebase) for finding in others}
        # Where copies were altered before, that they are not now is no contradiction: it is another clone.
        kept = [finding for finding in present.findings if _subject(finding) not in again]
        whole = present.model_copy(update={"findings": (*kept, *map(_unmeasured, others))})
    shown = sorted((_shown(finding, sample) for finding, sample in lost), key=lambda item: item.finding)
    return Cumulative(present, whole, tuple(shown))


def _shown(finding: Finding, sample: EarlierSample) -> EarlierFinding:
    return EarlierFinding(
        finding=name_of(finding),
        sample=sample.genotype.sample,
        on=sample.on,
        fraction=finding.allele_fraction,
        standing=finding.origin == "germline",
    )


def _place(finding: Finding, rulebase: Rulebase) -> tuple[object, ...]:
    """In what two findings are equal of which there can be one: the change, or the state of what is in one state."""
    if isinstance(finding, StateFinding) and finding.analyte == "copy number" and _says_nothing(finding):
        return *_subject(finding), "normal"
    return _subject(finding) or identity(finding, rulebase)


def _subject(finding: Finding) -> tuple[object, ...]:
    """What is in one state only; empty where a finding is no state of that kind."""
    if isinstance(finding, StateFinding) and finding.analyte != "splicing":
        return finding.subject, finding.analyte
    return ()


def _says_nothing(finding: Finding) -> bool:
    return isinstance(finding, StateFinding) and finding.state in _NOTHING


def _said_more_closely(finding: Finding, genotype: Genotype) -> bool:
    """Whether the sample has what an earlier one knew by its place or by one partner only."""
    for other in genotype.findings:
        if isinstance(finding, FusionFinding) and isinstance(other, FusionFinding):
            if finding.either and finding.either in (other.five_prime, other.three_prime):
                return True
        elif isinstance(finding, SiteFinding) and isinstance(other, ChangeFinding) and said_by_place(other, finding):
            return True
    return False


def _unmeasured(finding: Finding) -> Finding:
    """The finding without its share of another sample, beside which no share of this one can be put."""
    return finding.model_copy(update={"allele_fraction": None, "depth": None})


def therapies_of(therapies: Iterable[Therapy], rulebase: Rulebase) -> tuple[PriorTherapy, ...]:
    """Therapies with drugs of the rule set, each drug of a combination by itself."""
    prior = [
        PriorTherapy(drug=part.name, classes=part.classes, outcome=therapy.outcome)
        for therapy in therapies
        if therapy.drug in rulebase.drug_by_name
        for part in rulebase.parts_of(therapy.drug)
    ]
    return tuple(dict.fromkeys(prior))


def _prior(genotype: Genotype, history: Sequence[EarlierSample]) -> tuple[PriorTherapy, ...] | None:
    """The therapies that the sample names, and those that earlier samples name beside them.

    That there was none before an earlier sample says nothing of what came after it.
    """
    return with_therapies(genotype.prior_therapies, _of_samples(history))


def _of_samples(history: Sequence[EarlierSample]) -> Iterator[PriorTherapy]:
    for sample in reversed(history):
        yield from sample.genotype.prior_therapies or ()


def with_therapies(
    said: tuple[PriorTherapy, ...] | None, others: Iterable[PriorTherapy]
) -> tuple[PriorTherapy, ...] | None:
    """The therapies that were ``said``, with further ones; how one ended is taken from where it is said."""
    found = {item.drug: item for item in said or ()}
    told = list(said or ())
    for item in others:
        known = found.get(item.drug)
        if known is None:
            told.append(item)
        elif known.outcome is None and item.outcome is not None:
            told[told.index(known)] = item = known.model_copy(update={"outcome": item.outcome, "ended": item.ended})
        else:
            continue
        found[item.drug] = item
    return tuple(told) if told or said is not None else None
