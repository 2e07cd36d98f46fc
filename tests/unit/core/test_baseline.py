"""What is worked out from an evaluation beside it is what would be worked out anew."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from resistab.core.agreement import evaluate_agreed
from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import Program
from resistab.core.result import Baseline
from resistab.core.rete import ReteProgram
from resistab.core.truth import Observation
from tests.random_rules import observations, programs

PROPERTY = settings(
    deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@settings(PROPERTY, max_examples=300)
@given(programs(), observations, observations)
def test_an_evaluation_beside_another_is_as_one_anew(
    program: Program, before: dict[Atom, Observation], now: dict[Atom, Observation]
) -> None:
    since = Baseline.beside(program, evaluate_by_fixpoint(program, before), before, now)
    anew = evaluate_by_fixpoint(program, now)
    assert evaluate_by_fixpoint(program, now, since) == anew
    assert evaluate_agreed(ReteProgram(program), now, since) == anew


@settings(PROPERTY, max_examples=100)
@given(programs(), observations, observations)
def test_the_heads_that_differ_are_those_of_another_value(
    program: Program, before: dict[Atom, Observation], now: dict[Atom, Observation]
) -> None:
    earlier = evaluate_by_fixpoint(program, before)
    later = evaluate_by_fixpoint(program, now)
    since = Baseline.beside(program, earlier, before, now)
    assert since.differing(later) == {head for head in later if later[head] != earlier[head]}
