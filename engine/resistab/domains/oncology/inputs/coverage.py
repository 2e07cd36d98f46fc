"""Stretches of the genome that were assayed, and the residues of genes whose codons lie in them whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from resistab.domains.oncology.inputs.builds import Build
from resistab.domains.oncology.kinds.coding_exons import CodingExons


class Covered:
    """A set of stretches of the genome; empty where nothing was added."""

    def __init__(self) -> None:
        self._stretches: dict[str, list[tuple[int, int]]] = {}

    def add(self, chromosome: str, start: int, end: int) -> None:
        """Add the bases from ``start`` to ``end``, 1-based, both included."""
        stretches = self._stretches.setdefault(re.sub("^chr", "", chromosome, flags=re.IGNORECASE), [])
        # Blocks of a gVCF come in order and touch: kept as one, a whole genome needs little memory.
        if stretches and stretches[-1][0] <= start <= stretches[-1][1] + 1:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))

    def loci(self, exons: CodingExons, build: Build) -> Iterator[str]:
        """What is covered as loci: ``EGFR mutation``, or with the residues where it is not the whole protein.

        Of the genes whose coding exons are known; a residue counts where all three bases of its codon are covered.
        """
        merged = {name: _merged(stretches) for name, stretches in self._stretches.items()}
        for gene in exons.genes(build):
            residues = [
                number
                for number, bases in enumerate(exons.codons(build, gene), 1)
                if all(_holds(merged.get(exons.chromosome(build, gene), ()), base) for base in bases)
            ]
            length = exons.length(build, gene)
            if len([number for number in residues if number <= length]) == length:
                yield f"{gene} mutation"
            elif ranges := _ranges([number for number in residues if number <= length]):
                yield f"{gene} mutation in " + ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in ranges)


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _holds(stretches: list[tuple[int, int]] | tuple[()], base: int) -> bool:
    index = bisect_right(stretches, (base, float("inf"))) - 1
    return index >= 0 and stretches[index][0] <= base <= stretches[index][1]


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
