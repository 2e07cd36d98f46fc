"""Amino acids in letters, and the genetic code."""

from __future__ import annotations

from itertools import product

THREE_TO_ONE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G",
    "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S",
    "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Sec": "U", "Ter": "*",
}  # fmt: skip
ONE_TO_THREE = {one: three for three, one in THREE_TO_ONE.items()}
RESIDUES = frozenset(ONE_TO_THREE) - {"*"}

_IN_ORDER = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
# The standard code: of each codon (DNA) the residue, "*" for a stop.
GENETIC_CODE = {"".join(codon): residue for codon, residue in zip(product("TCAG", repeat=3), _IN_ORDER, strict=True)}

# Of each letter of IUPAC's code for nucleotides the bases that it stands for.
IUPAC_BASES = {
    **{base: base for base in "TCAG"},
    **{"R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC"},
    **{"B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT"},
}


def codons_of(letters: str) -> tuple[str, ...]:
    """The codons that a codon of IUPAC letters stands for; ``KeyError`` for another letter."""
    return tuple("".join(bases) for bases in product(*(IUPAC_BASES[letter] for letter in letters)))
