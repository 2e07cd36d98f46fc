"""Amino acid variants (AAVF): of each variant of a position the share of reads that hold it.

The format is https://github.com/winhiv/aavf-spec, version 1.0: lines of ``##``, a line of column names that begins
with ``#CHROM``, then a record a line, separated by tabs. Positions without a record say nothing of their reads: they
count as read only in genes that the user says were sequenced. What did not pass the filters of the file is no mutation,
and its position counts as not read where as many reads hold it as would count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.core.said import said
from resistab.domains.virus.genotype import QualityNote
from resistab.domains.virus.grammar.residues import AMINO_ACIDS, DELETION, INSERTION, STOP
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.inputs.reads import MOST_ROWS, CountedReads, CountedSite, Faults, refuse_strangers
from resistab.domains.virus.inputs.written_mutation import UNREAD, shown
from resistab.files.opening import text_lines
from resistab.report.words import few

COLUMNS = ("GENE", "POS", "REF", "ALT", "FILTER", "ALT_FREQ", "COVERAGE")
# All that the format knows; beside them there are columns where a file holds samples, each with one of its own.
_ALL_COLUMNS = ("CHROM", *COLUMNS, "INFO")
_EXPECTED = f"a line of column names that begins with #CHROM and holds {', '.join(COLUMNS)}"
_LETTERS = AMINO_ACIDS | {STOP, UNREAD}
_MOST_LETTERS = 1_000
# References of one virus are so alike that few positions tell another numbering.
_FEWEST_COMPARED = 3
_WHOLE = re.compile(r"[0-9]{1,9}")
_SHARE = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?")
_PASSED = ("PASS", ".", "")
# They are spelt of residues, and are none.
_WORDS = ("DEL", "INS", "DUP")
# Shares are rounded when they are written.
_ROUNDING = Fraction(1, 100)
_Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Record:
    """One record that is well-formed."""

    line: int
    gene: str
    position: int
    ref: str
    alt: str
    passed: bool
    share: Fraction
    reads: int


def read_aavf(path: Path, reader: MutationReader, whole: Sequence[str] = ()) -> CountedReads:
    """What a file counted, its genes named as ``reader`` names them; ``whole`` are genes read from end to end.

    Raises ``InputError`` with every fault: columns that are missing, numbers that are none, letters that are no
    residue, positions that a gene does not have, records given twice, shares that add up to more than all reads, more
    than one sample or reference.
    """
    faults = Faults(str(path))
    others: dict[str, set[str]] = {}
    records = list(_records(path, reader, faults, others))
    faults.done()
    sites: dict[_Place, CountedSite] = {}
    for record in records:
        for position in range(record.position, record.position + len(record.ref)):
            site = sites.setdefault((record.gene, position), CountedSite(record.reads))
            site.reads = min(site.reads, record.reads)
    lines: dict[_Place, int] = {}
    referred: dict[_Place, str] = {}
    for record in records:
        _add(record, sites)
        for offset, residue in enumerate(record.ref):
            place = record.gene, record.position + offset
            before = lines.setdefault(place, record.line)
            if referred.setdefault(place, residue) != residue:
                message = f"the reference at {place[0]} {place[1]} is {residue}, and {referred[place]} in line {before}"
                faults.add(record.line, message, "one reference in a file")
    for place, site in sites.items():
        told = site.told
        if told > 1 + _ROUNDING:
            message = f"the shares at {place[0]} {place[1]} add up to {float(told):.3g}"
            faults.add(lines[place], message, "at most 1 at one position")
        reference = referred[place]
        if told < 1:
            # Where the reference has no record of its own, it is what the other reads hold.
            if reference in site.shares or reference == UNREAD:
                site.untold += 1 - told
            else:
                site.add(reference, 1 - told, f"{reference} as reference")
    faults.done()
    refuse_strangers(str(path), referred, reader, _FEWEST_COMPARED)
    numbers = {name: len(places) for name, places in others.items()}
    return CountedReads(str(path), "AAVF", sites, numbers, whole, tuple(_of_reference(referred, reader)))


def _of_reference(referred: Mapping[_Place, str], reader: MutationReader) -> Iterator[QualityNote]:
    """Where the reference of the file has another residue, which is what one sees of another numbering too."""
    differing = [
        f"{gene} {position} ({residue}, not {reader.residue(gene, position)})"
        for (gene, position), residue in sorted(referred.items())
        if residue not in (reader.residue(gene, position), UNREAD)
    ]
    if differing:
        differs = "The reference of the file differs from that of the rule set at {names}"
        message = said(differs, names=few(differing))
        yield QualityNote("reference", "note", message)


def _add(record: _Record, sites: dict[_Place, CountedSite]) -> None:
    """Add the residues of a record to the sites that it touches."""
    given = f"{record.ref}{record.position}{record.alt}" if len(record.alt) < 20 else f"{record.position}"
    several = len(record.ref) != len(record.alt)
    for offset, residue in enumerate(record.ref):
        site = sites[record.gene, record.position + offset]
        found = record.alt[offset] if offset < len(record.alt) else DELETION
        if found == residue and several:
            # The residue before an insertion or deletion, which is told to give it a place.
            continue
        if found == UNREAD:
            site.untold += record.share
        elif not record.passed:
            site.doubtful[found] = site.doubtful.get(found, Fraction(0)) + record.share
        else:
            site.add(found, record.share, given)
    added = record.alt[len(record.ref) :]
    if not added:
        return
    site = sites[record.gene, record.position + len(record.ref) - 1]
    if not record.passed:
        site.doubtful[INSERTION] = site.doubtful.get(INSERTION, Fraction(0)) + record.share
        return
    site.add(INSERTION, record.share, given)
    if not {UNREAD, STOP} & set(added):
        site.inserted[added] = site.inserted.get(added, Fraction(0)) + record.share


def _records(path: Path, reader: MutationReader, faults: Faults, others: dict[str, set[str]]) -> Iterator[_Record]:
    """The records of a file; those of other genes are counted in ``others``."""
    seen: dict[tuple[str, int, str, str], int] = {}
    references: dict[str, str] = {}
    for line, fields in _rows(path, faults):
        name, ref, alt = fields["GENE"], fields["REF"].upper(), fields["ALT"].upper()
        gene = reader.gene_named(name) or ""
        if gene not in reader.sequences:
            if not name or name == "." or not name.isprintable():
                faults.add(line, "has no gene", _EXPECTED)
            else:
                others.setdefault(shown(name), set()).add(fields["POS"])
            continue
        length = reader.lengths[gene]
        wrong = [c for c in ("POS", "COVERAGE") if not _WHOLE.fullmatch(fields[c])]
        if wrong:
            faults.add(line, f"'{shown(fields[wrong[0]])}' in {wrong[0]} is no number", "a whole number")
            continue
        position, reads = int(fields["POS"]), int(fields["COVERAGE"])
        share = Fraction(fields["ALT_FREQ"]) if _SHARE.fullmatch(fields["ALT_FREQ"]) else None
        letters = next((text for text in (ref, alt) if not text or not set(text) <= _LETTERS or text in _WORDS), None)
        of_file = references.setdefault(gene, fields.get("CHROM", ""))
        if of_file != fields.get("CHROM", ""):
            message = f"{gene} is of the reference '{shown(fields['CHROM'])}', and of '{shown(of_file)}' before"
            faults.add(line, message, "one sample against one reference")
        elif letters is not None or max(len(ref), len(alt)) > _MOST_LETTERS:
            expected = (
                "amino acids in one-letter code, * or X, with the one before it where some are deleted or inserted"
            )
            faults.add(line, f"'{shown(letters or alt)}' is no residue", expected)
        elif not 1 <= position <= length - len(ref) + 1:
            faults.add(line, f"{gene} has no position {position + len(ref) - 1}", f"a position from 1 to {length}")
        elif share is None or share > 1:
            faults.add(line, f"'{shown(fields['ALT_FREQ'])}' in ALT_FREQ is no share", "a number from 0 to 1")
        elif (gene, position, ref, alt) in seen:
            before = seen[gene, position, ref, alt]
            faults.add(line, f"{gene} {ref}{position}{shown(alt)} is given twice, first in line {before}")
        else:
            seen[gene, position, ref, alt] = line
            yield _Record(line, gene, position, ref, alt, fields["FILTER"].upper() in _PASSED, share, reads)


def _rows(path: Path, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """The fields of each record by column, with its line; raises ``InputError`` where there are no column names."""
    where = str(path)
    columns: list[str] = []
    rows = 0
    tabs = True
    for line, text in text_lines(path):
        if not text.strip() or text.startswith("##"):
            continue
        if not columns:
            tabs = "\t" in text
            columns = [name.strip().lstrip("#").upper() for name in (text.split("\t") if tabs else text.split())]
            if message := _wrong_columns(columns, text):
                raise InputError([Fault(where=where, line=line, message=message, expected=_EXPECTED)])
            continue
        if text.startswith("#"):
            if text.upper().startswith("#CHROM"):
                faults.add(line, "has column names again", "one sample in a file")
            continue
        fields = text.split("\t") if tabs else text.split()
        while len(fields) > len(columns) and not fields[-1].strip():
            fields.pop()
        if not len(columns) - columns.count("INFO") <= len(fields) <= len(columns):
            message = f"has {len(fields)} fields, and there are {len(columns)} columns"
            faults.add(line, message, "a field for each column")
            continue
        rows += 1
        if rows > MOST_ROWS:
            raise InputError([Fault(where=where, line=line, message=f"more than {MOST_ROWS:,} records")])
        yield line, dict(zip(columns, (field.strip() for field in fields), strict=False))
    if not columns:
        raise InputError([Fault(where=where, message="holds no line of column names", expected=_EXPECTED)])


def _wrong_columns(columns: list[str], text: str) -> str:
    """What is wrong with a line of column names, "" where nothing is."""
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        return f"the column {missing[0]} is missing"
    if not text.startswith("#"):
        return "has no line of column names"
    twice = [column for column in columns if columns.count(column) > 1]
    if twice:
        return f"the column {shown(twice[0])} is there twice"
    others = [column for column in columns if column not in _ALL_COLUMNS]
    return f"the column {shown(others[0])} is none of AAVF, which holds one sample" if others else ""
