"""What a patient's dated samples say of each other's findings."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache

from resistab.domains.oncology.genotype import (
    ChangeFinding,
    Finding,
    FusionFinding,
    Genotype,
    SetFinding,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.grammar.loci import Locus
from resistab.domains.oncology.grammar.protein_change import normal_form
from resistab.domains.oncology.inputs.alterations import AlterationError, AlterationReader, tested_by
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.kinds.symbols import GeneSymbols
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS
from resistab.report.timeline.building import Followed
from resistab.report.timeline.model import CoursePoint, Pointer, TakenSample


class TumourSeries:
    """The findings of one patient's tumour through its samples."""

    def __init__(self, rulebase: Rulebase, samples: Sequence[TakenSample]) -> None:
        self.rulebase = rulebase
        self._reader = AlterationReader(rulebase, GeneSymbols(None))
        self._read = lru_cache(None)(self._alterations)
        self.observers = {id(sample): Observer(sample.genotype, rulebase) for sample in samples}

    def _alterations(self, text: str) -> tuple[Finding, ...]:
        try:
            return self._reader.read(text).findings
        except AlterationError:
            return ()

    def found(self, sample: TakenSample) -> Iterator[Followed]:
        """The findings of one sample."""
        for finding, shown in zip(sample.genotype.findings, sample.report.findings, strict=True):
            yield Followed(identity(finding, self.rulebase), name_of(finding), shown.known, finding)

    def point(self, followed: Followed, sample: TakenSample) -> CoursePoint:
        """What one sample says of a finding of the series."""
        return _point(followed.key, followed.finding, sample.genotype, self.observers[id(sample)], self.rulebase)

    def is_watched(self, change: str, followed: Followed) -> bool:
        """Whether the finding is the change, by itself or as one of those that a name stands for."""
        return any(
            identity(finding, self.rulebase) == followed.key or _includes(finding, followed.finding)
            for finding in self._read(change)
        )

    def shown(self, verdict: Verdict) -> bool:
        """Whether the drug is used in the tumour type."""
        return verdict.relevant

    def pointers(self, finding: str, sample: TakenSample) -> Iterator[Pointer]:
        """The drugs used in the tumour type against which a finding counts, by the heaviest of its rows."""
        texts = {other.text for other in sample.genotype.findings if name_of(other) == finding}
        for verdict in sample.report.verdicts:
            against = [c for c in verdict.contributions if texts & set(c.findings) and c.effect in RESISTANCE_EFFECTS]
            if against and verdict.relevant:
                heaviest = max(against, key=lambda contribution: contribution.score)
                yield Pointer(
                    drug=verdict.drug,
                    row=heaviest.row,
                    effect=heaviest.effect,
                    mechanism=heaviest.mechanism,
                    verdict=verdict.verdict,
                )


def _includes(watched: Finding, found: Finding) -> bool:
    """Whether a change is one of those that lie in a place."""
    if not isinstance(watched, SiteFinding) or not isinstance(found, ChangeFinding):
        return False
    return said_by_place(found, watched)


def said_by_place(change: ChangeFinding, site: SiteFinding) -> bool:
    """Whether a change is of the type that is known of a place, and lies in it."""
    first, last = site.bounds
    if change.gene != site.gene:
        return False
    if first is not None and last is not None and not (first <= change.change.start and change.change.end <= last):
        return False
    gained = change.change.length_change
    match site.type:
        case "mutation" | "any change":
            return True
        case "deletion":
            return gained < 0
        case "insertion":
            return gained > 0
        case _:
            return site.type == change.change.kind


def identity(finding: Finding, rulebase: Rulebase) -> tuple[object, ...]:
    """What makes two findings of different samples the same: the change itself, or what was measured of which gene."""
    if isinstance(finding, ChangeFinding):
        return finding.gene, normal_form(finding.change, rulebase.sequences.get(finding.gene))
    if isinstance(finding, StateFinding) and finding.analyte != "splicing":
        # A normal copy number and an amplification are no two amounts of one finding.
        return finding.subject, finding.analyte, finding.state
    return (finding.text,)


def name_of(finding: Finding) -> str:
    """A finding without the value that it had in one sample."""
    if isinstance(finding, StateFinding) and finding.value is not None:
        return re.sub(r" -?\d.*$", "", finding.text)
    return finding.text


def _point(key: Hashable, finding: Finding, genotype: Genotype, observer: Observer, rulebase: Rulebase) -> CoursePoint:
    for other in genotype.findings:
        if identity(other, rulebase) == key:
            value = other.value if isinstance(other, StateFinding) else other.allele_fraction
            return CoursePoint(
                presence="found", amount=value, unit=other.unit if isinstance(other, StateFinding) else ""
            )
    if _may_be(finding, genotype):
        return CoursePoint(presence="perhaps", amount=None, unit="")
    if isinstance(finding, ChangeFinding):
        assayed = observer.covers(finding.gene, "mutation", finding.change.start, finding.change.end)
    else:
        loci = (Locus(subject=subject, kind=kind) for subject, kind in tested_by(finding))
        assayed = any(map(observer.covers_locus, loci))
    if not assayed:
        return CoursePoint(presence="not assayed", amount=None, unit="")
    return CoursePoint(presence="absent" if observer.shows_absence else "not detected", amount=None, unit="")


def _may_be(finding: Finding, genotype: Genotype) -> bool:
    """Whether the sample has a finding known only in part, or one that was filtered out, that may be this one."""
    if any(item.finding.text == finding.text for item in genotype.filtered_findings):
        return True
    if isinstance(finding, FusionFinding):
        genes = {finding.five_prime, finding.three_prime, finding.either} - {""}
        return any(
            isinstance(other, FusionFinding)
            and bool(finding.either) != bool(other.either)
            and genes & {other.five_prime, other.three_prime, other.either}
            for other in genotype.findings
        )
    if isinstance(finding, StateFinding):
        return any(
            isinstance(other, StateFinding)
            and (other.subject, other.analyte) == (finding.subject, finding.analyte)
            and "value" in (other.state, finding.state)
            for other in genotype.findings
        )
    if isinstance(finding, ChangeFinding):
        return any(
            isinstance(other, SetFinding)
            or (
                isinstance(other, SiteFinding)
                and (other.first is None or other.last is None or finding.change.overlaps(other.first, other.last))
            )
            for other in genotype.findings
            if isinstance(other, SiteFinding | SetFinding) and other.gene == finding.gene
        )
    if isinstance(finding, SiteFinding | SetFinding):
        return any(isinstance(other, ChangeFinding) and other.gene == finding.gene for other in genotype.findings)
    return False
