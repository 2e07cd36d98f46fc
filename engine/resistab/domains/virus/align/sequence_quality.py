"""What to know of a sequence before its interpretation is trusted, and the bounds from which it is said.

Where Stanford's Sierra has a bound for the same problem, the bound is Sierra's; those for capsid, for ambiguous bases
and for undetermined codons are this project's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from resistab.core.said import said, said_of, terms
from resistab.domains.virus.align.gene_alignment import FrameShift, GeneAlignment
from resistab.domains.virus.genotype import GeneCoverage, QualityNote, ResidueFinding
from resistab.domains.virus.grammar.residues import DELETION, INSERTION, STOP
from resistab.domains.virus.kinds.models import PreferredIndels

NOTE, WARNING, SEVERE = "note", "warning", "severe"
Change = tuple[str, int, str]

# Codons of a gene below which it is much too short, and too short.
LEAST_CODONS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"CA": (110, 150), "PR": (60, 80), "RT": (150, 200), "IN": (100, 200)}
)
# The number from which each severity holds, the highest first.
STOP_BOUNDS = ((2, SEVERE), (1, NOTE))
SHIFT_BOUNDS = ((2, SEVERE), (1, WARNING))
APOBEC_BOUNDS = ((5, SEVERE), (3, WARNING), (2, NOTE))
UNUSUAL_BOUNDS = ((9, SEVERE), (5, WARNING), (1, NOTE))
# Shares of the bases, and of the codons of a gene.
MOST_AMBIGUOUS = 0.05
MOST_UNDETERMINED = 0.05
# Findings that a note lists by name; the rest are counted.
_LISTED = 20
KINDS = terms(
    "too short",
    "frame shift",
    "large gap",
    "stop codon",
    "APOBEC signature",
    "APOBEC resistance mutation",
    "unusual residues",
    "unusual indel",
    "foreign end",
    "undetermined codons",
    "many mixtures",
    "reverse complement",
    "gaps removed",
)


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """What is known of a virus for judging its sequences.

    ``apobec`` are (gene, position, residue) that hypermutation by APOBEC leaves and nothing else makes likely,
    ``apobec_resistance`` resistance mutations that it can cause. ``usual`` gives the residues that are not unusual at a
    position, ``i`` and ``d`` among them; a position that it does not name is not judged. ``preferred_indels`` are the
    conventional places of insertions and deletions in a gene, ``least_codons`` the numbers of codons below which a gene
    is much too short and too short.
    """

    apobec: frozenset[Change] = frozenset()
    apobec_resistance: frozenset[Change] = frozenset()
    usual: Mapping[tuple[str, int], str] = field(default_factory=dict)
    preferred_indels: Mapping[str, PreferredIndels] = field(default_factory=dict)
    least_codons: Mapping[str, tuple[int, int]] = field(default_factory=lambda: LEAST_CODONS)


@dataclass(frozen=True, slots=True)
class SequenceCounts:
    """What was counted on reading: all bases, those of two or three letters, gaps removed, codons with two N a gene."""

    bases: int
    ambiguous: int
    gaps: int
    reversed: bool
    undetermined: Mapping[str, Sequence[int]]


def quality_notes(
    findings: Sequence[ResidueFinding],
    alignments: Sequence[GeneAlignment],
    coverage: Sequence[GeneCoverage],
    counts: SequenceCounts,
    facts: QualityFacts,
) -> tuple[QualityNote, ...]:
    """The notes on one sequence, the most severe first, otherwise in the order of this module."""
    notes = [
        *_too_short(coverage, facts),
        *_frame_shifts(alignments),
        *_long_gaps(alignments),
        *_stops(findings),
        *_apobec(findings, facts),
        *_unusual(findings, facts),
        *_foreign_ends(alignments),
        *_undetermined(coverage, counts),
        *_of_the_record(counts),
    ]
    order = (SEVERE, WARNING, NOTE)
    return tuple(sorted(notes, key=lambda note: order.index(note.severity)))


def ranges_of(positions: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Positions as ordered inclusive ranges."""
    ranges: list[tuple[int, int]] = []
    for position in sorted(set(positions)):
        if ranges and position == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], position)
        else:
            ranges.append((position, position))
    return tuple(ranges)


def _ranges_text(positions: Iterable[int]) -> str:
    return _listed([str(first) if first == last else f"{first}-{last}" for first, last in ranges_of(positions)])


def _listed(items: Sequence[str]) -> str:
    shown = ", ".join(items[:_LISTED])
    return f"{shown} and {len(items) - _LISTED} more" if len(items) > _LISTED else shown


def _severity(number: int, bounds: Sequence[tuple[int, str]]) -> str | None:
    return next((severity for least, severity in bounds if number >= least), None)


def _by_gene(findings: Iterable[ResidueFinding]) -> dict[str, list[ResidueFinding]]:
    found: dict[str, list[ResidueFinding]] = {}
    for finding in findings:
        found.setdefault(finding.gene, []).append(finding)
    return found


def _too_short(coverage: Sequence[GeneCoverage], facts: QualityFacts) -> list[QualityNote]:
    notes = []
    for gene in coverage:
        read = sum(last - first + 1 for first, last in gene.ranges or ())
        much, somewhat = facts.least_codons.get(gene.gene, (0, 0))
        if read < somewhat:
            severity, bound = (SEVERE, much) if read < much else (WARNING, somewhat)
            message = said_of(
                read,
                "{number} codon of {gene} was read, fewer than {bound}",
                "{number} codons of {gene} were read, fewer than {bound}",
                gene=gene.gene,
                bound=bound,
            )
            notes.append(QualityNote("too short", severity, message))
    return notes


def _frame_shifts(alignments: Sequence[GeneAlignment]) -> list[QualityNote]:
    notes = []
    for gene in alignments:
        severity = _severity(len(gene.frame_shifts), SHIFT_BOUNDS)
        if severity:
            message = said_of(
                len(gene.frame_shifts),
                "{number} frame shift in {gene}: {names}; the codons there are not read",
                "{number} frame shifts in {gene}: {names}; the codons there are not read",
                gene=gene.gene,
                names=_listed([_shift_text(shift) for shift in gene.frame_shifts]),
            )
            notes.append(QualityNote("frame shift", severity, message))
    return notes


def _shift_text(shift: FrameShift) -> str:
    bases, position = abs(shift.bases), shift.position
    if shift.bases > 0:
        return said_of(
            bases,
            "at codon {position} ({number} base too many)",
            "at codon {position} ({number} bases too many)",
            position=position,
        )
    return said_of(
        bases,
        "at codon {position} ({number} base missing)",
        "at codon {position} ({number} bases missing)",
        position=position,
    )


def _long_gaps(alignments: Sequence[GeneAlignment]) -> list[QualityNote]:
    return [
        QualityNote(
            "large gap",
            SEVERE,
            said(
                "between codons {first} and {last} of {gene} a large part is missing or foreign; were sequences joined "
                "without N for what lies between them?",
                first=before,
                last=after,
                gene=gene.gene,
            ),
        )
        for gene in alignments
        for before, after in gene.long_gaps
    ]


def _stops(findings: Sequence[ResidueFinding]) -> list[QualityNote]:
    notes = []
    for gene, found in _by_gene(finding for finding in findings if STOP in finding.residues).items():
        severity = _severity(len(found), STOP_BOUNDS)
        if severity:
            message = said_of(
                len(found),
                "{number} stop codon in {gene}: {names}",
                "{number} stop codons in {gene}: {names}",
                gene=gene,
                names=_listed([item.mutation for item in found]),
            )
            notes.append(QualityNote("stop codon", severity, message))
    return notes


def _holding(findings: Iterable[ResidueFinding], changes: frozenset[Change]) -> list[str]:
    return [
        finding.text
        for finding in findings
        if any((finding.gene, finding.position, residue) in changes for residue in finding.residues)
    ]


def _apobec(findings: Sequence[ResidueFinding], facts: QualityFacts) -> list[QualityNote]:
    signature = _holding(findings, facts.apobec)
    severity = _severity(len(signature), APOBEC_BOUNDS)
    if severity is None:
        return []
    message = said_of(
        len(signature),
        "{number} mutation of the pattern that APOBEC leaves: {names}",
        "{number} mutations of the pattern that APOBEC leaves: {names}",
        names=_listed(signature),
    )
    notes = [QualityNote("APOBEC signature", severity, message)]
    resistance = _holding(findings, facts.apobec_resistance)
    if resistance:
        message = said_of(
            len(resistance),
            "{number} resistance mutation that APOBEC may have caused beside its pattern, and that may be no effect of "
            "a drug: {names}",
            "{number} resistance mutations that APOBEC may have caused beside its pattern, and that may be no effect "
            "of a drug: {names}",
            names=_listed(resistance),
        )
        notes.append(QualityNote("APOBEC resistance mutation", WARNING, message))
    return notes


def _unusual(findings: Sequence[ResidueFinding], facts: QualityFacts) -> list[QualityNote]:
    """Unusual residues, and apart from them unusual insertions and deletions; stops and APOBEC's pattern are not."""
    residues: dict[str, list[str]] = {}
    indels: dict[str, list[str]] = {}
    for finding in findings:
        usual = facts.usual.get((finding.gene, finding.position))
        if usual is None:
            continue
        strange = {
            residue
            for residue in finding.residues
            if residue not in usual
            and residue not in (STOP, finding.reference)
            and (finding.gene, finding.position, residue) not in facts.apobec
        }
        if strange - {INSERTION, DELETION}:
            residues.setdefault(finding.gene, []).append(finding.mutation)
        if strange & {INSERTION, DELETION}:
            indels.setdefault(finding.gene, []).append(finding.mutation)
    notes = []
    for gene, found in residues.items():
        severity = _severity(len(found), UNUSUAL_BOUNDS)
        if severity:
            message = said_of(
                len(found),
                "{number} unusual mutation in {gene}: {names}",
                "{number} unusual mutations in {gene}: {names}",
                gene=gene,
                names=_listed(found),
            )
            notes.append(QualityNote("unusual residues", severity, message))
    for gene, found in indels.items():
        message = said_of(
            len(found),
            "{number} unusual insertion or deletion in {gene}: {names}",
            "{number} unusual insertions or deletions in {gene}: {names}",
            gene=gene,
            names=_listed(found),
        )
        severity = SEVERE if len(found) > 1 else WARNING
        notes.append(QualityNote("unusual indel", severity, message))
    return notes


def _foreign_ends(alignments: Sequence[GeneAlignment]) -> list[QualityNote]:
    notes = []
    for gene in alignments:
        first, last = gene.foreign
        if first:
            message = said_of(
                first,
                "{number} codon at the beginning of {gene} does not fit the gene and is not read",
                "{number} codons at the beginning of {gene} do not fit the gene and are not read",
                gene=gene.gene,
            )
            notes.append(QualityNote("foreign end", WARNING, message))
        if last:
            message = said_of(
                last,
                "{number} codon at the end of {gene} does not fit the gene and is not read",
                "{number} codons at the end of {gene} do not fit the gene and are not read",
                gene=gene.gene,
            )
            notes.append(QualityNote("foreign end", WARNING, message))
    return notes


def _undetermined(coverage: Sequence[GeneCoverage], counts: SequenceCounts) -> list[QualityNote]:
    notes = []
    for gene in coverage:
        positions = counts.undetermined.get(gene.gene, ())
        if positions:
            read = sum(last - first + 1 for first, last in gene.ranges or ())
            severity = WARNING if len(positions) > MOST_UNDETERMINED * (read + len(positions)) else NOTE
            message = said_of(
                len(positions),
                "{number} codon of {gene} with two or three N not read: {names}",
                "{number} codons of {gene} with two or three N not read: {names}",
                gene=gene.gene,
                names=_ranges_text(positions),
            )
            notes.append(QualityNote("undetermined codons", severity, message))
    return notes


def _of_the_record(counts: SequenceCounts) -> list[QualityNote]:
    notes = []
    if counts.ambiguous > MOST_AMBIGUOUS * counts.bases:
        message = said(
            "{number} of {bases} bases ({share}) are ambiguous, more than {bound}: two samples mixed, or a poor "
            "reading?",
            number=f"{counts.ambiguous:,}",
            bases=f"{counts.bases:,}",
            share=f"{counts.ambiguous / counts.bases:.1%}",
            bound=f"{MOST_AMBIGUOUS:.0%}",
        )
        notes.append(QualityNote("many mixtures", WARNING, message))
    if counts.reversed:
        message = said("the sequence was given from the other strand; its reverse complement was read")
        notes.append(QualityNote("reverse complement", NOTE, message))
    if counts.gaps:
        message = said_of(counts.gaps, "{number} gap character removed", "{number} gap characters removed")
        notes.append(QualityNote("gaps removed", NOTE, message))
    return notes
