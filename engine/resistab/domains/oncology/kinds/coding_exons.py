"""Where the coding exons of genes lie in the genome (``coding_exons.tsv``): from bases to residues and back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError
from resistab.core.records import dataclass

FILE = "coding_exons.tsv"
# Longer than any coding exon of a human gene.
_LONGEST_EXON = 30_000
BUILDS = ("GRCh37", "GRCh38")
COLUMNS = (
    "gene",
    "transcript",
    "chromosome",
    "strand",
    "exon",
    "grch37_start",
    "grch37_end",
    "grch38_start",
    "grch38_end",
)


@dataclass(frozen=True)
class Exon:
    """The coding part of an exon: its number in the transcript, and its bases, 1-based, both ends included."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class _Gene:
    chromosome: str
    forward: bool
    exons: tuple[Exon, ...]


@dataclass(frozen=True)
class Removed:
    """What a deletion takes of a gene: whether all, which exons, and the residues that are touched.

    ``complete`` says that it takes each of the exons from end to end.
    """

    whole: bool
    exons: frozenset[int]
    complete: bool
    residues: tuple[int, int]


class CodingExons:
    """The coding exons of genes, in transcript order, by build (``GRCh37`` or ``GRCh38``) and symbol."""

    def __init__(self, genes: dict[str, dict[str, _Gene]]) -> None:
        self._genes = genes

    def genes(self, build: str) -> tuple[str, ...]:
        """The genes that are known, by symbol."""
        return tuple(self._genes[build])

    def chromosome(self, build: str, gene: str) -> str:
        """The chromosome of a gene, without ``chr``."""
        return self._genes[build][gene].chromosome

    def exons(self, build: str, gene: str) -> tuple[Exon, ...]:
        """The coding exons of a gene, in transcript order."""
        return self._genes[build][gene].exons

    @lru_cache(maxsize=512)  # noqa: B019 - one object lives as long as the process
    def codons(self, build: str, gene: str) -> tuple[tuple[int, int, int], ...]:
        """The three bases of each codon, the stop's last; an exon's end may part them."""
        known = self._genes[build][gene]
        bases: list[int] = []
        for exon in known.exons:
            stretch = range(exon.start, exon.end + 1)
            bases.extend(stretch if known.forward else reversed(stretch))
        return tuple((bases[i], bases[i + 1], bases[i + 2]) for i in range(0, len(bases) - 2, 3))

    def length(self, build: str, gene: str) -> int:
        """The number of residues of the protein."""
        return len(self.codons(build, gene)) - 1

    def genes_within(self, build: str, chromosome: str, start: int, end: int) -> tuple[str, ...]:
        """The genes of which a stretch holds some coding base."""
        places = self._places(build).get(chromosome.removeprefix("chr"), ((), ()))
        # Of a genome most records are asked for, so that the exons stand in order; none is longer than this.
        first, last = bisect_left(places[0], start - _LONGEST_EXON), bisect_right(places[0], end)
        return tuple(dict.fromkeys(gene for exon_end, gene in places[1][first:last] if exon_end >= start))

    @lru_cache(maxsize=2)  # noqa: B019 - one object lives as long as the process
    def _places(self, build: str) -> dict[str, tuple[tuple[int, ...], tuple[tuple[int, str], ...]]]:
        """By chromosome the starts of all exons in order, and beside each its end and its gene."""
        found: dict[str, list[tuple[int, int, str]]] = {}
        for gene, known in self._genes[build].items():
            found.setdefault(known.chromosome, []).extend((exon.start, exon.end, gene) for exon in known.exons)
        return {
            name: (tuple(place[0] for place in sorted(places)), tuple(place[1:] for place in sorted(places)))
            for name, places in found.items()
        }

    def removed(self, build: str, gene: str, start: int, end: int) -> Removed | None:
        """What a deletion of the bases from ``start`` to ``end`` takes of a gene; None where it is not known."""
        known = self._genes[build].get(gene)
        if known is None:
            return None
        within = {exon.number for exon in known.exons if start <= exon.start and exon.end <= end}
        touched = [exon for exon in known.exons if exon.start <= end and start <= exon.end]
        numbers = [
            number
            for number, codon in enumerate(self.codons(build, gene), 1)
            if any(start <= base <= end for base in codon)
        ]
        whole = len(within) == len({exon.number for exon in known.exons})
        exons = frozenset(exon.number for exon in touched)
        return Removed(whole, exons, exons == within, (numbers[0], numbers[-1]) if numbers else (0, 0))


@lru_cache(maxsize=4)
def coding_exons(folder: Path) -> CodingExons | None:
    """The coding exons of the rule set in ``folder``; None where it has none.

    Raises ``RulebaseError`` where the file is malformed.
    """
    if not (folder / FILE).is_file():
        return None
    exons, faults = read_coding_exons(folder / FILE, f"{folder.name}/{FILE}")
    if faults:
        raise RulebaseError(faults)
    return exons


def read_coding_exons(path: Path, where: str) -> tuple[CodingExons, list[Fault]]:
    """The coding exons in a file, and the fault of every line that cannot be read."""
    found: dict[str, dict[str, tuple[str, bool, list[Exon]]]] = {build: {} for build in BUILDS}
    faults: list[Fault] = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        parts = line.split("\t")
        if line.startswith("#") or not line.strip() or parts == list(COLUMNS):
            continue
        try:
            gene, _, chromosome, strand = parts[:4]
            exon, *places = (int(part) for part in parts[4:9])
            bounds = dict(zip(BUILDS, (places[:2], places[2:]), strict=True))
            if strand not in ("+", "-") or any(not 0 < start <= end for start, end in bounds.values()):
                raise ValueError(line)
        except ValueError:
            expected = f"the columns {', '.join(COLUMNS)}, starts before their ends"
            faults.append(
                Fault(where=where, line=number, message=f"found '{line[:60]}'", expected=expected, code="RT044")
            )
            continue
        for build, (start, end) in bounds.items():
            found[build].setdefault(gene, (chromosome, strand == "+", []))[2].append(Exon(exon, start, end))
    return CodingExons(
        {
            build: {
                gene: _Gene(chromosome, forward, tuple(exons)) for gene, (chromosome, forward, exons) in genes.items()
            }
            for build, genes in found.items()
        }
    ), faults


def exon_faults(exons: CodingExons, sequences: Mapping[str, str], where: str) -> list[Fault]:
    """A fault for each gene whose coding exons do not make as many residues as its protein has."""
    faults: dict[str, Fault] = {}
    for build in BUILDS:
        for gene in exons.genes(build):
            length = exons.length(build, gene)
            if gene in sequences and length != len(sequences[gene]):
                message = f"the exons of {gene} on {build} make {length} residues"
                expected = f"{len(sequences[gene])}, as the protein has"
                faults.setdefault(gene, Fault(where=where, message=message, expected=expected, code="RT045"))
    return list(faults.values())
