"""A chain of conclusions as a small graph: what leads to what, in columns from left to right."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NODE_WIDTH = 182.0
_GAP = 40.0
_LINE = 15.0
_PADDING = 6.0
_BETWEEN = 9.0
# Characters on a line, and lines in a box.
_LONGEST = 24
_MOST_LINES = 3


@dataclass(frozen=True)
class ChainNode:
    """A box: a rule, a conclusion or a drug; ``title`` is the whole of what ``label`` may cut short."""

    id: str
    kind: str
    label: str
    href: str
    title: str


@dataclass(frozen=True)
class DrawnNode:
    """A box with its left edge, its top and height, and its lines of text with their base lines."""

    node: ChainNode
    x: float
    y: float
    height: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Edge:
    """A line from the right side of one box to the left side of another, as the data of an SVG path."""

    path: str


@dataclass(frozen=True)
class Chain:
    """The drawing; y grows downwards."""

    width: float
    height: float
    nodes: tuple[DrawnNode, ...]
    edges: tuple[Edge, ...]


def draw_chain(nodes: Iterable[ChainNode], edges: Iterable[tuple[str, str]]) -> Chain:
    """The graph with each node right before what it leads to; ``edges`` name nodes.

    Where nodes lead to each other in a circle, the line that closes it is left out.
    """
    by_id = {node.id: node for node in nodes}
    pairs = _without_circles(sorted({(start, end) for start, end in edges if start in by_id and end in by_id}))
    columns = _columns(by_id, pairs)
    heights = [sum(_height(node) + _BETWEEN for node in column) - _BETWEEN for column in columns]
    tallest = max(heights, default=0.0)
    drawn: dict[str, DrawnNode] = {}
    for number, column in enumerate(columns):
        y = (tallest - heights[number]) / 2 + 2
        x = 2 + number * (NODE_WIDTH + _GAP)
        for node in column:
            lines = _lines(node)
            drawn[node.id] = DrawnNode(
                node=node,
                x=round(x, 1),
                y=round(y, 1),
                height=_height(node),
                lines=tuple((round(y + _PADDING + 11 + n * _LINE, 1), line) for n, line in enumerate(lines)),
            )
            y += _height(node) + _BETWEEN
    return Chain(
        width=max(len(columns) * (NODE_WIDTH + _GAP) - _GAP + 4, NODE_WIDTH),
        height=round(tallest + 4, 1),
        nodes=tuple(drawn[node_id] for node_id in by_id),
        edges=tuple(_edge(drawn[start], drawn[end]) for start, end in pairs),
    )


def _without_circles(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    after: dict[str, set[str]] = {}

    def leads(start: str, end: str) -> bool:
        return start == end or any(leads(following, end) for following in after.get(start, ()))

    kept = []
    for start, end in pairs:
        if not leads(end, start):
            after.setdefault(start, set()).add(end)
            kept.append((start, end))
    return kept


def _lines(node: ChainNode) -> list[str]:
    return textwrap.wrap(node.label, _LONGEST, max_lines=_MOST_LINES, placeholder=" …")


def _height(node: ChainNode) -> float:
    return len(_lines(node)) * _LINE + 2 * _PADDING


def _edge(start: DrawnNode, end: DrawnNode) -> Edge:
    x1, y1 = start.x + NODE_WIDTH, round(start.y + start.height / 2, 1)
    x2, y2 = end.x, round(end.y + end.height / 2, 1)
    middle = round((x1 + x2) / 2, 1)
    return Edge(f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2 - 5:g} {y2:g}")


def _columns(nodes: Mapping[str, ChainNode], pairs: Sequence[tuple[str, str]]) -> list[list[ChainNode]]:
    before: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    after: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    for start, end in pairs:
        before[end].append(start)
        after[start].append(end)
    earliest: dict[str, int] = {}
    placed: dict[str, int] = {}

    def earliest_of(node_id: str) -> int:
        if node_id not in earliest:
            earliest[node_id] = 1 + max((earliest_of(start) for start in before[node_id]), default=-1)
        return earliest[node_id]

    def latest_of(node_id: str) -> int:
        if node_id not in placed:
            placed[node_id] = min((latest_of(end) for end in after[node_id]), default=earliest_of(node_id) + 1) - 1
        return placed[node_id]

    for node_id in nodes:
        latest_of(node_id)
    columns: list[list[ChainNode]] = [[] for _ in range(max(placed.values(), default=-1) + 1)]
    order = {node_id: number for number, node_id in enumerate(nodes)}
    rank: dict[str, float] = {}
    for number, column in enumerate(columns):
        here = [node_id for node_id in nodes if placed[node_id] == number]
        # Beside what leads to it: the mean place of those in the columns before.
        for node_id in here:
            known = [rank[start] for start in before[node_id] if start in rank]
            rank[node_id] = sum(known) / len(known) if known else order[node_id]
        here.sort(key=lambda node_id: (rank[node_id], order[node_id]))
        for place, node_id in enumerate(here):
            rank[node_id] = float(place)
            column.append(nodes[node_id])
    return columns
