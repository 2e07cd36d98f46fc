"""Where the parts of a protein's drawing stand: its domains, the patient's changes above, known residues below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from resistab.domains.oncology.policy.gene_maps import GeneMap, Span

# Units of the drawing's own co-ordinates, which the page scales to its width.
WIDTH = 900.0
MARGIN = 12.0
BAR_HEIGHT = 14.0
_LANE_HEIGHT = 15.0
_CHARACTER = 7.0
_GAP = 8.0
_MOST_BELOW = 4


@dataclass(frozen=True)
class GeneLabel:
    """A text centred at ``x`` on the base line ``y``, and the middle of what it names; a ``tick`` alone where not."""

    text: str
    x: float
    y: float
    tick: float


@dataclass(frozen=True)
class Drawing:
    """A protein from left to right; y grows downwards. ``domains`` are left edges, widths and names."""

    height: float
    bar: float
    domains: tuple[tuple[float, float, str], ...]
    changes: tuple[GeneLabel, ...]
    known: tuple[GeneLabel, ...]
    ticks: tuple[float, ...]
    left_out: int


def draw_protein(gene: GeneMap) -> Drawing:
    """The drawing of a gene; residues whose names have no room keep their ticks."""
    last = max([gene.length, *(span.last for span in gene.changes)])
    scale = (WIDTH - 2 * MARGIN) / last

    def middle(span: Span) -> float:
        return round(MARGIN + ((span.first + span.last) / 2 - 0.5) * scale, 1)

    above, lanes_above = _laid_out(gene.changes, middle, None)
    # Nearest to what the patient has comes first, so that it is never left out.
    near = sorted(gene.known, key=lambda span: min(abs(span.first - one.first) for one in gene.changes))
    below, lanes_below = _laid_out(near, middle, _MOST_BELOW)
    bar = lanes_above * _LANE_HEIGHT + 6.0
    foot = bar + BAR_HEIGHT
    return Drawing(
        height=foot + lanes_below * _LANE_HEIGHT + 22.0,
        bar=bar,
        domains=tuple(
            (round(MARGIN + (span.first - 1) * scale, 1), round((span.last - span.first + 1) * scale, 1), span.text)
            for span in gene.domains
        ),
        changes=tuple(
            GeneLabel(span.text, x, bar - 6.0 - lane * _LANE_HEIGHT, middle(span)) for span, x, lane in above
        ),
        known=tuple(
            GeneLabel(span.text, x, foot + 16.0 + lane * _LANE_HEIGHT, middle(span)) for span, x, lane in below
        ),
        ticks=tuple(middle(span) for span in gene.known),
        left_out=len(gene.known) - len(below),
    )


def _laid_out(
    spans: Iterable[Span], middle: Callable[[Span], float], most: int | None
) -> tuple[list[tuple[Span, float, int]], int]:
    """Each span with the place and the lane of its text; at most so many lanes, and without what has no room."""
    lanes: list[list[tuple[float, float]]] = []
    placed = []
    for span in spans:
        half = len(span.text) * _CHARACTER / 2
        x = min(max(middle(span), half), WIDTH - half)
        free = (
            number
            for number, taken in enumerate(lanes)
            if all(x + half + _GAP <= left or right + _GAP <= x - half for left, right in taken)
        )
        lane = next(free, len(lanes))
        if lane == most:
            continue
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((x - half, x + half))
        placed.append((span, round(x, 1), lane))
    return placed, len(lanes)
