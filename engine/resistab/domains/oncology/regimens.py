"""Regimens against a tumour: how active each drug is in a combination, and where regimens and rules are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from resistab.core.cached import cached_property
from resistab.core.condition import ConclusionAtom, atoms, condition_text
from resistab.core.escape import Escapes
from resistab.core.records import replace
from resistab.core.regimens import Range
from resistab.core.said import said
from resistab.core.truth import Truth
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.kinds.regimens import TumourSetting
from resistab.domains.oncology.policy.approvals import condition_truth
from resistab.domains.oncology.policy.escape import TumourEscapes
from resistab.domains.oncology.policy.models import Contribution, Verdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS, RESPONSE_EFFECTS, shows_resistance
from resistab.domains.oncology.report import drug_named
from resistab.domains.oncology.report.model import Report
from resistab.report.options import named
from resistab.report.options.escaping import escape_search
from resistab.report.options.history import Cumulative
from resistab.report.options.judge import Judge
from resistab.report.options.model import Options, Overcoming
from resistab.report.options.patient import DrugFacts, EarlierDrug, OptionsAsked
from resistab.rulesets.regimens import RegimenPolicy

if TYPE_CHECKING:
    from resistab.report.timeline.model import Therapy

_UNKNOWN = Range(0.0, 1.0)


def options(interpreter: TumourInterpreter, genotype: Genotype, report: Report, asked: OptionsAsked) -> Options | None:
    """What is open to a patient; None where the rule set holds no regimens. ``report`` must be of every drug."""
    rulebase = interpreter.rulebase
    policy = rulebase.manifest.regimens
    if policy is None:
        return None
    known = Cumulative(genotype, genotype, ())
    if asked.history:
        # Imported here: few patients come with earlier samples.
        from resistab.domains.oncology.policy.history import cumulative

        known = cumulative(genotype, asked.history, rulebase)

    def patient_of(one: Genotype) -> TumourPatient:
        of = report if one is genotype else interpreter.interpret(one)
        return TumourPatient(interpreter, one, of, policy, asked.phenotypes)

    patient = patient_of(known.present)
    ever = patient if known.whole is known.present else patient_of(known.whole)
    judge = Judge(patient, policy, rulebase.regimens.rules, asked, ever)
    used = [one.drug for one in report.verdicts if one.relevant and len(rulebase.parts_of(one.drug)) == 1]
    search, notes = escape_search(lambda: TumourEscapes(interpreter), known.genotypes, asked)
    notes = (*known.notes, *notes)
    return judge.options(rulebase.regimens.regimens, used, search, tuple(patient.overcome()), notes, known.archived)


def after(genotype: Genotype, therapies: Sequence[Therapy], rulebase: Rulebase) -> Genotype:
    """As ``RegimensModule.after``."""
    # Imported here as above.
    from resistab.domains.oncology.policy.history import therapies_of, with_therapies

    prior = with_therapies(genotype.prior_therapies, therapies_of(therapies, rulebase))
    return genotype.model_copy(update={"prior_therapies": prior})


def escapes(
    interpreter: TumourInterpreter, genotype: Genotype, drugs: Sequence[str], seconds: float, sets: int
) -> Escapes:
    """As ``RegimensModule.escapes``."""
    return TumourEscapes(interpreter, limit=sets).escapes(genotype, drugs, seconds)


class TumourPatient:
    """What regimens are judged by, of one tumour."""

    def __init__(
        self,
        interpreter: TumourInterpreter,
        genotype: Genotype,
        report: Report,
        policy: RegimenPolicy,
        phenotypes: frozenset[str] | None = None,
    ) -> None:
        self.interpreter, self.genotype, self.policy, self.phenotypes = interpreter, genotype, policy, phenotypes
        self.rulebase = interpreter.rulebase
        self.verdicts: Mapping[str, Verdict] = {verdict.drug: verdict for verdict in report.verdicts}
        self.report = report

    @cached_property
    def _inferred(self) -> Any:
        return self.interpreter.infer(self.genotype)

    @cached_property
    def earlier(self) -> Sequence[EarlierDrug] | None:
        """The drugs that the patient has had."""
        if self.genotype.prior_therapies is None:
            return None
        return tuple(
            EarlierDrug(item.drug, item.classes, item.outcome == "progression", item.text)
            for item in self.genotype.prior_therapies
        )

    # --- settings and rules -----------------------------------------------------------------------------------

    def holds(self, item: Any) -> Truth:
        """Whether the biomarkers of a setting or rule are there."""
        return Truth.TRUE if item.when is None else condition_truth(item.when, self._inferred)

    def is_meant(self, item: Any) -> bool:
        """Whether a setting or rule is for this type of tumour."""
        lineage = self.genotype.lineage
        if isinstance(item, TumourSetting) and not set(item.outside).isdisjoint(lineage):
            return False
        return not item.tumour_types or not set(item.tumour_types).isdisjoint(lineage)

    def where(self, item: Any) -> str:
        """The tumour types and biomarkers of a setting."""
        named = [self.rulebase.tumour_by_code[code].name for code in item.tumour_types]
        said = [" or ".join(named)] if named else []
        return ", ".join([*said, *([condition_text(item.when)] if item.when is not None else [])])

    # --- drugs ------------------------------------------------------------------------------------------------

    def drugs(self, names: Sequence[str]) -> tuple[DrugFacts, ...]:
        """The drugs of a regimen; where a combination of them has a table, its verdict is theirs.

        But a drug to which a finding confers resistance that is no marker of the combination stays as it is by itself.
        """
        facts = {name: self._alone(name) for name in names}
        # What a conclusion defeats together is one target, whatever each drug acts on; chemotherapy beside it is not.
        backbones = set(self.rulebase.manifest.score_policy.backbones)
        for combined in self._combinations(names):
            shared = frozenset(self._conclusions(combined))
            for part in self.rulebase.parts_of(combined):
                own = facts[part.name]
                if backbones.isdisjoint((part.name, *part.classes)):
                    facts[part.name] = replace(own, keys=own.keys | shared)
        for combined in self._combinations(names):
            verdict = self.verdicts[combined]
            parts = [part.name for part in self.rulebase.parts_of(combined)]
            activity = self._activity(verdict)
            if not activity.known:
                continue
            markers = {text for one in verdict.contributions if one.effect in RESPONSE_EFFECTS for text in one.findings}
            for name in parts:
                own = facts[name]
                defeated = {text for one in self._against(name) for text in one.findings}
                if activity.high > 0 and defeated - markers:
                    continue
                because = said("{subject}: {text}", subject=combined, text=verdict.reason)
                facts[name] = replace(
                    own,
                    activity=activity,
                    verdict=verdict.verdict,
                    not_indicated=verdict.verdict == "not_indicated",
                    because=because,
                    citations=tuple(dict.fromkeys((*verdict.citations, *own.citations))),
                )
        return tuple(facts[name] for name in names)

    def _combinations(self, names: Sequence[str]) -> Iterator[str]:
        """The combinations of two drugs or more of ``names`` with a verdict of their own, the largest last."""
        for number in range(2, len(names) + 1):
            for some in combinations(sorted(names), number):
                combined = self._combined.get(frozenset(some))
                if combined is not None and combined in self.verdicts:
                    yield combined

    @cached_property
    def _combined(self) -> Mapping[frozenset[str], str]:
        return {frozenset(drug.regimen): drug.name for drug in self.rulebase.drugs if drug.regimen}

    def _activity(self, verdict: Verdict) -> Range:
        value = self.policy.activity.get(verdict.verdict)
        return _UNKNOWN if value is None else Range(value, value)

    def _against(self, name: str) -> list[Contribution]:
        verdict = self.verdicts.get(name)
        return [one for one in verdict.contributions if one.effect in RESISTANCE_EFFECTS] if verdict else []

    def _alone(self, name: str) -> DrugFacts:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._made(name)
        return known

    @cached_property
    def _known(self) -> dict[str, DrugFacts]:
        return {}

    def _made(self, name: str) -> DrugFacts:
        drug, verdict = self.rulebase.drug_by_name[name], self.verdicts.get(name)
        targets = self.rulebase.targets_of(name)
        accompanies = not set(self.policy.accompanying).isdisjoint((name, *drug.classes))
        acts_on = self.rulebase.modes_of(name) or targets or drug.classes[:1]
        return DrugFacts(
            drug=name,
            classes=self.rulebase.classes_of(name),
            activity=_UNKNOWN if verdict is None else self._activity(verdict),
            verdict=verdict.verdict if verdict else "not_assessable",
            because=verdict.reason if verdict else said("these rules hold nothing on it"),
            keys=frozenset() if accompanies else frozenset((*acts_on, *self._conclusions(name))),
            against=targets or drug.classes[:1],
            target_modes=frozenset(
                (target, mode) for target in targets for mode in drug.binding_modes or drug.classes[:1]
            ),
            citations=verdict.citations if verdict else (),
            not_indicated=verdict is not None and verdict.verdict == "not_indicated",
        )

    def _conclusions(self, name: str) -> Iterator[str]:
        """The conclusions, such as a pathway that is active again, by which rows say that the drug is defeated."""
        table = self.rulebase.table_by_drug.get(name)
        for row in self.rulebase.rows_of(table) if table else ():
            if (
                row.status == "active"
                and shows_resistance(row)
                and not set(row.tumour_types).isdisjoint(self.genotype.lineage)
            ):
                yield from (f"conclusion {atom.id}" for atom in atoms(row.when) if isinstance(atom, ConclusionAtom))

    # --- what overcomes resistance ------------------------------------------------------------------------------

    def overcome(self) -> Iterator[Overcoming]:
        """For each resistant drug that is used here, the drugs that evidence shows to work in spite of the finding."""
        for verdict in self.verdicts.values():
            if verdict.verdict != "resistant" or not verdict.relevant:
                continue
            findings = {text for one in self._against(verdict.drug) for text in one.findings}
            by: dict[str, list[Contribution]] = {}
            for other in self.verdicts.values():
                if other.verdict in ("sensitive", "no_resistance_found") and other.relevant:
                    for one in other.contributions:
                        # A marker of unknown mechanism, such as any mutation of a gene, overcomes nothing.
                        counts = one.effect in (*RESPONSE_EFFECTS, "no effect") and one.mechanism != "not established"
                        if counts and findings & set(one.findings):
                            by.setdefault(other.drug, []).append(one)
            if by:
                rows = [one for found in by.values() for one in found]
                yield Overcoming(
                    drug=verdict.drug,
                    findings=tuple(sorted(findings)),
                    overcome_by=tuple(by),
                    rows=tuple(dict.fromkeys(one.row for one in rows)),
                    citations=tuple(
                        dict.fromkeys(
                            item.reference for one in rows for item in one.evidence if item.direction == "supports"
                        )
                    ),
                )


def drugs_named(rulebase: Rulebase, text: str) -> tuple[str, ...]:
    """As ``RegimensModule.drugs_named``; a combination with a table of its own stands for its drugs."""

    def one(name: str) -> str:
        known = rulebase.drug_by_name.get(name.casefold())
        return known.name if known else drug_named(rulebase, name)

    # A combination may be known by a name without a plus.
    whole = rulebase.drug_by_name.get(text.strip().casefold())
    if whole is not None:
        found: tuple[str, ...] = (whole.name,)
    else:
        found = named.drugs_named(text, rulebase.regimens.regimens, one)
    return tuple(dict.fromkeys(part.name for name in found for part in rulebase.parts_of(name)))
