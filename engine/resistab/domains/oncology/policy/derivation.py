"""How a condition over a tumour came to be true: mechanism rules and their evidence among the steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from resistab.core.condition import Atom
from resistab.core.derivation import Derivation, EvidenceItem, MechanismStep, reference_url
from resistab.core.program import FULL_WEIGHT
from resistab.core.result import KnownValues
from resistab.core.truth import Observation
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.models import Evidence, MechanismRule, Row
from resistab.domains.oncology.policy.prepared import PreparedRules


class Deriver(Derivation):
    """Builds derivations for one patient."""

    def __init__(
        self, prepared: PreparedRules, genotype: Genotype, observed: Mapping[Atom, Observation], values: KnownValues
    ) -> None:
        super().__init__(observed, values, [finding.text for finding in genotype.findings])
        self.rulebase, self.genotype, self.weights = prepared.rulebase, genotype, prepared.weights
        self.rules = prepared.rules_for
        self._unknown: dict[str, tuple[Atom, ...]] = {}

    def unknown_of(self, row: Row) -> tuple[Atom, ...]:
        """What is unknown in the condition of a row, each once; worked out once a patient, whatever the drug."""
        if row.id not in self._unknown:
            self._unknown[row.id] = tuple(dict.fromkeys(self.unknown_atoms(row.when)))
        return self._unknown[row.id]

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

    def conclusion_name(self, conclusion: str) -> str:
        return self.rulebase.conclusion_by_id[conclusion].name

    def rules_for(self, conclusion: str) -> Sequence[MechanismRule]:
        return self.rules.get(conclusion, ())

    def holds_here(self, rule: MechanismRule) -> bool:
        return bool(set(rule.tumour_types) & set(self.genotype.lineage))

    def rule_step(self, rule: MechanismRule, conclusion: str, seen: frozenset[str]) -> MechanismStep:
        weight = self.weights[rule.id]
        return MechanismStep(
            rule=rule.id,
            conclusion=self.conclusion_name(conclusion),
            explanation=rule.explanation,
            mechanism=rule.mechanism,
            weight=None if weight >= FULL_WEIGHT else weight,
            evidence=self.evidence(rule.evidence),
            condition=self.step(rule.when, seen),
        )
