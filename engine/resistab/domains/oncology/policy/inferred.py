"""Everything that was observed and derived of one patient, before anything is concluded of a drug."""

from __future__ import annotations

from collections.abc import Mapping

from resistab.core.cached import cached_property
from resistab.core.condition import Atom
from resistab.core.program import Head
from resistab.core.records import dataclass, field
from resistab.core.result import KnownValues
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.genotype import ChangeFinding, Genotype
from resistab.domains.oncology.grammar.protein_change import TRUNCATING
from resistab.domains.oncology.kinds.models import Row
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.clonality import Clonality
from resistab.domains.oncology.policy.prepared import Codon, DrugRules
from resistab.domains.oncology.policy.response_markers import resistance_mutations
from resistab.domains.oncology.policy.same_residue import substituted_codons


def speaking_head(row: Row, values: KnownValues) -> Head:
    """The head that speaks for an active row: the extrapolated one where the row itself does not hold."""
    own = Head("row", row.id)
    if row.extrapolated_to and values[own].truth is Truth.FALSE:
        return Head("extrapolated row", row.id)
    return own


@dataclass(frozen=True)
class Inferred:
    """Everything that was derived for one patient.

    ``values`` are those of the whole program. ``closed_observed`` is what is observed when all that was not assayed
    is taken as absent: there an atom is unknown only where a finding or the tumour type leaves it open.
    ``closed_values`` are those of conclusions and required markers under it, which tell what is absent from what is
    open. ``clones`` says of findings, by index, in what share of the tumour they lie. ``beside`` holds what was
    observed of atoms for which no rule asks.
    """

    genotype: Genotype
    observer: Observer
    observed: Mapping[Atom, Observation]
    values: KnownValues
    closed_observed: Mapping[Atom, Observation]
    closed_values: KnownValues
    clones: Mapping[int, Clonality] = field(default_factory=dict)
    beside: dict[Atom, Observation] = field(default_factory=dict)

    def seen(self, atom: Atom) -> Observation:
        """What is observed of an atom, be it one for which no rule asks."""
        found = self.observed.get(atom) or self.beside.get(atom)
        if found is None:
            found = self.beside[atom] = self.observer.observe(atom)
        return found

    def strength(self, head: Head) -> float:
        """How strongly a head is certain; 0 where it is not."""
        return self.values[head].strength

    def open_resting(self, rules: DrugRules, in_part: bool) -> list[Row]:
        """The rows of resistance that are unknown and ask for what is true by a finding, by id.

        With ``in_part`` those that ask for what a finding leaves open.
        """
        rows = rules.resting_on(self.found_in_part if in_part else self.found)
        unknown = (row for row in rows if self.values[speaking_head(row, self.values)].truth is Truth.UNKNOWN)
        return sorted(unknown, key=lambda row: row.id)

    @cached_property
    def found(self) -> frozenset[Atom]:
        """The atoms that are true by a finding."""
        return frozenset(
            atom for atom, seen in self.closed_observed.items() if seen.findings and seen.truth is Truth.TRUE
        )

    @cached_property
    def found_in_part(self) -> frozenset[Atom]:
        """The atoms that a finding leaves open."""
        unknown = ((atom, seen) for atom, seen in self.closed_observed.items() if seen.truth is Truth.UNKNOWN)
        return frozenset(atom for atom, seen in unknown if seen.findings)

    @cached_property
    def lineage(self) -> frozenset[str]:
        """The tumour type and those above it."""
        return frozenset(self.genotype.lineage)

    @cached_property
    def resistance_mutations(self) -> Mapping[str, frozenset[int]]:
        """By gene the findings that a row names as resistance to a drug of that target."""
        return resistance_mutations(self.observer.rulebase, self.observed)

    @cached_property
    def in_sets(self) -> Mapping[str, frozenset[int]]:
        """By set of alterations the findings that it names by the change or its place."""
        found: dict[str, set[int]] = {}
        for gene in self.observer.by_gene:
            for name, member in self.observer.rulebase.changes_in_sets.get(gene, ()):
                seen = self.seen(member)
                if seen.truth is Truth.TRUE:
                    found.setdefault(name, set()).update(seen.findings)
        return {name: frozenset(indices) for name, indices in found.items()}

    @cached_property
    def substituted_codons(self) -> Mapping[Codon, tuple[int, ...]]:
        """The codons at which the patient has a substitution, each with the findings by index."""
        return substituted_codons(self.observer)

    @cached_property
    def where_drugs_bind(self) -> Mapping[str, tuple[tuple[int, ChangeFinding], ...]]:
        """By gene the changes, with their index, that lie where drugs bind its protein and are not known as benign."""
        rulebase = self.observer.rulebase
        found: dict[str, list[tuple[int, ChangeFinding]]] = {}
        for index, finding in enumerate(self.genotype.findings):
            if not isinstance(finding, ChangeFinding) or finding.change.kind in ("synonymous", *TRUNCATING):
                continue
            gene = rulebase.gene_by_name.get(finding.gene.upper())
            if gene is None or gene.symbol != finding.gene:
                continue
            if any(part.holds(*finding.bounds) for part in gene.drug_binding) and (
                rulebase.benign_variant(finding.gene, finding.change) is None
            ):
                found.setdefault(finding.gene, []).append((index, finding))
        return {gene: tuple(changes) for gene, changes in found.items()}
