"""Escape sets: the smallest sets of further changes after which no drug of several is active.

The reverse of inference. A program says what follows from what is observed; here it is asked which of the candidate
changes, if they came to be as well, would defeat every drug. clingo answers it over the program as it is
(``core/answer_set.py``), exactly, and with a bound on time: where that is hit, what is known is how much does not
suffice. What comes out is a claim about the program alone; whoever asks puts each set back into the evaluators.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from resistab.core.answer_set import AnswerSetText
from resistab.core.condition import Atom, ConclusionAtom, atoms
from resistab.core.extras import require
from resistab.core.faults import Fault, InputError, nearest
from resistab.core.program import Head, Program
from resistab.core.records import dataclass, field, replace
from resistab.core.truth import Truth

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class FurtherChange:
    """A change that may come to be, and what it makes of atoms beside what was observed.

    ``id`` is its own among all changes, ``text`` the finding as a reader takes it. Of the changes of one ``slot`` at
    most one is there ("" for none). ``makes_open`` are atoms that it leaves unknown. ``weight`` is at least 1;
    ``weight_known`` says whether it was counted, or is 1 because nothing is known. ``rank`` orders sets of one weight,
    lowest first.
    """

    id: str
    text: str
    makes_true: frozenset[Atom] = frozenset()
    makes_false: frozenset[Atom] = frozenset()
    makes_open: frozenset[Atom] = frozenset()
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

    changes: tuple[FurtherChange, ...]
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


# --- when a drug is not active ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A head that counts ``score`` where it holds with at least ``strength`` (0: where it is certain at all)."""

    head: Head
    score: float
    strength: float = 0.0


@dataclass(frozen=True)
class Total:
    """A sum over items, of the parts of each only the largest that holds; it defeats where it lies in a range.

    The bounds of a range are included, and one that is None is open.
    """

    items: tuple[tuple[Part, ...], ...]
    ranges: tuple[tuple[float | None, float | None], ...]


@dataclass(frozen=True)
class Inactive:
    """When a drug is not active: ``any_of`` some heads holds with its strength, or one of ``totals`` is so high."""

    any_of: tuple[tuple[Head, float], ...] = ()
    totals: tuple[Total, ...] = ()

    @property
    def heads(self) -> Iterator[Head]:
        """Every head that it asks for."""
        yield from (head for head, _ in self.any_of)
        yield from (part.head for total in self.totals for item in total.items for part in item)

    @property
    def strengths(self) -> Iterator[float]:
        """Every strength that it tells apart."""
        yield from (strength for _, strength in self.any_of)
        yield from (part.strength for total in self.totals for item in total.items for part in item)


def beneath(program: Program, heads: Iterable[Head]) -> Program:
    """The clauses by which ``heads`` come to hold, and those beneath them."""
    by_head: dict[Head, list[Any]] = {}
    for clause in program.clauses:
        by_head.setdefault(clause.head, []).append(clause)
    wanted = dict.fromkeys(heads)
    waiting = list(wanted)
    while waiting:
        for clause in by_head.get(waiting.pop(), ()):
            for atom in atoms(clause.condition):
                if isinstance(atom, ConclusionAtom) and (below := Head("conclusion", atom.id)) not in wanted:
                    wanted[below] = None
                    waiting.append(below)
    strata = (tuple(clause for clause in stratum if clause.head in wanted) for stratum in program.strata)
    return Program.model_construct(digest=program.digest, strata=tuple(stratum for stratum in strata if stratum))


# --- the search ------------------------------------------------------------------------------------------------------

# Added to what a program means: which changes there are, and what is true once some of them are chosen.
_CHOICE = """
{ chosen(C) } :- cost(C,_).
:- slot(S), #count{C : chosen(C), in(C,S)} > 1.

made(A) :- chosen(C), makes(C,A).
opened(A) :- chosen(C), opens(C,A).
denied_by(A) :- chosen(C), denies(C,A).

yes(A) :- was_true(A), not opened(A), not denied_by(A).
yes(A) :- made(A).
no(A) :- was_false(A), not made(A), not opened(A).
no(A) :- denied_by(A), not made(A), not opened(A).

#show chosen/1.

#program most(k).
#external most(k).
:- most(k), #sum{W,C : chosen(C), cost(C,W)} > k.
"""

# So many sets that did not work are tried with further changes.
_MOST_FAILED = 25
# More sets of one weight are not looked for; these are ordered before the first are taken.
_MOST_SETS = 250
# Of larger sets it is not asked which parts of them defeat a drug together, but what does not without each.
_MOST_IN_PARTS = 6

Chosen = frozenset[str]
# The goal of a search: of each tuple of names one at least is to be not active.
Goal = tuple[tuple[str, ...], ...]


class Smallest(NamedTuple):
    """The smallest sets that reach a goal, in order, and what is known of their weight.

    Where ``exact`` it is that of the sets, otherwise no set weighs less. ``found`` were there, ``failed`` did not work.
    """

    sets: tuple[tuple[FurtherChange, ...], ...]
    weight: int
    exact: bool
    found: int = 0
    failed: tuple[tuple[str, ...], ...] = ()


def require_solver() -> None:
    """Raises ``ExtraMissingError`` where clingo is not installed."""
    require("verify", "clingo")


def require_known(names: Iterable[str], known: Collection[str]) -> None:
    """Raises ``InputError`` with a fault for each of ``names`` that is none of ``known``, which are in lower case."""
    faults = [
        Fault(where="drugs", message=f"unknown drug '{name}'", suggestion=nearest(name.casefold(), known))
        for name in names
        if name.casefold() not in known
    ]
    if faults:
        raise InputError(faults)


class EscapeSolver:
    """One patient: a program, what was observed, the changes that may come, and when each drug is not active.

    Grounded once, and then asked of many goals. Construction raises ``ExtraMissingError`` where clingo is not
    installed.
    """

    def __init__(
        self,
        program: Program,
        observed: Mapping[Atom, Truth],
        changes: Iterable[FurtherChange],
        inactive: Mapping[str, Inactive],
    ) -> None:
        require_solver()
        import clingo

        self.changes = tuple(sorted(changes, key=lambda change: change.id))
        self.by_id = {change.id: change for change in self.changes}
        self.names = tuple(sorted(inactive))
        part = beneath(program, (head for name in self.names for head in inactive[name].heads))
        strengths = {strength for name in self.names for strength in inactive[name].strengths if strength > 0}
        written = AnswerSetText(part, told=strengths, asked=False)
        text = [written.text, _CHOICE.strip(), "#program base.", *self._observed(written, observed)]
        for number, name in enumerate(self.names):
            text += _defeat(number, inactive[name], written)
        self._clingo = clingo
        # Its type says less than it does.
        self._control: Any = clingo.Control(["--warn=none"], logger=lambda code, said: None)
        self._control.add("base", [], "\n".join(text))
        self._control.ground([("base", [])])
        self._chosen = {change.id: self._literal("chosen", number) for number, change in enumerate(self.changes)}
        self._inactive = {name: self._literal("inactive", number) for number, name in enumerate(self.names)}
        self._met: dict[tuple[str, ...], int | None] = {}
        self._bounds: set[int] = set()
        self._parts = itertools.count()
        self._states: dict[Chosen, frozenset[str]] = {}
        self._ways: dict[tuple[str, ...], bool] = {}
        self._known: dict[Goal, int] = {}

    def _observed(self, written: AnswerSetText, observed: Mapping[Atom, Truth]) -> Iterator[str]:
        number = written.atoms
        moving: set[Atom] = set()
        for index, change in enumerate(self.changes):
            yield f"cost({index},{change.weight})."
            kinds = (("makes", change.makes_true), ("denies", change.makes_false), ("opens", change.makes_open))
            for fact, of in kinds:
                yield from (f"{fact}({index},{n})." for n in sorted(number[atom] for atom in of if atom in number))
                moving.update(of)
        slots: dict[str, list[int]] = {}
        for index, change in enumerate(self.changes):
            if change.slot:
                slots.setdefault(change.slot, []).append(index)
        for slot, members in enumerate(members for members in slots.values() if len(members) > 1):
            yield f"slot({slot})."
            yield from (f"in({index},{slot})." for index in members)
        for atom, n in number.items():
            truth = observed[atom]
            if truth is not Truth.UNKNOWN:
                true, false = ("was_true", "was_false") if atom in moving else ("yes", "no")
                yield f"{true if truth is Truth.TRUE else false}({n})."

    def _literal(self, name: str, number: int) -> int | None:
        found = self._control.symbolic_atoms[self._clingo.Function(name, [self._clingo.Number(number)])]
        return None if found is None else int(found.literal)

    # --- goals --------------------------------------------------------------------------------------------------

    def _goal(self, names: tuple[str, ...]) -> int | None:
        """The literal of which one of ``names`` is not active, None where that cannot be."""
        if names not in self._met:
            literals = [literal for name in names if (literal := self._inactive.get(name)) is not None]
            if len(literals) > 1:
                number, of = next(self._parts), {name: index for index, name in enumerate(self.names)}
                rules = "".join(f"met({number}) :- inactive({of[name]})." for name in names if name in of)
                self._control.add(f"met{number}", [], rules)
                self._control.ground([(f"met{number}", [])])
                literals = [literal for literal in [self._literal("met", number)] if literal is not None]
            self._met[names] = literals[0] if literals else None
        return self._met[names]

    def can_defeat(self, names: tuple[str, ...], until: float = math.inf) -> bool:
        """Whether some changes make one of ``names`` not active, in whatever number, as far as is known in time."""
        if names not in self._ways:
            literal = self._goal(names)
            found = [] if literal is None else self._solved([literal], [], 1, until)
            if found is None:
                return True
            self._ways[names] = bool(found)
        return self._ways[names]

    def state(self, chosen: Chosen) -> frozenset[str]:
        """The names that are not active once these changes, and no others, have come."""
        if chosen not in self._states:
            assumed = [
                literal if change in chosen else -literal
                for change, literal in self._chosen.items()
                if literal is not None
            ]
            found: frozenset[str] = frozenset()
            with self._control.solve(assumptions=assumed, yield_=True) as handle:
                for model in handle:
                    met = ((name, literal) for name, literal in self._inactive.items() if literal is not None)
                    found = frozenset(name for name, literal in met if model.is_true(literal))
                    break
            self._states[chosen] = found
        return self._states[chosen]

    def smallest(
        self,
        goal: Goal,
        works: Callable[[tuple[FurtherChange, ...]], bool] = lambda changes: True,
        limit: int = 20,
        until: float = math.inf,
    ) -> Smallest | None:
        """The smallest sets that reach ``goal`` and of which ``works`` says that they do, at most ``limit`` of them.

        They are searched until the clock of ``time.monotonic`` shows ``until``. None where no set reaches it.
        """
        goal = tuple(sorted(set(goal)))
        literals = [self._goal(names) for names in goal]
        assumed = [literal for literal in literals if literal is not None]
        if len(assumed) < len(literals):
            return None
        least = max((weight for known, weight in self._known.items() if set(known) <= set(goal)), default=0)
        reached = self._solved(assumed, [], 1, until)
        if reached is None:
            return Smallest((), least, False)
        # No weight beyond that of all changes bounds anything.
        most = sum(change.weight for change in self.changes) if reached else -1
        failed: list[tuple[str, ...]] = []
        beyond = 0
        excluded: list[Any] = []
        for weight in range(least, most + 1):
            found = self._solved(assumed, [self._most(weight), *excluded], _MOST_SETS, until)
            if found is None:
                return Smallest((), weight, False, failed=tuple(failed))
            good: list[tuple[FurtherChange, ...]] = []
            bad: list[tuple[FurtherChange, ...]] = []
            for changes in sorted(found, key=_order):
                if len(good) >= limit or time.monotonic() > until:
                    break
                (good if works(changes) else bad).append(changes)
            failed += [tuple(change.text for change in changes) for changes in bad]
            # Where very many did not work, nothing that holds one of them is tried, and may be missed.
            tried = len(failed) <= _MOST_FAILED
            if good:
                if not failed:
                    self._known[goal] = weight
                return Smallest(tuple(good), weight, tried, len(found) - len(bad), tuple(failed))
            if time.monotonic() > until:
                return Smallest((), weight, False, failed=tuple(failed))
            if bad:
                excluded.append(self._without(bad, weight if tried else None))
                beyond = beyond or weight
        return Smallest((), beyond, False, failed=tuple(failed)) if failed else None

    def _most(self, weight: int) -> Any:
        """What bounds the weight of a set where it is true."""
        if weight not in self._bounds:
            self._control.ground([("most", [self._clingo.Number(weight)])])
            self._bounds.add(weight)
        return self._clingo.Function("most", [self._clingo.Number(weight)])

    def _without(self, sets: Iterable[tuple[FurtherChange, ...]], weight: int | None) -> Any:
        """What leaves out these sets of this weight where it is true; without ``weight`` all that hold one of them."""
        of = {change.id: index for index, change in enumerate(self.changes)}
        number = next(self._parts)
        bound = [] if weight is None else [f"#sum{{W,C : chosen(C), cost(C,W)}} <= {weight}"]
        rules = [f"#external trial({number})."]
        for changes in sets:
            body = [f"trial({number})", *(f"chosen({of[change.id]})" for change in changes), *bound]
            rules.append(f":- {', '.join(body)}.")
        self._control.add(f"trial{number}", [], "\n".join(rules))
        self._control.ground([(f"trial{number}", [])])
        return self._clingo.Function("trial", [self._clingo.Number(number)])

    def _solved(
        self, assumed: Sequence[int], asserted: Sequence[Any], most: int, until: float
    ) -> list[tuple[FurtherChange, ...]] | None:
        """The sets under assumptions, at most so many; None where time is up before any is known, or that none is."""
        for external in asserted:
            self._control.assign_external(external, True)
        try:
            return self._enumerated(assumed, most, until)
        finally:
            for external in asserted:
                self._control.assign_external(external, False)

    def _enumerated(self, assumed: Sequence[int], most: int, until: float) -> list[tuple[FurtherChange, ...]] | None:
        self._control.configuration.solve.models = most
        found: list[tuple[FurtherChange, ...]] = []
        with self._control.solve(assumptions=list(assumed), yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                left = until - time.monotonic()
                if not handle.wait(None if left == math.inf else max(left, 0.0)):
                    handle.cancel()
                    return found or None
                model = handle.model()
                if model is None:
                    return found
                numbers = sorted(symbol.arguments[0].number for symbol in model.symbols(shown=True))
                found.append(tuple(self.changes[number] for number in numbers))

    # --- what each change does ----------------------------------------------------------------------------------

    def defeats(
        self, changes: tuple[FurtherChange, ...], goal: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """By change, which drugs it defeats: alone, or with others of ``changes``, and not without it.

        A drug of ``goal`` is defeated where one of the names that stand for it is not active.
        """
        found: dict[str, list[str]] = {change.id: [] for change in changes}
        for drug, names in sorted(goal.items()):
            for change in sorted(self._needed(changes, names)):
                found[change].append(drug)
        return {change: tuple(of) for change, of in found.items()}

    def _needed(self, changes: tuple[FurtherChange, ...], names: tuple[str, ...]) -> set[str]:
        """The changes of the smallest parts of a set by which one of ``names`` is not active."""
        ids, wanted = [change.id for change in changes], set(names)
        if len(ids) > _MOST_IN_PARTS:
            whole = frozenset(ids)
            return {change for change in ids if not wanted & self.state(whole - {change})}
        parts: list[Chosen] = []
        for size in range(len(ids) + 1):
            for part in map(frozenset, itertools.combinations(ids, size)):
                if not any(smaller <= part for smaller in parts) and wanted & self.state(part):
                    parts.append(part)
        return {change for part in parts for change in part}


def _order(changes: Sequence[FurtherChange]) -> tuple[float, tuple[str, ...]]:
    """By what sets of one weight are in order."""
    return sum(change.rank for change in changes), tuple(change.text for change in changes)


def _defeat(number: int, inactive: Inactive, written: AnswerSetText) -> Iterator[str]:
    """When the drug of this number is not active, as rules."""

    def holds(head: Head, strength: float) -> str | None:
        if head not in written.heads:
            return None
        grade = next(grade for grade, of in enumerate(written.strengths, start=1) if of >= strength)
        return f"holds(h({written.heads[head]}),{grade})"

    for head, strength in inactive.any_of:
        if literal := holds(head, strength):
            yield f"inactive({number}) :- {literal}."
    for index, total in enumerate(inactive.totals):
        scale = _scale(total)
        for item, parts in enumerate(total.items):
            # Of the parts of an item only the largest that holds counts.
            larger: list[str] = []
            for part in sorted(parts, key=lambda part: -part.score):
                if literal := holds(part.head, part.strength):
                    unless = "".join(f", not {other}" for other in larger)
                    yield f"counts({number},{index},{item},{_whole(part.score, scale)}) :- {literal}{unless}."
                    larger.append(literal)
        for low, high in total.ranges:
            least = "" if low is None else f"{_whole(low, scale)} <= "
            most = "" if high is None else f" <= {_whole(high, scale)}"
            yield f"inactive({number}) :- {least}#sum{{S,I : counts({number},{index},I,S)}}{most}."


def _scale(total: Total) -> int:
    """By what to multiply every number of a sum so that all are whole: a power of ten."""
    numbers = [part.score for item in total.items for part in item]
    numbers += [bound for bounds in total.ranges for bound in bounds if bound is not None]
    exponents = (Decimal(repr(float(number))).normalize().as_tuple().exponent for number in numbers)
    return int(10 ** max([0, *(-exponent for exponent in exponents if isinstance(exponent, int))]))


def _whole(number: float, scale: int) -> int:
    return int(Decimal(repr(float(number))) * scale)


# --- together --------------------------------------------------------------------------------------------------------


def together(parts: Sequence[Escapes], limit: int) -> Escapes:
    """The escapes of several groups of drugs that have no change in common: of each a set, all together."""
    sets: list[EscapeSet] = [EscapeSet((), 0)]
    # Without those of one group the others' defeat only some of the drugs.
    for part in parts if all(part.exact for part in parts) else ():
        if part.sets:
            sets = [_joined(one, other) for one in sets for other in part.sets]
            sets = sorted(sets, key=lambda of: _order(of.changes))[: max(limit, 1)]
    undefeated = tuple(sorted({name for part in parts for name in part.undefeated}))
    barrier = sum(part.barrier for part in parts)
    return Escapes(
        sets=tuple(of for of in sets if of.changes),
        barrier=barrier,
        exact=all(part.exact for part in parts),
        known=all(part.known for part in parts),
        undefeated=undefeated,
        found=math.prod(part.found for part in parts if part.found) if any(part.found for part in parts) else 0,
        disagreements=tuple(failed for part in parts for failed in part.disagreements),
    )


def _joined(one: EscapeSet, other: EscapeSet) -> EscapeSet:
    return replace(
        one,
        changes=tuple(sorted((*one.changes, *other.changes), key=lambda change: change.id)),
        weight=one.weight + other.weight,
        defeats={**one.defeats, **other.defeats},
        behind=(*one.behind, *other.behind),
    )
