"""The forward-chaining evaluator, built for the tumour types that are asked about.

Most clauses are scoped to tumour types. What the patient's type settles is settled before the engine is set up: a
clause that it rules out can hold neither certainly nor possibly and is not registered, and a scope that it fulfils is
dropped from the conditions. This spares most of the work of a start. The other evaluator is given the whole program
all the same: were a clause left out or cut down wrongly, the two would disagree.
"""

from __future__ import annotations

from typing import assert_never

from resistab.core.cached import cached_property
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    CountOf,
    Not,
)
from resistab.core.program import Clause, Program
from resistab.core.rete import ReteProgram
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import TumourTypeAtom
from resistab.domains.oncology.observe import Observer

# Each takes a third of the memory of the whole program, and is quicker to set up; further types share the whole.
MOST_SUBSETS = 1

_Kept = tuple[tuple[tuple[int, Condition], ...], ...]


class ScopedRules:
    """A program's evaluators by tumour type; types that leave the same of it share one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._by_type: dict[str, ReteProgram] = {}
        self._by_kept: dict[_Kept, ReteProgram] = {}

    def for_patient(self, observer: Observer) -> ReteProgram:
        """The evaluator for the patient's tumour type; raises ``ReteError`` where the engine's bounds are passed."""
        code = observer.genotype.tumour_type
        if code not in self._by_type:
            kept = self._kept(observer)
            if kept not in self._by_kept and len(self._by_kept) < MOST_SUBSETS:
                self._by_kept[kept] = _ReteSubset(self.program, kept)
            self._by_type[code] = self._by_kept.get(kept) or self._whole
        return self._by_type[code]

    def _kept(self, observer: Observer) -> _Kept:
        return tuple(
            tuple(
                (index, AllOf(of=()) if left is True else left)
                for index, clause in enumerate(stratum)
                if (left := _settled(clause.condition, observer)) is not False
            )
            for stratum in self.program.strata
        )

    @cached_property
    def _whole(self) -> ReteProgram:
        return ReteProgram(self.program)


class _ReteSubset(ReteProgram):
    """Registers what is kept of a program's clauses; heads of the others have the value of what cannot hold."""

    def __init__(self, program: Program, kept: _Kept) -> None:
        strata = (
            tuple(_with_condition(stratum[index], condition) for index, condition in clauses)
            for stratum, clauses in zip(program.strata, kept, strict=True)
        )
        super().__init__(Program.model_construct(digest=program.digest, strata=tuple(s for s in strata if s)))
        self.program = program


def _with_condition(clause: Clause, condition: Condition) -> Clause:
    return Clause.model_construct(
        id=clause.id, unit=clause.unit, head=clause.head, condition=condition, weight=clause.weight
    )


def _settled(condition: Condition, observer: Observer) -> Condition | bool:
    """What is left of ``condition`` once the tumour type is known: its truth, or a shorter condition."""
    match condition:
        case TumourTypeAtom():
            truth = observer.observe(condition).truth
            return condition if truth is Truth.UNKNOWN else truth is Truth.TRUE
        case AllOf(of=parts) | AnyOf(of=parts):
            deciding = isinstance(condition, AnyOf)
            left: list[Condition] = []
            for part in parts:
                settled = _settled(part, observer)
                if settled is deciding:
                    return deciding
                if not isinstance(settled, bool):
                    left.append(settled)
            if len(left) == len(parts):
                return condition
            # The parts were checked when the rules were read; to check them again would only cost a start.
            return (
                not deciding
                if not left
                else left[0]
                if len(left) == 1
                else type(condition).model_construct(of=tuple(left))
            )
        case Not(of=part):
            inner = _settled(part, observer)
            return (
                (not inner)
                if isinstance(inner, bool)
                else condition
                if inner is part
                else Not.model_construct(of=inner)
            )
        case CountOf() | Atom():
            return condition
        case _:
            assert_never(condition)
