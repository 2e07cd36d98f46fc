"""How a condition came to be true: the tree of steps behind it, down to findings and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
    atoms,
    condition_text,
)
from resistab.core.fixpoint import evaluate_condition
from resistab.core.program import FULL_WEIGHT, Head
from resistab.core.result import Values
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import TumourTypeAtom
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.models import Evidence, MechanismRule, Rulebase
from resistab.domains.oncology.policy.models import EvidenceItem, MechanismStep, Step, TruthName


def reference_url(reference: str) -> str:
    """The public page of a reference."""
    kind, _, number = reference.partition(":")
    match kind:
        case "PMID":
            return f"https://pubmed.ncbi.nlm.nih.gov/{number}/"
        case "DOI":
            return f"https://doi.org/{number}"
        case "ASCO":
            return f"https://meetings.asco.org/abstracts-presentations/{number}"
    if reference.startswith("NCT"):
        return f"https://clinicaltrials.gov/study/{reference}"
    return ""


class Deriver:
    """Builds derivations for one patient."""

    def __init__(
        self,
        rulebase: Rulebase,
        genotype: Genotype,
        observed: Mapping[Atom, Observation],
        values: Values,
        weights: Mapping[str, float],
    ) -> None:
        self.rulebase, self.genotype = rulebase, genotype
        self.observed, self.values, self.weights = observed, values, weights
        self.rules: dict[str, list[MechanismRule]] = {}
        for rule in sorted(rulebase.mechanism_rules, key=lambda rule: (-weights[rule.id], rule.id)):
            if rule.status == "active":
                self.rules.setdefault(rule.concludes, []).append(rule)

    def evidence(self, items: Iterable[Evidence]) -> tuple[EvidenceItem, ...]:
        """Evidence items as they are reported: supporting ones first, then by level."""
        ordered = sorted(items, key=lambda item: (item.direction != "supports", item.level))
        return tuple(
            EvidenceItem(
                reference=item.reference,
                citation=self.rulebase.citation_by_reference[item.reference].short,
                url=reference_url(item.reference),
                level=item.level,
                direction=item.direction,
                studied_in=item.studied_in,
                studied_in_name=self.rulebase.tumour_by_code[item.studied_in].name
                if item.studied_in != "TISSUE"
                else "any tumour type, or not stated",
                drug=item.drug,
                given_with=item.given_with,
                statement=item.statement,
                source=item.source,
            )
            for item in ordered
        )

    def truth(self, condition: Condition) -> TruthName:
        """The truth of ``condition`` under what was derived."""
        strength, possible = evaluate_condition(condition, self.observed, self.values)
        return "true" if strength > 0 else "unknown" if possible else "false"

    def step(self, condition: Condition, seen: frozenset[str] = frozenset()) -> Step:
        """The derivation of ``condition``; ``seen`` are the conclusions already unfolded above it."""
        text, truth = condition_text(condition), self.truth(condition)
        match condition:
            case AllOf(of=parts) | AnyOf(of=parts) | CountOf(of=parts):
                steps = [self.step(part, seen) for part in parts]
                if isinstance(condition, AnyOf) and truth == "true":
                    # What holds is the reason; what else would have done is noise.
                    steps = [step for step in steps if step.truth == "true"]
                return Step(text=text, truth=truth, parts=tuple(steps))
            case Not(of=part):
                return Step(text=text, truth=truth, parts=(self.step(part, seen),))
            case ConclusionAtom(id=name):
                title = f"conclusion {name} ({self.rulebase.conclusion_by_id[name].name})"
                rules = () if name in seen else self.mechanisms(name, seen | {name})
                return Step(text=title, truth=truth, rules=rules)
        findings = self.observed[condition].findings
        shown = tuple(self.genotype.findings[index].text for index in findings)
        return Step(text=text, truth=truth, findings=shown)

    def mechanisms(self, conclusion: str, seen: frozenset[str]) -> tuple[MechanismStep, ...]:
        """The mechanism rules by which a conclusion was reached."""
        steps = []
        for rule in self.held(conclusion):
            weight = self.weights[rule.id]
            steps.append(
                MechanismStep(
                    rule=rule.id,
                    conclusion=self.rulebase.conclusion_by_id[conclusion].name,
                    explanation=rule.explanation,
                    mechanism=rule.mechanism,
                    weight=None if weight >= FULL_WEIGHT else weight,
                    evidence=self.evidence(rule.evidence),
                    condition=self.step(rule.when, seen),
                )
            )
        return tuple(steps)

    def held(self, conclusion: str) -> Iterator[MechanismRule]:
        """The mechanism rules for a conclusion that hold in this patient, the weightiest first."""
        for rule in self.rules.get(conclusion, ()):
            in_scope = set(rule.tumour_types) & set(self.genotype.lineage)
            if in_scope and self.truth(rule.when) == "true":
                yield rule

    def findings(self, condition: Condition, seen: frozenset[str] = frozenset()) -> tuple[int, ...]:
        """The findings, by index, on which a true condition rests, through conclusions too."""
        found: set[int] = set()
        for atom in atoms(condition):
            if isinstance(atom, ConclusionAtom):
                if atom.id in seen:
                    continue
                for rule in self.held(atom.id):
                    found.update(self.findings(rule.when, seen | {atom.id}))
            elif self.observed[atom].truth is Truth.TRUE and not isinstance(atom, TumourTypeAtom):
                found.update(self.observed[atom].findings)
        return tuple(sorted(found))

    def unknown_atoms(self, condition: Condition, seen: frozenset[str] = frozenset()) -> set[Atom]:
        """The atoms whose being unknown leaves ``condition`` undecided."""
        unknown: set[Atom] = set()
        for atom in atoms(condition):
            if isinstance(atom, ConclusionAtom):
                value = self.values.get(Head(kind="conclusion", name=atom.id))
                if value is None or value.truth is not Truth.UNKNOWN or atom.id in seen:
                    continue
                for rule in self.rules.get(atom.id, ()):
                    unknown |= self.unknown_atoms(rule.when, seen | {atom.id})
            elif self.observed[atom].truth is Truth.UNKNOWN:
                unknown.add(atom)
        return unknown
