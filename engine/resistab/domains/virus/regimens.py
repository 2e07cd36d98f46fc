"""Regimens against a virus: how active each drug is by its level, and where rules for combining hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resistab.core.cached import cached_property
from resistab.core.condition import atoms
from resistab.core.escape import Escapes
from resistab.core.fixpoint import evaluate_condition
from resistab.core.regimens import Range
from resistab.core.truth import Truth
from resistab.domains.virus.compile.program import of_gene
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.kinds.regimens import change_named
from resistab.domains.virus.observe import observe_residues
from resistab.domains.virus.policy.escape import ViralEscapes
from resistab.domains.virus.policy.models import ViralVerdict
from resistab.domains.virus.report import drug_named
from resistab.domains.virus.report.model import ViralReport
from resistab.report.options import named
from resistab.report.options.escaping import SETS, escape_search
from resistab.report.options.history import Cumulative
from resistab.report.options.judge import Judge
from resistab.report.options.model import Options
from resistab.report.options.patient import DrugFacts, EarlierDrug, OptionsAsked
from resistab.rulesets.regimens import RegimenPolicy

if TYPE_CHECKING:
    from resistab.report.timeline.model import Therapy

_UNKNOWN = Range(0.0, 1.0)


def options(
    interpreter: ViralInterpreter, genotype: ViralGenotype, report: ViralReport, asked: OptionsAsked
) -> Options | None:
    """What is open to a patient; None where the rule set holds no regimens."""
    rulebase = interpreter.rulebase
    policy = rulebase.manifest.regimens
    if policy is None:
        return None
    known = Cumulative(genotype, genotype, ())
    if asked.history:
        # Imported here: few patients come with earlier samples.
        from resistab.domains.virus.policy.history import cumulative

        known = cumulative(genotype, asked.history)

    def patient_of(one: ViralGenotype, before: ViralPatient | None = None) -> ViralPatient:
        of = report if one is genotype else interpreter.interpret(one)
        return ViralPatient(interpreter, one, of, policy, asked.phenotypes, before)

    patient = patient_of(known.present)
    ever = patient if known.whole is known.present else patient_of(known.whole, patient)
    judge = Judge(patient, policy, rulebase.regimens.rules, asked, ever)
    search, notes = escape_search(lambda: search_of(interpreter), known.genotypes, asked)
    drugs = [drug.name for drug in rulebase.drugs]
    notes = (*known.notes, *notes)
    return judge.options(rulebase.regimens.regimens, drugs, search, notes=notes, archived=known.archived)


def after(genotype: ViralGenotype, therapies: Sequence[Therapy], rulebase: ViralRulebase) -> ViralGenotype:
    """As ``RegimensModule.after``."""
    # Imported here as above.
    from resistab.domains.virus.policy.history import therapies_of, with_therapies

    prior = with_therapies(genotype.prior_therapies, therapies_of(therapies, rulebase))
    return dataclasses.replace(genotype, prior_therapies=prior)


def escapes(
    interpreter: ViralInterpreter, genotype: ViralGenotype, drugs: Sequence[str], seconds: float, sets: int
) -> Escapes:
    """As ``RegimensModule.escapes``."""
    return search_of(interpreter, sets).escapes(genotype, drugs, seconds)


def search_of(interpreter: ViralInterpreter, sets: int = SETS) -> ViralEscapes:
    """A search for escapes, for which a drug is not active where the manifest says so."""
    manifest = interpreter.rulebase.manifest
    policy = manifest.regimens
    if policy is None:
        return ViralEscapes(interpreter, costs=costs_of(interpreter.rulebase), limit=sets)
    inactive = {name for name, value in policy.activity.items() if value <= policy.not_active_to}
    levels = frozenset(level.level for level in manifest.scoring.levels if level.name in inactive)
    not_active = {drug.name: levels for drug in interpreter.rulebase.drugs} if levels else {}
    return ViralEscapes(interpreter, not_active, costs_of(interpreter.rulebase), sets)


def costs_of(rulebase: ViralRulebase) -> dict[tuple[str, int, str], int]:
    """What changes weigh beside their nucleotides, by gene, position and residue."""
    return {key: item.cost for item in rulebase.regimens.barriers.costs if (key := change_named(item.change))}


class ViralPatient:
    """What regimens are judged by, of one virus.

    With ``before`` the genotype has findings that this one has not, which lower the score of no drug.
    """

    def __init__(
        self,
        interpreter: ViralInterpreter,
        genotype: ViralGenotype,
        report: ViralReport,
        policy: RegimenPolicy,
        phenotypes: frozenset[str] | None = None,
        before: ViralPatient | None = None,
    ) -> None:
        self.rulebase, self.genotype, self.policy, self.phenotypes = interpreter.rulebase, genotype, policy, phenotypes
        self.scales, self.before = interpreter.scales, before
        self.verdicts: Mapping[str, ViralVerdict] = {verdict.drug: verdict for verdict in report.verdicts}

    @cached_property
    def earlier(self) -> Sequence[EarlierDrug] | None:
        """The drugs that the patient has had."""
        said = self.genotype.prior_therapies
        if said is None:
            return None
        of_class = {drug.name: drug.drug_class for drug in self.rulebase.drugs}
        return tuple(EarlierDrug(item.drug, (of_class[item.drug],), item.failed, item.text) for item in said)

    def holds(self, item: Any) -> Truth:
        """Whether the residues that a rule asks for are there; a setting asks for none."""
        truths = [self._holds(of_gene(condition, gene)) for gene, condition in getattr(item, "when", {}).items()]
        if Truth.FALSE in truths:
            return Truth.FALSE
        return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.TRUE

    def _holds(self, condition: Any) -> Truth:
        observed = observe_residues(tuple(atoms(condition)), self.genotype)
        certain, possible = evaluate_condition(condition, observed, {})
        return Truth.TRUE if certain > 0 else Truth.UNKNOWN if possible else Truth.FALSE

    def is_meant(self, item: Any) -> bool:
        """Whatever the rule set holds is for this virus."""
        return True

    def where(self, item: Any) -> str:
        """A setting of a virus is for all patients in it."""
        return ""

    def drugs(self, names: Sequence[str]) -> tuple[DrugFacts, ...]:
        """The drugs of a regimen, each active by its level."""
        return tuple(self._drug(name) for name in names)

    def _drug(self, name: str) -> DrugFacts:
        verdict = self.verdicts[name]
        level = self._level(verdict)
        value = None if level is None else self.policy.activity.get(level)
        return DrugFacts(
            drug=name,
            classes=(verdict.drug_class,),
            activity=_UNKNOWN if value is None else Range(value, value),
            verdict=verdict.verdict,
            because=verdict.reason,
            keys=frozenset({verdict.drug_class}),
            against=(f"{verdict.gene} ({verdict.drug_class})",),
            target_modes=frozenset(),
            citations=verdict.citations,
        )

    def _level(self, verdict: ViralVerdict) -> str | None:
        """The name of the verdict's level; with what was found before, of the level that all but its own good gives."""
        before = self.before.verdicts.get(verdict.drug) if self.before is not None else None
        if before is None or verdict.level is None or self.scales.combine != "sum":
            return verdict.level_name
        if len(self.scales.of_drug.get(verdict.drug, ())) != 1:
            return verdict.level_name
        raising = sum(item.score for item in verdict.contributions if item.score and item.score > 0)
        lowering = sum(item.score for item in before.contributions if item.score and item.score < 0)
        _, level = self.scales.combined(verdict.drug, [raising + lowering], [verdict.level])
        return level.name


def drugs_named(rulebase: ViralRulebase, text: str) -> tuple[str, ...]:
    """As ``RegimensModule.drugs_named``."""
    return named.drugs_named(text, rulebase.regimens.regimens, lambda name: drug_named(rulebase, name))
