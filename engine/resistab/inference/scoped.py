"""The forward-chaining evaluator, built for the tumour types that are asked about.

Most clauses are scoped to tumour types. Those whose scope the patient's type rules out can hold neither certainly nor
possibly, so that they are not registered with the engine, which spares most of the work of a start. The other
evaluator is given the whole program all the same: were a clause left out wrongly, the two would disagree.
"""

from __future__ import annotations

from functools import cached_property

from resistab.inference.observation import Observer, Truth
from resistab.inference.program import Program
from resistab.inference.rete import ReteProgram
from resistab.language.conditions import AllOf, AnyOf, Condition, Not, TumourTypeAtom

# Each subset takes a third of the memory of the whole program.
MOST_SUBSETS = 6


class ScopedRules:
    """A program's evaluators by tumour type; types in which the same clauses can hold share one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._by_type: dict[str, ReteProgram] = {}
        self._by_clauses: dict[tuple[tuple[int, ...], ...], ReteProgram] = {}

    def for_patient(self, observer: Observer) -> ReteProgram:
        """The evaluator for the patient's tumour type; raises ``ReteError`` where the engine's bounds are passed."""
        code = observer.genotype.tumour_type
        if code not in self._by_type:
            kept = self._kept(observer)
            if kept not in self._by_clauses and len(self._by_clauses) < MOST_SUBSETS:
                self._by_clauses[kept] = _ReteSubset(self.program, kept)
            self._by_type[code] = self._by_clauses.get(kept) or self._whole
        return self._by_type[code]

    def _kept(self, observer: Observer) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(i for i, clause in enumerate(stratum) if not _ruled_out(clause.condition, observer))
            for stratum in self.program.strata
        )

    @cached_property
    def _whole(self) -> ReteProgram:
        return ReteProgram(self.program)


class _ReteSubset(ReteProgram):
    """Registers some of a program's clauses; heads of the others have the value of what cannot hold."""

    def __init__(self, program: Program, kept: tuple[tuple[int, ...], ...]) -> None:
        strata = (tuple(stratum[i] for i in indices) for stratum, indices in zip(program.strata, kept, strict=True))
        super().__init__(Program.model_construct(digest=program.digest, strata=tuple(s for s in strata if s)))
        self.program = program


def _ruled_out(condition: Condition, observer: Observer) -> bool:
    """Whether the tumour type alone makes ``condition`` false."""
    match condition:
        case TumourTypeAtom():
            return observer.observe(condition).truth is Truth.FALSE
        case AllOf(of=parts):
            return any(_ruled_out(part, observer) for part in parts)
        case AnyOf(of=parts):
            return all(_ruled_out(part, observer) for part in parts)
        case Not(of=part):
            return _settled(part, observer)
    return False


def _settled(condition: Condition, observer: Observer) -> bool:
    """Whether the tumour type alone makes ``condition`` true."""
    match condition:
        case TumourTypeAtom():
            return observer.observe(condition).truth is Truth.TRUE
        case AllOf(of=parts):
            return all(_settled(part, observer) for part in parts)
        case AnyOf(of=parts):
            return any(_settled(part, observer) for part in parts)
        case Not(of=part):
            return _ruled_out(part, observer)
    return False
