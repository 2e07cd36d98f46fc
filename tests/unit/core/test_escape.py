"""Escape sets over random programs: clingo finds what trying every set with the second evaluator finds."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.condition import AllOf, Atom, Not
from resistab.core.escape import (
    Escapes,
    EscapeSet,
    EscapeSolver,
    FurtherChange,
    Inactive,
    Part,
    Total,
    beneath,
    together,
)
from resistab.core.faults import ExtraMissingError
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.truth import Observation, Truth
from tests.random_rules import ATOMS, observations, programs
from tests.unit.core.test_agreement import PROPERTY

A, B, C, D = ATOMS[:4]
ROWS = tuple(Head("row", f"R-{number:03}") for number in range(4))
SCORES = (-10.0, 5.0, 7.5, 15.0, 30.0)


def changed(observed: Mapping[Atom, Observation], changes: Sequence[FurtherChange]) -> dict[Atom, Observation]:
    """What is observed once the changes are there, as ``Change`` says it."""
    now = {}
    for atom, seen in observed.items():
        truth = seen.truth
        if any(atom in change.makes_true for change in changes):
            truth = Truth.TRUE
        elif any(atom in change.makes_open for change in changes):
            truth = Truth.UNKNOWN
        elif any(atom in change.makes_false for change in changes):
            truth = Truth.FALSE
        now[atom] = Observation(truth)
    return now


def is_inactive(program: Program, observed: Mapping[Atom, Observation], inactive: Inactive) -> bool:
    values = evaluate_by_fixpoint(program, observed)

    def strength(head: Head) -> float:
        return values[head].strength if head in values else 0.0

    if any(strength(head) >= least for head, least in inactive.any_of):
        return True
    for total in inactive.totals:
        counted = []
        for item in total.items:
            held = [p.score for p in item if strength(p.head) > 0 and strength(p.head) >= p.strength]
            counted += [max(held)] if held else []
        score = sum(counted)
        if any((low is None or score >= low) and (high is None or score <= high) for low, high in total.ranges):
            return True
    return False


@st.composite
def changes(draw: st.DrawFn) -> tuple[FurtherChange, ...]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        effect = {atom: draw(st.sampled_from([*Truth, None, None])) for atom in ATOMS}
        found.append(
            FurtherChange(
                id=f"C{number}",
                text=f"C{number}",
                makes_true=frozenset(atom for atom, truth in effect.items() if truth is Truth.TRUE),
                makes_false=frozenset(atom for atom, truth in effect.items() if truth is Truth.FALSE),
                makes_open=frozenset(atom for atom, truth in effect.items() if truth is Truth.UNKNOWN),
                slot=draw(st.sampled_from(["", "one", "other"])),
                weight=draw(st.integers(1, 3)),
            )
        )
    return tuple(found)


part = st.builds(Part, st.sampled_from(ROWS), st.sampled_from(SCORES), st.sampled_from([0.0, 15.0, 30.0]))
total = st.builds(
    lambda items, low, high: Total(tuple(tuple(item) for item in items), ((low, high),)),
    st.lists(st.lists(part, min_size=1, max_size=2), min_size=1, max_size=3),
    st.sampled_from([7.5, 15.0, 22.5]),
    st.sampled_from([None, None, 40.0]),
)
of_drug = st.builds(
    lambda any_of, totals: Inactive(tuple(any_of), tuple(totals)),
    st.lists(st.tuples(st.sampled_from(ROWS), st.sampled_from([10.0, 15.0, 30.0])), max_size=2),
    st.lists(total, max_size=1),
)


@settings(PROPERTY, max_examples=200)
@given(programs(), observations, changes(), st.lists(of_drug, min_size=1, max_size=3))
def test_the_solver_finds_what_trying_every_set_finds(
    program: Program, observed: dict[Atom, Observation], candidates: tuple[FurtherChange, ...], drugs: list[Inactive]
) -> None:
    of = {f"drug {number}": inactive for number, inactive in enumerate(drugs)}
    solver = EscapeSolver(program, {atom: seen.truth for atom, seen in observed.items()}, candidates, of)
    escapes = {}
    for size in range(len(candidates) + 1):
        for chosen in itertools.combinations(candidates, size):
            slots = [change.slot for change in chosen if change.slot]
            if len(slots) > len(set(slots)):
                continue
            now = changed(observed, chosen)
            defeated = frozenset(name for name, inactive in of.items() if is_inactive(program, now, inactive))
            assert solver.state(frozenset(change.id for change in chosen)) == defeated
            if len(defeated) == len(of):
                escapes[tuple(change.id for change in chosen)] = sum(change.weight for change in chosen)
    found = solver.smallest(tuple((name,) for name in of), limit=100)
    least = min(escapes.values(), default=None)
    assert (None if found is None else found.weight) == least
    if found is not None:
        assert {tuple(c.id for c in of) for of in found.sets} == {ids for ids, w in escapes.items() if w == least}


# --- a program that is written out -----------------------------------------------------------------------------------

RISES = {name: frozenset({atom}) for name, atom in (("a", A), ("b", B), ("c", C), ("d", D))}
FOUR = tuple(FurtherChange(id=name, text=name, makes_true=made) for name, made in RISES.items())
NOTHING = dict.fromkeys(ATOMS, Truth.FALSE)


def row(number: int, condition: object) -> Clause:
    return Clause(id=f"R{number}", unit="u", head=ROWS[number], condition=condition, weight=FULL_WEIGHT)  # type: ignore[arg-type]


# R0 by a; R1 by b and c; R2 by b, unless d.
PROGRAM = Program(digest="", strata=((row(0, A), row(1, AllOf(of=(B, C))), row(2, AllOf(of=(B, Not(of=D))))),))
DRUGS = {f"drug {number}": Inactive(any_of=((ROWS[number], 10.0),)) for number in range(4)}


@pytest.fixture
def solver() -> EscapeSolver:
    return EscapeSolver(PROGRAM, NOTHING, FOUR, DRUGS)


def goal(*numbers: int) -> tuple[tuple[str, ...], ...]:
    return tuple((f"drug {number}",) for number in numbers)


def test_one_change_that_defeats_several_drugs_is_found(solver: EscapeSolver) -> None:
    found = solver.smallest(goal(1, 2))
    assert found is not None
    ((one, other),) = found.sets
    assert (one.id, other.id, found.weight) == ("b", "c", 2)
    goals = {name: (name,) for (name,) in goal(1, 2)}
    assert solver.defeats((one, other), goals) == {"b": ("drug 1", "drug 2"), "c": ("drug 1",)}


def test_of_two_tables_of_a_drug_the_smaller_set_decides(solver: EscapeSolver) -> None:
    found = solver.smallest((("drug 0", "drug 1"),))
    assert found is not None
    assert ([tuple(c.id for c in of) for of in found.sets], found.weight) == ([("a",)], 1)


def test_a_drug_that_nothing_defeats_has_no_set(solver: EscapeSolver) -> None:
    assert not solver.can_defeat(("drug 3",))
    assert solver.smallest(goal(0, 3)) is None


def test_what_does_not_work_is_left_out_and_the_search_goes_on(solver: EscapeSolver) -> None:
    found = solver.smallest(goal(0), lambda changes: len(changes) > 1)
    assert found is not None
    assert (found.weight, found.failed, found.exact) == (2, (("a",),), True)
    assert all(len(of) == 2 and FOUR[0] in of for of in found.sets)
    # And the next goal is not touched by it.
    again = solver.smallest(goal(0))
    assert again is not None
    assert again.weight == 1


def test_where_no_set_works_the_weight_is_at_least_that(solver: EscapeSolver) -> None:
    found = solver.smallest(goal(1), lambda changes: False)
    assert found is not None
    assert (found.sets, found.exact, found.weight) == ((), False, 2)


def test_where_time_is_up_the_weight_is_at_least_that(solver: EscapeSolver) -> None:
    found = solver.smallest(goal(0, 1), until=0.0)
    assert found is not None
    assert (found.sets, found.exact, found.weight) == ((), False, 0)


def test_sets_of_one_weight_come_by_rank_and_then_by_text() -> None:
    ranked = [FurtherChange(id=c.id, text=c.text, makes_true=RISES["a"], rank=-(c.id == "c")) for c in FOUR]
    for order in (ranked, ranked[::-1]):
        found = EscapeSolver(PROGRAM, NOTHING, order, DRUGS).smallest(goal(0), limit=3)
        assert found is not None
        assert ([of[0].id for of in found.sets], found.found) == (["c", "a", "b"], 4)


def test_only_what_lies_beneath_heads_is_kept() -> None:
    assert beneath(PROGRAM, [ROWS[1]]).heads == (ROWS[1],)


def test_sets_of_drugs_without_a_common_change_are_put_together() -> None:
    one = Escapes((EscapeSet((FOUR[0],), 1, {"a": ("x",)}), EscapeSet((FOUR[1],), 1, {"b": ("x",)})), 1, found=2)
    other = Escapes((EscapeSet((FOUR[2],), 1, {"c": ("y",)}),), 2, known=False, undefeated=("z",), found=1)
    both = together([one, other], 5)
    assert ([of.texts for of in both.sets], both.barrier, both.found) == ([("a", "c"), ("b", "c")], 3, 2)
    assert (both.known, both.undefeated, both.text) == (False, ("z",), "at least 3")
    assert both.sets[0].defeats == {"a": ("x",), "c": ("y",)}
    assert not together([one, Escapes((), 1, exact=False)], 5).sets


def test_without_clingo_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clingo", None)
    with pytest.raises(ExtraMissingError, match=r"resistab\[verify\]"):
        EscapeSolver(PROGRAM, NOTHING, FOUR, DRUGS)
