"""The two evaluators agree on random programs, and where they do not, nothing is released."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from resistab import Interpreter
from resistab.core import agreement
from resistab.core.agreement import DisagreementError, evaluate_agreed
from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import Program
from resistab.core.result import HeadValue
from resistab.core.rete import ReteProgram
from resistab.core.truth import Observation
from resistab.domains.oncology.observe import Observer, observe_all
from tests.random_rules import observations, programs

PROPERTY = settings(
    deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@settings(PROPERTY, max_examples=500)
@given(programs(), observations)
def test_the_two_evaluators_agree_on_random_programs(program: Program, observed: dict[Atom, Observation]) -> None:
    assert ReteProgram(program).evaluate(observed) == evaluate_by_fixpoint(program, observed)


@settings(PROPERTY, max_examples=100)
@given(programs(), observations)
def test_the_order_of_clauses_changes_no_value(program: Program, observed: dict[Atom, Observation]) -> None:
    backwards = Program(digest="", strata=tuple(tuple(reversed(stratum)) for stratum in program.strata))
    assert evaluate_by_fixpoint(backwards, observed) == evaluate_by_fixpoint(program, observed)


def test_a_disagreement_is_an_error_and_nothing_is_released(
    oncology: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["EGFR L858R", "EGFR T790M"])

    def wrong(program: Program, observed: dict[Atom, Observation], since: object = None) -> dict[object, HeadValue]:
        values = dict(evaluate_by_fixpoint(program, observed))
        head = next(head for head in values if head.name == "GEF-001")
        return values | {head: HeadValue(0.0, False)}

    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", wrong)
    with pytest.raises(DisagreementError, match=r"disagree on 1 heads: row GEF-001: forward .*1000.* fixpoint"):
        oncology.interpret(genotype)


def test_a_head_that_only_one_evaluator_knows_is_a_disagreement(
    oncology: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = ReteProgram(oncology.program)
    genotype = oncology.genotype(tumour="LUAD", findings=["EGFR T790M"])
    observed = observe_all(oncology.program.observables, Observer(genotype, oncology.rulebase))
    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", lambda program, observed, since=None: {})
    with pytest.raises(DisagreementError, match=r"and \d+ more"):
        evaluate_agreed(program, observed)
