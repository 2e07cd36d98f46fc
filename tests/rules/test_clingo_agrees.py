"""On the shipped rules and their own cases clingo gives every head the value that the other evaluators give it."""

from __future__ import annotations

from typing import Any

import pytest

import resistab
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.truth import Truth
from resistab.core.verification import ClingoProgram, Verifier
from resistab.curation.cases import case_rules, read_cases
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.rulesets.find import ruleset_folder

# One in so many of the cases of tumours, beginning at each remainder in a test of its own.
EVERY = 40


def genotypes(interpreter: Any, ruleset: str) -> list[Any]:
    """The genotypes of all cases of a rule set, in their order."""
    return [case.genotype for case in read_cases(case_rules(ruleset_folder(ruleset), interpreter.rulebase))]


@pytest.fixture(scope="module")
def clingo(oncology: TumourInterpreter) -> ClingoProgram:
    return ClingoProgram(oncology.program)


@pytest.fixture(scope="module")
def of_tumours(oncology: TumourInterpreter) -> list[Any]:
    return genotypes(oncology, "oncology")


@pytest.mark.parametrize("first", range(0, EVERY, 10))
def test_clingo_agrees_on_cases_of_tumours(
    oncology: TumourInterpreter, clingo: ClingoProgram, of_tumours: list[Any], first: int
) -> None:
    """On what is observed, and on what would be if all had been assayed."""
    sample = of_tumours[first::EVERY]
    assert len(sample) > 20
    told = set()
    for genotype in sample:
        for assumed in (False, True):
            observer = Observer(genotype, oncology.rulebase, assume_assayed=assumed)
            observed = observe_all(oncology.program.observables, observer)
            values = clingo.evaluate(observed)
            assert values == evaluate_by_fixpoint(oncology.program, observed)
            told |= {value.truth for value in values.values()}
    assert told == set(Truth)


@pytest.mark.parametrize("ruleset", ["hiv1", "pharmacogenomics"])
def test_clingo_agrees_on_every_case_of(ruleset: str) -> None:
    interpreter = resistab.load(ruleset)
    interpreter.verifier = Verifier()
    cases = genotypes(interpreter, ruleset)
    assert len(cases) > 20
    for genotype in cases:
        interpreter.infer(genotype)
    assert interpreter.verifier.rules > 50
