"""The two evaluators agree: on random programs, and on random genotypes of the shipped rules in any order.

The second of these runs in blocks, so that ``pytest -n`` can share it among processors. RESISTAB_GENOTYPES sets how
many genotypes are drawn in all.
"""

from __future__ import annotations

import os
import random
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import resistab
from resistab import Interpreter
from resistab.core import agreement
from resistab.core.agreement import DisagreementError, evaluate_agreed
from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import Program
from resistab.core.result import HeadValue
from resistab.core.rete import ReteProgram
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer, observe_all
from tests.random_rules import RandomGenotypes, observations, programs

GENOTYPES = int(os.environ.get("RESISTAB_GENOTYPES", "10000"))
BLOCKS = 20
PER_BLOCK = -(-GENOTYPES // BLOCKS)
SHUFFLES = 4
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


@cache
def shipped() -> Interpreter:
    return resistab.load("oncology")


@cache
def random_genotypes() -> RandomGenotypes:
    return RandomGenotypes(shipped())


def shuffled_rules(rulebase: Rulebase, seed: int) -> Rulebase:
    chance = random.Random(seed)

    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(chance.sample(items, len(items)))

    tables = [table.model_copy(update={"rows": shuffled(table.rows)}) for table in rulebase.tables]
    fields = {field: getattr(rulebase, field) for field in Rulebase.model_fields}
    rules = shuffled(rulebase.mechanism_rules)
    return Rulebase.model_validate(fields | {"mechanism_rules": rules, "tables": shuffled(tuple(tables))})


def shuffled_findings(genotype: Genotype, seed: int) -> Genotype:
    chance = random.Random(seed)
    findings = chance.sample(genotype.findings, len(genotype.findings))
    assayed = chance.sample(genotype.assayed, len(genotype.assayed))
    return genotype.model_copy(update={"findings": tuple(findings), "assayed": tuple(assayed)})


@cache
def shuffled_interpreter(seed: int) -> Interpreter:
    """An interpreter of the shipped rules in another order; the engine never forgets one, hence not one a block."""
    return Interpreter(shuffled_rules(shipped().rulebase, seed))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_two_evaluators_agree_on_random_genotypes_in_any_order(block: int) -> None:
    """``infer`` runs both evaluators and raises where they differ; the shipped order is the measure for any other."""
    in_order = shipped()
    any_order = shuffled_interpreter(block % SHUFFLES)
    inferred, derived = 0, 0
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        genotype = random_genotypes().draw(seed)
        values = any_order.infer(shuffled_findings(genotype, seed)).values
        if seed % 10 == 0:
            assert values == in_order.infer(genotype).values, f"seed {seed}"
        else:
            observed = observe_all(in_order.program.observables, Observer(genotype, in_order.rulebase))
            assert values == evaluate_by_fixpoint(in_order.program, observed), f"seed {seed}"
        inferred += 1
        derived += sum(1 for value in values.values() if value.strength > 0)
    print(f"block {block}: {inferred} genotypes, {derived} heads derived")
    assert inferred == PER_BLOCK
    assert derived > PER_BLOCK  # the genotypes do provoke rules: more than one head for each on average


def test_ten_thousand_genotypes_are_drawn_unless_told_otherwise() -> None:
    if "RESISTAB_GENOTYPES" in os.environ:
        pytest.skip("RESISTAB_GENOTYPES sets another number")
    assert BLOCKS * PER_BLOCK >= 10_000


def test_random_genotypes_do_provoke_the_rules() -> None:
    """What the 10,000 rest on: a small sample already makes half of the rows true, and all false and unknown."""
    rows = {row.id for _, row in shipped().rulebase.active_rows()}
    seen: dict[Truth, set[str]] = {truth: set() for truth in Truth}
    for seed in range(1500):
        genotype = random_genotypes().draw(seed)
        observed = observe_all(shipped().program.observables, Observer(genotype, shipped().rulebase))
        for head, value in evaluate_by_fixpoint(shipped().program, observed).items():
            if head.kind == "row":
                seen[value.truth].add(head.name)
    shares = {truth.value: round(len(names) / len(rows), 2) for truth, names in seen.items()}
    assert shares["true"] > 0.4, shares
    assert min(shares["false"], shares["unknown"]) > 0.9, shares


def test_a_disagreement_is_an_error_and_nothing_is_released(monkeypatch: pytest.MonkeyPatch) -> None:
    genotype = shipped().genotype(tumour="LUAD", findings=["EGFR L858R", "EGFR T790M"])

    def wrong(program: Program, observed: dict[Atom, Observation]) -> dict[object, HeadValue]:
        values = dict(evaluate_by_fixpoint(program, observed))
        head = next(head for head in values if head.name == "GEF-001")
        return values | {head: HeadValue(0.0, False)}

    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", wrong)
    with pytest.raises(DisagreementError, match=r"disagree on 1 heads: row GEF-001: forward .*1000.* fixpoint"):
        shipped().interpret(genotype)


def test_a_head_that_only_one_evaluator_knows_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    program = ReteProgram(shipped().program)
    genotype = shipped().genotype(tumour="LUAD", findings=["EGFR T790M"])
    observed = observe_all(shipped().program.observables, Observer(genotype, shipped().rulebase))
    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", lambda program, observed: {})
    with pytest.raises(DisagreementError, match=r"and \d+ more"):
        evaluate_agreed(program, observed)
