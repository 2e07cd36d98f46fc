"""From the samples of one patient, each interpreted by itself, to what moved between them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from resistab.domains.oncology.genotype import (
    ChangeFinding,
    Finding,
    FusionFinding,
    Genotype,
    SetFinding,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.grammar.protein_change import normal_form
from resistab.domains.oncology.inputs.alterations import assayed_by
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS
from resistab.domains.oncology.report.model import Report
from resistab.report.timeline.model import (
    TIMELINE_FORMAT,
    CoursePoint,
    CourseVerdict,
    Emergence,
    FindingCourse,
    Movement,
    Pointer,
    Therapy,
    Timeline,
    TimePoint,
    VerdictCourse,
)

# A smaller change of an allele fraction is within what two measurements of one sample differ by.
RISE = 1.5
_SEEN = ("absent", "not detected")


@dataclass(frozen=True)
class Interpreted:
    """One sample: its genotype and its report, and the date it was taken."""

    genotype: Genotype
    report: Report
    date: datetime.date


def build_timeline(
    rulebase: Rulebase, samples: Sequence[Interpreted], therapies: Sequence[Therapy], on: datetime.date | None
) -> Timeline:
    """The timeline of at least one sample; ``on`` is the date it bears."""
    ordered = sorted(samples, key=lambda item: (item.date, item.genotype.sample))
    first = ordered[0].report
    given = tuple(sorted(therapies, key=lambda therapy: (therapy.start, therapy.drug)))
    courses = tuple(_courses(rulebase, ordered))
    return Timeline(
        format=TIMELINE_FORMAT,
        software=first.software,
        ruleset=first.ruleset,
        generated_on=on,
        samples=tuple(_time_point(item) for item in ordered),
        therapies=given,
        findings=courses,
        verdicts=tuple(_verdicts(ordered, {therapy.drug for therapy in given})),
        emergences=tuple(_emergences(ordered, courses, given)),
    )


def _time_point(item: Interpreted) -> TimePoint:
    sample = item.report.sample
    return TimePoint(
        sample=sample.id,
        date=item.date,
        tumour_type=sample.tumour_type.name,
        specimen=sample.specimen,
        read_as=sample.read_as,
        cautions=item.report.cautions,
    )


# --- findings -------------------------------------------------------------------------------------------------------


def _identity(finding: Finding, rulebase: Rulebase) -> tuple[object, ...]:
    """What makes two findings of different samples the same: the change itself, or what was measured of which gene."""
    if isinstance(finding, ChangeFinding):
        return finding.gene, normal_form(finding.change, rulebase.sequences.get(finding.gene))
    if isinstance(finding, StateFinding) and finding.analyte != "splicing":
        # A normal copy number and an amplification are no two amounts of one finding.
        return finding.subject, finding.analyte, finding.state
    return (finding.text,)


def _courses(rulebase: Rulebase, samples: Sequence[Interpreted]) -> Iterator[FindingCourse]:
    named: dict[tuple[object, ...], Finding] = {}
    known: set[tuple[object, ...]] = set()
    for item in samples:
        for finding, shown in zip(item.genotype.findings, item.report.findings, strict=True):
            key = _identity(finding, rulebase)
            named.setdefault(key, finding)
            if shown.known:
                known.add(key)
    observers = [Observer(item.genotype, rulebase) for item in samples]
    courses = []
    for key, finding in named.items():
        points = tuple(
            _point(key, finding, item.genotype, observer, rulebase)
            for item, observer in zip(samples, observers, strict=True)
        )
        movements = tuple(_movement(before, after) for before, after in pairwise(points))
        courses.append(FindingCourse(finding=_name(finding), points=points, movements=movements, known=key in known))
    # What rules speak of first, the largest first.
    yield from sorted(
        courses, key=lambda course: (not course.known, _has_unit(course), -_largest(course), course.finding)
    )


def _has_unit(course: FindingCourse) -> bool:
    return any(point.unit for point in course.points)


def _name(finding: Finding) -> str:
    """A finding without the value that it had in one sample."""
    if isinstance(finding, StateFinding) and finding.value is not None:
        return re.sub(r" -?\d.*$", "", finding.text)
    return finding.text


def _largest(course: FindingCourse) -> float:
    return max((point.amount for point in course.points if point.amount is not None), default=0.0)


def _point(
    key: tuple[object, ...], finding: Finding, genotype: Genotype, observer: Observer, rulebase: Rulebase
) -> CoursePoint:
    for other in genotype.findings:
        if _identity(other, rulebase) == key:
            value = other.value if isinstance(other, StateFinding) else other.allele_fraction
            return CoursePoint(
                presence="found", amount=value, unit=other.unit if isinstance(other, StateFinding) else ""
            )
    if _may_be(finding, genotype):
        return CoursePoint(presence="perhaps", amount=None, unit="")
    if isinstance(finding, ChangeFinding):
        assayed = observer.covers(finding.gene, "mutation", finding.change.start, finding.change.end)
    else:
        loci = assayed_by(finding)
        assayed = bool(loci) and any(observer.covers_locus(locus) for locus in loci)
    if not assayed:
        return CoursePoint(presence="not assayed", amount=None, unit="")
    return CoursePoint(presence="absent" if observer.shows_absence else "not detected", amount=None, unit="")


def _may_be(finding: Finding, genotype: Genotype) -> bool:
    """Whether the sample has a finding known only in part, or a doubtful one, that may be this one."""
    if any(item.finding.text == finding.text for item in genotype.doubtful):
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


def _movement(before: CoursePoint, after: CoursePoint) -> Movement:
    if after.presence == "not assayed":
        return "not looked for"
    if after.presence == "perhaps":
        return "may be there"
    if after.presence != "found":
        if before.presence == "found":
            return "vanished" if after.presence == "absent" else "no longer detected"
        return "stays absent" if before.presence in _SEEN else "not found"
    if before.presence == "not assayed":
        return "first looked for"
    if before.presence == "perhaps":
        return "may have been there"
    if before.presence in _SEEN:
        return "appeared"
    if before.amount is None or after.amount is None:
        return "steady"
    if after.amount > before.amount * RISE:
        return "rose"
    return "fell" if after.amount * RISE < before.amount else "steady"


# --- drugs ----------------------------------------------------------------------------------------------------------


def _verdicts(samples: Sequence[Interpreted], given: set[str]) -> Iterator[VerdictCourse]:
    by_sample = [{verdict.drug: verdict for verdict in item.report.verdicts} for item in samples]
    drugs = {
        verdict.drug
        for item in samples
        for verdict in item.report.verdicts
        if verdict.relevant or verdict.drug in given
    }
    courses = []
    for drug in sorted(drugs):
        verdicts = tuple(
            CourseVerdict(verdict=found.verdict, level=found.level, reason=found.reason)
            for found in (verdicts[drug] for verdicts in by_sample)
        )
        moved = len({(item.verdict, item.level) for item in verdicts}) > 1
        courses.append(VerdictCourse(drug=drug, verdicts=verdicts, moved=moved, given=drug in given))
    yield from sorted(courses, key=lambda course: (not course.given, not course.moved, course.drug))


# --- what emerged ---------------------------------------------------------------------------------------------------


def _emergences(
    samples: Sequence[Interpreted], courses: Sequence[FindingCourse], therapies: Sequence[Therapy]
) -> Iterator[Emergence]:
    for index, (before, after) in enumerate(pairwise(samples)):
        under = tuple(
            dict.fromkeys(
                therapy.drug
                for therapy in therapies
                if therapy.start < after.date and (therapy.end is None or therapy.end > before.date)
            )
        )
        for course in courses:
            movement = course.movements[index]
            if movement in ("appeared", "rose") and course.known:
                yield Emergence(
                    finding=course.finding,
                    sample=after.report.sample.id,
                    movement=movement,
                    under=under,
                    points_to=tuple(_pointers(course.finding, after)),
                )


def _pointers(finding: str, sample: Interpreted) -> Iterator[Pointer]:
    texts = {other.text for other in sample.genotype.findings if _name(other) == finding}
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
