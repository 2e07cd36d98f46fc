"""Mutation Annotation Format (MAF), of TCGA, Oncotator, vcf2maf and cBioPortal: a row a mutation, many samples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from resistab.core.faults import Fault, InputError, fault_in
from resistab.core.records import dataclass, field, replace
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import (
    FilteredCall,
    GivenFinding,
    GivenSample,
    GivenText,
)
from resistab.domains.oncology.inputs.builds import one_build
from resistab.domains.oncology.inputs.consequences import (
    MAF_TERMS,
    NO_READ_AT_ALL,
    NO_READS,
    ONE_RESIDUE,
    SMALL_VARIANTS,
    Called,
    FilteredOut,
    Taken,
    UnreadCall,
    alteration_of,
    from_residues,
    names_change,
    says_no_change,
)
from resistab.domains.oncology.inputs.fusions import IsGene, gene_known, named_event, speaks_of_fusion
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.sample_names import name_fault
from resistab.files.tables import MOST_FAULTS, TextRecords, TextRow, number_of, read_records, require

GENE, SAMPLE, CLASS = "hugo_symbol", "tumor_sample_barcode", "variant_classification"
_CHANGE = ("hgvsp_short", "protein_change", "hgvsp", "amino_acid_change", "aachange", "aa_change")
_CODING = ("hgvsc", "cdna_change", "c_position", "c_position_wu")
_TRANSCRIPT = ("transcript_id", "i_transcript_name", "refseq", "annotation_transcript")
_TUMOUR = ("oncotree_code", "tumour_type", "tumor_type")
_BUILD = "ncbi_build"
_PASSED = ("", ".", "PASS", "NA")
# Reads with the change, without it, and in all.
_COUNTS = (
    ("t_alt_count", "tumor_alt_count", "alt_count"),
    ("t_ref_count", "tumor_ref_count", "ref_count"),
    ("t_depth", "tumor_depth"),
)
# Both counts in one column, as in a VCF.
_ALLELE_DEPTHS = ("t_ad", "tumor_ad")
_ALLELES = re.compile(r"(?P<reference>[0-9]+)[,:|/](?P<alternative>[0-9]+)")
# Each names the share of reads that carry the change; the last in percent.
_FRACTIONS = ("tumor_f", "t_vaf", "vaf", "allele_fraction")
_PERCENT = ("i_tumorvaf_wu", "tumorvaf_wu")
_FUSED = frozenset({"fusion", "fusion_gene", "gene_fusion", "structural_variant", "rearrangement", "translocation"})


# What of a row says what was called; all else of it is its sample, its reads, or not read.
_SAYING = (
    GENE,
    CLASS,
    *_CHANGE,
    *_CODING,
    *_TRANSCRIPT,
    "amino_acids",
    "protein_position",
    "mutation_status",
    "filter",
)
_NOWHERE = fault_in("")
# Distinct calls whose meaning is remembered: some 100 MB at most.
_MOST_REMEMBERED = 65_536


@dataclass(slots=True)
class MafSample:
    """What the rows of a sample say, the first of which is in ``line``."""

    line: int
    findings: list[GivenFinding] = field(default_factory=list)
    filtered_out: dict[str, int] = field(default_factory=dict)
    # Each tumour type that a row names, with the line of the first.
    tumours: dict[str, int] = field(default_factory=dict)
    filtered_calls: list[FilteredCall] = field(default_factory=list)

    def count_out(self, reason: str, call: Taken | None = None, uncalled: bool = False) -> None:
        """Count a record that is no finding, and keep its call where it would matter."""
        self.filtered_out[reason] = self.filtered_out.get(reason, 0) + 1
        if call is not None:
            self.filtered_calls.append(FilteredCall(call.text, reason, uncalled, call.fallback))


@dataclass(slots=True)
class _Meaning:
    """What a row says but for its reads and its sample, by which all rows with the same call are read.

    ``event`` says that it is a rearrangement, which further columns describe; ``reason`` is why it is no finding then.
    Of others ``filtered`` is why they are none, whatever their reads are, ``found`` what they are, ``measured`` whether
    an allele fraction is one of theirs. ``call`` is what is told where a call of a gene with rules is filtered out.
    ``plain`` says of ``found`` that it can be no fault, None where that was not asked.
    """

    event: bool = False
    gene: str = ""
    change: str = ""
    reason: str | None = None
    filtered: str | None = None
    found: tuple[GivenFinding, ...] = ()
    measured: bool = False
    call: Taken | None = None
    plain: bool | None = None


def looks_like_maf(columns: list[str]) -> bool:
    """Whether these are column names of a MAF file."""
    names = {column.strip().lower() for column in columns}
    return GENE in names and (CLASS in names or bool(names & set(_CHANGE)))


def read_maf(
    path: Path, rulebase: Rulebase, wanted: str | None = None, knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of a MAF file in the order in which they come, or the one that is ``wanted``.

    ``knows_symbol`` tells symbols of genes without rules, by which partners of fusions are told apart. Raises
    ``InputError`` with every fault: missing columns, numbers that are none, two genome builds in one file.
    """
    return MafReader(read_records(path), rulebase, knows_symbol).samples(wanted)


class MafReader:
    """Reads a table with the columns of MAF row by row; raises ``InputError`` for columns that are missing.

    What rows say is remembered, so that a call which many rows repeat is read once.
    """

    def __init__(self, table: TextRecords, rulebase: Rulebase, knows_symbol: IsGene | None = None) -> None:
        require(table, GENE, SAMPLE, CLASS, _CHANGE)
        self.table, self.rulebase = table, rulebase
        self.is_gene = gene_known(rulebase, knows_symbol)
        places = {name: place for place, name in enumerate(table.columns) if name}

        def of(*names: str) -> tuple[int, ...]:
            return tuple(places[name] for name in names if name in places)

        saying = tuple(name for name in _SAYING if name in places)
        self._saying_names = saying
        self.saying = itemgetter(*of(*saying))
        self.name_at = places[SAMPLE]
        self._tumours, self._builds = of(*_TUMOUR), of(_BUILD)
        # What a row says of the tumour type: alike for rows that say the same.
        self.typed: Callable[[list[str]], object] = itemgetter(*self._tumours) if self._tumours else lambda parts: ""
        self._counts = tuple(of(*names) for names in _COUNTS)
        self._depths, self._shares, self._percents = of(*_ALLELE_DEPTHS), of(*_FRACTIONS), of(*_PERCENT)
        bounds = (*((names, None) for names in _COUNTS), (_FRACTIONS, 1), (_PERCENT, 100))
        self._most_at = {place: most for names, most in bounds for place in of(*names)}
        # Texts in the columns of numbers that are some.
        self._numbers: tuple[tuple[int, set[str]], ...] = tuple((place, set()) for place in self._most_at)
        self.meaning = lru_cache(_MOST_REMEMBERED)(self._meaning)
        # Each build that is named, with the line of the first.
        self.builds: dict[str, int] = {}

    def again(self, table: TextRecords) -> MafReader:
        """The reader of the same table from its beginning, which remembers what this one does."""
        other = copy(self)
        other.table, other.builds = table, {}
        return other

    def samples(self, wanted: str | None = None) -> list[GivenSample]:
        """The samples of the table, or the one that is ``wanted``, see ``read_maf``."""
        faults: list[Fault] = []
        samples: dict[str, MafSample] = {}
        for name, line, parts in self.rows(faults):
            if wanted is None or name == wanted:
                self.take(samples.setdefault(name, MafSample(line)), line, parts, faults)
        build = self.build(faults)
        if faults:
            raise InputError(faults)
        return [self.given(name, sample, build) for name, sample in samples.items()]

    def rows(self, faults: list[Fault]) -> Iterator[tuple[str, int, list[str]]]:
        """Each row with the name of its sample; rows without one, and what is wrong with the table, are faults.

        It ends where faults, to which others may add, are too many.
        """
        none = True
        named: set[str] = set()
        last: str | None = None
        builds = self.builds
        build_at = next(iter(self._builds), None)
        name_at = self.name_at
        try:
            for line, parts in self.table.records:
                none = False
                name = parts[name_at].strip()
                if name != last:
                    if fault := name_fault(name):
                        row = self.table.row(line, parts)
                        message = f"the sample '{name}' {fault}"
                        faults.append(row.fault(message, "a name in column 'Tumor_Sample_Barcode'"))
                        continue
                    last = name
                if build_at is not None and (build := parts[build_at]) not in named:
                    named.add(build)
                    if build := build.strip():
                        builds.setdefault(build, line)
                before = len(faults)
                yield name, line, parts
                if before < len(faults) >= MOST_FAULTS:
                    break
        except InputError as error:
            faults.extend(error.faults)
        if none and not faults:
            where, line, message = self.table.where, self.table.line, "holds column names and no mutation"
            faults.append(Fault(where=where, line=line, message=message, expected="a row for each mutation"))

    def build(self, faults: list[Fault]) -> str:
        """The genome build of the rows that were read, "" where they name none; two of them are a fault."""
        return one_build(self.builds, self.table.where, faults)

    def take(self, sample: MafSample, line: int, parts: list[str], faults: list[Fault]) -> None:
        """Add a row to its sample; what cannot be read of it is added to the faults."""
        try:
            self._add(sample, line, parts)
        except InputError as error:
            faults.extend(error.faults)

    def glance(
        self, line: int, parts: list[str], faults: list[Fault], may_contradict: Callable[[GivenFinding], bool]
    ) -> bool:
        """Whether a row needs no closer look to know that, beside others of its sample, it is no fault.

        What ``take`` would add to the faults is added here; ``may_contradict`` tells which findings may be one.
        """
        meaning = self.meaning(self.saying(parts))
        if meaning.event:
            if meaning.reason is None:
                self._look_at_numbers(line, parts, faults)
            return False
        if meaning.filtered is not None:
            return True
        for place, good in self._numbers:
            if parts[place] not in good:
                self._look_at_numbers(line, parts, faults)
                break
        if meaning.plain is None:
            meaning.plain = not any(map(may_contradict, meaning.found))
        return meaning.plain

    def _look_at_numbers(self, line: int, parts: list[str], faults: list[Fault]) -> None:
        """Add to the faults a number of a row that is none; numbers that are some are remembered."""
        try:
            self._reads(line, parts)
            for place, good in self._numbers:
                number_of(TextRow("", 0, {"": parts[place].strip()}), "", 0, self._most_at[place])
                if len(good) == _MOST_REMEMBERED:
                    good.clear()
                good.add(parts[place])
        except InputError as error:
            # Of columns that say the same only the first is read, so that others may hold anything.
            faults.extend(fault for fault in error.faults if fault.line)

    def _add(self, sample: MafSample, line: int, parts: list[str]) -> None:
        for place in self._tumours:
            if tumour := parts[place].strip():
                if tumour not in sample.tumours:
                    sample.tumours[tumour] = line
                break
        meaning = self.meaning(self.saying(parts))
        if meaning.event:
            self._add_event(sample, line, parts, meaning)
            return
        if meaning.filtered is not None:
            sample.count_out(meaning.filtered, meaning.call)
            return
        seen, fraction = self._reads(line, parts)
        if reason := _without_reads(seen):
            # Where the place was read, and no read carries the change, nothing may be there all the same.
            there = seen is not None and seen.deep
            sample.count_out(reason, None if there else meaning.call, seen is not None and seen.uncalled)
            return
        fault_at = fault_in(self.table.where, line)
        if seen is not None and seen.dispute:
            entry, fallback = f"{meaning.gene} {meaning.change}".strip(), f"{meaning.gene} mutation"
            sample.findings.append(GivenFinding(entry, fault_at, fallback=fallback, records=1, unread=seen.dispute))
            return
        # A share that was rounded to nothing, of reads that were counted, is not known.
        measured = Measured(fraction or None) if meaning.measured else None
        for finding in meaning.found:
            sample.findings.append(finding.placed(fault_at, measured))

    def _add_event(self, sample: MafSample, line: int, parts: list[str], meaning: _Meaning) -> None:
        row = self.table.row(line, parts)
        event = named_event(meaning.gene, _description(row, meaning.change), self.is_gene)
        if reason := meaning.reason or _without_reads(self._reads(line, parts)[0]):
            sample.count_out(reason)
            sample.filtered_calls.extend(FilteredCall(text, reason) for text in event.texts)
            return
        shown = f"{row[GENE]} {_description(row, row.first(*_CHANGE)) or row[CLASS]}"
        sample.findings.extend(event.findings(shown, row.fault_at))

    def _meaning(self, said: tuple[str, ...]) -> _Meaning:
        """What a row says in the columns ``_SAYING``."""
        rulebase = self.rulebase
        row = TextRow("", 0, dict(zip(self._saying_names, map(str.strip, said), strict=True)))
        # Where genes overlap, some programs name them all: of these the one that rules know.
        names = [name.strip() for name in re.split(r"[;,]", row[GENE])]
        gene = next((name for name in names if name.upper() in rulebase.gene_by_name), row[GENE])
        called = _called(gene, row)
        reason = _filtered(row)
        if _is_fused(row, called.change):
            return _Meaning(event=True, gene=gene, change=called.change, reason=reason)
        taken = alteration_of(called, rulebase)
        call = taken if isinstance(taken, Taken) and gene.upper() in rulebase.gene_by_name else None
        if reason is None and isinstance(taken, FilteredOut):
            reason = taken.reason
        if reason is not None or isinstance(taken, FilteredOut):
            return _Meaning(filtered=reason, call=call)
        if isinstance(taken, UnreadCall):
            # Nothing of the gene may be called absent, see ``GivenFinding``.
            unread = GivenFinding(taken.entry, _NOWHERE, fallback=taken.fallback, records=1, unread=taken.reason)
            return _Meaning(gene=gene, change=called.change, found=(unread,))
        shown = f"{gene} {called.change}" if called.change else None
        found = GivenFinding(
            taken.text,
            _NOWHERE,
            # Of most rows a fraction is known; here it stands for each.
            Measured(1.0),
            fallback=taken.fallback,
            records=1,
            shown=shown or taken.text,
            transcript=row.first(*_TRANSCRIPT),
        )
        also = (replace(found, text=taken.also, records=0),) if taken.also else ()
        return _Meaning(gene=gene, change=called.change, found=(found, *also), measured=True, call=call)

    def _reads(self, line: int, parts: list[str]) -> tuple[_Seen | None, float | None]:
        """What the row says of reads, and the allele fraction; raises ``InputError`` for a number that is none."""
        of_alternative, of_reference, of_depth = self._counts
        try:
            alternative = _first(parts, of_alternative, _count) if of_alternative else None
            reference = _first(parts, of_reference, _count) if of_reference else None
            depth = _first(parts, of_depth, _count) if of_depth else None
            share = _first(parts, self._shares, _share) if self._shares else None
            if share is None and self._percents:
                percent = _first(parts, self._percents, _percent)
                share = None if percent is None else percent / 100
        except InputError:
            self._refuse_number(self.table.row(line, parts))
            raise
        if alternative is None and self._depths:
            alleles = next((text for place in self._depths if (text := parts[place].strip())), "")
            if match := _ALLELES.fullmatch(alleles):
                alternative, reference = float(match["alternative"]), float(match["reference"])
        return _seen(alternative, reference, depth, share), _fraction(alternative, reference, depth, share)

    def _refuse_number(self, row: TextRow) -> None:
        """Raise ``InputError`` for the first number of a row that is none."""
        for columns, most in (*((names, None) for names in _COUNTS), (_FRACTIONS, 1), (_PERCENT, 100)):
            for column in columns:
                if number_of(row, column, 0, most) is not None:
                    break

    def given(self, name: str, sample: MafSample, build: str) -> GivenSample:
        """What the rows of a sample say together."""
        own: list[Fault] = []
        place = [(tumour, fault_in(self.table.where, line)) for tumour, line in sample.tumours.items()]
        if len(place) > 1:
            message = f"'{name}' is said to be of the tumour types {' and '.join(sample.tumours)}"
            own.append(place[1][1](message, "one tumour type for each sample", None))
        return GivenSample(
            sample=name,
            tumour_type=GivenText(*place[0]) if place else None,
            findings=sample.findings,
            faults=own,
            read_as="MAF" + (f", {build}" if build else ""),
            filtered_out=sample.filtered_out,
            reports=SMALL_VARIANTS,
            filtered_calls=sample.filtered_calls,
        )


def _first(parts: list[str], places: tuple[int, ...], read: Callable[[str], float | None]) -> float | None:
    """The first number in these places, None where none is given; raises ``InputError`` without its place."""
    for place in places:
        if (value := read(parts[place])) is not None:
            return value
    return None


def _number_up_to(most: float | None) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        return number_of(TextRow("", 0, {"": text.strip()}), "", 0, most)

    # Counts of reads repeat.
    return lru_cache(_MOST_REMEMBERED)(read)


_count, _share, _percent = _number_up_to(None), _number_up_to(1), _number_up_to(100)


def _called(gene: str, row: TextRow) -> Called:
    """The row's variant; its change from the first column that spells one, compared with what the others say."""
    spelled = [value for column in _CHANGE if (value := row[column]) and not says_no_change(value)]
    position = row["protein_position"]
    counted = from_residues(row["amino_acids"], position)
    change = next(filter(names_change, spelled), next(iter(spelled), counted))
    others = [other for other in spelled if other != change]
    if ONE_RESIDUE.fullmatch(counted):
        others.append(counted)
    term = MAF_TERMS.get(row[CLASS].lower(), row[CLASS] or "none")
    return Called(gene, (term,), change, row.first(*_CODING), tuple(others), position)


def _is_fused(row: TextRow, change: str) -> bool:
    """Whether a row is of a rearrangement and of no small variant: by its class, or by what stands for its change."""
    if names_change(change):
        return False
    return row[CLASS].lower().replace(" ", "_") in _FUSED or speaks_of_fusion(change) or "vIII" in change


def _description(row: TextRow, change: str) -> str:
    return change or row.first("fusion", "comments", "event_info")


@dataclass(frozen=True)
class _Seen:
    """What a row says of reads: whether any carry the change, and how deep the place was read.

    ``dispute`` is why what it says cannot all be so.
    """

    reads: bool
    deep: bool = False
    uncalled: bool = False
    dispute: str | None = None


def _without_reads(seen: _Seen | None) -> str | None:
    """Why a record is no finding by what was seen of it, or None."""
    if seen is None or seen.reads:
        return None
    return NO_READ_AT_ALL if seen.uncalled else NO_READS


# Of nearly all records reads carry the change.
_CARRIED = {deep: _Seen(True, deep) for deep in (True, False)}


def _seen(alternative: float | None, reference: float | None, depth: float | None, share: float | None) -> _Seen | None:
    """What is said of supporting reads, None for nothing, by the reads with and without the change and their share."""
    deep = bool(reference or depth)
    if alternative:
        return _CARRIED[deep]
    if alternative is None:
        # A share that was rounded to nothing is no count; where it alone is given, it is all that is known.
        return None if share is None else _Seen(share > 0, deep)
    if share:
        return _Seen(True, dispute=f"the record counts no supporting read, and an allele fraction of {share:.1%}")
    empty = depth == 0 if reference is None else reference == 0 and not depth
    return _Seen(False, deep, uncalled=empty)


def _filtered(row: TextRow) -> str | None:
    """Why a record is not to be interpreted, or None: its caller filtered it, or it is of the germline."""
    status = row["mutation_status"].lower()
    if status in ("germline", "loh", "wildtype"):
        return f"Mutation_Status {status}"
    if row["filter"].upper() not in _PASSED:
        return f"FILTER {row['filter']}"
    return None


def _fraction(
    alternative: float | None, reference: float | None, total: float | None, share: float | None
) -> float | None:
    """The share of reads with the change, 0 to 1, by their counts, else as a column says it; None where none does."""
    if alternative is not None:
        depth = total if reference is None else alternative + reference
        if depth and alternative <= depth:
            return alternative / depth
    return share
