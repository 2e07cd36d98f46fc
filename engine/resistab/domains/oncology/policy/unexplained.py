"""A change in the drug-binding domain of a drug's target that no rule explains: no reason for confidence in the drug.

Beside the driver of a tumour a second change of the same kinase is as a rule not there by chance. Where it is seen
after treatment with the drug, or with one that binds alike, it is the likeliest reason for its failure.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from resistab.core.condition import atoms
from resistab.core.records import dataclass
from resistab.core.said import said
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import NamedSetAtom, names_a_change
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER
from resistab.domains.oncology.observe import finding_subjects

if TYPE_CHECKING:
    from resistab.domains.oncology.policy.judged import Judged


@dataclass(frozen=True)
class Unexplained:
    """A change that no rule explains in the part of ``gene`` where drugs bind; ``after`` names the treatment before."""

    finding: str
    gene: str
    after: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is said of it."""
        told = said(
            "{finding} lies where drugs bind {gene}, and no rule says what it does",
            finding=self.finding,
            gene=self.gene,
        )
        return "; ".join(
            [told, *([said("it is found after {drugs}", drugs=" and ".join(self.after))] if self.after else [])]
        )


def unexplained(drug: Judged) -> tuple[Unexplained, ...]:
    """The changes of a patient that lie where the drug binds its target and are explained by nothing."""
    changes = drug.inferred.where_drugs_bind
    candidates = sorted(
        (change for gene in drug.rules.binding_domains for change in changes.get(gene, ())),
        key=lambda change: change[0],
    )
    if not candidates:
        return ()
    explained, by_residue = set(_explained(drug)), _by_residue(drug)
    after = _treated_alike(drug)
    return tuple(
        Unexplained(finding.text, finding.gene, after)
        for index, finding in candidates
        if index not in explained and finding.text not in by_residue and _matters(drug, index, finding.gene)
    )


def _explained(drug: Judged) -> Iterator[int]:
    """The findings that some row of the drug names by the change or its place, or by a set where the row holds.

    That a set of another drug's resistance mutations has the change says nothing of what it does to this one.
    """
    observed, in_sets = drug.inferred.observed, drug.inferred.in_sets
    # What a change does to a part of a regimen its own table says, and cross-resistance asks there.
    for row in drug.rules.with_parts:
        for atom in atoms(row.when):
            if names_a_change(atom):
                seen = observed.get(atom)
                if seen is not None and seen.truth is Truth.TRUE:
                    yield from seen.findings
            elif isinstance(atom, NamedSetAtom) and drug.truth(row) is Truth.TRUE:
                yield from in_sets.get(atom.name, ())


def _by_residue(drug: Judged) -> Set[str]:
    return {finding for item in drug.contributions if item.same_residue for finding in item.findings}


def _matters(drug: Judged, index: int, gene: str) -> bool:
    """Whether the target is what the tumour depends on, or is known to resist the drug by its changes."""
    findings = drug.inferred.genotype.findings
    others = {
        finding.text for number, finding in enumerate(findings) if number != index and gene in finding_subjects(finding)
    }
    driven = any(
        item.effect == RESPONSE_MARKER and item.tier is not None and others.intersection(item.findings)
        for item in drug.contributions
    )
    return driven or any(
        row.mechanism.startswith("target alteration") and any(gene in atom.subjects for atom in atoms(row.when))
        for row in drug.resistance_rows
        if drug.holds_here(row)
    )


def _treated_alike(drug: Judged) -> tuple[str, ...]:
    """The earlier treatment with the drug, or with one that binds alike; of its class where modes are not known."""
    rulebase = drug.rulebase
    parts = {part.name for part in rulebase.parts_of(drug.table.drug)}
    modes, classes = set(rulebase.modes_of(drug.table.drug)), set(rulebase.classes_of(drug.table.drug))
    alike = []
    for therapy in drug.inferred.genotype.prior_therapies or ():
        earlier = rulebase.drug_by_name.get(therapy.drug)
        earlier_modes = set(earlier.binding_modes) if earlier else set()
        bound_alike = modes & earlier_modes if modes and earlier_modes else classes.intersection(therapy.classes)
        if therapy.drug in parts or bound_alike:
            alike.append(therapy.drug)
    return tuple(dict.fromkeys(alike))
