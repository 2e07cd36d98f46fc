"""A pharmacogenomic rule set, compiled once, applied to genotypes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from resistab.core.agreement import evaluate_agreed
from resistab.core.cached import cached_property
from resistab.core.domain import Interpreter
from resistab.core.faults import fault_in
from resistab.core.program import Program
from resistab.core.rete import ReteProgram
from resistab.domains.pharmacogenomics.compile import compile_program
from resistab.domains.pharmacogenomics.genotype import GermlineGenotype
from resistab.domains.pharmacogenomics.kinds import GermlineRulebase
from resistab.domains.pharmacogenomics.observe import observe
from resistab.domains.pharmacogenomics.policy import GermlineInferred
from resistab.domains.pharmacogenomics.report import build
from resistab.report.frame.model import PlainReport


def compile_rules(rulebase: GermlineRulebase) -> Program:
    """The program of a rule set."""
    return compile_program(rulebase)


def make(
    rulebase: GermlineRulebase, folder: Path | None = None, compiled: Program | None = None
) -> GermlineInterpreter:
    """The interpreter of ``rulebase``; nothing beside the rules is read from ``folder``."""
    return GermlineInterpreter(rulebase, compiled)


class GermlineInterpreter(Interpreter):
    """Interprets germline genotypes by one rule set; raises as every ``Interpreter`` does."""

    def __init__(self, rulebase: GermlineRulebase, compiled: Program | None = None) -> None:
        self.rulebase = rulebase
        self.program = compiled or compile_program(rulebase)

    @cached_property
    def _rete(self) -> ReteProgram:
        return ReteProgram(self.program)

    def genotype(
        self, findings: Sequence[str] = (), sample: str = "sample", keep_going: bool = False
    ) -> GermlineGenotype:
        """A genotype from results as laboratories write them; raises ``InputError`` with every fault.

        With ``keep_going`` what is not understood is set aside and kept in the genotype.
        """
        from resistab.domains.pharmacogenomics.inputs.patients import GivenPatient, assembled

        given = [(text, fault_in("findings")) for text in findings]
        return assembled(self.rulebase, GivenPatient(sample, given), keep_going)

    def infer(self, genotype: GermlineGenotype) -> GermlineInferred:
        """Everything that both evaluators derive."""
        observed = observe(self.program.observables, genotype, self.rulebase)
        values = self.verified(self.program, observed, evaluate_agreed(self._rete, observed))
        return GermlineInferred(genotype, observed, values)

    def interpret(self, genotype: GermlineGenotype, on: datetime.date | None = None) -> PlainReport:
        """The report for one genotype; ``on`` is the date it is to bear."""
        return build(self.rulebase, self.infer(genotype), on)
