"""One rule set for tumours, compiled once, applied to patients."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.agreement import evaluate_agreed
from resistab.core.cached import cached_property
from resistab.core.condition import Atom
from resistab.core.domain import Interpreter
from resistab.core.faults import InputError
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.measured import MeasuredResponse
from resistab.core.program import Program
from resistab.core.records import dataclass, replace
from resistab.core.result import Baseline, Values
from resistab.core.truth import Observation
from resistab.domains.oncology.compile.program import compile_program
from resistab.domains.oncology.compile.scoped import ScopedRules
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import Assembler, GivenSample, GivenText
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.kinds.symbols import GeneSymbols
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.domains.oncology.policy.background import Background, Backgrounds, Differences, without_findings
from resistab.domains.oncology.policy.clonality import clonality
from resistab.domains.oncology.policy.concluded import TumourConclusions, conclude
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.scores import mechanism_weight
from resistab.domains.oncology.policy.verdicts import Judgements, verdicts_on
from resistab.domains.oncology.report.build import build_report
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.selection import leading
from resistab.domains.pack import Given

if TYPE_CHECKING:
    from resistab.domains.oncology.kinds.coding_exons import CodingExons
    from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator


@dataclass(frozen=True)
class Compiled:
    """What is computed from a rulebase alone: each mechanism rule's weight, and the program.

    ``beneath`` is the part of it that is also evaluated where all that was not assayed is taken as absent.
    """

    weights: dict[str, float]
    program: Program
    beneath: Program

    @classmethod
    def of(cls, rulebase: Rulebase) -> Compiled:
        """Compile ``rulebase``; raises ``RulebaseError`` for a cycle through negation."""
        policy = rulebase.manifest.score_policy
        weights = {rule.id: mechanism_weight(rule, policy) for rule in rulebase.mechanism_rules}
        program = compile_program(rulebase, weights)
        return cls(weights, program, _beneath_rows(program))


class TumourInterpreter(Interpreter):
    """Interprets genotypes by one rulebase, which is compiled unless ``compiled`` brings what ``Compiled.of`` made.

    The forward-chaining engine is set up for a tumour type when the first such tumour comes. Construction raises
    ``RulebaseError`` for a cycle through negation, interpretation ``ReteError`` where the engine's bounds are passed.
    """

    def __init__(self, rulebase: Rulebase, folder: Path | None = None, compiled: Compiled | None = None) -> None:
        self.rulebase = rulebase
        self._folder = folder
        compiled = compiled or Compiled.of(rulebase)
        self.program, self.beneath = compiled.program, compiled.beneath
        self.prepared = PreparedRules(rulebase, compiled.weights)
        self._rules = ScopedRules(compiled.program)
        self._beneath = ScopedRules(compiled.beneath)
        self._backgrounds = Backgrounds()

    @cached_property
    def symbols(self) -> GeneSymbols:
        """The symbols of genes which the rule set knows by name only, and those that were given up."""
        return GeneSymbols(self._folder)

    @cached_property
    def assembler(self) -> Assembler:
        """What makes genotypes of samples as given; it remembers what it has read."""
        return Assembler(self.rulebase, self.symbols)

    @cached_property
    def cohort(self) -> CohortEvaluator:
        """What evaluates many tumours at once; it remembers what it has said."""
        # Imported here: of few tumours each is interpreted alone.
        from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator

        return CohortEvaluator(self)

    def knows_symbol(self, symbol: str) -> bool:
        """Whether a symbol is that of a gene which the rule set knows by name only."""
        return self.symbols.symbol(symbol) is not None

    @cached_property
    def coding_exons(self) -> CodingExons | None:
        """Where coding exons lie; None where the rule set does not say."""
        # Imported here: few samples need them.
        from resistab.domains.oncology.kinds.coding_exons import coding_exons

        return coding_exons(self._folder) if self._folder else None

    def assemble(self, given: GivenSample, keep_going: bool = False) -> Genotype:
        """The genotype of a sample as given; raises ``InputError`` with every fault, see ``Assembler.assemble``."""
        if given.panel is not None:
            given = self._with_panel(given, given.panel)
        return self.assembler.assemble(given, keep_going)

    def _with_panel(self, given: GivenSample, named: GivenText) -> GivenSample:
        """The sample with what its panel covers; a panel that is not known is a fault of the sample."""
        # Imported here: most samples name none.
        from resistab.domains.oncology.inputs.panels import read_panel_beside
        from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults

        try:
            panel = read_panel_beside(named.text, given.folder, self.rulebase, self.coding_exons)
        except InputError as error:
            faults = [named.fault_at(fault.message, fault.expected, fault.suggestion) for fault in error.faults]
            return replace(given, panel=None, faults=[*given.faults, *faults])
        return with_defaults(replace(given, panel=None), SampleDefaults(panels=[panel]))

    def genotype(
        self,
        tumour: str,
        findings: Sequence[str] = (),
        assayed: Sequence[str] = (),
        prior_therapies: Sequence[str] | None = None,
        sample: str = "sample",
        keep_going: bool = False,
        *,
        panels: Sequence[str] = (),
        specimen: str | None = None,
        limit_of_detection: float | None = None,
        tumour_fraction: float | None = None,
        measured: str | Path | Sequence[MeasuredResponse] | None = None,
    ) -> Genotype:
        """A genotype from texts as people write them; raises ``InputError`` with every fault.

        ``prior_therapies`` None means that nothing is known of them, an empty sequence that there were none.
        ``panels`` are published ones, BED files or lists of genes, ``measured`` is a table of responses or the
        responses themselves; all others as the options of the command line.
        """
        from resistab.domains.oncology.inputs.given import TumourOptions, assembled

        said = TumourOptions(
            tumour=tumour,
            finding=findings,
            assayed=assayed,
            panel=panels,
            prior=prior_therapies,
            specimen=specimen,
            limit_of_detection=limit_of_detection,
            tumour_fraction=tumour_fraction,
            measured=Path(measured) if isinstance(measured, str) else measured,
        )
        (genotype,) = assembled(self, Given(sample=sample, keep_going=keep_going), said)
        return genotype

    def infer(self, genotype: Genotype) -> Inferred:
        """Everything both evaluators derive; raises ``DisagreementError`` where they differ."""
        return self._inferred(genotype).inferred

    def _inferred(self, genotype: Genotype) -> _Beside:
        """What both evaluators derive, and in what it differs from a background."""
        # Taking all that was not assayed as absent tells what is absent from what a finding leaves undecided.
        observer, closed = Observer(genotype, self.rulebase), Observer(genotype, self.rulebase, assume_assayed=True)
        background = self._background(genotype, observer)
        if background is None:
            observed = observe_all(self.program.observables, observer)
            closed_observed = observe_all(self.program.observables, closed)
            values = self.evaluated(self._rules, observer, observed)
            closed_values = self.evaluated(self._beneath, observer, closed_observed)
            return _Beside(self._together(genotype, observer, observed, values, closed_observed, closed_values))
        before, differing = background.inferred, background.differences(observer, closed)
        of_rules = {atom: seen for atom, seen in differing.observed.items() if atom in before.observed}
        observed = {**before.observed, **of_rules}
        closed_observed = {**before.closed_observed, **differing.closed_observed}
        since = Baseline.beside(self.program, before.values, before.observed, of_rules)
        values = self.evaluated(self._rules, observer, observed, since)
        closed_since = Baseline.beside(
            self._beneath.program, before.closed_values, before.closed_observed, differing.closed_observed
        )
        closed_values = self.evaluated(self._beneath, observer, closed_observed, closed_since)
        inferred = self._together(genotype, observer, observed, values, closed_observed, closed_values)
        differing = replace(
            differing, heads=since.differing(values), closed_heads=closed_since.differing(closed_values)
        )
        return _Beside(inferred, background, differing)

    def _together(
        self,
        genotype: Genotype,
        observer: Observer,
        observed: dict[Atom, Observation],
        values: Values,
        closed_observed: dict[Atom, Observation],
        closed_values: Values,
    ) -> Inferred:
        values = self.verified(self.program, observed, values)
        closed_values = self.verified(self.beneath, closed_observed, closed_values)
        clones = clonality(genotype, self.rulebase.manifest.minor_clone_below)
        return Inferred(genotype, observer, observed, values, closed_observed, closed_values, clones)

    def _background(self, genotype: Genotype, observer: Observer) -> Background | None:
        """What is known of a tumour like this without findings; None for the first."""
        # One without findings is itself what a background is made of.
        for like in self._backgrounds.wanted(genotype) if genotype.findings else ():
            self._backgrounds.add(like, Background(self.prepared, self.infer(like)))
        return self._backgrounds.of(genotype, observer)

    def background_of(self, genotype: Genotype) -> Background:
        """What is known of a tumour like this without findings."""
        like = without_findings(genotype)[-1]
        return self._backgrounds.exactly(like) or self._backgrounds.add(
            like, Background(self.prepared, self.infer(like))
        )

    def evaluated(
        self,
        rules: ScopedRules,
        observer: Observer,
        observed: Mapping[Atom, Observation],
        since: Baseline | None = None,
    ) -> Values:
        """The values of a program in which both evaluators agree; raises ``DisagreementError`` where they differ."""
        return evaluate_agreed(rules.for_patient(observer), observed, since)

    def conclude_on(self, genotype: Genotype, drugs: Iterable[str], others: bool = True) -> Judgements:
        """The verdicts on those of ``drugs`` that have a table, and with ``others`` what fired of all others."""
        known = self.rulebase.table_by_drug
        return verdicts_on(self.prepared, self.infer(genotype), [drug for drug in drugs if drug in known], others)

    def interpret(self, genotype: Genotype, on: datetime.date | None = None) -> Report:
        """The report for one genotype; ``on`` is the date it is to bear."""
        return build_report(self.rulebase, self.conclude(genotype), on)

    def interpret_leading(self, genotype: Genotype, on: datetime.date | None = None) -> Report:
        """The report without the drugs that nobody gives in such a tumour and no row hit; they are named in it.

        They are not judged at all, which takes less time than ``leading`` of the whole report.
        """
        return leading(build_report(self.rulebase, self.conclude(genotype, leading=True), on))

    def conclude(self, genotype: Genotype, leading: bool = False) -> TumourConclusions:
        """Everything that is concluded of one genotype; with ``leading`` of the drugs that a report leads with."""
        found = self._inferred(genotype)
        return conclude(self.prepared, found.inferred, found.unchanged(), leading)


class OneEvaluator(TumourInterpreter):
    """Asks one of the two evaluators alone, for comparisons of very many tumours; a report never comes from it."""

    def evaluated(
        self,
        rules: ScopedRules,
        observer: Observer,
        observed: Mapping[Atom, Observation],
        since: Baseline | None = None,
    ) -> Values:
        """The values by the least fixpoint."""
        return evaluate_by_fixpoint(rules.program, observed, since)


@dataclass(frozen=True)
class _Beside:
    """What was inferred of a patient, and in what it differs from a background, where there is one."""

    inferred: Inferred
    background: Background | None = None
    differing: Differences | None = None

    def unchanged(self) -> Mapping[str, Verdict]:
        """The verdicts, by drug, on which the patient's findings do not bear."""
        if self.background is None or self.differing is None or not self.inferred.genotype.findings:
            return {}
        return self.background.unchanged(self.inferred, self.differing)


def _beneath_rows(program: Program) -> Program:
    """The clauses of required markers and of conclusions."""
    kinds = ("marker", "conclusion")
    strata = (tuple(clause for clause in stratum if clause.head.kind in kinds) for stratum in program.strata)
    return Program(digest=program.digest, strata=tuple(stratum for stratum in strata if stratum))


def compile_rules(rulebase: Rulebase) -> Compiled:
    """What is computed from a rule set alone; raises ``RulebaseError`` for a cycle through negation."""
    return Compiled.of(rulebase)


def make(rulebase: Rulebase, folder: Path | None = None, compiled: Compiled | None = None) -> TumourInterpreter:
    """The interpreter of ``rulebase``, whose files lie in ``folder``."""
    return TumourInterpreter(rulebase, folder, compiled)
