"""A virus's genotype: at each position the set of residues that was found, and what of each gene was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from resistab.core.faults import NotUnderstood
from resistab.core.measured import MeasuredResponse
from resistab.domains.virus.grammar.residues import INSERTION, residues_text


@dataclass(frozen=True, slots=True)
class ResidueFinding:
    """The residues found at one position of a gene, where they are not the reference's alone.

    ``residues`` are single characters in order: amino acids in one-letter code, ``*`` a stop, ``i`` an insertion
    after the position, ``d`` a deletion of it. A mixture holds several, the reference's own among them where it was
    found too. ``reference`` is the reference residue, "" where the rule set has no sequence for the gene.
    ``inserted`` are the residues of an insertion where they are known, ``shares`` the shares of reads that hold each
    of ``residues``, from 0 to 1, where reads were counted.
    """

    gene: str
    position: int
    reference: str
    residues: tuple[str, ...]
    given: str
    inserted: str = ""
    shares: tuple[float, ...] = ()

    @property
    def mutation(self) -> str:
        """The finding without its gene: ``M184MV``, ``T69S_SS``, ``T69ins``, ``D67del``."""
        site = f"{self.reference}{self.position}"
        if self.inserted:
            beside = residues_text((residue for residue in self.residues if residue != INSERTION), "")
            return f"{site}{beside}_{self.inserted}"
        written = residues_text(self.residues, "")
        # A mixture that spells a word would be read as an insertion or deletion.
        return f"{site}{residues_text(self.residues) if written in ('INS', 'DEL') else written}"

    @property
    def text(self) -> str:
        """The finding as it is reported: ``RT M184MV``."""
        return f"{self.gene} {self.mutation}"


@dataclass(frozen=True, slots=True)
class GeneCoverage:
    """The positions of a gene that were read, as ordered inclusive ranges; ``ranges`` None means all of them.

    At a position that was not read a finding says which residues are there, and others may be there too.
    ``inferred`` says that nobody stated it: the gene counts as sequenced because a mutation of it was listed.
    """

    gene: str
    ranges: tuple[tuple[int, int], ...] | None = None
    inferred: bool = False

    def covers(self, position: int) -> bool:
        """Whether the position was read."""
        return self.ranges is None or any(first <= position <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class ReadCodons:
    """Consecutive codons of a gene as they were read, the first of them at position ``first``, in IUPAC letters."""

    gene: str
    first: int
    bases: str

    def at(self, position: int) -> str:
        """The codon at a position, "" where it is none of these."""
        start = 3 * (position - self.first)
        return self.bases[start : start + 3] if start >= 0 else ""


@dataclass(frozen=True, slots=True)
class QualityNote:
    """Something to know before a sequence's interpretation is trusted.

    ``kind`` is a stable word for programs, ``severity`` how much it matters: ``note``, ``warning``, or ``severe``
    where the interpretation is not to be used as it stands.
    """

    kind: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadsGiven:
    """That reads were counted at each position: in which kind of file, and what of them counts.

    ``threshold`` is the share of the reads, from 0 to 1, from which a residue counts; a position with fewer than
    ``fewest_reads`` was not read.
    """

    kind: Literal["codfreq", "AAVF"]
    threshold: float
    fewest_reads: int


@dataclass(frozen=True, slots=True)
class EarlierTherapy:
    """A drug that the patient has had, and whether the virus was found to multiply under it."""

    drug: str
    failed: bool = False

    @property
    def text(self) -> str:
        """The drug, and whether it failed."""
        return f"{self.drug} failed" if self.failed else self.drug


@dataclass(frozen=True, slots=True)
class ViralGenotype:
    """Everything that is known of one virus sample.

    ``prior_therapies`` are drugs that the patient has had, None where nothing was said of them.
    """

    sample: str
    findings: tuple[ResidueFinding, ...] = ()
    coverage: tuple[GeneCoverage, ...] = ()
    quality: tuple[QualityNote, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
    notes: tuple[str, ...] = ()
    # Bases of the sequence, None where mutations were listed instead.
    bases: int | None = field(default=None)
    measured: tuple[MeasuredResponse, ...] = ()
    reads: ReadsGiven | None = None
    prior_therapies: tuple[EarlierTherapy, ...] | None = None
    # Of a sequence, what a change of a residue would cost; nothing that is concluded of resistance rests on it.
    codons: tuple[ReadCodons, ...] = field(default=(), compare=False, repr=False)
