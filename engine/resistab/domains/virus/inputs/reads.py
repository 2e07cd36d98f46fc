"""From the reads that a laboratory counted at each position to a genotype, as files of codfreq and AAVF give them.

A residue counts where its share of the reads at its position is at least a threshold; 20 % is what HIVdb of Stanford
reports by for such files (https://hivdb.stanford.edu/hivdb/by-reads/). A position with fewer than ``FEWEST_READS``, or
with none, was not read. So it is too where no residue reaches the threshold. Where a residue that is not the reference
would reach it if the reads that cannot be told held it, the position is not read beside what was found there: what is
not known is never taken as the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Literal

from resistab.core.faults import Fault, InputError, OptionsError
from resistab.core.said import said, said_of, terms
from resistab.domains.virus.align.sequence import LEAST_IDENTITY
from resistab.domains.virus.align.sequence_quality import ranges_of
from resistab.domains.virus.genotype import GeneCoverage, QualityNote, ReadsGiven, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import INSERTION, residue_order, residues_text
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.report.words import counted, few, percent

FEWEST_READS = 100
DEFAULT_THRESHOLD = Fraction(20, 100)
# Below the first are errors of sequencing; above the second most of the virus might be passed over.
_THRESHOLDS = (Fraction(1, 100), Fraction(50, 100))
# Residues in fewer reads than this are counted, and not named, in what was not counted.
_NAMED_FROM = Fraction(1, 100)
_MOST_NAMED = 40
# Why a position was not read, or not wholly.
_UNTOLD = "{gene} {positions}: with the reads in doubt a mutation may reach {share}; taken as not read"
_OTHERS = (
    "{gene} {positions}: with the reads in doubt another mutation may reach {share}; not read beside what was found"
)
_NOTHING_FREQUENT = "{gene} {positions}: no residue reaches {share} of the reads; taken as not read"
_KINDS = terms("few reads", "undetermined", "filtered", "below the threshold", "reference")
# So many positions must be compared before a file is said to be of something else.
_FEWEST_COMPARED = 20
# A file of something else altogether has a fault in every line.
MOST_FAULTS = 100
MOST_ROWS = 2_000_000
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*(%?)")


@dataclass(slots=True)
class CountedSite:
    """What was counted at one position: all reads, the share of them with each residue, and what cannot be told.

    ``shares`` are by residue, an insertion and a deletion among them, ``inserted`` by the residues of an insertion.
    ``given`` says of a residue how the file wrote it. ``doubtful`` are the shares of residues that a filter of the file
    did not let pass, ``untold`` the share of reads of which no residue is known.
    """

    reads: int
    shares: dict[str, Fraction] = field(default_factory=dict)
    inserted: dict[str, Fraction] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, Fraction] = field(default_factory=dict)
    untold: Fraction = Fraction(0)

    @property
    def unsure(self) -> Fraction:
        """The share of reads of which no residue at the position is known for certain."""
        return self.untold + sum(share for residue, share in self.doubtful.items() if residue != INSERTION)

    @property
    def told(self) -> Fraction:
        """The share of reads that the file speaks of; an insertion is beside the residue before it."""
        return self.unsure + sum(share for residue, share in self.shares.items() if residue != INSERTION)

    def may_hold_another(self, reference: str, threshold: Fraction) -> bool:
        """Whether a residue that is not ``reference`` and reaches no ``threshold`` may reach it by what is unsure."""
        most = Fraction(0)
        for residue in {*self.shares, *self.doubtful} - {reference}:
            share = self.shares.get(residue, Fraction(0))
            if share < threshold:
                most = max(most, share + self.doubtful.get(residue, Fraction(0)))
        return self.untold + most >= threshold

    def add(self, residue: str, share: Fraction, given: str) -> None:
        """Add reads with ``residue``; ``given`` is how they are written."""
        self.shares[residue] = self.shares.get(residue, Fraction(0)) + share
        self.given.setdefault(residue, given)


@dataclass(frozen=True, slots=True)
class CountedReads:
    """What a file counted: the sites by gene and position, and of other genes how many positions.

    ``whole`` are genes that were read where the file names no site too, ``quality`` what its reader has to say of it.
    """

    where: str
    kind: Literal["codfreq", "AAVF"]
    sites: Mapping[tuple[str, int], CountedSite]
    other_genes: Mapping[str, int]
    whole: Sequence[str] = ()
    quality: Sequence[QualityNote] = ()


def threshold_said(text: str | None) -> Fraction:
    """The threshold that an option says, ``10%`` or ``0.1``; raises ``OptionsError`` where it says none."""
    if text is None:
        return DEFAULT_THRESHOLD
    match = _SHARE.fullmatch(text.strip())
    if match is not None and (match[2] or "." in match[1]):
        share = Fraction(match[1]) / (100 if match[2] else 1)
        if _THRESHOLDS[0] <= share <= _THRESHOLDS[1]:
            return share
    least, most = (percent(float(share)) for share in _THRESHOLDS)
    raise OptionsError(
        f"--threshold '{text[:40]}' is no share of reads; expected one from {least} to {most}, such as 20% or 0.2"
    )


def genotype_of(
    found: CountedReads, sample: str, genes: Sequence[str], references: Mapping[str, str], threshold: Fraction
) -> ViralGenotype:
    """The genotype that the reads say; ``genes`` are those of the rule set in their order.

    Raises ``InputError`` where nothing was counted of any of them.
    """
    if not (found.sites or found.whole):
        instead = f"; it has {few(list(found.other_genes))}" if found.other_genes else ""
        message = f"has no reads of a gene of the rule set{instead}"
        raise InputError([Fault(where=found.where, message=message, expected=f"reads of {', '.join(genes)}")])
    findings: list[ResidueFinding] = []
    read: dict[str, set[int]] = {gene: set() for gene in genes}
    thin: dict[str, list[int]] = {}
    unread: dict[tuple[str, str], list[int]] = {}
    little: list[tuple[Fraction, str]] = []
    below: list[tuple[Fraction, str]] = []
    doubtful: list[tuple[Fraction, str]] = []
    too_few: list[str] = []
    order = {gene: number for number, gene in enumerate(genes)}
    for (gene, position), site in sorted(found.sites.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        reference = references[gene][position - 1]
        finding = _finding(gene, position, reference, site, threshold)
        if site.reads < FEWEST_READS:
            thin.setdefault(gene, []).append(position)
            if finding is not None and finding.residues != (reference,):
                too_few.append(
                    said_of(
                        site.reads,
                        "{finding} in {number} read",
                        "{finding} in {number} reads",
                        finding=finding.text,
                    )
                )
            continue
        doubtful += [(share, _text(gene, position, reference, residue)) for residue, share in site.doubtful.items()]
        below += _below(gene, position, reference, site, threshold)
        mutated = finding is not None and finding.residues != (reference,)
        if finding is not None and mutated:
            findings.append(finding)
        if site.may_hold_another(reference, threshold):
            unread.setdefault((gene, _OTHERS if mutated else _UNTOLD), []).append(position)
        elif finding is None:
            unread.setdefault((gene, _NOTHING_FREQUENT), []).append(position)
        else:
            read[gene].add(position)
            if site.unsure:
                little.append((site.unsure, f"{gene} {position}"))
    for gene in found.whole:
        named = {position for of, position in found.sites if of == gene}
        read[gene] |= set(range(1, len(references[gene]) + 1)) - named
    known = {gene for gene in genes if read[gene]} | {finding.gene for finding in findings}
    coverage = tuple(GeneCoverage(gene, ranges_of(read[gene])) for gene in genes if gene in known)
    others = [f"{name} ({counted(number, 'position')})" for name, number in found.other_genes.items()]
    return ViralGenotype(
        sample=sample,
        findings=tuple(findings),
        coverage=coverage,
        quality=(*found.quality, *_quality(thin, too_few, unread, little, doubtful, below, threshold)),
        notes=(said("Not read, as the rule set has no such gene: {names}", names=few(others)),) if others else (),
        reads=ReadsGiven(found.kind, float(threshold), FEWEST_READS),
    )


def _finding(gene: str, position: int, reference: str, site: CountedSite, threshold: Fraction) -> ResidueFinding | None:
    """The residues in reads enough, be it the reference's alone; None where none is."""
    residues = tuple(sorted((r for r, share in site.shares.items() if share >= threshold), key=residue_order))
    if not residues:
        return None
    inserted = max(site.inserted, key=lambda text: (site.inserted[text], text), default="")
    return ResidueFinding(
        gene=gene,
        position=position,
        reference=reference,
        residues=residues,
        given=", ".join(dict.fromkeys(site.given[residue] for residue in residues)),
        inserted=inserted if INSERTION in residues else "",
        shares=tuple(float(site.shares[residue]) for residue in residues),
    )


def _below(
    gene: str, position: int, reference: str, site: CountedSite, threshold: Fraction
) -> Iterable[tuple[Fraction, str]]:
    """The residues that are no reference in reads too few, each with its share."""
    for residue, share in site.shares.items():
        if residue != reference and 0 < share < threshold:
            yield share, _text(gene, position, reference, residue)


def _text(gene: str, position: int, reference: str, residue: str) -> str:
    return f"{gene} {reference}{position}{residues_text(residue)}"


def _quality(
    thin: Mapping[str, Sequence[int]],
    too_few: Sequence[str],
    unread: Mapping[tuple[str, str], Sequence[int]],
    little: Sequence[tuple[Fraction, str]],
    doubtful: Sequence[tuple[Fraction, str]],
    below: Sequence[tuple[Fraction, str]],
    threshold: Fraction,
) -> Iterable[QualityNote]:
    share = percent(float(threshold))
    for gene, positions in thin.items():
        message = said(
            "{gene} {positions}: fewer than {number} reads; taken as not read",
            gene=gene,
            positions=_ranges(positions),
            number=FEWEST_READS,
        )
        yield QualityNote("few reads", "warning", message)
    if too_few:
        yield QualityNote(
            "few reads", "warning", said("Not counted, in too few reads: {names}", names=few(too_few, _MOST_NAMED))
        )
    for (gene, why), positions in unread.items():
        named = {"gene": gene, "positions": _ranges(positions), "share": share}
        if why == _UNTOLD:
            message = said(_UNTOLD, **named)
        else:
            message = said(_OTHERS, **named) if why == _OTHERS else said(_NOTHING_FREQUENT, **named)
        yield QualityNote("undetermined", "warning", message)
    if little:
        most, where = max(little, key=_share_of)
        message = said_of(
            len(little),
            "Reads are in doubt at {number} position, most at {where}: {fraction}; too few for another residue to "
            "reach {share}",
            "Reads are in doubt at {number} positions, most at {where}: {fraction}; too few for another residue to "
            "reach {share}",
            where=where,
            fraction=_rounded_down(most),
            share=share,
        )
        yield QualityNote("undetermined", "note", message)
    if doubtful:
        failing = "Not counted, as it did not pass the filters of the file: {names}"
        message = said(failing, names=_shares(doubtful))
        yield QualityNote("filtered", "note", message)
    if below:
        message = said("Not counted, in less than {share} of the reads: {names}", share=share, names=_shares(below))
        yield QualityNote("below the threshold", "note", message)


def _shares(items: Sequence[tuple[Fraction, str]]) -> str:
    """Mutations with their shares of the reads, the most frequent first; those in next to none are counted."""
    named = [
        said("{finding} in {share}", finding=text, share=_rounded_down(of))
        for of, text in sorted(items, key=_most_first)
        if of >= _NAMED_FROM
    ]
    rest = len(items) - len(named)
    shown = few(named, _MOST_NAMED) if named else ""
    least = f"{float(_NAMED_FROM) * 100:.3g}%"
    more = said_of(rest, "{number} residue in less than {share}", "{number} residues in less than {share}", share=least)
    return "; ".join(part for part in (shown, more if rest else "") if part)


def _rounded_down(share: Fraction) -> str:
    """A share as people read it, in three digits and never as much as one that it does not reach."""
    rounded = Context(prec=3, rounding=ROUND_DOWN).divide(Decimal(100 * share.numerator), Decimal(share.denominator))
    return f"{rounded.normalize():f}%"


def _share_of(item: tuple[Fraction, str]) -> Fraction:
    return item[0]


def _most_first(item: tuple[Fraction, str]) -> tuple[Fraction, str]:
    return -item[0], item[1]


def _ranges(positions: Iterable[int]) -> str:
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges_of(positions))


def refuse_strangers(
    where: str, residues: Mapping[tuple[str, int], str], reader: MutationReader, fewest: int = _FEWEST_COMPARED
) -> None:
    """Raise ``InputError`` where the ``residues`` that a file has by gene and position are not those of this virus.

    Nothing is said of fewer positions than ``fewest``.
    """
    same = sum(reader.residue(gene, position) == residue for (gene, position), residue in residues.items())
    if len(residues) >= fewest and same < LEAST_IDENTITY * len(residues):
        message = f"has the residue of the reference at only {same:,} of {len(residues):,} positions"
        expected = "this virus, in the numbering of its proteins"
        raise InputError([Fault(where=where, message=message, expected=expected)])


class Faults:
    """The faults of a file as it is read, up to ``MOST_FAULTS``."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[Fault] = []

    def add(self, line: int, message: str, expected: str | None = None) -> None:
        """Add a fault; raises ``InputError`` with all of them where they are too many."""
        self.found.append(Fault(where=self.where, line=line, message=message, expected=expected))
        if len(self.found) >= MOST_FAULTS:
            more = f"more than {MOST_FAULTS - 1} faults; the file was read no further"
            self.found.append(Fault(where=self.where, line=line, message=more))
            self.done()

    def done(self) -> None:
        """Raise ``InputError`` where there are any."""
        if self.found:
            raise InputError(self.found)
