"""From the level to the verdict: the policy for viruses, a list of named rules.

The first rule that speaks says what is missing, so that the drug is not assessable; where none does, the level's own
verdict holds. To learn why a verdict is what it is, read this list: every verdict names the rule that spoke.
"""

from __future__ import annotations

from resistab.core.scoring import PolicyRule
from resistab.domains.virus.policy.judged import JudgedViralDrug
from resistab.domains.virus.policy.scores import (
    NO_RULES,
    decisive_not_read,
    not_sequenced,
    reference_not_read,
)


def _no_rules(drug: JudgedViralDrug) -> tuple[str, ...] | None:
    """The rule set has no table for the drug."""
    return NO_RULES if drug.rules is None else None


def _gene_not_sequenced(drug: JudgedViralDrug) -> tuple[str, ...] | None:
    """Nothing is known of the gene that the drug acts on."""
    return not_sequenced(drug.gene) if drug.coverage is None else None


def _decisive_position_not_read(drug: JudgedViralDrug) -> tuple[str, ...] | None:
    """A position was not read at which one mutation alone makes the drug other than susceptible."""
    if not drug.susceptible or drug.coverage is None:
        return None
    return decisive_not_read(drug.coverage, drug.decisive) or None


def _reference_not_read(drug: JudgedViralDrug) -> tuple[str, ...] | None:
    """The reference itself would mean resistance at a position that was not read."""
    if not drug.susceptible or not drug.resistant_by_reference():
        return None
    return reference_not_read(drug.gene, drug.not_read())


POLICY: tuple[PolicyRule[JudgedViralDrug, tuple[str, ...]], ...] = (
    PolicyRule("no rules", _no_rules),
    PolicyRule("gene not sequenced", _gene_not_sequenced),
    PolicyRule("decisive position not read", _decisive_position_not_read),
    PolicyRule("reference not read", _reference_not_read),
)
