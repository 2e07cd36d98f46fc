"""Genotypes of viruses in numbers: of each residue, or set of residues, at a position the share that is there.

A mixture holds each of its residues in an equal share, or in the share of reads where they were counted. A position
that was not read is not a number. An insertion or deletion is a residue of its own, as in the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from resistab.core.condition import AllOf, Condition, condition_text
from resistab.curation.kit.measured.data import Feature
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.grammar.residues import residue_order
from resistab.report.words import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.domains.virus.genotype import ResidueFinding, ViralGenotype
    from resistab.domains.virus.kinds.models import ViralTable


def _feature(*atoms: ResidueAtom) -> Feature:
    """The feature that all of these hold."""
    when = " and ".join(atom.text for atom in atoms)
    first = atoms[0]
    order = (len(atoms), *((atom.position, len(atom.residues), atom.residues) for atom in atoms))
    return Feature(when, str(first.position) if len(atoms) == 1 else when, order, atoms)


def _atom(position: int, residues: Iterable[str]) -> ResidueAtom:
    return ResidueAtom(position=position, residues=tuple(sorted(residues, key=residue_order)))


def feature_of(text: str) -> Feature:
    """The feature that a condition such as ``184V`` or ``65R and 184I/V`` names; raises ``ValueError``."""
    condition = parse_residue_condition(text)
    parts: tuple[Condition, ...] = tuple(condition.of) if isinstance(condition, AllOf) else (condition,)
    atoms = [part for part in parts if isinstance(part, ResidueAtom) and not part.inverted]
    if len(atoms) != len(parts):
        raise ValueError(f"'{text}' is none of residues at positions, joined by 'and'")
    return _feature(*atoms)


def _shares(finding: ResidueFinding) -> Mapping[str, float]:
    """The share of each residue at a position."""
    if finding.shares:
        whole = sum(finding.shares) or 1.0
        return {residue: share / whole for residue, share in zip(finding.residues, finding.shares, strict=True)}
    return dict.fromkeys(finding.residues, 1 / len(finding.residues))


def candidate_features(gene: str, genotypes: Sequence[ViralGenotype]) -> list[Feature]:
    """What rows may ask for: each residue that is not the reference's, and at each position all of these together."""
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for genotype in genotypes:
        for finding in genotype.findings:
            if finding.gene == gene:
                seen[finding.position].update(r for r in finding.residues if r != finding.reference)
    found = []
    for position in sorted(seen):
        residues = sorted(seen[position], key=residue_order)
        found += [_feature(_atom(position, [residue])) for residue in residues]
        if len(residues) > 1:
            found.append(_feature(_atom(position, residues)))
    return found


def feature_values(gene: str, features: Sequence[Feature], genotypes: Sequence[ViralGenotype]) -> NDArray[np.float64]:
    """The share of each feature in each genotype, genotypes by features; of a pair the product of its parts.

    Not a number where a position was not read; of a pair 0 where one part is 0, whatever the other is.
    """
    atoms = list(dict.fromkeys(atom for feature in features for atom in feature.atoms))
    column = {atom: number for number, atom in enumerate(atoms)}
    at: dict[int, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for atom, number in column.items():
        at[atom.position].append((number, frozenset(atom.residues)))
    values = np.zeros((len(genotypes), len(atoms)))
    for line, genotype in enumerate(genotypes):
        coverage = next((item for item in genotype.coverage if item.gene == gene), None)
        if coverage is None:
            values[line] = np.nan
        elif coverage.ranges is not None:
            values[line, [number for place, here in at.items() if not coverage.covers(place) for number, _ in here]] = (
                np.nan
            )
        for finding in genotype.findings:
            if finding.gene == gene and finding.position in at:
                share = _shares(finding)
                for number, residues in at[finding.position]:
                    values[line, number] = sum(share[residue] for residue in share if residue in residues)
    return np.column_stack(
        [_together(values[:, [column[atom] for atom in feature.atoms]]) for feature in features]
        or [np.zeros((len(genotypes), 0))]
    )


def _together(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The product of the columns: what is not known of one does not matter where another is 0."""
    return np.where((shares == 0).any(axis=1), 0.0, np.prod(shares, axis=1))


def disjoint_features(features: Sequence[tuple[Feature, float]]) -> list[tuple[Feature, float]]:
    """The same scores with each residue of a position in one row alone, as a table has them.

    What a residue scores by itself and what it scores as one of several is added.
    """
    single: dict[int, dict[str, float]] = defaultdict(dict)
    found: list[tuple[Feature, float]] = []
    for feature, score in features:
        if len(feature.atoms) > 1:
            found.append((feature, score))
            continue
        (atom,) = feature.atoms
        for residue in atom.residues:
            single[atom.position][residue] = single[atom.position].get(residue, 0.0) + score
    for position, scores in single.items():
        together: dict[float, list[str]] = defaultdict(list)
        for residue, score in scores.items():
            together[score].append(residue)
        found += [(_feature(_atom(position, residues)), score) for score, residues in together.items()]
    return sorted(found, key=lambda item: item[0].order)


def rows_of_table(table: ViralTable) -> list[tuple[str, Feature, float]]:
    """The rows of an expert table that ask for residues, alone or together: id, feature, score."""
    found: list[tuple[str, Feature, float]] = []
    for position, scores in table.scores.items():
        found += [
            (f"{table.drug}-{position}", _feature(_atom(position, residues)), score)
            for residues, score in scores.items()
        ]
    for combination in table.combinations:
        for item in combination.items:
            try:
                found.append((combination.id, feature_of(condition_text(item.when)), item.score))
            except ValueError:
                # A condition that asks for an absence or a count is no product of shares.
                continue
    return found


def told(gene: str, genotypes: Sequence[ViralGenotype]) -> list[str]:
    """How genotypes were taken into numbers, in sentences: how many have mixtures, and how many were read in part."""
    mixed = positions = unread = 0
    for genotype in genotypes:
        here = sum(len(finding.residues) > 1 for finding in genotype.findings if finding.gene == gene)
        mixed += here > 0
        positions += here
        coverage = next((item for item in genotype.coverage if item.gene == gene), None)
        unread += coverage is None or coverage.ranges is not None
    notes = []
    if mixed:
        notes.append(
            f"{counted(mixed, 'sample')} with mixtures, at {counted(positions, 'position')}: each residue counts with "
            "its share, an equal one where reads were not counted; a table of rules counts a mixture whole"
        )
    if unread:
        notes.append(
            f"{counted(unread, 'sample')} not read at every position of {gene}: such a position counts as the mean of "
            "the samples that were, never as the reference"
        )
    return notes
