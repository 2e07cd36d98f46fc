"""The program that a pharmacogenomic rule set denotes: rules of phenotypes below, the rows of drugs above."""

from __future__ import annotations

from resistab.core.plain import Rows, plain_program
from resistab.core.program import Program
from resistab.domains.pharmacogenomics.kinds import GermlineRulebase


def compile_program(rulebase: GermlineRulebase) -> Program:
    """The program of ``rulebase``."""
    tables = (Rows(drug.name, rulebase.rows_of(drug.name)) for drug in rulebase.drugs)
    return plain_program(rulebase.digest, rulebase.chained, tables)
