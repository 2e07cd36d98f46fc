"""The second evaluator: the least fixpoint, computed straight from the meaning of a program.

Written without looking at how the forward-chaining engine does it: conditions are evaluated as trees, strengths as
numbers, counts by counting. It is slow where the engine is fast and simple where the engine is clever, which is
what makes their agreement worth something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.result import NOTHING, Baseline, HeadValue, KnownValues, Values
from resistab.core.truth import Observation, Truth


def evaluate_by_fixpoint(
    program: Program, observed: Mapping[Atom, Observation], since: Baseline | None = None
) -> Values:
    """The value of every head of ``program`` under ``observed``; where ``since`` is given, only what is other there."""
    if since is None:
        values: Values = dict.fromkeys(program.heads, NOTHING)
        for stratum in program.strata:
            _close(stratum, observed, values)
        return values
    values = dict(since.values)
    conclusions: set[str] = set()
    for readers in program.readers:
        stale = readers.reached(since.stale, conclusions)
        values.update(dict.fromkeys(stale, NOTHING))
        _close(tuple(clause for head in stale for clause in readers.clauses[head]), observed, values)
        conclusions.update(h.name for h in stale if h.kind == "conclusion" and values[h] != since.values[h])
    return values


def _close(stratum: tuple[Clause, ...], observed: Mapping[Atom, Observation], values: Values) -> None:
    # What rests on no conclusion is settled after the first round.
    waiting = stratum
    while waiting:
        changed = False
        for clause in waiting:
            strength, possible = evaluate_condition(clause.condition, observed, values)
            before = values[clause.head]
            after = HeadValue(
                strength=max(before.strength, min(strength, clause.weight)),
                possible=before.possible or possible,
            )
            if after != before:
                values[clause.head] = after
                changed = True
        waiting = tuple(clause for clause in waiting if clause.rests_on_conclusions) if changed else ()


def evaluate_condition(
    condition: Condition, observed: Mapping[Atom, Observation], values: KnownValues
) -> tuple[float, bool]:
    """How strongly ``condition`` is certain (0: not certain), and whether it is possible."""
    certain, refuted = _weighed(condition, observed, values)
    return certain, refuted == 0


def _weighed(condition: Condition, observed: Mapping[Atom, Observation], values: KnownValues) -> tuple[float, float]:
    """How strongly ``condition`` is certain, and how strongly its negation is; at most one of them is above 0.

    Keeping both makes negation an exchange of the two, so that a weak link stays weak under "not not" and
    "not (at most 1 of …)".
    """
    match condition:
        case AllOf(of=parts):
            certain, refuted = FULL_WEIGHT, 0.0
            for part in parts:
                one, other = _weighed(part, observed, values)
                certain, refuted = min(certain, one), max(refuted, other)
                if refuted == FULL_WEIGHT:
                    break
            return certain, refuted
        case AnyOf(of=parts):
            certain, refuted = 0.0, FULL_WEIGHT
            for part in parts:
                one, other = _weighed(part, observed, values)
                certain, refuted = max(certain, one), min(refuted, other)
                if certain == FULL_WEIGHT:
                    break
            return certain, refuted
        case Not(of=part):
            certain, refuted = _weighed(part, observed, values)
            return refuted, certain
        case CountOf(at_least=least, at_most=most, of=parts):
            inner = [_weighed(part, observed, values) for part in parts]
            certain = min(
                FULL_WEIGHT if least is None else _strongest(least, (one for one, _ in inner)),
                FULL_WEIGHT if most is None else _strongest(len(parts) - most, (other for _, other in inner)),
            )
            refuted = max(
                0.0 if least is None else _strongest(len(parts) - least + 1, (other for _, other in inner)),
                0.0 if most is None else _strongest(most + 1, (one for one, _ in inner)),
            )
            return certain, refuted
        case ConclusionAtom(id=name):
            value = values.get(Head(kind="conclusion", name=name))
            if value is None:
                return 0.0, FULL_WEIGHT
            return value.strength, 0.0 if value.possible else FULL_WEIGHT
        case Atom():
            truth = observed[condition].truth
            return FULL_WEIGHT if truth is Truth.TRUE else 0.0, FULL_WEIGHT if truth is Truth.FALSE else 0.0
        case _:
            assert_never(condition)


def _strongest(number: int, strengths: Iterable[float]) -> float:
    """The ``number``-th largest of ``strengths``: how strongly so many parts together carry a claim."""
    if number <= 0:
        return FULL_WEIGHT
    ordered = sorted(strengths, reverse=True)
    return ordered[number - 1] if number <= len(ordered) else 0.0
