"""Where the parts of a gene's drawing stand: the bar of its positions, what was read, and its mutations with labels."""

from __future__ import annotations

from dataclasses import dataclass

from resistab.domains.virus.report.model import GeneInfo
from resistab.domains.virus.report.wording import telling

# Units of the drawing's own co-ordinates, which the page scales to its width.
WIDTH = 900.0
MARGIN = 12.0
BAR_HEIGHT = 14.0
_LANE_HEIGHT = 15.0
_CHARACTER = 7.0
_GAP = 8.0
_BELOW = 17.0


@dataclass(frozen=True)
class Label:
    """The name of a mutation: where its text is centred, and the height of its base line."""

    text: str
    x: float
    y: float
    tick: float


@dataclass(frozen=True)
class GeneDrawing:
    """A gene from left to right; y grows downwards.

    ``read`` are left edges and widths of what was read, ``ticks`` the mutations without a label, ``ends`` the numbers
    below the bar with the place of their middle.
    """

    height: float
    bar: float
    read: tuple[tuple[float, float], ...]
    labels: tuple[Label, ...]
    ticks: tuple[float, ...]
    ends: tuple[tuple[float, int], ...]


def draw_gene(gene: GeneInfo) -> GeneDrawing | None:
    """The drawing of a gene; None where its length is not known."""
    if gene.length is None:
        return None
    last = max([gene.length, *(mutation.position for mutation in gene.mutations)])
    scale = (WIDTH - 2 * MARGIN) / last

    def middle(position: int) -> float:
        return round(MARGIN + (position - 0.5) * scale, 1)

    lanes: list[float] = []
    placed = []
    named = sorted((mutation for mutation in gene.mutations if telling(mutation)), key=lambda item: item.position)
    for mutation in named:
        half = len(mutation.text) * _CHARACTER / 2
        x = min(max(middle(mutation.position), half), WIDTH - half)
        lane = next((n for n, end in enumerate(lanes) if end + _GAP <= x - half), len(lanes))
        if lane == len(lanes):
            lanes.append(0.0)
        lanes[lane] = x + half
        placed.append((mutation, round(x, 1), lane))
    bar = len(lanes) * _LANE_HEIGHT + 6.0
    ends = sorted({1, gene.length, *(edge for part in gene.read for edge in part)})
    return GeneDrawing(
        height=bar + BAR_HEIGHT + _BELOW,
        bar=bar,
        read=tuple(
            (round(MARGIN + (first - 1) * scale, 1), round((final - first + 1) * scale, 1))
            for first, final in gene.read
        ),
        labels=tuple(
            Label(mutation.text, x, bar - 6.0 - lane * _LANE_HEIGHT, middle(mutation.position))
            for mutation, x, lane in placed
        ),
        ticks=tuple(middle(mutation.position) for mutation in gene.mutations if not telling(mutation)),
        ends=_apart([(middle(edge), edge) for edge in ends]),
    )


def _apart(ends: list[tuple[float, int]]) -> tuple[tuple[float, int], ...]:
    # Numbers that would touch the one before them are left out; the table below the drawing has all of them.
    kept: list[tuple[float, int]] = []
    for x, number in ends:
        if not kept or x - kept[-1][0] >= (len(str(number)) + 2) * _CHARACTER:
            kept.append((x, number))
    return tuple(kept)
