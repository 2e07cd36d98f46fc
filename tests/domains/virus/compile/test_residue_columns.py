"""Conditions over residues in columns: the third evaluation agrees with the engine and with the fixpoint.

Rules and genotypes are drawn at random over six positions, so small a world that everything meets everything:
mixtures, insertions, deletions, stops, inverted atoms, counts, negations, positions that were not read.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.columns import CODES, ColumnProgram
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
)
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.result import HeadValue
from resistab.core.rete import ReteProgram
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.program import of_gene
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


def in_columns(of: Program, genotypes: Sequence[ViralGenotype]) -> list[dict[Head, HeadValue]]:
    columns = ColumnProgram(of)
    observed = [observe_residues(columns.atoms, genotype) for genotype in genotypes]
    table = np.array([[CODES[seen[atom].truth] for seen in observed] for atom in columns.atoms], np.uint8)
    found = columns.evaluate(table.reshape(len(columns.atoms), len(genotypes)))
    return [
        {head: found.values[code] for head, code in zip(found.heads, column, strict=True)} for column in found.codes.T
    ]


@pytest.mark.parametrize("seed", range(PROGRAMS))
@settings(max_examples=120, derandomize=True, database=None)
@given(genotype=genotypes())
def test_the_three_evaluations_agree(seed: int, genotype: ViralGenotype) -> None:
    rules = program(seed)
    observed = observe_residues(rules.program.observables, genotype)
    expected = evaluate_by_fixpoint(rules.program, observed)

    assert in_columns(rules.program, [genotype]) == [expected]
    assert rules.evaluate(observed) == expected


@settings(max_examples=200, derandomize=True, database=None)
@given(st.integers(1000, 1200), st.lists(genotypes(), min_size=1, max_size=3))
def test_columns_and_fixpoint_agree_on_many_more_rules(seed: int, cohort: list[ViralGenotype]) -> None:
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

    expected = [evaluate_by_fixpoint(rules, observe_residues(rules.observables, genotype)) for genotype in cohort]
    assert in_columns(rules, cohort) == expected


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


# --- by hand ------------------------------------------------------------------------------------------------


def atom(text: str) -> ResidueAtom:
    found = of_gene(parse_residue_condition(text), "RT")
    assert isinstance(found, ResidueAtom)
    return found


L41, FY215, NOT_L41 = atom("41L"), atom("215F/Y"), atom("41 other than L")


@pytest.mark.parametrize(
    ("residues", "holds"),
    [("L", (True, False)), ("F", (False, True)), ("LF", (True, True)), ("d", (False, True)), ("", (False, False))],
)
def test_residues_make_the_atoms_hold_that_ask_for_them(residues: str, holds: tuple[bool, bool]) -> None:
    assert (L41.holds_by(residues), NOT_L41.holds_by(residues)) == holds


LOWER, MIXED = "K", "LK"


@pytest.mark.parametrize(
    ("condition", "at_41", "read_215", "certain", "possible"),
    [
        (L41, LOWER, True, False, False),
        (L41, MIXED, True, True, True),
        (FY215, "", False, False, True),
        (Not(of=FY215), "", False, False, True),
        (Not(of=L41), LOWER, True, True, True),
        (Not(of=L41), MIXED, True, False, False),
        (AllOf(of=(L41, FY215)), MIXED, False, False, True),
        (AnyOf(of=(L41, FY215)), MIXED, False, True, True),
        (CountOf(at_most=1, of=(L41, FY215)), MIXED, False, False, True),
        (CountOf(at_most=1, of=(L41, FY215)), MIXED, True, True, True),
        (CountOf(at_least=2, of=(L41, L41)), MIXED, True, True, True),
        (CountOf(at_least=0, of=(L41,)), LOWER, True, True, True),
        (AllOf(of=()), LOWER, True, True, True),
        (AnyOf(of=()), MIXED, False, False, False),
    ],
)
def test_condition_is_certain_possible_or_neither(
    condition: Condition, at_41: str, read_215: bool, certain: bool, possible: bool
) -> None:
    head = Head("row", "R")
    clause = Clause(id="R", unit="one", head=head, condition=condition, weight=FULL_WEIGHT)
    findings = (ResidueFinding("RT", 41, "", tuple(at_41), ""),) if at_41 else ()
    read = None if read_215 else ((1, 100),)
    (found,) = in_columns(Program(digest="", strata=((clause,),)), [genotype_of(findings, read)])

    assert found == {head: HeadValue(FULL_WEIGHT if certain else 0.0, possible)}


def genotype_of(findings: tuple[ResidueFinding, ...], read: tuple[tuple[int, int], ...] | None) -> ViralGenotype:
    return ViralGenotype("one", findings, (GeneCoverage("RT", read),))
