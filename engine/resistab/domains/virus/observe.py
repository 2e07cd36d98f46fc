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

    A residue that was found is there. Any other is not where the position was read, and may be where it was not, beside
    what was found there too; with ``assume_reference`` it is not there either.
    """
    findings = {(finding.gene, finding.position): index for index, finding in enumerate(genotype.findings)}
    coverage = {item.gene: item for item in genotype.coverage}
    observed: dict[Atom, Observation] = {}
    for atom in observables:
        if not isinstance(atom, ResidueAtom):
            raise TypeError(f"a virus's rules ask for residues only, not for {atom}")
        index = findings.get((atom.gene, atom.position))
        if index is not None and atom.holds_by(genotype.findings[index].residues):
            observed[atom] = Observation(Truth.TRUE, (index,))
            continue
        gene = coverage.get(atom.gene)
        read = assume_reference or (gene is not None and gene.covers(atom.position))
        observed[atom] = Observation(Truth.FALSE if read else Truth.UNKNOWN)
    return observed
