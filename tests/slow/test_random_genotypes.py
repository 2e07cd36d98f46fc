"""The two evaluators agree on 10,000 random genotypes of the shipped rules, in whatever order the rules stand.

They run in blocks, so that ``pytest -n`` can share them among processors; those of one order of the rules stay in one
process, since the engine never forgets rules that it was given. RESISTAB_GENOTYPES sets how many are drawn in all.
"""

from __future__ import annotations

import os
import random
from functools import cache

import pytest

import resistab
from resistab.core.truth import Truth
from resistab.domains.oncology.compile import scoped
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from tools.random_genotypes import RandomGenotypes

GENOTYPES = int(os.environ.get("RESISTAB_GENOTYPES", "10000"))
BLOCKS = 20
PER_BLOCK = -(-GENOTYPES // BLOCKS)
ORDERS = 2
# So many tumour types, the first that are drawn, have an engine of their own, which is quick; the others have the one
# of all rules. More of them would take memory rather than time.
OWN_ENGINES = 40


@cache
def shipped() -> TumourInterpreter:
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
def any_order(seed: int) -> TumourInterpreter:
    """An interpreter of the shipped rules in another order."""
    return TumourInterpreter(shuffled_rules(shipped().rulebase, seed))


@pytest.mark.parametrize(
    "block", [pytest.param(block, marks=pytest.mark.xdist_group(f"order {block % ORDERS}")) for block in range(BLOCKS)]
)
def test_the_evaluators_agree_in_any_order(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """``infer`` runs both evaluators and raises where they differ; for a tenth the shipped order is another measure."""
    monkeypatch.setattr(scoped, "MOST_SUBSETS", OWN_ENGINES)
    seen: dict[Truth, set[str]] = {truth: set() for truth in Truth}
    inferred = 0
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        genotype = random_genotypes().draw(seed)
        values = any_order(block % ORDERS).infer(shuffled_findings(genotype, seed)).values
        if seed % 10 == 0:
            assert values == shipped().infer(genotype).values, f"seed {seed}"
        inferred += 1
        for head, value in values.items():
            seen[value.truth].add(head.name)
    assert inferred == PER_BLOCK
    heads = len({clause.head.name for clause in shipped().program.clauses})
    shares = {truth.value: round(len(names) / heads, 2) for truth, names in seen.items()}
    print(f"block {block}: {inferred} genotypes; of all heads so many were {shares}")
    if PER_BLOCK >= 500:  # the genotypes do provoke the rules
        assert shares["true"] > 0.3 and min(shares["false"], shares["unknown"]) > 0.9, shares


def test_ten_thousand_unless_told_otherwise() -> None:
    if "RESISTAB_GENOTYPES" in os.environ:
        pytest.skip("RESISTAB_GENOTYPES sets another number")
    assert BLOCKS * PER_BLOCK >= 10_000
