"""Where the parts of a timeline's picture stand: findings over time, therapies as bars beneath.

Of findings with allele fractions the course is a curve; in a domain that measures none it is a lane for each.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from resistab.report.language import figures, gettext
from resistab.report.timeline.model import FindingCourse, PatientTimeline

# Units of the picture's own co-ordinates, which the page scales to its width.
WIDTH = 900.0
LEFT = 52.0
RIGHT = 230.0
TOP = 14.0
PLOT = 240.0
_LANE = 20.0
_LABEL = 15.0
_DATES = 40.0
# Told apart without colour too, by their dashes; colours after Okabe and Ito, which the colour blind can tell apart.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#8a4f7d", "#a06a00", "#1c2733")
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
MOST_LINES = 12
MOST_LANES = 24
_DRAWN = ("found", "absent", "not detected")


@dataclass(frozen=True)
class Mark:
    """A finding in one sample: filled where found, open on the ground line where looked for and not found.

    It is ringed where it appeared after it had stood on a watch list.
    """

    x: float
    y: float
    found: bool
    ringed: bool = False


@dataclass(frozen=True)
class Line:
    """A finding's course: stretches of points that follow on each other, its marks, and its label.

    The label's leader begins at ``last``.
    """

    name: str
    colour: str
    dash: str
    stretches: tuple[str, ...]
    marks: tuple[Mark, ...]
    label_y: float
    last: Mark


@dataclass(frozen=True)
class Bar:
    """A therapy: its left edge, its width, and the middle of its lane; ``open`` where it goes on."""

    name: str
    x: float
    width: float
    y: float
    open: bool


@dataclass(frozen=True)
class Tick:
    """A number on an axis, or a date beneath it."""

    text: str
    at: float
    second: str = ""


@dataclass(frozen=True)
class TimelineDrawing:
    """The whole picture; y grows downwards. ``left_out`` are findings with no line of their own, for want of room.

    ``title`` and ``caption`` say what is drawn and how it is read; ``watched`` are the lines of the legend on what is
    ringed, the first at ``legend``.
    """

    title: str
    caption: str
    height: float
    ground: float
    right: float
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    levels: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    left_out: tuple[str, ...]
    watched: tuple[str, ...]
    legend: float


def draw_timeline(timeline: PatientTimeline) -> TimelineDrawing | None:
    """The picture of a timeline; None where there is nothing to draw: no finding, or none with an allele fraction."""
    courses = [course for course in timeline.findings if not timeline.fractions or _has_fraction(course)]
    if not courses:
        return None
    most = MOST_LINES if timeline.fractions else MOST_LANES
    drawn, left_out = courses[:most], courses[most:]
    dates: list[datetime.date] = [sample.date for sample in timeline.samples]
    moments = dates + [therapy.start for therapy in timeline.therapies]
    moments += [therapy.end for therapy in timeline.therapies if therapy.end is not None]
    first, last = min(moments), max(moments)
    days = max((last - first).days, 1)
    right = WIDTH - RIGHT

    def x(moment: datetime.date) -> float:
        return round(LEFT + (moment - first).days / days * (right - LEFT), 1)

    xs = [x(date) for date in dates]
    plot = _curves(drawn, xs) if timeline.fractions else _lanes(drawn, xs)
    bars = [
        Bar(
            therapy.drug,
            x(therapy.start),
            max(x(therapy.end or last) - x(therapy.start), 3.0),
            plot.ground + _DATES + index * _LANE + 10.0,
            therapy.end is None,
        )
        for index, therapy in enumerate(timeline.therapies)
    ]
    legend = plot.ground + _DATES + len(bars) * _LANE + 14.0
    watched = [
        gettext("{finding}: on the watch list since {date}", finding=course.finding, date=course.watched.since)
        for course in drawn
        if course.watched
    ]
    return TimelineDrawing(
        title=plot.title,
        caption=plot.caption,
        height=legend + len(watched) * _LABEL + (8.0 if watched else 0.0),
        ground=plot.ground,
        right=right,
        lines=plot.lines,
        bars=tuple(bars),
        levels=plot.levels,
        dates=_apart([Tick(sample.date.isoformat(), x(sample.date), sample.sample) for sample in timeline.samples]),
        left_out=tuple(course.finding for course in left_out),
        watched=tuple(watched),
        legend=legend,
    )


@dataclass(frozen=True)
class _Plot:
    """The part of a picture above the dates."""

    title: str
    caption: str
    ground: float
    lines: tuple[Line, ...]
    levels: tuple[Tick, ...]


def _curves(courses: Sequence[FindingCourse], xs: Sequence[float]) -> _Plot:
    most = _round_up(max(f for course in courses for i in _indices(course) if (f := _fraction(course, i)) is not None))
    ground = TOP + PLOT

    def y(fraction: float) -> float:
        return round(ground - fraction / most * PLOT, 1)

    lines = [_line(number, course, xs, y) for number, course in enumerate(courses)]
    return _Plot(
        title=gettext("Allele fractions over time, and therapies"),
        caption=gettext(
            "Allele fractions; an open circle is what was tested and not found, a gap what was not tested."
        ),
        ground=ground,
        lines=_labelled(lines),
        levels=tuple(Tick(_level(most * part / 4), y(most * part / 4)) for part in range(5)),
    )


def _lanes(courses: Sequence[FindingCourse], xs: Sequence[float]) -> _Plot:
    lines = []
    for number, course in enumerate(courses):
        y = TOP + (number + 0.5) * _LANE
        ringed = _ringed(course)
        seen = [(index, point.presence) for index, point in enumerate(course.points) if point.presence in _DRAWN]
        stretches = [
            f"{xs[index]},{y} {xs[index + 1]},{y}"
            for index, (before, after) in enumerate(pairwise(course.points))
            if before.presence == after.presence == "found"
        ]
        marks = tuple(Mark(xs[index], y, presence == "found", index == ringed) for index, presence in seen)
        colour = _COLOURS[number % len(_COLOURS)]
        # The label's leader begins at the edge: across a gap it would look like a stretch.
        edge = Mark(WIDTH - RIGHT, y, found=False)
        lines.append(Line(course.finding, colour, "", tuple(stretches), marks, y, edge))
    return _Plot(
        title=gettext("Findings over time, and therapies"),
        caption=gettext(
            "A filled circle is what was found, an open one what was tested and not found; nothing is drawn where it "
            "was not tested."
        ),
        ground=TOP + len(courses) * _LANE,
        lines=tuple(lines),
        levels=(),
    )


def _level(fraction: float) -> str:
    """A number on the axis, with as many digits as a small one needs."""
    return figures(f"{fraction:.0%}" if fraction >= 0.01 or not fraction else f"{fraction:.2g}")


def _indices(course: FindingCourse) -> range:
    return range(len(course.points))


def _has_fraction(course: FindingCourse) -> bool:
    return any(_fraction(course, index) is not None for index in _indices(course))


def _fraction(course: FindingCourse, index: int) -> float | None:
    point = course.points[index]
    return point.amount if point.presence == "found" and not point.unit else None


def _ringed(course: FindingCourse) -> int | None:
    """The sample in which a finding that was on a watch list appeared."""
    if course.watched is None:
        return None
    return next(index for index, point in enumerate(course.points) if point.presence == "found")


def _round_up(fraction: float) -> float:
    """The top of the axis: the next of some even numbers."""
    return next((top for top in (0.001, 0.004, 0.01, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8) if fraction <= top), 1.0)


def _line(number: int, course: FindingCourse, xs: Sequence[float], y: Callable[[float], float]) -> Line:
    marks: list[Mark] = []
    stretches: list[list[Mark]] = [[]]
    ringed = _ringed(course)
    for index, x in enumerate(xs):
        fraction = _fraction(course, index)
        presence = course.points[index].presence
        if presence in ("not assayed", "perhaps") or (presence == "found" and fraction is None):
            stretches.append([])
            continue
        mark = Mark(x, y(fraction or 0.0), presence == "found", index == ringed)
        marks.append(mark)
        stretches[-1].append(mark)
    return Line(
        name=course.finding,
        colour=_COLOURS[number % len(_COLOURS)],
        dash=_DASHES[number // len(_COLOURS) % len(_DASHES)],
        stretches=tuple(" ".join(f"{m.x},{m.y}" for m in part) for part in stretches if len(part) > 1),
        marks=tuple(marks),
        label_y=marks[-1].y,
        last=marks[-1],
    )


def _labelled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with labels that do not lie on each other, in the order of the lines' ends."""
    placed: list[Line] = []
    below = TOP - _LABEL
    for line in sorted(lines, key=lambda item: (item.last.y, item.name)):
        below = max(line.last.y, below + _LABEL)
        placed.append(replace(line, label_y=below))
    # Labels that ran beyond the ground are pushed up again.
    room = TOP + PLOT + 4.0
    for index in range(len(placed) - 1, -1, -1):
        at = min(placed[index].label_y, room)
        placed[index] = replace(placed[index], label_y=round(at, 1))
        room = at - _LABEL
    return tuple(placed)


def _apart(ticks: Sequence[Tick]) -> tuple[Tick, ...]:
    """The dates, without those that would lie on the one before; the table below has all of them."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick.at - kept[-1].at >= 78.0:
            kept.append(tick)
    return tuple(kept)
