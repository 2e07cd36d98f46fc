"""What mutations are to each class of drugs, whether or not a row holds because of them."""

from __future__ import annotations

from collections.abc import Iterable

from resistab.domains.virus.genotype import ResidueFinding
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.models import MutationType

OTHER = "Other"


def mutation_types(
    rulebase: ViralRulebase, findings: Iterable[ResidueFinding]
) -> dict[tuple[str, int], tuple[MutationType, ...]]:
    """The types of each finding, by its gene and position, to the classes of drugs that act on the gene."""
    classes = {gene.symbol: gene.drug_classes for gene in rulebase.genes}
    return {
        (finding.gene, finding.position): tuple(
            MutationType(drug_class=types.drug_class, type=mutation_type(rulebase, types.drug_class, finding))
            for types in rulebase.mutation_types
            if types.drug_class in classes.get(finding.gene, ())
        )
        for finding in findings
    }


def mutation_type(rulebase: ViralRulebase, drug_class: str, finding: ResidueFinding) -> str:
    """What a finding is to a class of drugs: the first type, in the rule set's order, that any of its residues has."""
    for types in rulebase.mutation_types:
        if types.drug_class == drug_class:
            for name, positions in types.types.items():
                if set(finding.residues) & set(positions.get(finding.position, ())):
                    return name
    return OTHER
