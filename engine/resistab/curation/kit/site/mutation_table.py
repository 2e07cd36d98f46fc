"""Where the parts of a mutation table stand: positions along the gene, the reference above, residues below.

The form is the one that tables of HIV resistance mutations have long had. Positions stand side by side, with a line
from each to its place on the gene; where they do not fit beside each other, the drawing goes on in a further band.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Units of the drawing's own co-ordinates, which the page scales to its width.
WIDTH = 960.0
GUTTER = 118.0
_RIGHT = 952.0
_CHARACTER = 7.4
_SMALL_CHARACTER = 5.6
_PADDING = 12.0
_NARROWEST = 26.0
BOX_HEIGHT = 17.0
_STEP = 19.0
BAR_HEIGHT = 9.0
_BAR = 16.0
_FAN = 26.0
_BETWEEN_BANDS = 16.0
# Residues shown of the gene on either side of the outermost positions.
_MARGIN_RESIDUES = 10
# What a line of a lane's name holds, and the distance of its lines.
_LANE_CHARACTERS = 18
_LANE_LINE = 12


@dataclass(frozen=True)
class Lane:
    """A row of the drawing below the positions: what its residues mean, and the style they are drawn in."""

    name: str
    style: str


@dataclass(frozen=True)
class PlaceMark:
    """A residue under a position; ``number`` is its score where it has one of its own, else ""."""

    lane: int
    text: str
    href: str
    title: str
    number: str = ""


@dataclass(frozen=True)
class Place:
    """A position, or a range of them: its number, the reference residue, and what stands below."""

    first: int
    last: int
    label: str
    reference: str
    href: str
    marks: tuple[PlaceMark, ...]


@dataclass(frozen=True)
class Box:
    """A mark as drawn; ``x`` is its left edge, ``middle`` that of its text, ``style`` its lane's."""

    mark: PlaceMark
    style: str
    x: float
    y: float
    width: float
    middle: float


@dataclass(frozen=True)
class Column:
    """A place as drawn: ``x`` is its middle, ``left`` and ``right`` the ends of its part of the gene.

    ``tick`` is where the line from the column meets the gene: at its first residue, since columns stand in the order
    of these, so that no lines cross.
    """

    place: Place
    x: float
    left: float
    right: float
    tick: float
    boxes: tuple[Box, ...]

    @property
    def single(self) -> bool:
        """Whether the place is one residue."""
        return self.place.first == self.place.last


@dataclass(frozen=True)
class DrawnLane:
    """A lane in one band: its top, its height, and the lines of its name with their base lines."""

    lane: Lane
    y: float
    height: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Band:
    """One line of the drawing, with the part of the gene from ``first`` to ``last``."""

    bar: float
    bar_left: float
    bar_right: float
    first: int
    last: int
    reference: float
    position: float
    fan: tuple[float, float]
    columns: tuple[Column, ...]
    lanes: tuple[DrawnLane, ...]


@dataclass(frozen=True)
class MutationTable:
    """A whole drawing; y grows downwards."""

    height: float
    bands: tuple[Band, ...]


def draw_table(places: Iterable[Place], lanes: Sequence[Lane], length: int | None) -> MutationTable | None:
    """The drawing of ``places``, whose marks name ``lanes`` by number; None where there is no place."""
    ordered = sorted((place for place in places if place.marks), key=lambda place: (place.first, place.last))
    if not ordered:
        return None
    bands = []
    y = 0.0
    for row in _rows(ordered):
        band, y = _band(row, lanes, length, y)
        bands.append(band)
        y += _BETWEEN_BANDS
    return MutationTable(height=round(y - _BETWEEN_BANDS + 2, 1), bands=tuple(bands))


def _mark_width(mark: PlaceMark) -> float:
    number = len(mark.number) * _SMALL_CHARACTER + 3 if mark.number else 0
    return len(mark.text) * _CHARACTER + number + 8


def _width(place: Place) -> float:
    widest = max(len(place.label), len(place.reference)) * _CHARACTER
    return max(_NARROWEST, widest + _PADDING, *(_mark_width(mark) + 6 for mark in place.marks))


def _rows(places: Sequence[Place]) -> list[list[Place]]:
    """The places in as few bands as hold them, each band filled about as far as the others."""
    room = _RIGHT - GUTTER
    whole = sum(_width(place) for place in places)
    bands = -(-whole // room)
    enough = whole / bands
    rows: list[list[Place]] = [[]]
    filled = 0.0
    for place in places:
        width = _width(place)
        if rows[-1] and (filled + width > room or filled + width / 2 > enough):
            rows.append([])
            filled = 0.0
        rows[-1].append(place)
        filled += width
    return rows


def _band(places: Sequence[Place], lanes: Sequence[Lane], length: int | None, top: float) -> tuple[Band, float]:
    first = max(1, min(place.first for place in places) - _MARGIN_RESIDUES)
    last = max(place.last for place in places) + _MARGIN_RESIDUES
    if length is not None:
        last = max(min(last, length), max(place.last for place in places))
    room = _RIGHT - GUTTER
    widths = [_width(place) for place in places]
    # Wider than they need be, so that few positions do not huddle at the left; not so wide that they lose each other.
    spread = min(room / sum(widths), 1.6)
    used = sum(widths) * spread
    shown = max(used, room / 2)
    scale = shown / (last - first + 1)
    bar, fan = top + _BAR, top + _BAR + BAR_HEIGHT + _FAN
    reference, position = fan + 14, fan + 29
    y = position + 9
    drawn = []
    tops: dict[int, float] = {}
    for number, lane in enumerate(lanes):
        most = max(sum(mark.lane == number for mark in place.marks) for place in places)
        if not most:
            continue
        height = most * _STEP + 6
        tops[number] = y + 4
        drawn.append(_lane(lane, y, height))
        y += height
    columns = []
    left = GUTTER + (shown - used) / 2
    for place, natural in zip(places, widths, strict=True):
        width = natural * spread
        x = left + width / 2
        columns.append(
            Column(
                place=place,
                x=round(x, 1),
                left=round(GUTTER + (place.first - first) * scale, 1),
                right=round(GUTTER + (place.last - first + 1) * scale, 1),
                tick=round(GUTTER + (place.first - first + 0.5) * scale, 1),
                boxes=tuple(_boxes(place, lanes, tops, x)),
            )
        )
        left += width
    band = Band(
        bar=round(bar, 1),
        bar_left=GUTTER,
        bar_right=round(GUTTER + (last - first + 1) * scale, 1),
        first=first,
        last=last,
        reference=round(reference, 1),
        position=round(position, 1),
        fan=(round(bar + BAR_HEIGHT, 1), round(fan, 1)),
        columns=tuple(columns),
        lanes=tuple(drawn),
    )
    return band, y


def _lane(lane: Lane, y: float, height: float) -> DrawnLane:
    names = textwrap.wrap(lane.name, _LANE_CHARACTERS, max_lines=2, placeholder=" …")
    base = y + (17 if len(names) == 1 else 11)
    lines = tuple((round(base + number * _LANE_LINE, 1), name) for number, name in enumerate(names))
    return DrawnLane(lane, round(y, 1), round(height, 1), lines)


def _boxes(place: Place, lanes: Sequence[Lane], tops: dict[int, float], x: float) -> Iterable[Box]:
    stacked: dict[int, int] = {}
    for mark in place.marks:
        depth = stacked.get(mark.lane, 0)
        stacked[mark.lane] = depth + 1
        width = max(_mark_width(mark), 18.0)
        yield Box(
            mark=mark,
            style=lanes[mark.lane].style,
            x=round(x - width / 2, 1),
            y=round(tops[mark.lane] + depth * _STEP, 1),
            width=round(width, 1),
            middle=round(x, 1),
        )
