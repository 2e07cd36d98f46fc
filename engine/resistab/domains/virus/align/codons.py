"""Codons of IUPAC letters, and the residues that they encode."""

from __future__ import annotations

from functools import cache

from resistab.core.amino_acids import GENETIC_CODE, codons_of
from resistab.domains.virus.grammar.residues import residue_order

UNKNOWN = "X"
_COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


def reverse_complement(sequence: str) -> str:
    """The other strand, of IUPAC letters in upper case."""
    return sequence.translate(_COMPLEMENT)[::-1]


@cache
def codon_residues(codon: str) -> tuple[str, ...]:
    """The residues that a codon of IUPAC letters may encode, in order; none where two or three of it are N."""
    if codon.count("N") > 1:
        return ()
    found = {GENETIC_CODE[bases] for bases in codons_of(codon)}
    return tuple(sorted(found, key=residue_order))


class _Letters(dict[str, str]):
    """The residue of a codon, ``UNKNOWN`` where it may be several; each codon is looked into once."""

    def __missing__(self, codon: str) -> str:
        residues = codon_residues(codon)
        self[codon] = letter = residues[0] if len(residues) == 1 else UNKNOWN
        return letter


_LETTER = _Letters()


def codon_letters(sequence: str) -> str:
    """At each base the residue of the codon that begins there; the last two bases begin none."""
    return "".join([_LETTER[sequence[i : i + 3]] for i in range(len(sequence) - 2)]) + UNKNOWN * 2
