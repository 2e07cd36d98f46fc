"""Conditions as tests of bits: the third evaluation agrees with the engine and with the fixpoint.

Rules and genotypes are drawn at random over six positions, so small a world that everything meets everything:
mixtures, insertions, deletions, stops, inverted atoms, counts, negations, positions that were not read.
"""

from __future__ import annotations

import functools
import operator
import random
from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.condition import (
    AllOf,
    AnyOf,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
)
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.result import HeadValue
from resistab.core.rete import ReteProgram
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.bits import ResidueBits, set_bits
from resistab.domains.virus.compile.program import residue_atoms
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.grammar.residues import residue_order
from resistab.domains.virus.observe import observe_residues

POSITIONS = range(1, 7)
NAMED = "ACDid*"
# One residue that no rule names.
FOUND = NAMED + "W"
PROGRAMS = 6


def in_order(residues: object) -> tuple[str, ...]:
    return tuple(sorted(residues, key=residue_order))


def held(bits: ResidueBits, findings: Iterable[ResidueFinding]) -> int:
    """The atoms that hold by any of the findings."""
    return functools.reduce(operator.or_, map(bits.of_finding, findings), 0)


# --- random rules and genotypes -----------------------------------------------------------------------------


class RandomConditions:
    """Draws conditions; the engine never forgets a program, hence a few are drawn once and used for all genotypes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def draw(self, depth: int = 3) -> Condition:
        kind = self.chance.choice(["atom", "all", "any", "not", "count"]) if depth else "atom"
        match kind:
            case "all":
                return AllOf(of=self._parts(depth))
            case "any":
                return AnyOf(of=self._parts(depth))
            case "not":
                return Not(of=self.draw(depth - 1))
            case "count":
                parts = self._parts(depth)
                bounds = [self.chance.choice([None, self.chance.randint(0, len(parts) + 1)]) for _ in range(2)]
                if bounds == [None, None]:
                    bounds[0] = 1
                return CountOf(at_least=bounds[0], at_most=bounds[1], of=parts)
        return ResidueAtom(
            gene="RT",
            position=self.chance.choice(POSITIONS),
            residues=in_order(self.chance.sample(NAMED, self.chance.choice([1, 1, 2, 3]))),
            inverted=self.chance.random() < 0.25,
        )

    def _parts(self, depth: int) -> tuple[Condition, ...]:
        parts = [self.draw(depth - 1) for _ in range(self.chance.randint(1, 4))]
        # What is named twice must count twice.
        return (*parts, parts[0]) if self.chance.random() < 0.2 else tuple(parts)


@cache
def program(seed: int) -> ReteProgram:
    conditions = RandomConditions(seed)
    clauses = tuple(
        Clause(id=f"R{n}", unit="one", head=Head("row", f"R{n}"), condition=conditions.draw(), weight=FULL_WEIGHT)
        for n in range(12)
    )
    return ReteProgram(Program(digest="", strata=(clauses,)))


@st.composite
def genotypes(draw: st.DrawFn) -> ViralGenotype:
    """What was found at some positions; what of the others was read."""
    found = draw(st.dictionaries(st.sampled_from(POSITIONS), st.sets(st.sampled_from(FOUND), min_size=1, max_size=5)))
    read = draw(st.none() | st.sets(st.sampled_from(POSITIONS)))
    ranges = None if read is None else tuple((position, position) for position in sorted(read))
    findings = tuple(ResidueFinding("RT", place, "", in_order(residues), "") for place, residues in found.items())
    return ViralGenotype("one", findings, (GeneCoverage("RT", ranges),))


def by_bits(of: Program, genotype: ViralGenotype) -> dict[Head, HeadValue]:
    bits = ResidueBits(atom for clause in of.clauses for atom in residue_atoms(clause.condition))
    sure = held(bits, genotype.findings)
    perhaps = sure | bits.unread(genotype.coverage[0])
    tests = {clause.head: bits.test(clause.condition) for clause in of.clauses}
    return {
        head: HeadValue(FULL_WEIGHT if test(sure, perhaps) else 0.0, test(perhaps, sure))
        for head, test in tests.items()
    }


@pytest.mark.parametrize("seed", range(PROGRAMS))
@settings(max_examples=120, derandomize=True, database=None)
@given(genotype=genotypes())
def test_the_three_evaluations_agree(seed: int, genotype: ViralGenotype) -> None:
    rules = program(seed)
    observed = observe_residues(rules.program.observables, genotype)
    expected = evaluate_by_fixpoint(rules.program, observed)

    assert by_bits(rules.program, genotype) == expected
    assert rules.evaluate(observed) == expected


@settings(max_examples=200, derandomize=True, database=None)
@given(st.integers(1000, 1200), genotypes())
def test_bits_and_fixpoint_agree_on_many_more_rules(seed: int, genotype: ViralGenotype) -> None:
    """Without the engine, which would have to register each of these."""
    conditions = RandomConditions(seed)
    rules = Program(
        digest="",
        strata=(
            tuple(
                Clause(id=f"R{n}", unit="one", head=Head("row", f"R{n}"), condition=conditions.draw(4), weight=1000.0)
                for n in range(5)
            ),
        ),
    )

    assert by_bits(rules, genotype) == evaluate_by_fixpoint(rules, observe_residues(rules.observables, genotype))


def test_random_rules_come_to_every_truth() -> None:
    """What the agreement rests on: that the rules drawn are neither all true nor all false."""
    seen = set()
    read = GeneCoverage("RT", ((1, 3),))
    sample = ViralGenotype("one", (ResidueFinding("RT", 1, "", ("A", "C"), ""),), (read,))
    for seed in range(PROGRAMS):
        rules = program(seed).program
        values = evaluate_by_fixpoint(rules, observe_residues(rules.observables, sample))
        seen |= {value.truth.name for value in values.values()}

    assert seen == {"TRUE", "FALSE", "UNKNOWN"}


@settings(max_examples=100, derandomize=True, database=None)
@given(st.integers(0, PROGRAMS - 1), genotypes(), st.randoms(use_true_random=False))
def test_the_order_of_findings_changes_no_bit(seed: int, genotype: ViralGenotype, chance: random.Random) -> None:
    bits = ResidueBits(program(seed).program.observables)
    shuffled = chance.sample(genotype.findings, len(genotype.findings))

    assert held(bits, shuffled) == held(bits, genotype.findings)


# --- by hand ------------------------------------------------------------------------------------------------


def atom(text: str) -> ResidueAtom:
    found = parse_residue_condition(text)
    assert isinstance(found, ResidueAtom)
    return found


L41, FY215, NOT_L41 = atom("41L"), atom("215F/Y"), atom("41 other than L")
BITS = ResidueBits([L41, FY215, NOT_L41, L41])


def finding(position: int, residues: str) -> ResidueFinding:
    return ResidueFinding("RT", position, "", in_order(residues), "")


def test_each_atom_has_one_bit() -> None:
    assert BITS.bit_of == {L41: 1, FY215: 2, NOT_L41: 4}
    assert BITS.at_position == {41: 1 | 4, 215: 2}


@pytest.mark.parametrize(
    ("position", "residues", "bits"),
    [(41, "L", 1), (41, "F", 4), (41, "LF", 5), (41, "d", 4), (215, "FY", 2), (215, "C", 0), (65, "R", 0)],
)
def test_a_finding_sets_the_bits_of_the_atoms_that_hold(position: int, residues: str, bits: int) -> None:
    assert BITS.of_finding(finding(position, residues)) == bits


def test_positions_that_were_not_read_leave_their_atoms_open() -> None:
    assert BITS.unread(GeneCoverage("RT")) == 0
    assert BITS.unread(GeneCoverage("RT", ((1, 100),))) == 2
    assert BITS.unread(GeneCoverage("RT", ())) == 7


def test_each_residue_alone_sets_what_it_sets() -> None:
    assert set(BITS.single_residues(41)) == {1, 4}
    assert set(BITS.single_residues(215)) == {2}
    assert set(BITS.single_residues(65)) == set()


@pytest.mark.parametrize(
    ("condition", "sure", "perhaps", "certain", "possible"),
    [
        (L41, 0, 0, False, False),
        (L41, 0, 1, False, True),
        (L41, 1, 1, True, True),
        (Not(of=L41), 0, 0, True, True),
        (Not(of=L41), 0, 1, False, True),
        (Not(of=L41), 1, 1, False, False),
        (AllOf(of=(L41, FY215)), 1, 3, False, True),
        (AnyOf(of=(L41, FY215)), 1, 3, True, True),
        (CountOf(at_most=1, of=(L41, FY215)), 1, 3, False, True),
        (CountOf(at_most=1, of=(L41, FY215)), 1, 1, True, True),
        (CountOf(at_least=2, of=(L41, L41)), 1, 1, True, True),
        (CountOf(at_least=0, of=(L41,)), 0, 0, True, True),
        (AllOf(of=()), 0, 0, True, True),
        (AnyOf(of=()), 7, 7, False, False),
    ],
)
def test_condition_is_certain_possible_or_neither(
    condition: Condition, sure: int, perhaps: int, certain: bool, possible: bool
) -> None:
    test = BITS.test(condition)

    assert (test(sure, perhaps), test(perhaps, sure)) == (certain, possible)


@pytest.mark.parametrize(
    ("condition", "lead"),
    [
        (L41, 1),
        (AllOf(of=(Not(of=L41), AllOf(of=(FY215, L41)))), 2),
        (AnyOf(of=(L41, FY215)), 0),
        (Not(of=L41), 0),
        (CountOf(at_least=2, of=(L41, FY215)), 0),
    ],
)
def test_lead_is_a_bit_without_which_a_condition_cannot_hold(condition: Condition, lead: int) -> None:
    assert BITS.lead(condition) == lead


@settings(max_examples=300, derandomize=True, database=None)
@given(st.integers(0, 2000), genotypes())
def test_no_condition_holds_without_its_lead(seed: int, genotype: ViralGenotype) -> None:
    condition = RandomConditions(seed).draw()
    bits = ResidueBits(residue_atoms(condition))
    sure = held(bits, genotype.findings)
    lead = bits.lead(condition)

    assert not lead or sure & lead or not bits.test(condition)(sure, sure)


def test_rules_of_a_virus_cannot_ask_for_anything_else() -> None:
    with pytest.raises(TypeError, match="residues only"):
        BITS.test(ConclusionAtom(id="resistance"))


def test_set_bits_are_told_one_by_one() -> None:
    assert list(set_bits(0b101100)) == [4, 8, 32]
    assert list(set_bits(0)) == []
