"""CombinedVariantOutput.tsv of Illumina's TruSight Oncology 500, by the local app or by DRAGEN.

Sections in brackets, each of names and values or a table whose first line names its columns, padded with tabs; NA alone
stands for nothing found. Format: Illumina's user guides of both programs, as sections and columns are named there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.core.records import dataclass, field
from resistab.core.said import said
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import FilteredCall, GivenFinding, GivenSample
from resistab.domains.oncology.inputs.consequences import (
    NO_READS,
    Called,
    FilteredOut,
    Taken,
    UnreadCall,
    alteration_of,
)
from resistab.domains.oncology.inputs.fusions import Event, IsGene, gene_known, is_no_gene, joined
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.opening import text_lines
from resistab.files.sample_names import name_fault, no_such_sample
from resistab.files.tables import MOST_FAULTS, TextRow, number_of

_DETAILS, _RUN = "analysis details", "sequencing run details"
_PAIRS = frozenset({_DETAILS, _RUN, "tmb", "msi", "gis"})
_COPIES = ("gene amplifications", "copy number variants")
_FUSIONS = ("fusions", "dna fusions", "rna fusions")
_EXONS = ("large rearrangements", "exon-level cnvs", "exon-level copy number variants")
_TABLES = frozenset({*_COPIES, *_FUSIONS, *_EXONS, "splice variants", "small variants", "loss of heterozygosity"})
# Bounded, since each place of a long line is tried as the end of a name.
_SECTION = re.compile(r"\[?\s*(?P<name>[A-Za-z][A-Za-z0-9 /_-]{0,80}?)\s*\]?$")
_BANNER = "Combined Variant Output"
# The last base of exon 3 of AR, and the last before the cryptic exon 3 in intron 3 or its first, on GRCh37.
_V7_DONOR, _V7_ACCEPTOR = "66905968", frozenset({"66914514", "66914515"})
_V7 = re.compile(r"V7\b", re.IGNORECASE)
# Written in each column of a section in which nothing was found.
_NOTHING = frozenset({"", "NA", "N/A", "."})


def looks_like_tso500(first_lines: Sequence[str]) -> bool:
    """Whether a text that begins so is a combined output of TruSight Oncology 500."""
    named = {name for line in first_lines if (name := _section_of(line)) is not None}
    return len(named & (_PAIRS | _TABLES)) > 1 or (bool(named) and any(_BANNER in line for line in first_lines[:3]))


@dataclass
class _Section:
    line: int
    rows: list[TextRow] = field(default_factory=list)
    columns: tuple[str, ...] = ()


@dataclass
class _Reading:
    findings: list[GivenFinding] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    filtered_calls: list[FilteredCall] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_tso500(
    path: Path, rulebase: Rulebase, wanted: str | None = None, knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The sample of a combined output, under its pair's name; ``wanted`` may be that or the name of a sample of it.

    Raises ``InputError`` with every fault.
    """
    where = str(path)
    sections = _sections(path)
    names = _values(sections.get(_DETAILS))
    named = [names[key][0] for key in ("pair id", "dna sample id", "rna sample id", "sample id") if key in names]
    named = [name for name in named if not is_no_gene(name)]
    if wanted is not None and named and wanted not in named:
        raise no_such_sample(where, wanted, list(dict.fromkeys(named)))
    sample = wanted or next(iter(named), "sample")
    if fault := name_fault(sample):
        raise InputError([Fault(where=where, message=f"the sample '{sample}' {fault}", expected="a name")])
    reading = _Reading()
    faults: list[Fault] = []
    is_gene = gene_known(rulebase, knows_symbol)
    for name, section in sections.items():
        for row in section.rows if name in _TABLES else ():
            try:
                _take(name, row, reading, rulebase, is_gene)
            except InputError as error:
                faults.extend(error.faults)
    try:
        _take_measures(sections, reading)
    except InputError as error:
        faults.extend(error.faults)
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    if unread := [name for name in sections if name not in _PAIRS | _TABLES]:
        reading.notes.append(said("these sections were not read: {sections}", sections=", ".join(unread)))
    return [
        GivenSample(
            sample=sample,
            tumour_type=None,
            findings=reading.findings,
            read_as="combined output of TruSight Oncology 500",
            notes=reading.notes,
            filtered_out=dict(reading.filtered_out),
            filtered_calls=reading.filtered_calls,
            reports=_reported(sections, names),
        )
    ]


def _section_of(line: str) -> str | None:
    """The name of the section that a line begins, in lower case, or None.

    Brackets may be missing from a known one, as spreadsheets and people leave them out.
    """
    first, *rest = line.split("\t")
    match = _SECTION.match(first.strip())
    if match is None or any(part.strip() for part in rest):
        return None
    name = match["name"].lower()
    return name if first.strip().startswith("[") or name in _PAIRS | _TABLES else None


def _sections(path: Path) -> dict[str, _Section]:
    """The sections of a file by their names in lower case; raises ``InputError`` for rows that fit no columns."""
    where = str(path)
    sections: dict[str, _Section] = {}
    current: _Section | None = None
    name = ""
    faults: list[Fault] = []
    for number, line in text_lines(path):
        parts = [part.strip() for part in line.split("\t")]
        if (begun := _section_of(line)) is not None:
            name, current = begun, sections.setdefault(begun, _Section(number))
        elif current is None or not any(parts):
            continue
        elif name not in _TABLES:
            value = next((part for part in parts[1:] if part), "")
            current.rows.append(TextRow(where, number, {"name": parts[0], "value": value}))
        elif not current.columns and not _is_nothing(parts):
            current.columns = tuple(re.sub(r"\s+", " ", part.lower()) for part in parts)
        elif not _is_nothing(parts):
            if len(parts) > len(current.columns) and any(parts[len(current.columns) :]):
                message = f"has {len(parts)} fields, and there are {len(current.columns)} columns"
                faults.append(Fault(where=where, line=number, message=message, expected="a field for each column"))
                continue
            fields = {column: part for column, part in zip(current.columns, parts, strict=False) if column}
            current.rows.append(TextRow(where, number, fields))
    if not sections:
        message = "holds no section of a combined variant output"
        faults.append(Fault(where=where, message=message, expected="[Small Variants] and the like"))
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    return sections


def _is_nothing(parts: Sequence[str]) -> bool:
    return all(part.upper() in _NOTHING for part in parts)


def _values(section: _Section | None) -> dict[str, tuple[str, TextRow]]:
    """The values of a section of names and values, by the name in lower case."""
    rows = section.rows if section else ()
    return {row["name"].lower(): (row["value"], row) for row in rows if row["name"]}


def _reported(sections: dict[str, _Section], names: dict[str, tuple[str, TextRow]]) -> frozenset[LocusKind]:
    """The kinds of alteration of which the file could have told: those of DNA and of RNA, as far as these were read."""

    def sequenced(kind: str) -> bool:
        return f"{kind} sample id" not in names or not is_no_gene(names[f"{kind} sample id"][0])

    found: set[LocusKind] = set()
    if sequenced("dna"):
        found |= {"mutation"} if "small variants" in sections else set()
        found |= {"copy number"} if sections.keys() & set(_COPIES) else set()
    if sequenced("rna"):
        found |= {"fusion"} if sections.keys() & set(_FUSIONS) else set()
        found |= {"splicing"} if "splice variants" in sections else set()
    return frozenset(found)


def _take(section: str, row: TextRow, reading: _Reading, rulebase: Rulebase, is_gene: IsGene) -> None:
    """Take a row of a table; raises ``InputError`` where it cannot be read."""
    if section == "small variants":
        _take_small(row, reading, rulebase)
    elif section in _COPIES:
        if not is_no_gene(row["gene"]):
            _take_copies(row, reading, called_amplified=section == _COPIES[0])
    elif section in _FUSIONS:
        _take_fusion(row, reading, is_gene)
    elif section == "splice variants":
        if not is_no_gene(row["gene"]):
            _take_splicing(row, reading)
    elif not is_no_gene(row["gene"]):
        value = next((text for column, text in row.fields.items() if column != "gene" and not is_no_gene(text)), "")
        if section in _EXONS and value:
            entry = f"{row['gene']} {value}, {section}"
            reason = "a loss or gain of exons that are not read"
            reading.findings.append(GivenFinding(entry, row.fault_at, fallback="", records=1, unread=reason))
        elif value:
            reading.notes.append(said("{given} was not read", given=f"{row['gene']}, {section} ({value}),"))


def _take_small(row: TextRow, reading: _Reading, rulebase: Rulebase) -> None:
    gene = row["gene"]
    accession, _, change = row["p-dot notation"].rpartition(":")
    coding = row["c-dot notation"]
    terms = tuple(
        term.strip() for term in re.split(r"[:;,&]", row.first("consequence(s)", "consequence")) if term.strip()
    )
    if is_no_gene(gene):
        if terms:
            reading.filtered_out[said("outside genes")] += 1
        return
    taken = alteration_of(Called(gene, terms, change, coding.rpartition(":")[2]), rulebase)
    share, depth = number_of(row, "allele frequency", 0, 1), number_of(row, "depth", 0)
    if isinstance(taken, FilteredOut):
        reading.filtered_out[taken.reason] += 1
    elif share == 0:
        reading.filtered_out[NO_READS] += 1
    elif isinstance(taken, UnreadCall):
        entry = GivenFinding(taken.entry, row.fault_at, fallback=taken.fallback, records=1, unread=taken.reason)
        reading.findings.append(entry)
    else:
        reading.findings.extend(
            _small(taken, f"{gene} {change or coding}".strip(), row, share, depth, accession, coding)
        )


def _small(
    taken: Taken, shown: str, row: TextRow, share: float | None, depth: float | None, protein: str, coding: str
) -> Iterator[GivenFinding]:
    measured = Measured(allele_fraction=share, depth=None if depth is None else int(depth))
    transcript = coding.partition(":")[0] if ":" in coding else protein
    for number, text in enumerate((taken.text, taken.also)):
        if text is not None:
            yield GivenFinding(
                text,
                row.fault_at,
                measured,
                fallback=taken.fallback,
                records=int(not number),
                shown=shown,
                transcript=transcript,
            )


def _take_copies(row: TextRow, reading: _Reading, *, called_amplified: bool) -> None:
    """A change of copies: by their number, where that is given, else as it was called."""
    gene, called = row["gene"], row.first("copy number variant", "variant", "type").upper().strip("<>")
    copies, fold = number_of(row, "absolute copy number", 0), number_of(row, "fold change", 0)
    unsure = f"{gene} copy number changed"
    shown = f"{gene} {called or 'amplification'}" + (f", fold change {fold:g}" if fold is not None else "")
    if copies is not None:
        measured = Measured(value=copies, unit="copies")
        finding = GivenFinding(f"{gene} copy number", row.fault_at, measured, fallback=unsure, records=1, shown=shown)
    elif called_amplified and called in ("", "DUP", "GAIN", "AMP"):
        finding = GivenFinding(f"{gene} amplification", row.fault_at, fallback=unsure, records=1, shown=shown)
    else:
        finding = GivenFinding(unsure, row.fault_at, fallback=unsure, records=1, shown=shown)
    reading.findings.append(finding)


def _take_fusion(row: TextRow, reading: _Reading, is_gene: IsGene) -> None:
    """A pair of genes: joined by a hyphen where their order is known, by a slash where it is not."""
    pair = row.first("gene pair", "fusion", "gene")
    if is_no_gene(pair):
        return
    event = _event(pair, is_gene)
    supporting = number_of(row, "fusion supporting reads", 0)
    if supporting == 0:
        reading.filtered_out[NO_READS] += 1
        reading.filtered_calls.extend(FilteredCall(text, NO_READS, fallback=event.fallback) for text in event.texts)
        return
    reads = "" if supporting is None else f", {supporting:g} reads"
    reading.findings.extend(event.findings(f"{pair}{reads}", row.fault_at))


def _event(pair: str, is_gene: IsGene) -> Event:
    """The fusion that a pair names; each side may list several genes at the same place (``CD74-ROS1;GOPC``)."""
    cuts = list(re.finditer(r"::|--|-", pair))
    sides = [(pair[: cut.start()], pair[cut.end() :]) for cut in cuts]
    fitting = [(_gene_of(five, is_gene), _gene_of(three, is_gene)) for five, three in sides]
    whole = {(five, three) for five, three in fitting if five and three}
    if len(whole) == 1:
        five, three = whole.pop()
        return joined(five, three, True, is_gene)
    if len(whole) > 1:
        may_be = " or ".join(sorted(f"{five}::{three}" for five, three in whole))
        shared = set.intersection(*({five, three} for five, three in whole))
        return Event(unread=f"may be {may_be}", fallback=f"{shared.pop()} fusion" if len(shared) == 1 else "")
    if not cuts and len(genes := [gene for gene in re.split(r"[/;]", pair) if is_gene(gene)]) > 1:
        return joined(genes[0], genes[1], False, is_gene)
    known = next((gene for sides_ in fitting for gene in sides_ if gene), "")
    if known:
        return Event((f"{known} fusion",), fallback=f"{known} fusion")
    return joined(*(sides[0] if sides else (pair, "")), True, is_gene)


def _gene_of(side: str, is_gene: IsGene) -> str:
    """The gene of one side of a pair: of several at the same place the first that is known, "" for none."""
    return next((gene for gene in re.split(r"[/;,]", side) if gene and is_gene(gene)), "")


def _take_splicing(row: TextRow, reading: _Reading) -> None:
    """A splice variant by the exons that it lacks; those without, in AR, are of a cryptic exon, as AR-V7 is."""
    gene = row["gene"]
    exons = re.sub(r"[^0-9,-]", "", row.first("affected exon(s)", "affected exon", "affected exons"))
    supporting = number_of(row, "splice supporting reads", 0)
    shown = f"{gene} splice variant" + (f", exon {exons}" if exons else "")
    numbers = [int(number) for number in re.findall(r"[0-9]{1,4}", exons)]
    variant = row.first("variant", "splice variant", "name")
    if supporting == 0:
        reading.filtered_out[NO_READS] += 1
        return
    fallback = f"{gene} splice variant"
    if gene.upper() == "EGFR" and numbers and (numbers[0], numbers[-1]) == (2, 7):
        text = "EGFRvIII"
    elif len(numbers) == 1 and gene.upper() != "AR":
        text = f"{gene} exon {numbers[0]} skipping"
    elif gene.upper() == "AR" and (_V7.search(variant) or _is_v7(row)):
        text = "AR splice variant V7"
    else:
        text = fallback
        reading.notes.append(said("{finding}: which variant it is was not said", finding=shown))
    reading.findings.append(GivenFinding(text, row.fault_at, fallback=fallback, records=1, shown=shown))


def _is_v7(row: TextRow) -> bool:
    """Whether the breakpoints join exon 3 of AR to its cryptic exon 3, which makes AR-V7."""
    places = {place for column in ("breakpoint 1", "breakpoint 2") for place in re.findall(r"[0-9]{6,}", row[column])}
    return _V7_DONOR in places and bool(places & _V7_ACCEPTOR)


def _take_measures(sections: dict[str, _Section], reading: _Reading) -> None:
    """TMB as a finding; the share of unstable sites and the instability score are told, since no call is given."""
    for name, (value, row) in _values(sections.get("tmb")).items():
        if name in ("total tmb", "tmb") and value.upper() not in _NOTHING:
            number = number_of(TextRow(row.where, row.line, {"total tmb": value}), "total tmb", 0)
            measured = Measured(value=number, unit="mut/Mb")
            reading.findings.append(
                GivenFinding("TMB", row.fault_at, measured, fallback="", shown=f"TMB {value} mut/Mb")
            )
    for section, keys, what in (
        ("msi", ("percent unstable msi sites", "sum_jsd"), "'MSI high' or 'MSI stable'"),
        ("gis", ("genomic instability score",), "'HRD positive' or 'HRD negative'"),
    ):
        values = _values(sections.get(section))
        for key in keys:
            if key in values and values[key][0].upper() not in _NOTHING:
                usable = values.get("usable msi sites", ("", None))[0] if section == "msi" else ""
                measure = f"{values[key][1]['name']} {values[key][0]}"
                if usable and usable.upper() not in _NOTHING:
                    unread = (
                        "{given} of {total} usable sites was not read, since the file makes no call of it: say {call} "
                        "yourself"
                    )
                    reading.notes.append(said(unread, given=measure, total=usable, call=what))
                else:
                    unread = "{given} was not read, since the file makes no call of it: say {call} yourself"
                    reading.notes.append(said(unread, given=measure, call=what))
