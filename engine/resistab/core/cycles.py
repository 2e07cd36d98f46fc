"""What conclusions rest on one another, and where one of them depends on its own absence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import assert_never

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
)
from resistab.core.records import dataclass

Edges = dict[str, set[tuple[str, bool]]]
"""For each conclusion those that its rules ask for, each with whether more of it may make the rule fail."""


@dataclass(frozen=True)
class NegativeCycle:
    """A conclusion that depends on its own absence: the steps in words, and the ids of the rules that take part."""

    steps: str
    rules: tuple[str, ...]

    @property
    def message(self) -> str:
        """The cycle as a curator is told of it."""
        return f"a cycle through negation: {self.steps} (rules {', '.join(self.rules)})"

    expected = "no conclusion that depends on its own absence"


def dependencies(condition: Condition, negated: bool = False) -> Iterator[tuple[str, bool]]:
    """The conclusions that ``condition`` asks for, each with whether more of it may make the condition false."""
    match condition:
        case ConclusionAtom(id=name):
            yield name, negated
        case Not(of=part):
            yield from dependencies(part, not negated)
        case AllOf(of=parts) | AnyOf(of=parts):
            for part in parts:
                yield from dependencies(part, negated)
        case CountOf(at_least=least, at_most=most, of=parts):
            for part in parts:
                if least is not None:
                    yield from dependencies(part, negated)
                if most is not None:
                    yield from dependencies(part, not negated)
        case Atom():
            return
        case _:
            assert_never(condition)


def negative_cycles(rules: Iterable[tuple[str, str, Condition]]) -> Iterator[NegativeCycle]:
    """Every cycle through negation among ``rules``, each given by its id, its conclusion and its condition."""
    needing = [(rule, concluded, frozenset(dependencies(condition))) for rule, concluded, condition in rules]
    edges: Edges = {}
    for _, concluded, needed in needing:
        edges.setdefault(concluded, set()).update(needed)
    reported: set[frozenset[str]] = set()
    for head in sorted(edges):
        for target, negated in sorted(edges[head]):
            back = _path(edges, target, head) if negated else None
            if back is None or frozenset(back) in reported:
                continue
            reported.add(frozenset(back))
            steps = f"{head} needs not {back[0]}"
            for one, two in itertools.pairwise(back):
                steps += f", {one} needs {'' if (two, False) in edges[one] else 'not '}{two}"
            taking_part = (
                rule
                for rule, concluded, needed in needing
                if concluded in back and any(name in back for name, _ in needed)
            )
            yield NegativeCycle(steps, tuple(taking_part))


def _path(edges: Edges, start: str, goal: str) -> list[str] | None:
    """A path of dependencies from ``start`` to ``goal``, both included, or None."""
    paths = {start: [start]}
    queue = [start]
    while queue:
        current = queue.pop(0)
        if current == goal:
            return paths[current]
        for target, _ in sorted(edges.get(current, ())):
            if target not in paths:
                paths[target] = [*paths[current], target]
                queue.append(target)
    return None
