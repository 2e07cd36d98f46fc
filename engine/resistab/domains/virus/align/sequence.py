"""From a nucleotide sequence to a viral genotype: what was read, what differs from the reference, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from resistab.core.faults import Fault, InputError
from resistab.domains.virus.align.codon_alignment import CodonAligner, Strand
from resistab.domains.virus.align.codons import codon_letters, codon_residues, reverse_complement
from resistab.domains.virus.align.gene_alignment import FEWEST_CODONS, GeneAlignment
from resistab.domains.virus.align.sequence_quality import (
    QualityFacts,
    SequenceCounts,
    quality_notes,
    ranges_of,
)
from resistab.domains.virus.genotype import GeneCoverage, ReadCodons, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import DELETION, INSERTION
from resistab.domains.virus.inputs.fasta import FastaRecord
from resistab.report.words import counted

# Group O, the farthest of HIV-1, keeps three quarters of the residues of pol; HIV-2 has less than three fifths.
LEAST_IDENTITY = 0.65
# With fewer words of the references than one for so many bases the other strand is looked at too.
_BASES_PER_WORD = 20
_AMBIGUOUS = "RYSWKMBDHV"


class SequenceReader:
    """Reads sequences against the same references, gene symbol to protein, again and again."""

    def __init__(self, references: Mapping[str, str], quality: QualityFacts) -> None:
        self._aligner = CodonAligner(references, quality.preferred_indels)
        self._references = dict(references)
        self._quality = quality

    def read(self, record: FastaRecord) -> ViralGenotype:
        """The genotype of a record.

        Findings are the positions that differ from the reference, genes in the references' order; a mixture with the
        reference's residue holds it too. Positions whose codon has two or more N, or that a frame shift touches, are
        not covered. Raises ``InputError`` where the record is too short, is all N, or aligns with no gene.
        """
        self._refuse_hopeless(record)
        strand = self._right_strand(record.sequence)
        sequence = strand.bases
        alignments = self._aligner.align(strand)
        self._refuse_strangers(record, alignments)
        findings: list[ResidueFinding] = []
        coverage: list[GeneCoverage] = []
        undetermined: dict[str, list[int]] = {}
        for gene in alignments:
            dark = undetermined[gene.gene] = _undetermined(gene, sequence)
            findings += sorted(self._findings(gene, strand), key=lambda finding: finding.position)
            coverage.append(GeneCoverage(gene.gene, ranges_of(_read_positions(gene, dark))))
        counts = SequenceCounts(
            bases=len(sequence),
            ambiguous=sum(sequence.count(letter) for letter in _AMBIGUOUS),
            gaps=record.gaps,
            reversed=sequence != record.sequence,
            undetermined=undetermined,
        )
        return ViralGenotype(
            sample=record.name,
            findings=tuple(findings),
            coverage=tuple(coverage),
            quality=quality_notes(findings, alignments, coverage, counts, self._quality),
            bases=len(sequence),
            codons=tuple(
                ReadCodons(gene.gene, block.start + 1, sequence[block.base : block.base_end])
                for gene in alignments
                for block in gene.blocks
            ),
        )

    def _right_strand(self, sequence: str) -> Strand:
        """The strand that encodes more of the references."""
        given = self._aligner.strand(sequence)
        if len(given.words) * _BASES_PER_WORD >= len(sequence):
            return given
        other = self._aligner.strand(reverse_complement(sequence))
        return other if len(other.words) > len(given.words) else given

    def _refuse_hopeless(self, record: FastaRecord) -> None:
        known = len(record.sequence) - record.sequence.count("N")
        fewest = 3 * FEWEST_CODONS
        if known == 0:
            raise _refusal(record, "holds nothing but N", "a sequence")
        if known < fewest:
            bases = counted(known, "base") + (" that are not N" if known < len(record.sequence) else "")
            raise _refusal(record, f"has {bases}, too few to align", f"at least {fewest}")

    def _refuse_strangers(self, record: FastaRecord, alignments: tuple[GeneAlignment, ...]) -> None:
        genes = ", ".join(self._references)
        if not alignments:
            raise _refusal(record, f"aligns with none of {genes}", "a sequence of this virus that holds one of them")
        compared = sum(gene.compared for gene in alignments)
        share = sum(gene.matches for gene in alignments) / compared
        if share < LEAST_IDENTITY:
            message = f"has only {share:.0%} of the residues of {', '.join(gene.gene for gene in alignments)}"
            raise _refusal(record, message, "this virus, not a relative of it (as HIV-2 is of HIV-1)")

    def _findings(self, gene: GeneAlignment, strand: Strand) -> Iterator[ResidueFinding]:
        sequence, letters = strand.bases, strand.letters
        reference = self._references[gene.gene]
        inserted = {insertion.position: insertion.bases for insertion in gene.insertions}
        for position in gene.deletions:
            if position not in gene.unread:
                yield ResidueFinding(gene.gene, position, reference[position - 1], (DELETION,), "codon missing")
        for block in gene.blocks:
            for number, letter in enumerate(letters[block.base : block.base_end : 3]):
                position = block.start + number + 1
                if (letter == reference[position - 1] and position not in inserted) or position in gene.unread:
                    continue
                codon = sequence[block.base + 3 * number : block.base + 3 * number + 3]
                residues, given, added = codon_residues(codon), f"codon {codon}", ""
                if bases := inserted.get(position):
                    residues = (*residues, INSERTION)
                    added = "".join(codon_letters(bases)[::3])
                    given += f" and {bases} after it"
                if residues and residues != (reference[position - 1],):
                    yield ResidueFinding(gene.gene, position, reference[position - 1], residues, given, added)


def _refusal(record: FastaRecord, message: str, expected: str) -> InputError:
    told = f"the record '{record.name}' {message}"
    return InputError([Fault(where=record.where, line=record.line, message=told, expected=expected)])


def _undetermined(gene: GeneAlignment, sequence: str) -> list[int]:
    """The positions of a gene whose codon has two or three N."""
    if "N" not in sequence:
        return []
    return [
        block.start + number + 1
        for block in gene.blocks
        for number in range(block.length)
        if not codon_residues(sequence[block.base + 3 * number : block.base + 3 * number + 3])
        and block.start + number + 1 not in gene.unread
    ]


def _read_positions(gene: GeneAlignment, undetermined: list[int]) -> set[int]:
    read = {position for block in gene.blocks for position in range(block.start + 1, block.end + 1)}
    return (read | set(gene.deletions)) - gene.unread - set(undetermined)
