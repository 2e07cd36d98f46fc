"""The third evaluator, for many patients at once: the program runs on whole columns with three truth values.

An observation is a number, and what is observed in many patients a table with a row for each atom and a column for each
patient. Conditions become minima, maxima and orders of rows, heads rows of the same kind. The meaning is that of
``resistab.core.program``; strengths are ranks of the weights that the program has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import numpy as np

from resistab.core.condition import AllOf, AnyOf, Atom, ConclusionAtom, Condition, CountOf, Not
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.result import HeadValue
from resistab.core.truth import Truth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.uint8]

# What stands for a truth value in a column of observations.
CODES: dict[Truth, int] = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


@dataclass(frozen=True)
class HeadColumns:
    """The values of a program's heads in many patients.

    ``codes`` has a row for each head and a column for each patient: twice the rank of the strength where the head is
    certain, 1 where it is possible, 0 where it is neither. ``values`` says what each code means.
    """

    heads: tuple[Head, ...]
    codes: NDArray[np.uint8]
    values: tuple[HeadValue, ...]


@dataclass(frozen=True)
class _Stratum:
    """The clauses of a stratum; those that ask for one atom and alone derive their head are taken together.

    Of these there are the rows of their heads and atoms, and the ranks of their weights.
    """

    heads: NDArray[np.intp]
    atoms: NDArray[np.intp]
    ranks: NDArray[np.uint8]
    rest: tuple[Clause, ...]


class ColumnProgram:
    """A program made ready for columns; build once, evaluate for many tables of patients."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.atoms: tuple[Atom, ...] = program.observables
        self.row_of = {atom: row for row, atom in enumerate(self.atoms)}
        self.head_row = {head: row for row, head in enumerate(program.heads)}
        weights = sorted({clause.weight for clause in program.clauses if clause.weight > 0} | {FULL_WEIGHT})
        if len(weights) > 100:
            raise ValueError(f"a program of {len(weights)} different weights does not fit into columns")
        self._rank = {0.0: 0, **{weight: rank for rank, weight in enumerate(weights, start=1)}}
        self._full = self._rank[FULL_WEIGHT]
        times = Counter(clause.head for clause in program.clauses)
        self._strata = tuple(self._stratum(clauses, times) for clauses in program.strata)
        certain = (HeadValue(weight, True) for weight in weights)
        nothing, possible = HeadValue(0.0, False), HeadValue(0.0, True)
        self.values = (nothing, possible, *(value for one in certain for value in (one, one)))

    def _stratum(self, clauses: Iterable[Clause], times: Mapping[Head, int]) -> _Stratum:
        plain: list[Clause] = []
        rest: list[Clause] = []
        for clause in clauses:
            observed = isinstance(clause.condition, Atom) and not isinstance(clause.condition, ConclusionAtom)
            (plain if observed and times[clause.head] == 1 else rest).append(clause)
        ranks = [self._rank[max(clause.weight, 0.0)] for clause in plain]
        return _Stratum(
            np.array([self.head_row[clause.head] for clause in plain], np.intp),
            np.array(
                [self.row_of[clause.condition] for clause in plain if isinstance(clause.condition, Atom)], np.intp
            ),
            np.array(ranks, np.uint8)[:, None],
            tuple(rest),
        )

    def code(self, value: HeadValue) -> int:
        """What stands for a value in the columns of heads."""
        return 2 * self._rank[value.strength] if value.strength else int(value.possible)

    def evaluate(self, observed: NDArray[np.uint8]) -> HeadColumns:
        """The values of every head; ``observed`` has a row for each of ``atoms``, a column for each patient."""
        rows, patients = observed.shape
        if rows != len(self.atoms):
            raise ValueError(f"{rows} rows of observations for {len(self.atoms)} atoms")
        run = _Run(self, observed, patients)
        for stratum in self._strata:
            run.copy(stratum)
            waiting = stratum.rest
            while waiting:
                changed = [run.derive(clause) for clause in waiting]
                waiting = tuple(clause for clause in waiting if clause.rests_on_conclusions) if any(changed) else ()
        codes = np.where(run.strength > 0, run.strength * 2, run.possible)
        return HeadColumns(self.program.heads, codes, self.values)


class _Run:
    """One table being evaluated: of each head the strength, as rank, and whether it is possible."""

    def __init__(self, program: ColumnProgram, observed: NDArray[np.uint8], patients: int) -> None:
        self.of = program
        full = program._full
        self.true = (observed == CODES[Truth.TRUE]).astype(np.uint8) * np.uint8(full)
        self.false = (observed == CODES[Truth.FALSE]).astype(np.uint8) * np.uint8(full)
        self.strength = np.zeros((len(program.head_row), patients), np.uint8)
        self.possible = np.zeros((len(program.head_row), patients), np.uint8)
        self.none = np.zeros(patients, np.uint8)
        self.all = np.full(patients, full, np.uint8)
        self._nobody = np.empty((0, patients), np.uint8)

    def copy(self, stratum: _Stratum) -> None:
        """Add what the clauses derive that ask for one atom and alone derive their head."""
        if len(stratum.heads):
            self.strength[stratum.heads] = np.minimum(self.true[stratum.atoms], stratum.ranks)
            self.possible[stratum.heads] = self.false[stratum.atoms] == 0

    def derive(self, clause: Clause) -> bool:
        """Add what a clause derives to its head; whether that changed anything."""
        certain, refuted = self.weighed(clause.condition)
        row = self.of.head_row[clause.head]
        strength = np.minimum(certain, np.uint8(self.of._rank[max(clause.weight, 0.0)]))
        possible = refuted == 0
        more = (strength > self.strength[row]) | (possible > self.possible[row])
        if not more.any():
            return False
        np.maximum(self.strength[row], strength, out=self.strength[row])
        self.possible[row] |= possible
        return True

    def weighed(self, condition: Condition) -> tuple[Column, Column]:
        """How strongly ``condition`` is certain in each patient, and how strongly its negation is."""
        match condition:
            case AllOf(of=parts):
                certain, refuted = self.all, self.none
                for part in parts:
                    one, other = self.weighed(part)
                    certain, refuted = np.minimum(certain, one), np.maximum(refuted, other)
                return certain, refuted
            case AnyOf(of=parts):
                certain, refuted = self.none, self.all
                for part in parts:
                    one, other = self.weighed(part)
                    certain, refuted = np.maximum(certain, one), np.minimum(refuted, other)
                return certain, refuted
            case Not(of=part):
                certain, refuted = self.weighed(part)
                return refuted, certain
            case CountOf(at_least=least, at_most=most, of=parts):
                inner = [self.weighed(part) for part in parts]
                yes = np.sort(np.stack([one for one, _ in inner]), axis=0)[::-1] if inner else self._nobody
                no = np.sort(np.stack([other for _, other in inner]), axis=0)[::-1] if inner else self._nobody
                certain = np.minimum(
                    self.all if least is None else self._strongest(least, yes),
                    self.all if most is None else self._strongest(len(parts) - most, no),
                )
                refuted = np.maximum(
                    self.none if least is None else self._strongest(len(parts) - least + 1, no),
                    self.none if most is None else self._strongest(most + 1, yes),
                )
                return certain, refuted
            case ConclusionAtom(id=name):
                row = self.of.head_row.get(Head("conclusion", name))
                if row is None:
                    return self.none, self.all
                return self.strength[row], np.where(self.possible[row] > 0, self.none, self.all)
            case Atom():
                row = self.of.row_of[condition]
                return self.true[row], self.false[row]
            case _:
                assert_never(condition)

    def _strongest(self, number: int, ordered: NDArray[np.uint8]) -> Column:
        """The ``number``-th largest in each patient; ``ordered`` are the parts, the largest first."""
        if number <= 0:
            return self.all
        found: Column = ordered[number - 1] if number <= len(ordered) else self.none
        return found
