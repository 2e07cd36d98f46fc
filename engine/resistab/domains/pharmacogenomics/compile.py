"""The program that a pharmacogenomic rule set denotes: rules of phenotypes below, the rows of drugs above."""

from __future__ import annotations

from resistab.core.condition import Condition
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, sharing_atoms, stratify
from resistab.domains.pharmacogenomics.kinds import Rulebase


def compile_program(rulebase: Rulebase) -> Program:
    """The program of ``rulebase``."""
    phenotypes = [
        _clause("phenotypes", Head("conclusion", rule.concludes), rule.id, rule.when)
        for file in rulebase.phenotypes
        for rule in file.phenotypes
    ]
    rows = tuple(
        _clause(drug.name, Head("row", row.id), row.id, row.when)
        for drug in rulebase.drugs
        for row in rulebase.rows_of(drug.name)
    )
    strata = [*stratify(phenotypes), rows]
    return Program(digest=rulebase.digest, strata=sharing_atoms(stratum for stratum in strata if stratum))


def _clause(unit: str, head: Head, rule: str, when: Condition) -> Clause:
    return Clause(id=rule, unit=unit, head=head, condition=when, weight=FULL_WEIGHT)
