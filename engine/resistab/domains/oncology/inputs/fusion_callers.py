"""Tables of fusions as callers on RNA write them: STAR-Fusion and Arriba.

Formats: the wiki of STAR-Fusion (``star-fusion.fusion_predictions.tsv``) and the documentation of Arriba
(``fusions.tsv``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.core.records import dataclass, field
from resistab.core.said import said
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.inputs.assembly import FilteredCall, GivenFinding, GivenSample
from resistab.domains.oncology.inputs.consequences import NO_READS, FilteredOut
from resistab.domains.oncology.inputs.fusions import WITHIN, Event, IsGene, gene_known, is_no_gene, joined
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.opening import text_lines
from resistab.files.sample_names import name_fault
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, number_of, read_table, require

_REPORTS: frozenset[LocusKind] = frozenset({"fusion"})
_NAME = ("fusionname", "fusion_name")
_JUNCTION = ("junctionreadcount", "junctionreads", "junction_reads", "est_j")
_SPANNING = ("spanningfragcount", "spanningfrags", "spanning_frags", "est_s")
_SAMPLE = ("sample", "sample_id", "tumor_id", "tumor_sample_barcode")
# The columns of a file without their names.
_STAR_COLUMNS = (
    "fusionname", "junctionreadcount", "spanningfragcount", "splicetype", "leftgene", "leftbreakpoint", "rightgene",
    "rightbreakpoint",
)  # fmt: skip
_HEADLESS = re.compile(r"[^\s#]+--[^\s]+\t[0-9.]+\t[0-9.]+(?:\t|$)")
# Breakpoints outside genes are told by the nearest genes and how far away these are: TSPAN3(1532),PEAK1(40211).
_BETWEEN = re.compile(r"\([0-9]+\)")
_OUT_OF_FRAME = frozenset({"frameshift", "out-of-frame", "stop-codon"})


def looks_like_star_fusion(first_lines: Sequence[str]) -> bool:
    """Whether a text that begins so is a table of STAR-Fusion, with or without its column names."""
    line = next((line for line in first_lines if line.strip() and not line.startswith("##")), "")
    columns = {column.strip().lower().lstrip("#") for column in line.split("\t")}
    if columns & set(_NAME) and columns & {"leftgene", *_JUNCTION}:
        return True
    return _HEADLESS.match(line) is not None


def looks_like_arriba(first_lines: Sequence[str]) -> bool:
    """Whether a text that begins so is a table of Arriba."""
    line = next((line for line in first_lines if line.strip() and not line.startswith("##")), "")
    columns = {column.strip().lower().lstrip("#") for column in line.split("\t")}
    return {"gene1", "gene2", "confidence"} <= columns


@dataclass
class _Sample:
    findings: list[GivenFinding] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    filtered_calls: list[FilteredCall] = field(default_factory=list)


def read_star_fusion(
    path: Path, rulebase: Rulebase, unnamed: str = "sample", knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of a table of STAR-Fusion; where it names none, one called ``unnamed``.

    Raises ``InputError`` with every fault.
    """
    table = _star_table(path)
    require(table, _NAME)
    return _samples(table, _of_star_fusion, "table of STAR-Fusion", unnamed, gene_known(rulebase, knows_symbol))


def read_arriba(
    path: Path, rulebase: Rulebase, unnamed: str = "sample", knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of a table of Arriba; where it names none, one called ``unnamed``.

    Raises ``InputError`` with every fault.
    """
    table = _without_marks(read_table(path, comment="##"))
    require(table, "gene1", "gene2", "confidence")
    return _samples(table, _of_arriba, "table of Arriba", unnamed, gene_known(rulebase, knows_symbol))


def _star_table(path: Path) -> TextTable:
    first = next((line for _, line in text_lines(path) if line.strip()), "")
    if _HEADLESS.match(first) is None:
        return _without_marks(read_table(path, comment="##"))

    def rows() -> Iterator[TextRow]:
        for number, line in text_lines(path):
            if line.strip() and not line.startswith("#"):
                fields = zip(_STAR_COLUMNS, (part.strip() for part in line.split("\t")), strict=False)
                yield TextRow(str(path), number, dict(fields))

    return TextTable(str(path), 1, _STAR_COLUMNS, rows(), _STAR_COLUMNS)


def _without_marks(table: TextTable) -> TextTable:
    """The table with the mark of a comment taken from its first column's name."""

    def rows() -> Iterator[TextRow]:
        for row in table.rows:
            yield TextRow(row.where, row.line, {name.lstrip("#"): value for name, value in row.fields.items()})

    return TextTable(table.where, table.line, tuple(c.lstrip("#") for c in table.columns), rows(), table.written)


_Reading = Callable[[TextRow, IsGene], "tuple[Event, FilteredOut | None, str]"]


def _samples(table: TextTable, read: _Reading, read_as: str, unnamed: str, is_gene: IsGene) -> list[GivenSample]:
    """The samples of a table of fusions; a table without a row is of a sample in which none was found."""
    samples: dict[str, _Sample] = {}
    faults: list[Fault] = []
    try:
        for row in table.rows:
            name = row.first(*_SAMPLE) or unnamed
            if fault := name_fault(name):
                faults.append(row.fault(f"the sample '{name}' {fault}", "a name"))
                continue
            try:
                _add(samples.setdefault(name, _Sample()), *read(row, is_gene), row)
            except InputError as error:
                faults.extend(error.faults)
            if len(faults) >= MOST_FAULTS:
                break
    except InputError as error:
        faults.extend(error.faults)
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    if not samples:
        samples[unnamed] = _Sample()
    return [
        GivenSample(
            sample=name,
            tumour_type=None,
            findings=sample.findings,
            read_as=read_as,
            filtered_out=dict(sample.filtered_out),
            filtered_calls=sample.filtered_calls,
            reports=_REPORTS,
        )
        for name, sample in samples.items()
    ]


def _add(sample: _Sample, event: Event, filtered: FilteredOut | None, shown: str, row: TextRow) -> None:
    if filtered is not None:
        sample.filtered_out[filtered.reason] += 1
        sample.filtered_calls.extend(
            FilteredCall(text, filtered.reason, fallback=event.fallback) for text in event.texts
        )
        return
    sample.findings.extend(event.findings(shown, row.fault_at))


def _of_star_fusion(row: TextRow, is_gene: IsGene) -> tuple[Event, FilteredOut | None, str]:
    name = row.first(*_NAME)
    five, _, three = name.partition("--")
    # EML4^ENSG00000143924.18: the symbol, and the gene's accession.
    left, right = (row[column].partition("^")[0] for column in ("leftgene", "rightgene"))
    five, three = five or left, three or right
    if is_no_gene(three) and not is_gene(five):
        raise InputError([row.fault(f"'{name}' names no two genes", "a name such as EML4--ALK")])
    event, shown = _framed(joined(five, three, True, is_gene), row["prot_fusion_type"], name)
    counts = [_count(row, columns) for columns in (_JUNCTION, _SPANNING)]
    known = [count for count in counts if count is not None]
    return event, FilteredOut(NO_READS) if known and not any(known) else None, shown


def _of_arriba(row: TextRow, is_gene: IsGene) -> tuple[Event, FilteredOut | None, str]:
    one, two = ("" if _BETWEEN.search(row[column]) else row[column] for column in ("gene1", "gene2"))
    kind = row["type"]
    shown = f"{row['gene1']}--{row['gene2']}" + (f", {kind}" if not is_no_gene(kind) else "")
    if is_no_gene(one) and is_no_gene(two):
        return Event(), FilteredOut(said("between genes, at both ends")), shown
    if one == two and "ITD" in kind.upper():
        # Of which residues is not said.
        event = Event(
            unread="an internal tandem duplication, of residues that are not said", fallback=f"{one} mutation"
        )
    elif one == two:
        event = Event(unread=WITHIN)
    else:
        # Two genes that are joined head to head or tail to tail are not read as one transcript.
        ordered = not any(ends in kind for ends in ("5'-5'", "3'-3'"))
        event, shown = _framed(joined(one, two, ordered, is_gene), row["reading_frame"], shown)
    confidence = row["confidence"].lower()
    reads = [_count(row, (column,)) for column in ("split_reads1", "split_reads2", "discordant_mates")]
    if all(count is not None for count in reads) and not any(reads):
        return event, FilteredOut(NO_READS), shown
    if confidence not in ("high", "medium"):
        return (
            event,
            FilteredOut(
                said("Arriba's confidence {confidence}", confidence=confidence)
                if confidence
                else said("Arriba's confidence not given")
            ),
            shown,
        )
    return event, None, shown


def _count(row: TextRow, columns: Iterable[str]) -> float | None:
    return next((number for column in columns if (number := number_of(row, column, 0)) is not None), None)


def _framed(event: Event, frame: str, shown: str) -> tuple[Event, str]:
    """The event with what its reading frame says of it: out of frame it may make no protein, which leaves it open."""
    if is_no_gene(frame):
        return event, shown
    if frame.lower() in _OUT_OF_FRAME and event.unread is None:
        return Event(unread=f"{frame.lower()}: whether this makes a fusion protein is not known"), f"{shown}, {frame}"
    return event, f"{shown}, {frame.lower()}"
