"""The third evaluator agrees with the other two on random programs, and what it does not agree with is not released."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings

from resistab import Interpreter
from resistab.core.agreement import DisagreementError
from resistab.core.answer_set import AnswerSetText
from resistab.core.condition import AllOf, AnyOf, Atom, ConclusionAtom, CountOf, Not
from resistab.core.faults import ExtraMissingError
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.result import HeadValue
from resistab.core.rete import ReteProgram
from resistab.core.truth import Observation, Truth
from resistab.core.verification import ClingoProgram, VerificationError, Verifier
from resistab.domains.oncology.atoms import WildTypeAtom
from tests.random_rules import observations, programs
from tests.unit.core.test_agreement import PROPERTY

A, B = WildTypeAtom(gene="A"), WildTypeAtom(gene="B")
C = ConclusionAtom(id="c")


def program_of(*clauses: Clause, above: tuple[Clause, ...] = ()) -> Program:
    return Program(digest="", strata=(clauses, above))


def clause(head: Head, condition: object, weight: float = FULL_WEIGHT, name: str = "X-001") -> Clause:
    return Clause(id=name, unit="u", head=head, condition=condition, weight=weight)  # type: ignore[arg-type]


@settings(PROPERTY, max_examples=250)
@given(programs(), observations, observations)
def test_three_evaluators_agree_on_random_programs(
    program: Program, one: dict[Atom, Observation], other: dict[Atom, Observation]
) -> None:
    """And what clingo was told of one patient is forgotten with the next."""
    third, second = ClingoProgram(program), ReteProgram(program)
    for observed in (one, other):
        assert third.evaluate(observed) == second.evaluate(observed) == evaluate_by_fixpoint(program, observed)


@pytest.mark.parametrize(
    "condition",
    [
        AllOf(of=()),
        AnyOf(of=()),
        CountOf(of=(A,)),
        CountOf(at_least=1, of=()),
        CountOf(at_most=0, of=()),
        CountOf(at_least=2, of=(A, A)),
        CountOf(at_least=1, at_most=1, of=(C, A, B)),
        CountOf(at_least=3, at_most=9, of=(C, A)),
        Not(of=Not(of=C)),
        Not(of=CountOf(at_least=1, at_most=1, of=(C, A, B))),
    ],
)
def test_edges_of_conditions_mean_the_same(condition: object) -> None:
    row = clause(Head("row", "R"), condition, 0.25)
    program = program_of(clause(Head("conclusion", "c"), A, 7.5), above=(row,))
    clingo = ClingoProgram(program)
    for truth in Truth:
        for other in Truth:
            observed = {A: Observation(truth), B: Observation(other)}
            assert clingo.evaluate(observed) == evaluate_by_fixpoint(program, observed)


def test_a_clause_without_weight_is_at_most_possible() -> None:
    program = program_of(clause(Head("row", "R"), A, 0.0))
    observed: dict[Atom, Observation] = {A: Observation(Truth.TRUE)}
    assert ClingoProgram(program).evaluate(observed) == {Head("row", "R"): HeadValue(0.0, True)}
    assert evaluate_by_fixpoint(program, observed) == {Head("row", "R"): HeadValue(0.0, True)}


def test_the_text_names_rules_and_atoms_on_lines_of_their_own() -> None:
    odd = "*X\n#false. %*"
    text = AnswerSetText(program_of(clause(Head("row", odd), A, 30, odd))).text
    assert "% 1: strength 30\n% 2: strength 1000\n" in text
    assert "\n% *X\\n#false. %* of u: row *X\\n#false. %* (weight 30) where A wild type\n" in text
    assert "#external yes(0). #external no(0). % A wild type\n" in text
    assert "clause(h(0),1,a(0))." in text


def test_text_that_is_code_elsewhere_is_none_here() -> None:
    odd = WildTypeAtom(gene='"). #false.\n#false. %*')
    program = program_of(clause(Head("row", "R"), odd))
    observed: dict[Atom, Observation] = {odd: Observation(Truth.TRUE)}
    assert ClingoProgram(program).evaluate(observed) == {Head("row", "R"): HeadValue(FULL_WEIGHT, True)}


@pytest.mark.parametrize("denied", ["c", "d"])
def test_a_program_of_several_meanings_is_refused(denied: str) -> None:
    one = clause(Head("conclusion", "c"), Not(of=ConclusionAtom(id=denied)))
    other = clause(Head("conclusion", "d"), Not(of=C))
    with pytest.raises(VerificationError, match=r"^to clingo the program has not one meaning alone$"):
        ClingoProgram(program_of(one, other)).evaluate({})


def test_any_other_value_is_refused_by_name() -> None:
    program = program_of(*(clause(Head("row", f"R{number}"), A, 30, f"R{number}") for number in range(7)))
    observed: dict[Atom, Observation] = {A: Observation(Truth.TRUE)}
    verifier, values = Verifier(), evaluate_by_fixpoint(program, observed)
    verifier.verify(program, observed, values)
    assert verifier.rules == 7
    with pytest.raises(VerificationError, match=r"two evaluators on 1 heads: row R3: they .*=15.* clingo .*=30"):
        verifier.verify(program, observed, values | {Head("row", "R3"): HeadValue(15.0, True)})
    with pytest.raises(DisagreementError, match=r"on 7 heads: row R0: they None, .* and 2 more$"):
        verifier.verify(program, observed, {})


def test_a_verifier_sees_what_is_given_to_the_interpreter(
    oncology: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["EGFR T790M"])
    monkeypatch.setattr(oncology, "verifier", Verifier())
    before = oncology.interpret(genotype).to_json()
    assert oncology.verifier is not None
    assert oncology.verifier.rules > 2000

    def wrong(self: ClingoProgram, observed: dict[Atom, Observation]) -> dict[Head, HeadValue]:
        return {}

    monkeypatch.setattr(ClingoProgram, "evaluate", wrong)
    with pytest.raises(VerificationError):
        oncology.interpret(genotype)
    monkeypatch.setattr(oncology, "verifier", None)
    assert oncology.interpret(genotype).to_json() == before


def test_without_clingo_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clingo", None)
    with pytest.raises(ExtraMissingError, match=r"^clingo is not installed; pip install 'resistab\[verify\]'"):
        Verifier()
