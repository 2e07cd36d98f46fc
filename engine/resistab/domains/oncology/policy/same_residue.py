"""Another substitution at a codon of resistance: what a row says of C797S is no reason for confidence in C797G.

A row of resistance, or of a reduced response, names one substitution; the patient has another at the same codon, of
which no row of the drug speaks. The row then counts as an extrapolation, one step lower and never for more than
possible resistance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from resistab.core.condition import AnyOf, Atom, Condition, atoms, mentions, replace_atoms
from resistab.core.fixpoint import evaluate_condition
from resistab.core.records import dataclass
from resistab.core.result import KnownValues
from resistab.core.truth import Observation
from resistab.domains.oncology.atoms import ChangeAtom, SiteAtom
from resistab.domains.oncology.genotype import ChangeFinding, SiteFinding
from resistab.domains.oncology.grammar.protein_change import exchanges
from resistab.domains.oncology.kinds.models import Row
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.prepared import Codon, substitutions


@dataclass(frozen=True)
class SameResidue:
    """How ``row`` holds for another substitution at a codon that it names.

    ``condition`` is the row's, with any substitution there in place of the ``named`` ones; ``observed`` is what is
    observed of the atoms that are new in it.
    """

    row: Row
    condition: Condition
    named: str
    observed: Mapping[Atom, Observation]

    @property
    def findings(self) -> tuple[int, ...]:
        """The patient's substitutions, by index."""
        return tuple(sorted({index for seen in self.observed.values() for index in seen.findings}))


def substituted_codons(observer: Observer) -> dict[Codon, tuple[int, ...]]:
    """The codons at which the patient has a substitution, be it part of a larger change, each with the findings."""
    found: dict[Codon, list[int]] = {}
    for index, finding in enumerate(observer.genotype.findings):
        if isinstance(finding, ChangeFinding):
            for position, _ in exchanges(finding.change, observer.rulebase.sequences.get(finding.gene)):
                found.setdefault((finding.gene, position), []).append(index)
        elif isinstance(finding, SiteFinding) and finding.type == "substitution":
            first, last = finding.bounds
            if first is not None and first == last:
                found.setdefault((finding.gene, first), []).append(index)
    return {codon: tuple(indices) for codon, indices in found.items()}


def same_residue(
    row: Row, codons: Collection[Codon], observer: Observer, observed: Mapping[Atom, Observation], values: KnownValues
) -> SameResidue | None:
    """How a row that does not hold would hold for the patient's substitution at a codon that it names, or None."""
    sites: dict[Atom, list[SiteAtom]] = {}
    named: list[str] = []
    for mention in mentions(row.when):
        for change in substitutions(mention.atom, observer.rulebase):
            if (change.gene, change.change.start) in codons:
                sites.setdefault(mention.atom, []).append(_any_at(change))
                named.append(change.text)
    if not sites:
        return None
    replacement: dict[Atom, Condition] = {
        atom: here[0] if len(here) == 1 else AnyOf(of=tuple(here)) for atom, here in sites.items()
    }
    condition = replace_atoms(row.when, replacement)
    # Only what the condition asks for, since this is asked of many rows.
    asked = {atom: observed[atom] for atom in atoms(condition) if atom in observed}
    new: dict[Atom, Observation] = {site: observer.observe(site) for here in sites.values() for site in here}
    certain, _ = evaluate_condition(condition, asked | new, values)
    return SameResidue(row, condition, ", ".join(dict.fromkeys(named)), new) if certain > 0 else None


def _any_at(change: ChangeAtom) -> SiteAtom:
    at = change.change.start
    return SiteAtom(
        gene=change.gene,
        type="substitution",
        first=at,
        last=at,
        reference=change.change.start_residue,
        allele_fraction=change.allele_fraction,
    )
