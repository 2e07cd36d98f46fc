"""From the samples of one patient, each interpreted by itself, to what moved between them."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from resistab.core.verdict import DrugVerdict
from resistab.report.options.model import Options, WatchItem
from resistab.report.timeline.model import (
    TIMELINE_FORMAT,
    CoursePoint,
    CourseVerdict,
    Emergence,
    FindingCourse,
    Movement,
    PatientTimeline,
    Pointer,
    TakenSample,
    Therapy,
    VerdictCourse,
    Watched,
)

# A smaller change of an allele fraction is within what two measurements of one sample differ by.
RISE = 1.5
_SEEN = ("absent", "not detected")

_Timeline = TypeVar("_Timeline", bound=PatientTimeline)


@dataclass(frozen=True)
class Followed:
    """A finding that is followed through a series.

    ``key`` makes findings of different samples the same, ``name`` is the finding without what it had in one sample
    alone; ``known`` says whether it has a curated association, ``finding`` is the genotype's own.
    """

    key: Hashable
    name: str
    known: bool
    finding: Any


class Series(Protocol):
    """What a domain concludes of the findings of a series."""

    def found(self, sample: TakenSample) -> Iterable[Followed]:
        """The findings of one sample."""
        ...

    def point(self, followed: Followed, sample: TakenSample) -> CoursePoint:
        """What one sample says of a finding of the series."""
        ...

    def is_watched(self, change: str, followed: Followed) -> bool:
        """Whether a finding is the change of a watch list, as that writes it."""
        ...

    def shown(self, verdict: Any) -> bool:
        """Whether a drug with this verdict in some sample is followed though it was not given."""
        ...

    def pointers(self, finding: str, sample: TakenSample) -> Iterable[Pointer]:
        """The drugs against which a finding counts in a sample, by its name."""
        ...


def build_timeline(
    model: type[_Timeline],
    series: Series,
    *,
    points: Sequence[Any],
    samples: Sequence[TakenSample],
    therapies: Iterable[Therapy],
    on: datetime.date | None,
    options: Sequence[Options] = (),
) -> _Timeline:
    """The timeline of at least one sample; ``on`` is the date it bears.

    ``options`` are what was open at each sample, and now for the last one; empty where that was not asked.

    ``samples`` stand in their order, which ``in_order`` gives, and ``points`` say of each what ``model`` says of
    samples.
    """
    first = samples[0].report
    given = sorted(therapies, key=lambda therapy: (therapy.start, therapy.drug))
    courses = _courses(series, samples, [item.watch_list for item in options])
    return model(
        format=TIMELINE_FORMAT,
        software=first.software,
        ruleset=first.ruleset,
        generated_on=on,
        samples=tuple(points),
        therapies=tuple(given),
        findings=tuple(courses),
        verdicts=tuple(_verdicts(series, samples, {therapy.drug for therapy in given})),
        emergences=tuple(_emergences(series, samples, courses, given)),
        options=options[-1] if options else None,
    )


def in_order(samples: Iterable[TakenSample]) -> list[TakenSample]:
    """The samples by their dates."""
    return sorted(samples, key=lambda item: (item.date, item.report.sample.id))


# --- findings -------------------------------------------------------------------------------------------------------


def _courses(
    series: Series, samples: Sequence[TakenSample], watched: Sequence[Sequence[WatchItem]]
) -> list[FindingCourse]:
    named: dict[Hashable, Followed] = {}
    known: set[Hashable] = set()
    for sample in samples:
        for followed in series.found(sample):
            named.setdefault(followed.key, followed)
            if followed.known:
                known.add(followed.key)
    courses = []
    for key, followed in named.items():
        points = tuple(series.point(followed, sample) for sample in samples)
        movements = tuple(_movement(before, after) for before, after in pairwise(points))
        courses.append(
            FindingCourse(
                finding=followed.name,
                points=points,
                movements=movements,
                known=key in known,
                watched=_watched(series, followed, points, samples, watched),
            )
        )
    # Those with a curated association first, the largest first.
    return sorted(courses, key=lambda course: (not course.known, _has_unit(course), -_largest(course), course.finding))


def _watched(
    series: Series,
    followed: Followed,
    points: Sequence[CoursePoint],
    samples: Sequence[TakenSample],
    watched: Sequence[Sequence[WatchItem]],
) -> Watched | None:
    """That the finding stood on the watch list of a sample before the first in which it was found."""
    first = next(index for index, point in enumerate(points) if point.presence == "found")
    for sample, items in zip(samples[:first], watched, strict=False):
        drugs = [drug for item in items if series.is_watched(item.finding, followed) for drug in item.defeats]
        if drugs:
            where = samples[first].report.sample.id
            return Watched(since=sample.date, sample=where, defeats=tuple(dict.fromkeys(drugs)))
    return None


def _has_unit(course: FindingCourse) -> bool:
    return any(point.unit for point in course.points)


def _largest(course: FindingCourse) -> float:
    return max((point.amount for point in course.points if point.amount is not None), default=0.0)


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


def _verdicts(series: Series, samples: Sequence[TakenSample], given: set[str]) -> Iterator[VerdictCourse]:
    by_sample: list[dict[str, DrugVerdict]] = [
        {verdict.drug: verdict for verdict in item.report.verdicts} for item in samples
    ]
    drugs = {
        verdict.drug
        for item in samples
        for verdict in item.report.verdicts
        if series.shown(verdict) or verdict.drug in given
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
    series: Series, samples: Sequence[TakenSample], courses: Sequence[FindingCourse], therapies: Sequence[Therapy]
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
                    points_to=tuple(series.pointers(course.finding, after)),
                )
