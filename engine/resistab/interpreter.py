"""One rulebase, compiled once, applied to patients."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from resistab.faults import Fault
from resistab.inference.agreement import evaluate_agreed
from resistab.inference.observation import Observer, observe_all
from resistab.inference.program import Program, compile_program, dependencies
from resistab.inference.rete import ReteProgram
from resistab.interpretation.scores import mechanism_weight
from resistab.interpretation.verdicts import Inferred, all_verdicts
from resistab.patient.assembly import GivenFinding, GivenSample, GivenText, assemble
from resistab.patient.genotype import Genotype
from resistab.report.build import build_report
from resistab.report.model import Report
from resistab.rulebase.cache import load_rulebase_cached
from resistab.rulebase.models import Rulebase
from resistab.rulebase.shipped import gene_symbols, ruleset_folder


def load(ruleset: str = "oncology", rulebase: Path | None = None) -> Interpreter:
    """An interpreter for a shipped rule set, or for one in a folder of rule sets.

    Raises ``RulebaseError`` with every fault where the rule set is unknown or not well-formed.
    """
    folder = ruleset_folder(ruleset, rulebase)
    return Interpreter(load_rulebase_cached(folder), folder)


class Interpreter:
    """Interprets genotypes by one rulebase; both evaluators are compiled on construction.

    Raises ``RulebaseError`` for a cycle through negation and ``ReteError`` where the engine's bounds are passed.
    """

    def __init__(self, rulebase: Rulebase, folder: Path | None = None) -> None:
        self.rulebase = rulebase
        self._folder = folder
        policy = rulebase.manifest.score_policy
        self.weights = {rule.id: mechanism_weight(rule, policy) for rule in rulebase.mechanism_rules}
        self.program = compile_program(rulebase, self.weights)
        self._rules = ReteProgram(self.program)
        self._markers = ReteProgram(_markers_only(self.program))
        self._conditions = [clause.condition for clause in self.program.clauses]

    @cached_property
    def _symbols(self) -> frozenset[str]:
        return gene_symbols(self._folder) if self._folder else frozenset()

    def assemble(self, given: GivenSample, keep_going: bool = False) -> Genotype:
        """The genotype of a sample as given; raises ``InputError`` with every fault, see ``assembly.assemble``."""
        return assemble(given, self.rulebase, lambda symbol: symbol in self._symbols, keep_going)

    def genotype(
        self,
        tumour: str,
        findings: Sequence[str] = (),
        assayed: Sequence[str] = (),
        prior_therapies: Sequence[str] | None = None,
        sample: str = "sample",
        keep_going: bool = False,
    ) -> Genotype:
        """A genotype from texts as people write them; raises ``InputError`` with every fault.

        ``prior_therapies`` None means that nothing is known of them, an empty sequence that there were none.
        """

        def text(kind: str, value: str) -> GivenText:
            return GivenText(value, lambda message, expected, suggestion: _fault(kind, message, expected, suggestion))

        given = GivenSample(
            sample=sample,
            tumour_type=text("tumour", tumour),
            findings=[GivenFinding(value, text("finding", value).fault_at) for value in findings],
            assayed=[text("assayed", value) for value in assayed],
            prior_therapies=None if prior_therapies is None else [text("prior", value) for value in prior_therapies],
        )
        return self.assemble(given, keep_going)

    def infer(self, genotype: Genotype) -> Inferred:
        """Everything both evaluators derive; raises ``DisagreementError`` where they differ."""
        observer = Observer(genotype, self.rulebase)
        observed = observe_all(self._conditions, observer)
        values = evaluate_agreed(self._rules, observed)
        # Taking all that was not assayed as absent tells what is absent from what a finding leaves open.
        closed = observe_all(self._conditions, Observer(genotype, self.rulebase, assume_assayed=True))
        closed_markers = evaluate_agreed(self._markers, closed)
        return Inferred(genotype, observer, observed, values, closed, closed_markers)

    def interpret(self, genotype: Genotype, on: datetime.date | None = None) -> Report:
        """The report for one genotype; ``on`` is the date it is to bear."""
        inferred = self.infer(genotype)
        verdicts = all_verdicts(self.rulebase, inferred, self.weights)
        return build_report(self.rulebase, self.program, inferred, verdicts, self.weights, on)


def _fault(kind: str, message: str, expected: str | None, suggestion: str | None) -> Fault:
    return Fault(where=kind, message=message, expected=expected, suggestion=suggestion)


def _markers_only(program: Program) -> Program:
    """The clauses of required markers, and of conclusions where a marker rests on one."""
    markers = [clause for clause in program.clauses if clause.head.kind == "marker"]
    kinds = {"marker"}
    if any(True for clause in markers for _ in dependencies(clause.condition)):
        kinds.add("conclusion")
    strata = (tuple(clause for clause in stratum if clause.head.kind in kinds) for stratum in program.strata)
    return program.model_copy(update={"strata": tuple(stratum for stratum in strata if stratum)})
