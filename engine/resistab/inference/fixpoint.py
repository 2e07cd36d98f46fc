"""The second evaluator: the least fixpoint, computed straight from the meaning of a program.

Written without looking at how the forward-chaining engine does it: conditions are evaluated as trees, strengths as
numbers, counts by counting. It is slow where the engine is fast and simple where the engine is clever, which is
what makes their agreement worth something.
"""

from __future__ import annotations

from collections.abc import Mapping

from resistab.inference.observation import Observation, Truth
from resistab.inference.program import FULL_WEIGHT, Clause, Head, Program
from resistab.inference.result import HeadValue, Values
from resistab.language.conditions import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
)


def evaluate_by_fixpoint(program: Program, observed: Mapping[Atom, Observation]) -> Values:
    """The value of every head of ``program`` under ``observed``."""
    values: Values = {clause.head: HeadValue(0.0, False) for clause in program.clauses}
    for stratum in program.strata:
        _close(stratum, observed, values)
    return values


def _close(stratum: tuple[Clause, ...], observed: Mapping[Atom, Observation], values: Values) -> None:
    changed = True
    while changed:
        changed = False
        for clause in stratum:
            strength, possible = evaluate_condition(clause.condition, observed, values)
            before = values[clause.head]
            after = HeadValue(
                strength=max(before.strength, min(strength, clause.weight)),
                possible=before.possible or possible,
            )
            if after != before:
                values[clause.head] = after
                changed = True


def evaluate_condition(
    condition: Condition, observed: Mapping[Atom, Observation], values: Values
) -> tuple[float, bool]:
    """How strongly ``condition`` is certain (0: not certain), and whether it is possible."""
    match condition:
        case AllOf(of=parts):
            inner = [evaluate_condition(part, observed, values) for part in parts]
            return min((s for s, _ in inner), default=FULL_WEIGHT), all(p for _, p in inner)
        case AnyOf(of=parts):
            inner = [evaluate_condition(part, observed, values) for part in parts]
            return max((s for s, _ in inner), default=0.0), any(p for _, p in inner)
        case Not(of=part):
            strength, possible = evaluate_condition(part, observed, values)
            return (0.0 if possible else FULL_WEIGHT), strength == 0
        case CountOf():
            return _count(condition, observed, values)
        case ConclusionAtom(id=name):
            value = values.get(Head(kind="conclusion", name=name))
            return (value.strength, value.possible) if value else (0.0, False)
    truth = observed[condition].truth
    return (FULL_WEIGHT if truth is Truth.TRUE else 0.0), truth is not Truth.FALSE


def _count(condition: CountOf, observed: Mapping[Atom, Observation], values: Values) -> tuple[float, bool]:
    inner = [evaluate_condition(part, observed, values) for part in condition.of]
    strengths = sorted((s for s, _ in inner), reverse=True)
    certain_number = sum(1 for s in strengths if s > 0)
    possible_number = sum(1 for _, p in inner if p)
    strength, possible = FULL_WEIGHT, True
    if condition.at_least is not None and condition.at_least > 0:
        # The n strongest parts carry the claim, so it is as strong as the n-th.
        enough = len(strengths) >= condition.at_least
        strength = strengths[condition.at_least - 1] if enough else 0.0
        possible = possible_number >= condition.at_least
    if condition.at_most is not None:
        if possible_number > condition.at_most:
            strength = 0.0
        possible = possible and certain_number <= condition.at_most
    return strength, possible
