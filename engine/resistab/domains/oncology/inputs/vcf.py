"""VCF, plain, gzipped or as BCF: variants of one sample with the consequences that VEP or SnpEff annotated.

Read as a stream by htslib, so that a large file needs little memory. Calls are made by the caller: what did not pass
its filters, and what is not in the sample, is counted and filtered out. Format: the VCF specification, 4.2 to 4.5.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from resistab.core.condition import atoms
from resistab.core.faults import Fault, FaultAt, InputError, fault_in
from resistab.core.said import said
from resistab.domains.oncology.atoms import ChangeAtom
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import (
    FilteredCall,
    GivenFinding,
    GivenSample,
    GivenText,
)
from resistab.domains.oncology.inputs.builds import CONTIG_LENGTHS, LONGEST_CONTIG, Build, build_named
from resistab.domains.oncology.inputs.consequences import (
    NO_READ_AT_ALL,
    NO_READS,
    OUTSIDE,
    SMALL_VARIANTS,
    FilteredOut,
    Taken,
    UnreadCall,
    alteration_of,
    is_elsewhere,
)
from resistab.domains.oncology.inputs.coverage import Covered
from resistab.domains.oncology.inputs.vcf_annotation import (
    Annotation,
    Scheme,
    accession,
    by_gene,
    for_allele,
    scheme_of,
)
from resistab.domains.oncology.inputs.vcf_fields import (
    allele_fraction,
    depth,
    failed_filters,
    has_quality,
    is_reference,
    phase_of,
    supporting_reads,
    value_of,
)
from resistab.domains.oncology.inputs.vcf_structural import is_structural, structural_alterations
from resistab.domains.oncology.kinds.coding_exons import CodingExons
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.opening import at_rest, head, text_lines, unpacked
from resistab.files.sample_names import name_fault, no_such_sample, some_of
from resistab.report.words import few

_VERSION = re.compile(rb"##fileformat=VCFv(?P<version>\d+\.\d+)")
_VERSIONS = ("4.0", "4.1", "4.2", "4.3", "4.4", "4.5")
_TUMOUR_NAMES = ("tumor", "tumour", "TUMOR", "TUMOUR", "Tumor", "Tumour")
# What pysam raises where a record is not as its header says: columns or values missing, text that is not UTF-8.
_MALFORMED = (IndexError, KeyError, ValueError, TypeError, OverflowError)
# A change that is called as absent, and in so many of the reads all the same.
_SEEN_ALL_THE_SAME = 0.01
# Of so many changes of one gene on one chromosome nobody reads the pairs; of these far fewer lie where rules look.
_MOST_PHASED = 20
_MOST_PHASED_AND_NAMED = 200
_RESIDUE = re.compile(r"[0-9]{1,6}")
_CALLED_WITHOUT_READS = f"{NO_READS}, though called as present"
# So that a person sees a large file being read.
_RECORDS_A_STEP = 20_000


@dataclass(frozen=True)
class _Phased:
    """A change on one haplotype of a phase set, to be set beside others of its gene."""

    gene: str
    text: str
    haplotype: tuple[str, int]
    finding: GivenFinding


@dataclass
class _Reading:
    findings: list[GivenFinding] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    phased: list[_Phased] = field(default_factory=list)
    annotated: int = 0
    unannotated: int = 0
    small: int = 0
    structural: int = 0
    covered: Covered = field(default_factory=Covered)
    blocks: int = 0
    uncalled: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    filtered_calls: list[FilteredCall] = field(default_factory=list)
    impossible: dict[str, str] = field(default_factory=dict)


def read_vcf(
    path: Path,
    rulebase: Rulebase,
    wanted: str | None = None,
    exons: CodingExons | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[GivenSample]:
    """The sample of a VCF called ``wanted``, or its only one, or the one that its header says is the tumour.

    ``exons`` are the coding exons by which blocks of a gVCF count as coverage. ``progress`` is told now and then how
    many records were read. Raises ``InputError``: for a file without consequences with the command that adds them.
    """
    import pysam

    header_lines = _check_begin(path)
    pysam.set_verbosity(0)
    number = 0
    try:
        with unpacked(path) as source, pysam.VariantFile(source) as file:
            header = file.header
            lines = str(header)
            lengths: dict[str, int | None] = {str(name): contig.length for name, contig in header.contigs.items()}
            build = _build(path, lines, lengths)
            scheme = scheme_of({key: _description(record) for key, record in header.info.items()})
            samples = [str(name) for name in header.samples]
            sample = _chosen(path, samples, wanted, lines)
            reading = _Reading()
            reader = _Reader(path, rulebase, scheme, sample, header_lines, reading, exons, build, lengths)
            for number, record in enumerate(_records(file, path, header_lines), 1):
                try:
                    reader.take(record, number)
                except _MALFORMED as error:
                    raise _unreadable(path, header_lines + number) from error
                if progress and number % _RECORDS_A_STEP == 0:
                    progress(number)
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        # htslib names the file that it opened.
        reason = str(error).rstrip(".").replace(str(at_rest(path)), str(path))
        message = f"cannot be read as a VCF: {reason}"
        expected = "a VCF of version 4.2 to 4.5"
        raise InputError([Fault(where=str(path), message=message, expected=expected)]) from error
    if not number:
        message = "holds a header and no record"
        raise InputError([Fault(where=str(path), message=message, expected="a record for each variant")])
    if not reading.annotated and reading.unannotated:
        raise _without_consequences(path, build)
    reading.findings.extend(_phases(reading.phased, rulebase, str(path), reading.notes))
    version = _VERSION.match(head(path)[:100].removeprefix(b"\xef\xbb\xbf"))
    told = [f"VCF {version['version'].decode()}" if version else "BCF"]
    told += [f"consequences by {scheme.program}"] if scheme else []
    told += [build] if build else []
    told += [f"sample {sample}"] if sample is not None and len(samples) > 1 else []
    return [
        GivenSample(
            sample=sample or wanted or "sample",
            tumour_type=None,
            findings=reading.findings,
            assayed=_coverage(reading, exons, build, path),
            read_as=", ".join(told),
            notes=sorted({*reading.notes, *_impossible(reading.impossible)}),
            filtered_out=dict(reading.filtered_out),
            # A file of structural variants alone is silent of mutations, whatever was assayed.
            reports=SMALL_VARIANTS if reading.small or not reading.structural else frozenset(),
            unclear=frozenset(reading.uncalled),
            covered_genes=_genes_told_of(reading, exons, build),
            filtered_calls=reading.filtered_calls,
        )
    ]


def _impossible(fractions: Mapping[str, str]) -> Iterator[str]:
    """The note on allele fractions that can be none, by what stands there and the place of the first such record."""
    if fractions:
        yield said(
            "allele fractions were not read, since they are none from 0 to 1 (are they per cent?): {names}",
            names=few([f"{text} at {place}" for text, place in fractions.items()], 5),
        )


def _genes_told_of(reading: _Reading, exons: CodingExons | None, build: Build | None) -> frozenset[str]:
    """The genes of whose coverage the blocks of a gVCF tell; none where there are no blocks."""
    if not reading.blocks or exons is None or build is None:
        return frozenset()
    return frozenset(exons.genes(build))


def _coverage(reading: _Reading, exons: CodingExons | None, build: Build | None, path: Path) -> list[GivenText]:
    """What the blocks of a gVCF, and the calls between them, cover of the genes whose coding exons are known."""
    if not reading.blocks or exons is None or build is None:
        return []
    place = fault_in(str(path))
    return [GivenText(locus, place, shown="blocks of the gVCF") for locus in reading.covered.loci(exons, build)]


def _description(record: Any) -> str:
    return str(record.description or "")


def _records(file: Any, path: Path, header_lines: int) -> Iterator[Any]:
    """The records of an open file; a record that cannot be read is told with its line."""
    number = 0
    while True:
        try:
            record = next(file)
        except StopIteration:
            return
        except (OSError, ValueError) as error:
            raise _unreadable(path, header_lines + number + 1) from error
        number += 1
        yield record


def _unreadable(path: Path, line: int) -> InputError:
    message = "the record cannot be read"
    expected = "columns separated by tabs, as the header declares them: CHROM, POS, ID, REF, ALT, QUAL, FILTER, …"
    return InputError([Fault(where=str(path), line=line, message=message, expected=expected)])


def _check_begin(path: Path) -> int:
    """The number of lines of the header; raises ``InputError`` where it is none. A BCF has none."""
    begin = head(path)
    where = str(path)
    if begin.startswith(b"\xef\xbb\xbf"):
        message = "begins with a byte order mark, which a VCF must not have"
        raise InputError([Fault(where=where, line=1, message=message, expected="##fileformat=VCFv4.2 or later")])
    match = _VERSION.match(begin)
    if match is None:
        return 0
    if match["version"].decode() not in _VERSIONS:
        message = f"is a VCF of version {match['version'].decode()}"
        raise InputError([Fault(where=where, line=1, message=message, expected="version 4.2 to 4.5")])
    for number, line in text_lines(path):
        if not line.startswith("##"):
            if line.startswith("#CHROM\t"):
                return number
            break
    message = "has no line of column names"
    raise InputError([Fault(where=where, message=message, expected="#CHROM, POS, ID, REF, ALT, … before the records")])


def _without_consequences(path: Path, build: Build | None) -> InputError:
    assembly = build or "GRCh38"
    mane = "--mane --canonical" if assembly == "GRCh38" else "--canonical"
    command = (
        f"vep --input_file {path} --output_file annotated.vcf --vcf --cache --offline --assembly {assembly} "
        f"--fasta {assembly}.fa --symbol --hgvs {mane} --numbers --allele_number"
    )
    message = "says nowhere what its variants do to proteins (no CSQ of VEP, no ANN of SnpEff)"
    return InputError(
        [Fault(where=str(path), message=message, expected=f"consequences, as this command adds them: {command}")]
    )


def _build(path: Path, lines: str, contigs: Mapping[str, int | None]) -> Build | None:
    """The genome build of the header; raises ``InputError`` where it names two."""
    found: dict[Build, str] = {}
    for name, length in contigs.items():
        build = CONTIG_LENGTHS.get((name.removeprefix("chr"), length or 0))
        if build:
            found.setdefault(build, f"the length of contig {name}")
    for pattern in (
        r"^##reference=(.*)$",
        r"^##assembly=(.*)$",
        r'^##VEP=.*assembly="([^"]*)"',
        r"^##contig=.*assembly=([\w.]+)",
    ):
        for match in re.finditer(pattern, lines, re.MULTILINE):
            text = match[1]
            named = build_named(text) or next(
                (build_named(word) for word in re.findall(r"GRCh3[78]|hg19|hg38|hs37d5|b37|b38", text, re.IGNORECASE)),
                None,
            )
            if named:
                found.setdefault(named, match[0][:80])
    if len(found) > 1:
        (first, why), (second, other) = found.items()
        message = f"two genome builds in one header: {first} by {why}, {second} by {other}"
        raise InputError([Fault(where=str(path), message=message, expected="one build; annotate with the same one")])
    return next(iter(found), None)


def _chosen(path: Path, samples: Sequence[str], wanted: str | None, lines: str) -> str | None:
    """The sample to read, None where the file has none; raises ``InputError`` where that is not decided."""
    where = str(path)
    if not samples:
        return None
    for name in samples:
        if fault := name_fault(name):
            raise InputError([Fault(where=where, message=f"the sample '{name}' {fault}", expected="a name")])
    if wanted is not None:
        if wanted in samples:
            return wanted
        raise no_such_sample(where, wanted, samples)
    if len(samples) == 1:
        return samples[0]
    said = re.findall(r"^##(?:tumor|tumour)_sample=(.+)$", lines, re.MULTILINE | re.IGNORECASE)
    tumours = [name for name in samples if name in said] or [name for name in samples if name in _TUMOUR_NAMES]
    if len(tumours) == 1:
        return tumours[0]
    message = f"holds {len(samples)} samples, and which of them is meant is not said"
    expected = f"--sample with one of {some_of(samples)}"
    raise InputError([Fault(where=where, message=message, expected=expected)])


class _Reader:
    """Takes the records of one sample; ``exons`` on ``build`` say in which genes a record lies."""

    def __init__(
        self,
        path: Path,
        rulebase: Rulebase,
        scheme: Scheme | None,
        sample: str | None,
        header_lines: int,
        reading: _Reading,
        exons: CodingExons | None,
        build: Build | None,
        lengths: Mapping[str, int | None],
    ) -> None:
        self.where, self.rulebase, self.scheme, self.sample = str(path), rulebase, scheme, sample
        self.header_lines, self.reading = header_lines, reading
        self.exons, self.build, self.lengths = exons, build, lengths

    def take(self, record: Any, number: int) -> None:
        """Read one record of the file, its ``number`` from 1."""
        reading = self.reading
        self.refuse_beyond(record, number)
        alts = [str(alt) for alt in record.alts or ()]
        call = record.samples[self.sample] if self.sample is not None else None
        if not alts or all(alt in ("<NON_REF>", "<*>", ".") for alt in alts):
            self.block(record, call)
            return
        symbolic = any(is_structural(alt) for alt in alts if alt not in ("<NON_REF>", "<*>"))
        structural_record = symbolic or value_of(record.info, "SVTYPE") is not None
        reading.structural += structural_record
        reading.small += not structural_record
        carried = _carried(call, alts)
        filters = failed_filters(record)
        if filters:
            reason = f"FILTER {', '.join(sorted(filters))}"
            reading.filtered_out[reason] += 1
            if carried is None or carried:
                self.filter_out(
                    record, alts, carried or list(range(1, len(alts) + 1)), reason, uncalled=carried is None
                )
            return
        if carried is None:
            reading.filtered_out[said("not called in the sample")] += 1
            self.filter_out(record, alts, list(range(1, len(alts) + 1)), "not called in the sample", uncalled=True)
            return
        # Asked first: of a genome few records lie in coding sequence, and only these are kept as covered.
        genes = self.genes_here(record)
        if genes and self.is_sure(record, call):
            reading.covered.add(record.chrom, record.pos, record.pos + len(record.ref) - 1)
        if carried and not self.keep_seen(record, call, carried, alts):
            return
        if not carried:
            reading.filtered_out[said("not in the sample")] += 1
            for index, alt in enumerate(alts, 1):
                share = None if is_structural(alt) else self.fraction(record, call, index, alts)
                if share is not None and share >= _SEEN_ALL_THE_SAME:
                    why = f"called as absent, and in {share:.1%} of the reads"
                    self.filter_out(record, alts, [index], why, uncalled=False)
            return
        place = fault_in(self.where, self.header_lines + number)
        values = _values(record, self.scheme.key) if self.scheme else ()
        reading.annotated += bool(values)
        structural = [index for index in carried if is_structural(alts[index - 1])]
        if values and self.scheme and not structural:
            # Of most records of a genome no more need be known, and reading them whole takes most of the time.
            consequences = self.scheme.consequences(values)
            if consequences and all(map(is_elsewhere, consequences)):
                self.elsewhere(record, genes, values, place)
                return
        annotations = self.scheme.annotations(values) if self.scheme else []
        taken: list[GivenFinding] = []
        reasons: list[str] = []
        for index in carried:
            own = for_allele(annotations, record.ref, alts, index)
            if index in structural:
                self.structural(record, call, own or annotations, place, taken, reasons)
            elif own:
                self.small(record, call, own, index, alts, place, taken, reasons)
            else:
                reading.unannotated += not annotations
                self.unannotated(record, annotations, alts[index - 1], place, taken, reasons)
        if taken:
            reading.findings.append(replace(taken[0], records=1))
            reading.findings.extend(taken[1:])
        elif reasons:
            # The gravest first; a record is counted once.
            reading.filtered_out[reasons[0]] += 1

    def refuse_beyond(self, record: Any, number: int) -> None:
        """Refuse a record that ends beyond its contig: a block of it would count as read what was not."""
        length = self.lengths.get(record.chrom) or LONGEST_CONTIG
        # One base behind the last is where the specification puts the telomere.
        if record.stop > length + 1:
            message = f"the record ends at {record.stop:,}, and {record.chrom} has {length:,} bases"
            if not self.lengths.get(record.chrom):
                message = f"the record ends at {record.stop:,}, and no chromosome has more than {length:,} bases"
            fault = fault_in(self.where, self.header_lines + number)
            raise InputError([fault(message, "POS and END within the contig", None)])

    def fraction(self, record: Any, call: Any, index: int, alts: list[str]) -> float | None:
        """The allele fraction; what stands there and can be none is noted."""
        impossible: list[str] = []
        fraction = allele_fraction(record, call, index, alts, impossible)
        for text in impossible:
            self.reading.impossible.setdefault(text, f"{record.chrom}:{record.pos}")
        return fraction

    def keep_seen(self, record: Any, call: Any, carried: list[int], alts: list[str]) -> list[int]:
        """Leave of the ``carried`` alleles those that reads of the sample carry, where they were counted.

        What was called as present and is in none of the reads is filtered out, and told with its change. Where no read
        at all was counted, the genotype stands; without one nothing was called there.
        """
        called = call is not None and "GT" in call
        reasons: list[str] = []
        for index in list(carried):
            seen = supporting_reads(record, call, index, alts)
            if seen is None and not is_structural(alts[index - 1]):
                read = depth(record, call)
                seen = (0, 1 if read is None else read) if self.fraction(record, call, index, alts) == 0 else None
            if seen is None or seen[0] or (called and not seen[1]):
                continue
            carried.remove(index)
            empty = not seen[1]
            reasons.append(NO_READ_AT_ALL if empty else _CALLED_WITHOUT_READS if called else NO_READS)
            if called or empty:
                self.filter_out(record, alts, [index], reasons[-1], uncalled=empty)
        if not carried and reasons:
            self.reading.filtered_out[reasons[0]] += 1
        return carried

    def is_sure(self, record: Any, call: Any) -> bool:
        """Whether a call is deep enough, and good enough, to count as coverage."""
        deep, manifest = depth(record, call), self.rulebase.manifest
        return deep is not None and deep >= manifest.least_depth and has_quality(call, manifest.least_genotype_quality)

    def genes_here(self, record: Any) -> set[str]:
        """The genes of which the record's place holds a coding base; empty where that is not known."""
        if self.exons is None or self.build is None:
            return set()
        end = record.pos + len(record.ref or "N") - 1
        return {*self.exons.genes_within(self.build, record.chrom, record.pos, end)}

    def elsewhere(self, record: Any, genes: set[str], values: tuple[str, ...], place: FaultAt) -> None:
        """A record that is annotated outside coding sequence: unless it lies in that of our own transcript."""
        if genes and self.scheme:
            told = {(a.called.gene, accession(a, self.rulebase)) for a in self.scheme.annotations(values)}
            known = self.rulebase.gene_by_name
            genes -= {
                gene for gene, on in told if gene in genes and on.partition(".")[0] in known[gene.upper()].transcripts
            }
        if not genes:
            self.reading.filtered_out[OUTSIDE] += 1
            return
        entry = f"{record.chrom}:{record.pos} {record.ref[:20]}>{','.join(map(str, record.alts))[:20]}"
        why = "lies in coding sequence of the rule set's transcript, and is annotated only elsewhere"
        self.reading.findings.extend(
            GivenFinding(f"{gene} {entry}", place, fallback="", unread=why, records=int(not number))
            for number, gene in enumerate(sorted(genes))
        )

    def filter_out(self, record: Any, alts: list[str], indices: list[int], why: str, *, uncalled: bool) -> None:
        """Remember a call that is filtered out, where it lies in coding sequence of a gene that rules know."""
        if uncalled:
            # Whatever could have been called here: nothing of the gene is known to be absent.
            self.reading.uncalled |= self.genes_here(record)
        values = _values(record, self.scheme.key) if self.scheme else ()
        if self.scheme is None or all(map(is_elsewhere, self.scheme.consequences(values))):
            return
        annotations = self.scheme.annotations(values)
        for index in indices:
            for annotation in by_gene(for_allele(annotations, record.ref, alts, index), self.rulebase):
                read = alteration_of(annotation.called, self.rulebase)
                if isinstance(read, Taken) and annotation.called.gene.upper() in self.rulebase.gene_by_name:
                    self.reading.filtered_calls.append(FilteredCall(read.text, why, uncalled, read.fallback))

    def small(
        self,
        record: Any,
        call: Any,
        annotations: list[Annotation],
        index: int,
        alts: list[str],
        place: FaultAt,
        taken: list[GivenFinding],
        reasons: list[str],
    ) -> None:
        """A variant of one or a few bases."""
        # A share that was rounded to nothing, of reads that were counted, is not known.
        share = self.fraction(record, call, index, alts) or None
        measured = Measured(allele_fraction=share, depth=depth(record, call))
        silent: list[str] = []
        for annotation in by_gene(annotations, self.rulebase):
            read = alteration_of(annotation.called, self.rulebase)
            if isinstance(read, Taken) and not annotation.called.gene:
                entry = f"{annotation.transcript} {annotation.called.change or annotation.called.coding}"
                taken.append(GivenFinding(entry, place, fallback="", unread="the annotation names no gene"))
            elif isinstance(read, FilteredOut):
                silent.append(read.reason)
            elif isinstance(read, UnreadCall):
                taken.append(GivenFinding(read.entry, place, measured, fallback=read.fallback, unread=read.reason))
            else:
                taken.extend(self.findings(read, annotation, measured, place, call, record))
        if not taken:
            reasons.extend(sorted(silent, key=_gravity) or ["outside genes"])

    def findings(
        self, read: Taken, annotation: Annotation, measured: Measured, place: FaultAt, call: Any, record: Any
    ) -> Iterator[GivenFinding]:
        called = annotation.called
        finding = GivenFinding(
            read.text,
            place,
            measured,
            fallback=read.fallback,
            shown=f"{called.gene} {called.change or called.coding}".strip(),
            transcript=accession(annotation, self.rulebase),
        )
        yield finding
        if read.also:
            yield replace(finding, text=read.also)
        haplotype = phase_of(record, call)
        if haplotype is not None and called.change:
            self.reading.phased.append(_Phased(called.gene, read.text, haplotype, finding))

    def unannotated(
        self,
        record: Any,
        annotations: list[Annotation],
        alt: str,
        place: FaultAt,
        taken: list[GivenFinding],
        reasons: list[str],
    ) -> None:
        """A variant without a consequence of its own: nothing may be called absent of the genes that it may lie in."""
        genes = {annotation.called.gene for annotation in annotations if annotation.called.gene}
        genes |= self.genes_here(record)
        if not genes and (self.exons is None or self.build is None):
            genes = {"a variant"}
        entry = f"{record.chrom}:{record.pos} {record.ref[:20]}>{alt[:20]}"
        for gene in sorted(genes):
            text = f"{gene} {entry}"
            taken.append(GivenFinding(text, place, fallback="", unread="no consequence of this allele is annotated"))
        if not genes:
            reasons.append("no consequence is annotated, outside the genes whose exons are known")

    def structural(
        self,
        record: Any,
        call: Any,
        annotations: list[Annotation],
        place: FaultAt,
        taken: list[GivenFinding],
        reasons: list[str],
    ) -> None:
        """A structural variant, of which copies and fusions are read."""
        found = structural_alterations(record, call, annotations, self.rulebase, self.exons, self.build)
        for alteration in found:
            taken.append(
                GivenFinding(
                    alteration.text,
                    place,
                    alteration.measured,
                    fallback=alteration.fallback,
                    shown=alteration.shown,
                    unread=alteration.unread,
                )
            )
        if not found:
            reasons.append("a structural variant without effect on a gene that is annotated")

    def block(self, record: Any, call: Any) -> None:
        """A record without a variant: coverage, where it is deep enough, passed its filters, and is called so.

        One that stands for a single base and was not called leaves its gene open, as elsewhere.
        """
        self.reading.filtered_out[said("a block without a variant")] += 1
        is_block = value_of(record.info, "END") is not None or bool(record.alts)
        self.reading.blocks += is_block
        if not failed_filters(record) and is_reference(call) and self.is_sure(record, call):
            self.reading.covered.add(record.chrom, record.pos, record.stop)
        elif not is_block and not is_reference(call):
            self.reading.uncalled |= self.genes_here(record)


_GRAVITY = ("beside a splice site, not at it", "synonymous", OUTSIDE)


def _gravity(reason: str) -> int:
    return _GRAVITY.index(reason) if reason in _GRAVITY else -1


def _values(record: Any, key: str) -> tuple[str, ...]:
    value = value_of(record.info, key)
    values = (value,) if isinstance(value, str) else tuple(str(item) for item in value or ())
    return tuple(item for item in values if "|" in item)


def _carried(call: Any, alts: Sequence[str]) -> list[int] | None:
    """The alternative alleles, from 1, that the sample carries; None where none is, and an allele was not called.

    Without a sample, or without a genotype among its fields, all of them.
    """
    real = [index for index, alt in enumerate(alts, 1) if alt not in ("<NON_REF>", "<*>", "*", ".")]
    if call is None or "GT" not in call:
        return real
    alleles = call.allele_indices or (None,)
    carried = [index for index in real if index in alleles]
    return carried if carried or None not in alleles else None


def _phases(phased: Sequence[_Phased], rulebase: Rulebase, where: str, notes: set[str]) -> Iterator[GivenFinding]:
    """Pairs of changes of one gene in one phase set: on the same copy or on different ones.

    Where a gene has so many that nobody reads their pairs, only those of residues that rules name are given, which a
    note says. Raises ``InputError`` where these too are more than any sample has.
    """
    together: dict[tuple[str, str], dict[str, _Phased]] = {}
    for one in phased:
        together.setdefault((one.gene, one.haplotype[0]), {}).setdefault(one.text, one)
    for (gene, _), of_text in together.items():
        changes = list(of_text.values())
        if len(changes) > _MOST_PHASED:
            named = _residues_named(rulebase, gene)
            changes = [
                change for change in changes if named & set(map(int, _RESIDUE.findall(change.text.removeprefix(gene))))
            ]
            notes.add(
                said(
                    "{number} changes of {gene} are phased; which of them are in cis was read of those rules name",
                    number=len(of_text),
                    gene=gene,
                )
            )
        if len(changes) > _MOST_PHASED_AND_NAMED:
            message = f"{len(changes)} phased changes of {gene} at residues that rules name"
            expected = f"at most {_MOST_PHASED_AND_NAMED} in one phase set"
            raise InputError([Fault(where=where, message=message, expected=expected)])
        for number, one in enumerate(changes):
            for other in changes[number + 1 :]:
                phase: Literal["cis", "trans"] = "cis" if one.haplotype[1] == other.haplotype[1] else "trans"
                yield replace(one.finding, phase=phase, phase_with=other.text, fallback="", records=0, shown=None)


def _residues_named(rulebase: Rulebase, gene: str) -> set[int]:
    """The residues of changes of ``gene`` that rules ask for, alone or by how they lie to each other."""
    named: set[int] = set()
    for condition in rulebase.live_conditions():
        for atom in atoms(condition):
            for part in atom.parts or (atom,):
                if isinstance(part, ChangeAtom) and part.gene == gene:
                    named |= {part.change.start, part.change.end}
    return named
