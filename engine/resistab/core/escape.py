"""Escape sets: the smallest sets of further changes after which no drug of several is active.

The reverse of inference. A program says what follows from what is observed; here it is asked which of the candidate
changes, if they came to be as well, would defeat every drug. clingo answers it over the program as it is
(``core/answer_set.py``), exactly, and with a bound on time: where that is hit, what is known is how much does not
suffice. What comes out is a claim about the program alone; whoever asks puts each set back into the evaluators.
"""

from __future__ import annotations

from collections.abc import Mapping

from resistab.core.condition import Atom
from resistab.core.records import dataclass, field


@dataclass(frozen=True)
class Change:
    """A change that may come to be, and what it makes of atoms beside what was observed.

    ``id`` is its own among all changes, ``text`` the finding as a reader takes it. Of the changes of one ``slot`` at
    most one is there ("" for none). ``makes_open`` are atoms that it leaves unknown; ``makes_with`` are pairs of an
    atom, and another that must hold for the change to make it true. ``weight`` is at least 1; ``weight_known`` says
    whether it was counted, or is 1 because nothing is known. ``rank`` orders sets of one weight, lowest first.
    """

    id: str
    text: str
    makes_true: frozenset[Atom] = frozenset()
    makes_false: frozenset[Atom] = frozenset()
    makes_open: frozenset[Atom] = frozenset()
    makes_with: tuple[tuple[Atom, Atom], ...] = ()
    slot: str = ""
    weight: int = 1
    weight_known: bool = True
    rank: float = 0.0


@dataclass(frozen=True)
class Behind:
    """Why a change defeats a drug: the ``row`` of its table that holds, and what that cites."""

    change: str
    drug: str
    row: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class EscapeSet:
    """Changes after which none of the drugs is active, though one is after each part of them.

    ``defeats`` gives the drugs that each change, by its id, defeats: alone, or with others of the set, and not
    without it. ``behind`` are the rows by which they do.
    """

    changes: tuple[Change, ...]
    weight: int
    defeats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    behind: tuple[Behind, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The changes as a reader takes them."""
        return tuple(change.text for change in self.changes)

    @property
    def weight_known(self) -> bool:
        """Whether the weight of each change was counted."""
        return all(change.weight_known for change in self.changes)


@dataclass(frozen=True)
class Escapes:
    """The smallest escape sets of some drugs in one patient, and their weight, the genetic barrier.

    Where ``exact`` and ``known`` the barrier is the weight; otherwise it is at least that: it is not ``exact`` where
    the bound on time was hit, and not ``known`` where no changes defeat some drugs, which are the ``undefeated``.
    ``sets`` are then those that defeat all the others, and no escape of all. ``sets`` is empty where no drug is active
    as it is, and the barrier 0. ``found`` is how many smallest sets were found, of which only some are shown.
    ``disagreements`` are sets that the program alone would call an escape, and the evaluators with the whole policy
    do not: they were left out.
    """

    sets: tuple[EscapeSet, ...]
    barrier: int
    exact: bool = True
    known: bool = True
    undefeated: tuple[str, ...] = ()
    found: int = 0
    disagreements: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The barrier in words: a number, or "at least" that."""
        return str(self.barrier) if self.exact and self.known else f"at least {self.barrier}"
