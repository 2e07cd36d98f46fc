"""What a genotype says of an atom: whether residues were found at a position, not found, or the position not read."""

from __future__ import annotations

from collections.abc import Iterable

from resistab.core.condition import Atom
from resistab.core.truth import Observation, Truth
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.genotype import ViralGenotype


def observe_residues(
    observables: Iterable[Atom], genotype: ViralGenotype, assume_reference: bool = False
) -> dict[Atom, Observation]:
    """What ``genotype`` says of each residue atom, with the findings by index.

    At a position where a mutation was found the residues found decide. Elsewhere the atom is false where the
    position was read, since the reference alone was found there, and unknown where it was not; with
    ``assume_reference`` false there too.
    """
    findings = {(finding.gene, finding.position): index for index, finding in enumerate(genotype.findings)}
    coverage = {item.gene: item for item in genotype.coverage}
    observed: dict[Atom, Observation] = {}
    for atom in observables:
        if not isinstance(atom, ResidueAtom):
            raise TypeError(f"a virus's rules ask for residues only, not for {atom}")
        index = findings.get((atom.gene, atom.position))
        if index is None:
            gene = coverage.get(atom.gene)
            read = assume_reference or (gene is not None and gene.covers(atom.position))
            observed[atom] = Observation(Truth.FALSE if read else Truth.UNKNOWN)
            continue
        found = set(genotype.findings[index].residues)
        holds = bool(found - set(atom.residues)) if atom.inverted else bool(found & set(atom.residues))
        observed[atom] = Observation(Truth.TRUE, (index,)) if holds else Observation(Truth.FALSE)
    return observed
