"""What a program means, checked by hand; each value must come out of both evaluators."""

from __future__ import annotations

import pytest

from resistab.core.faults import RulebaseError
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.horn import LONGEST_BODY, lower
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, stratify
from resistab.core.result import HeadValue
from resistab.core.rete import ReteProgram
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.grammar.conditions import parse_condition
from tests.cases import cases_beside

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def concludes(name: str, when: str, weight: float = FULL_WEIGHT) -> Clause:
    condition = parse_condition(when)
    return Clause(id=f"M-{name}", unit="m", head=Head("conclusion", name), condition=condition, weight=weight)


def row(name: str, when: str) -> Clause:
    return Clause(id=name, unit="drug", head=Head("row", name), condition=parse_condition(when), weight=FULL_WEIGHT)


def evaluate(clauses: list[Clause], **genes: Truth) -> dict[str, HeadValue]:
    """The value of each head by its name where gene X is wild type as given; both evaluators must agree on it."""
    rows = [clause for clause in clauses if clause.head.kind == "row"]
    strata = stratify([clause for clause in clauses if clause.head.kind == "conclusion"])
    program = Program(digest="", strata=(*strata, tuple(rows)) if rows else tuple(strata))
    observed = {
        atom: Observation(genes[atom.gene])  # type: ignore[union-attr]
        for atom in program.observables
    }
    values = evaluate_by_fixpoint(program, observed)
    assert ReteProgram(program).evaluate(observed) == values
    return {head.name: value for head, value in values.items()}


def truth(when: str, **genes: Truth) -> Truth:
    return evaluate([row("R", when)], **genes)["R"].truth


def wt(text: str) -> str:
    """``A and B`` as a condition on genes A and B being wild type."""
    return " ".join(f"{word} wild type" if word.isupper() else word for word in text.split())


AND = {(T, T): T, (T, F): F, (T, U): U, (F, F): F, (F, U): F, (U, U): U}
OR = {(T, T): T, (T, F): T, (T, U): T, (F, F): F, (F, U): U, (U, U): U}


@pytest.mark.parametrize(("one", "other"), AND)
def test_and_or_are_kleenes(one: Truth, other: Truth) -> None:
    for a, b in ((one, other), (other, one)):
        assert truth(wt("A and B"), A=a, B=b) is AND[one, other]
        assert truth(wt("A or B"), A=a, B=b) is OR[one, other]


@pytest.mark.parametrize(("given", "negated"), [(T, F), (F, T), (U, U)])
def test_not_exchanges_true_and_false_and_leaves_unknown(given: Truth, negated: Truth) -> None:
    assert truth(wt("not A"), A=given) is negated
    assert truth(wt("not not A"), A=given) is given
    assert truth("none of (A wild type)", A=given) is negated


# Of three parts, how many must hold, against the parts' truth: T or F where it is settled whatever U turns out to be.
@cases_beside
def test_counts_are_settled_as_soon_as_they_can_be(count: str, parts: str, expected: str) -> None:
    named = {"T": T, "F": F, "U": U}
    genes = dict(zip("ABC", (named[letter] for letter in parts), strict=True))
    text = f"{count} (A wild type, B wild type, C wild type)"
    assert truth(text, **genes) is named[expected]
    assert truth(f"not ({text})", **genes) is {"T": F, "F": T, "U": U}[expected]


def test_a_chain_is_as_strong_as_its_weakest_link() -> None:
    rules = [concludes("a", wt("A"), 30), concludes("b", "conclusion a", 60), row("R", "conclusion b")]
    assert evaluate(rules, A=T) == dict.fromkeys("abR", HeadValue(30, True))


def test_the_strongest_way_to_a_conclusion_counts() -> None:
    rules = [concludes("a", wt("A"), 15), concludes("a", wt("B"), 60), row("R", "conclusion a")]
    assert evaluate(rules, A=T, B=F)["R"] == HeadValue(15, True)
    assert evaluate(rules, A=T, B=T)["R"] == HeadValue(60, True)
    assert evaluate(rules, A=T, B=U)["R"] == HeadValue(15, True)


def test_a_definition_weakens_nothing() -> None:
    rules = [concludes("a", wt("A"), 60), concludes("step", "conclusion a"), row("R", "conclusion step")]
    assert evaluate(rules, A=T)["R"] == HeadValue(60, True)


def test_all_of_is_as_strong_as_its_weakest_any_of_strongest() -> None:
    links = [concludes("a", wt("A"), 15), concludes("b", wt("B"), 60)]
    values = evaluate(
        [*links, row("BOTH", "conclusion a and conclusion b"), row("ONE", "conclusion a or conclusion b")], A=T, B=T
    )
    assert values["BOTH"].strength == 15
    assert values["ONE"].strength == 60


def test_at_least_two_is_as_strong_as_the_second_strongest_part() -> None:
    links = [concludes("a", wt("A"), 15), concludes("b", wt("B"), 60), concludes("c", wt("C"), 30)]
    count = "at least 2 of (conclusion a, conclusion b, conclusion c)"
    assert evaluate([*links, row("R", count)], A=T, B=T, C=T)["R"].strength == 30


@pytest.mark.parametrize(
    "when", ["not not conclusion a", "not (at most 0 of (conclusion a))", "not (none of (conclusion a))"]
)
def test_a_double_negation_makes_no_weak_conclusion_strong(when: str) -> None:
    assert evaluate([concludes("a", wt("A"), 10), row("R", when)], A=T)["R"] == HeadValue(10, True)


def test_what_negates_a_conclusion_waits_for_all_its_ways() -> None:
    rules = [
        concludes("unopposed", "A wild type and not conclusion opposed"),
        concludes("opposed", "conclusion blocked"),
        concludes("blocked", wt("B")),
    ]
    assert [[clause.head.name for clause in stratum] for stratum in stratify(rules)] == [
        ["opposed", "blocked"],
        ["unopposed"],
    ]
    assert evaluate(rules, A=T, B=F)["unopposed"].truth is T
    assert evaluate(rules, A=T, B=T)["unopposed"].truth is F
    assert evaluate(rules, A=T, B=U)["unopposed"].truth is U
    assert evaluate(rules, A=F, B=U)["unopposed"].truth is F


def test_unknown_passes_through_a_chain_of_conclusions() -> None:
    rules = [concludes("a", wt("A"), 60), concludes("b", "conclusion a"), row("R", "conclusion b and B wild type")]
    assert evaluate(rules, A=U, B=T)["R"] == HeadValue(0, True)
    assert evaluate(rules, A=U, B=F)["R"] == HeadValue(0, False)


def test_conclusions_that_only_support_each_other_do_not_hold() -> None:
    rules = [concludes("a", "conclusion b"), concludes("b", "conclusion a"), row("R", "conclusion a")]
    assert evaluate(rules)["R"] == HeadValue(0, False)


def test_a_cycle_of_conclusions_holds_with_outside_support() -> None:
    rules = [concludes("a", "conclusion b", 60), concludes("b", "conclusion a", 30), concludes("b", wt("A"), 15)]
    assert evaluate(rules, A=T) == {"a": HeadValue(15, True), "b": HeadValue(15, True)}
    assert evaluate(rules, A=U) == {"a": HeadValue(0, True), "b": HeadValue(0, True)}


def test_a_conclusion_that_no_rule_reaches_is_false() -> None:
    assert evaluate([row("R", "conclusion a"), row("N", "not conclusion a")]) == {
        "R": HeadValue(0, False),
        "N": HeadValue(FULL_WEIGHT, True),
    }


def test_conclusions_of_several_files_rest_on_each_other() -> None:
    elsewhere = concludes("b", "conclusion a", 60).model_copy(update={"unit": "another file"})
    assert evaluate([concludes("a", wt("A"), 60), elsewhere, row("R", "conclusion b")], A=T)["R"].strength == 60


def test_a_conjunction_longer_than_the_engine_joins_is_chained() -> None:
    genes = [f"G{number}" for number in range(3 * LONGEST_BODY + 1)]
    long = [row("R", f"all of ({', '.join(f'{gene} wild type' for gene in genes)})")]
    units = lower(Program(digest="", strata=(tuple(long),)))
    assert max(len(rule.body) for unit in units for rule in unit.rules) == LONGEST_BODY
    assert evaluate(long, **dict.fromkeys(genes, T))["R"].truth is T
    assert evaluate(long, **(dict.fromkeys(genes, T) | {genes[-1]: F}))["R"].truth is F


def test_a_conclusion_that_needs_its_own_absence_is_refused() -> None:
    with pytest.raises(RulebaseError) as refused:
        stratify([concludes("a", "not conclusion a")])
    assert str(refused.value) == (
        "mechanisms: a cycle through negation: a needs not a (rules M-a); "
        "expected no conclusion that depends on its own absence"
    )


def test_a_longer_cycle_through_negation_is_printed_step_by_step() -> None:
    rules = [
        concludes("a", "A wild type and not conclusion b"),
        concludes("b", "conclusion c"),
        concludes("c", "conclusion a"),
        concludes("d", "conclusion a"),
    ]
    with pytest.raises(RulebaseError) as refused:
        stratify(rules)
    assert str(refused.value) == (
        "mechanisms: a cycle through negation: a needs not b, b needs c, c needs a (rules M-a, M-b, M-c); "
        "expected no conclusion that depends on its own absence"
    )


@pytest.mark.parametrize("count", ["at most 1 of", "exactly 1 of"])
def test_a_count_with_an_upper_bound_negates_its_parts(count: str) -> None:
    with pytest.raises(RulebaseError, match="a needs not a"):
        stratify([concludes("a", f"{count} (conclusion a, A wild type)")])


def test_a_negation_of_a_negation_is_no_cycle_through_negation() -> None:
    rules = [concludes("a", "not not conclusion a"), concludes("a", wt("A"), 30)]
    assert evaluate(rules, A=T)["a"] == HeadValue(30, True)
