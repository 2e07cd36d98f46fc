"""Knowing less is never better: over thousands of random genotypes, what was assayed is taken away from each."""

from __future__ import annotations

import os
from functools import cache

import pytest

import resistab
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import OneEvaluator
from tools.fuzz_verdicts import ONCOLOGY, Property, Tumours, found_in

SEEDS = int(os.environ.get("RESISTAB_GENOTYPES", "10000")) // 5
BLOCKS = 20


@cache
def less_assayed() -> Property[Genotype]:
    interpreter = resistab.load("oncology")
    tumours = Tumours(OneEvaluator(interpreter.rulebase, ONCOLOGY))
    (prop,) = [prop for prop in tumours.properties() if prop.name == "less-assayed"]
    return prop


@pytest.mark.parametrize("block", range(BLOCKS))
def test_an_assayed_gene_taken_away_makes_no_verdict_better(block: int) -> None:
    seeds = range(block * SEEDS // BLOCKS, (block + 1) * SEEDS // BLOCKS)
    assert len(seeds) > 0
    assert found_in(less_assayed(), seeds) == []
