"""Conditions over residues as tests of bits, for whole cohorts.

Each residue atom of a gene has a bit. A genotype becomes two numbers: the atoms that certainly hold, and those that
possibly do because their position was not read. A condition becomes a function of both; under a negation the two
change places. This is the third way in which rules are evaluated: every result is checked against the other two by
the tests, and for part of every cohort while it is interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
)
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding
from resistab.domains.virus.grammar.residues import ALPHABET

# Whether a condition holds, where the first number are the atoms that hold, the second those that may.
Test = Callable[[int, int], bool]


class ResidueBits:
    """The bits of one gene's atoms."""

    def __init__(self, atoms: Iterable[ResidueAtom]) -> None:
        self.bit_of: dict[ResidueAtom, int] = {}
        self.at_position: dict[int, int] = {}
        self._by_residue: dict[tuple[int, str], int] = {}
        self._of_finding: dict[tuple[int, tuple[str, ...]], int] = {}
        for atom in atoms:
            if atom in self.bit_of:
                continue
            bit = 1 << len(self.bit_of)
            self.bit_of[atom] = bit
            self.at_position[atom.position] = self.at_position.get(atom.position, 0) | bit
            for residue in ALPHABET - set(atom.residues) if atom.inverted else atom.residues:
                key = atom.position, residue
                self._by_residue[key] = self._by_residue.get(key, 0) | bit

    def of_finding(self, finding: ResidueFinding) -> int:
        """The atoms that hold by a finding."""
        key = finding.position, finding.residues
        bits = self._of_finding.get(key)
        if bits is None:
            bits = 0
            for residue in finding.residues:
                bits |= self._by_residue.get((finding.position, residue), 0)
            self._of_finding[key] = bits
        return bits

    def single_residues(self, position: int) -> Iterator[int]:
        """For each residue that some atom at ``position`` names: the atoms that hold where it alone is found."""
        yield from {bits for (place, _), bits in self._by_residue.items() if place == position}

    def unread(self, coverage: GeneCoverage) -> int:
        """The atoms that stay open unless they hold by a finding, because their position was not read."""
        if coverage.ranges is None:
            return 0
        bits = 0
        for position, at in self.at_position.items():
            if not coverage.covers(position):
                bits |= at
        return bits

    def test(self, condition: Condition) -> Test:
        """``condition`` as a test; the parts of a conjunction or disjunction that are atoms are tested at once."""
        match condition:
            case ResidueAtom():
                return _any_bit(self.bit_of[condition])
            case AllOf(of=parts):
                single, rest = self._split(parts)
                every = _every_bit(single)
                if not rest:
                    return every
                tests = tuple(self.test(part) for part in rest)
                return lambda sure, open_: every(sure, open_) and all(test(sure, open_) for test in tests)
            case AnyOf(of=parts):
                single, rest = self._split(parts)
                some = _any_bit(single)
                if not rest:
                    return some
                tests = tuple(self.test(part) for part in rest)
                return lambda sure, open_: some(sure, open_) or any(test(sure, open_) for test in tests)
            case Not(of=part):
                inner = self.test(part)
                return lambda sure, open_: not inner(open_, sure)
            case CountOf():
                return self._count(condition)
        raise _no_residue(condition)

    def lead(self, condition: Condition) -> int:
        """A bit without which ``condition`` cannot hold, or 0 where there is none."""
        match condition:
            case ResidueAtom():
                return self.bit_of[condition]
            case AllOf(of=parts):
                return next((bit for part in parts if (bit := self.lead(part))), 0)
            case AnyOf() | Not() | CountOf():
                return 0
        raise _no_residue(condition)

    def _split(self, parts: tuple[Condition, ...]) -> tuple[int, tuple[Condition, ...]]:
        bits = 0
        rest = []
        for part in parts:
            if isinstance(part, ResidueAtom):
                bits |= self.bit_of[part]
            else:
                rest.append(part)
        return bits, tuple(rest)

    def _count(self, condition: CountOf) -> Test:
        least, most = condition.at_least or 0, condition.at_most
        single, rest = self._split(condition.of)
        # An atom that is named twice counts twice, which a number of bits would not show.
        if single.bit_count() + len(rest) == len(condition.of):
            tests = tuple(self.test(part) for part in rest)

            def number(sure: int, open_: int) -> int:
                return (sure & single).bit_count() + sum(test(sure, open_) for test in tests)
        else:
            every = tuple(self.test(part) for part in condition.of)

            def number(sure: int, open_: int) -> int:
                return sum(test(sure, open_) for test in every)

        if most is None:
            return lambda sure, open_: number(sure, open_) >= least
        # At most so many hold for certain where no more than that can possibly hold.
        return lambda sure, open_: number(sure, open_) >= least and number(open_, sure) <= most


def set_bits(bits: int) -> Iterator[int]:
    """Each bit that is set in ``bits``, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


def _any_bit(wanted: int) -> Test:
    return lambda sure, open_: sure & wanted != 0


def _every_bit(wanted: int) -> Test:
    return lambda sure, open_: sure & wanted == wanted


def _no_residue(condition: Condition) -> TypeError:
    return TypeError(f"a virus's rules ask for residues only, not for {condition}")
