"""Whether one condition can hold at all, and whether it holds only where another holds: decided, never guessed.

A condition is certain where one of its *terms* is: a set of literals, each an atom that must be known to be true, or
known to be false. (What is neither is unknown, and makes nothing certain; so the terms say exactly when an evaluator
finds the condition to hold.) What is known of atoms closes a term: who has EGFR T790M has a substitution at T790.
A term that contradicts itself under the closure is impossible. A condition entails another if the closure of each of
its possible terms contains one of the other's.

All answers err to one side: where a condition has too many terms, or nothing is known of how two atoms are related,
the answer is that it may hold and entails nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Protocol, assert_never

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    CountOf,
    Not,
)

MOST_TERMS = 400

# An atom's number is positive where the atom is known to be true, negative where it is known to be false.
Term = frozenset[int]
TRUE: tuple[Term, ...] = (frozenset(),)


class AtomRelations(Protocol):
    """What is known of pairs of atoms; each answer is True only where it holds for every genotype."""

    def neighbourhoods(self, atom: Atom) -> Iterable[object]:
        """Keys such that only atoms that share one can be related."""

    def implies(self, one: Atom, other: Atom) -> bool:
        """Whether ``other`` is certain wherever ``one`` is."""

    def ruled_out_with(self, one: Atom, other: Atom) -> bool:
        """Whether ``one`` is false wherever ``other`` is."""

    def refutes(self, one: Atom, other: Atom) -> bool:
        """Whether ``other`` is false wherever ``one`` is certain."""

    def clash(self, one: Atom, other: Atom) -> bool:
        """Whether the two are never certain together."""


class Reasoner:
    """Answers questions on conditions over a fixed set of atoms.

    ``never`` are atoms that are false in every genotype. The atoms of every condition that is asked about must be
    among ``atoms``.
    """

    def __init__(self, atoms: Iterable[Atom], relations: AtomRelations, never: Iterable[Atom] = ()) -> None:
        self._relations = relations
        self._atoms: list[Atom] = list(dict.fromkeys(atoms))
        self._number = {atom: index for index, atom in enumerate(self._atoms, start=1)}
        self._near: dict[object, list[int]] = {}
        for atom, number in self._number.items():
            for key in relations.neighbourhoods(atom):
                self._near.setdefault(key, []).append(number)
        self._never = frozenset(-self._number[atom] for atom in never if atom in self._number)
        self._consequences: dict[int, frozenset[int]] = {}
        self._clashing: dict[int, frozenset[int]] = {}
        self._closed: dict[Term, Term | None] = {}
        self._terms: dict[Condition, tuple[Term, ...] | None] = {}

    def impossible(self, condition: Condition) -> bool:
        """Whether no genotype makes ``condition`` certain."""
        terms = self.terms(condition)
        return terms is not None and all(self.closed(term) is None for term in terms)

    def entails(self, one: Condition, *others: Condition) -> bool:
        """Whether wherever ``one`` is certain one of ``others`` is."""
        terms = self.terms(one)
        if terms is None:
            return False
        targets = [target for other in others for target in self.terms(other) or ()]
        for term in terms:
            closed = self.closed(term)
            if closed is not None and not any(target <= closed for target in targets):
                return False
        return True

    def equivalent(self, one: Condition, other: Condition) -> bool:
        """Whether the two are certain for exactly the same genotypes."""
        return self.entails(one, other) and self.entails(other, one)

    def terms(self, condition: Condition) -> tuple[Term, ...] | None:
        """The terms of ``condition``; None where they are too many."""
        if condition not in self._terms:
            self._terms[condition] = self._expanded(condition, True)
        return self._terms[condition]

    def closed(self, term: Term) -> Term | None:
        """``term`` with all that follows from its literals; None where it contradicts itself."""
        if term not in self._closed:
            self._closed[term] = self._close(term)
        return self._closed[term]

    # --- closure --------------------------------------------------------------------------------------------------

    def _close(self, term: Term) -> Term | None:
        known = set(self._never)
        waiting = list(term)
        while waiting:
            literal = waiting.pop()
            if -literal in known:
                return None
            if literal not in known:
                known.add(literal)
                waiting += self._following(literal) - known
        if any(literal > 0 and not known.isdisjoint(self._clashes(literal)) for literal in known):
            return None
        return frozenset(known)

    def _neighbours(self, number: int) -> Iterator[tuple[int, Atom]]:
        atom = self._atoms[number - 1]
        near = (other for key in self._relations.neighbourhoods(atom) for other in self._near[key])
        for other in dict.fromkeys(near):
            if other != number:
                yield other, self._atoms[other - 1]

    def _following(self, literal: int) -> frozenset[int]:
        if literal not in self._consequences:
            relations, atom = self._relations, self._atoms[abs(literal) - 1]
            found: set[int] = set()
            for number, other in self._neighbours(abs(literal)):
                if literal > 0:
                    if relations.implies(atom, other):
                        found.add(number)
                    elif relations.refutes(atom, other):
                        found.add(-number)
                elif relations.ruled_out_with(other, atom):
                    found.add(-number)
            self._consequences[literal] = frozenset(found)
        return self._consequences[literal]

    def _clashes(self, number: int) -> frozenset[int]:
        if number not in self._clashing:
            atom = self._atoms[number - 1]
            self._clashing[number] = frozenset(
                other for other, node in self._neighbours(number) if self._relations.clash(atom, node)
            )
        return self._clashing[number]

    # --- terms ----------------------------------------------------------------------------------------------------

    def _expanded(self, condition: Condition, wanted: bool) -> tuple[Term, ...] | None:
        """The terms under which ``condition`` is certainly true, or, if not ``wanted``, certainly false."""
        match condition:
            case Not(of=part):
                return self._expanded(part, not wanted)
            case AllOf(of=parts) | AnyOf(of=parts):
                join = _all if isinstance(condition, AllOf) is wanted else _any
                return join([self._expanded(part, wanted) for part in parts])
            case CountOf():
                return self._counted(condition, wanted)
            case Atom():
                number = self._number[condition]
                return (frozenset({number if wanted else -number}),)
            case _:
                assert_never(condition)

    def _counted(self, condition: CountOf, wanted: bool) -> tuple[Term, ...] | None:
        parts, size = condition.of, len(condition.of)
        holding = [self._expanded(part, True) for part in parts]
        failing = [self._expanded(part, False) for part in parts]
        least, most = condition.at_least, condition.at_most
        bounds: list[tuple[Term, ...] | None] = []
        if wanted:
            if least is not None:
                bounds.append(_at_least(least, holding))
            if most is not None:
                bounds.append(_at_least(size - most, failing))
            return _all(bounds)
        if least is not None:
            bounds.append(_at_least(size - least + 1, failing))
        if most is not None:
            bounds.append(_at_least(most + 1, holding))
        return _any(bounds)


Parts = list[tuple[Term, ...] | None]


def _any(parts: Parts) -> tuple[Term, ...] | None:
    found: dict[Term, None] = {}
    for part in parts:
        if part is None or len(found) > MOST_TERMS:
            return None
        found.update(dict.fromkeys(part))
    return _shortest(found)


def _all(parts: Parts) -> tuple[Term, ...] | None:
    found = TRUE
    for part in parts:
        if part is None or len(found) * len(part) > MOST_TERMS:
            return None
        found = _shortest(one | other for one in found for other in part)
    return found


def _at_least(number: int, parts: Parts) -> tuple[Term, ...] | None:
    if number <= 0:
        return TRUE
    choices: Parts = []
    for chosen in itertools.combinations(parts, number):
        choices.append(_all(list(chosen)))
        if len(choices) > MOST_TERMS:
            return None
    return _any(choices)


def _shortest(terms: Iterable[Term]) -> tuple[Term, ...]:
    """``terms`` without those that contain another."""
    kept: list[Term] = []
    for term in sorted(set(terms), key=lambda term: (len(term), sorted(term))):
        if not any(shorter <= term for shorter in kept):
            kept.append(term)
    return tuple(kept)
