"""Tables of codon frequencies (codfreq): of each codon at a position how many reads hold it.

Five columns, separated by commas or tabs: gene, position in its protein, all reads there, codon, reads with that codon,
as https://github.com/hivdb/codfreq writes them. Column names are optional and come in several spellings; lines that
begin with ``#`` are passed over. Three dashes are a deletion, more than three bases an insertion after the first three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.virus.align.codons import UNKNOWN as UNTOLD
from resistab.domains.virus.align.codons import codon_letters, codon_residues
from resistab.domains.virus.grammar.residues import DELETION, INSERTION, STOP
from resistab.domains.virus.inputs.fasta import IUPAC
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.inputs.reads import MOST_ROWS, CountedReads, CountedSite, Faults, refuse_strangers
from resistab.domains.virus.inputs.recognition import CODON_NAMES, GENE_NAMES, letters_of
from resistab.domains.virus.inputs.written_mutation import shown
from resistab.files.opening import text_lines
from resistab.files.tables import separator_of

COLUMNS = ("gene", "position", "total reads", "codon", "codon reads")
_NAMES = {
    "gene": GENE_NAMES,
    "position": ("position", "pos", "aaposition", "aapos", "aminoacidposition"),
    "total reads": ("totalreads", "total", "coverage", "positionreads", "depth"),
    "codon": CODON_NAMES,
    "codon reads": ("codonreads", "count", "reads", "codoncount"),
}
_EXPECTED = f"the columns {', '.join(COLUMNS)}, separated by commas or tabs"
_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0{1,6})?")
_MOST_CODON = 3_000
_Place = tuple[str, int]


def read_codfreq(path: Path, reader: MutationReader) -> CountedReads:
    """What a file counted, its genes named as ``reader`` names them.

    Raises ``InputError`` with every fault: columns that are missing, numbers that are none, positions that a gene does
    not have, codons given twice or of other letters, more reads with codons than in all.
    """
    faults = Faults(str(path))
    sites: dict[_Place, CountedSite] = {}
    first_line: dict[_Place, int] = {}
    others: dict[str, set[int]] = {}
    seen: set[tuple[str, int, str]] = set()
    for line, (name, position_text, total_text, codon, reads_text) in _rows(path, faults):
        numbers = [_WHOLE.fullmatch(text) for text in (position_text, total_text, reads_text)]
        if None in numbers:
            wrong = next(t for t, n in zip((position_text, total_text, reads_text), numbers, strict=True) if n is None)
            faults.add(
                line, f"'{shown(wrong)}' is no number", "a whole number for position, total reads and codon reads"
            )
            continue
        position, total, reads = (int(number[1]) for number in numbers if number)
        gene = reader.gene_named(name) or ""
        if gene not in reader.sequences:
            if not name or not name.isprintable():
                faults.add(line, "has no gene", _EXPECTED)
            else:
                others.setdefault(shown(name), set()).add(position)
            continue
        length = reader.lengths[gene]
        codon = codon.upper().replace("U", "T").replace(".", "-").replace("~", "-")
        if not 1 <= position <= length:
            faults.add(line, f"{gene} has no position {position}", f"a position from 1 to {length}")
        elif set(codon) - IUPAC - {"-"} or not codon or len(codon) > _MOST_CODON:
            expected = "three bases, three dashes for a deletion, or more bases where some are inserted"
            faults.add(line, f"'{shown(codon)}' is no codon", expected)
        elif reads > total:
            faults.add(line, f"{reads:,} reads with {shown(codon)} are more than all {total:,} at {gene} {position}")
        elif (gene, position, codon) in seen:
            faults.add(line, f"the codon {shown(codon)} of {gene} {position} is given twice", "each codon once")
        elif total != sites.setdefault((gene, position), CountedSite(total)).reads:
            message = f"{gene} {position} has {total:,} reads here and {sites[gene, position].reads:,} in line"
            faults.add(line, f"{message} {first_line[gene, position]}", "one number of all reads for each position")
        else:
            seen.add((gene, position, codon))
            first_line.setdefault((gene, position), line)
            if total:
                _add(sites[gene, position], codon, Fraction(reads, total))
    for (gene, position), site in sites.items():
        told = site.told
        if told > 1:
            message = f"the codons of {gene} {position} have more reads than all {site.reads:,}"
            faults.add(first_line.get((gene, position), 1), message)
        # What the file does not list.
        site.untold += 1 - told
    faults.done()
    most = {place: max(site.shares, key=site.shares.__getitem__) for place, site in sites.items() if site.shares}
    refuse_strangers(str(path), most, reader)
    return CountedReads(str(path), "codfreq", sites, {name: len(positions) for name, positions in others.items()})


def _add(site: CountedSite, codon: str, share: Fraction) -> None:
    """Add the reads with a codon; those whose residue cannot be told are ``untold``."""
    given = f"codon {codon if len(codon) <= 30 else codon[:27] + '...'}"
    bases = codon.replace("-", "")
    if not bases and len(codon) == 3:
        site.add(DELETION, share, given)
        return
    residues = codon_residues(bases[:3]) if len(bases) >= 3 else ()
    if len(residues) != 1 or len(bases) % 3 or (len(codon) == 3 and "-" in codon):
        site.untold += share
        return
    site.add(residues[0], share, given)
    if len(bases) > 3:
        site.add(INSERTION, share, given)
        added = codon_letters(bases[3:])[::3]
        if not {UNTOLD, STOP} & set(added):
            site.inserted[added] = site.inserted.get(added, Fraction(0)) + share


def _rows(path: Path, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The five fields of each row, with its line; raises ``InputError`` where the columns cannot be told."""
    where = str(path)
    order: list[int] | None = None
    separator, rows, width = "", 0, len(COLUMNS)
    sample: tuple[int, str, int] | None = None
    for line, text in text_lines(path):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if order is None:
            separator = separator_of(text)
            fields = _fields(text, separator)
            named = _order_named(fields, where, line)
            order = named or list(range(len(COLUMNS)))
            width = max(width, len(fields))
            if named is not None:
                column = next((n for n, name in enumerate(fields) if letters_of(name).startswith("sample")), None)
                sample = None if column is None else (column, "", 0)
                continue
        fields = _fields(text, separator)
        if len(fields) <= max(order) or any(fields[width:]):
            faults.add(line, f"has {len(fields)} fields, and there are {width} columns", _EXPECTED)
            continue
        if sample is not None:
            column, of, first = sample
            if not first:
                sample = column, "".join(fields[column : column + 1]), line
            elif "".join(fields[column : column + 1]) != of:
                faults.add(line, f"is of another sample than line {first}, '{shown(of)}'", "one sample in a file")
                continue
        rows += 1
        if rows > MOST_ROWS:
            raise InputError([Fault(where=where, line=line, message=f"more than {MOST_ROWS:,} rows")])
        yield line, [fields[number] for number in order]
    if not rows and not faults.found:
        raise InputError([Fault(where=where, message="holds no codon", expected=_EXPECTED)])


def _fields(text: str, separator: str) -> list[str]:
    return [field.strip().strip('"').strip() for field in text.split(separator)]


def _order_named(fields: list[str], where: str, line: int) -> list[int] | None:
    """Where each column stands by its name, None where the line is a row; raises ``InputError`` where one lacks."""
    plain = [letters_of(field) for field in fields]
    found = {column: [n for n, name in enumerate(plain) if name in names] for column, names in _NAMES.items()}
    if "gene" not in plain and not found["codon"]:
        return None
    missing = [column for column, places in found.items() if len(places) != 1]
    if missing:
        message = f"the column '{missing[0]}' is missing, or there twice"
        raise InputError([Fault(where=where, line=line, message=message, expected=_EXPECTED)])
    return [found[column][0] for column in COLUMNS]
