"""Made-up files of counted reads, of the small rule set's proteins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resistab.domains.virus.align.codons import GENETIC_CODE
from tests.domains.virus.inputs.small_rules import PROTEINS

CODON = {residue: codon for codon, residue in sorted(GENETIC_CODE.items(), reverse=True)}
COLUMNS = ("Gene", "Position", "TotalReads", "Codon", "CodonReads")
AAVF_COLUMNS = ("#CHROM", "GENE", "POS", "REF", "ALT", "FILTER", "ALT_FREQ", "COVERAGE", "INFO")


def codfreq(
    changes: Mapping[tuple[str, int], Mapping[str, int]] = {},
    genes: Sequence[str] = ("RT",),
    columns: Sequence[str] = COLUMNS,
    separator: str = ",",
    reads: int = 1000,
) -> str:
    """A table in which every position of ``genes`` has the reference, but for ``changes``: reads by codon.

    All reads of a position are those of its codons, or ``reads`` where these are more.
    """
    lines = [separator.join(columns)] if columns else []
    for gene in genes:
        for position, residue in enumerate(PROTEINS[gene], 1):
            codons = changes.get((gene, position), {CODON[residue]: reads})
            total = max(sum(codons.values()), reads) if (gene, position) not in changes else sum(codons.values())
            lines += [
                separator.join([gene, str(position), str(total), *(codon, str(n))]) for codon, n in codons.items()
            ]
    return "\n".join(lines) + "\n"


def aavf(*records: str) -> str:
    """A file of records such as ``RT 184 M V PASS 0.95 1540``."""
    lines = ["##fileformat=AAVFv1.0", "##reference=hxb2.fas", "\t".join(AAVF_COLUMNS)]
    return "\n".join([*lines, *("\t".join(["hxb2", *record.split(), "."]) for record in records)]) + "\n"
