"""FASTA files of nucleotide sequences: the records as text, checked letter by letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.virus.inputs.written_mutation import shown
from resistab.files.opening import at_rest, is_folder
from resistab.files.sample_names import name_fault

# Ten thousand whole genomes and more; what is larger is a read file, which must be assembled first.
MOST_BYTES = 200_000_000
# Ten times the genome of the largest retrovirus; what is longer is a chromosome or a joined file.
MOST_BASES = 100_000
MOST_NAME = 1_000

IUPAC = frozenset("ACGTRYSWKMBDHVN")
GAPS = "-.~"
# What a line begins with that is none of the sequence.
COMMENTS = (";", "#")
# Letters that stand for residues and for no nucleotide.
_RESIDUES_ONLY = frozenset("EFILPQZJOX*")
# A record with so large a share of them is a protein; a slip of the keyboard makes one or two.
_PROTEIN_SHARE = 0.1
_EXPECTED = "FASTA: '>' and a name, then lines of nucleotides"
_LETTERS = "nucleotides in IUPAC letters (A C G T U R Y S W K M B D H V N)"
_TO_DNA = str.maketrans("U", "T", GAPS + " \t")


@dataclass(frozen=True, slots=True)
class FastaRecord:
    """One sequence: upper case, U as T, gaps removed. ``line`` is its header's, counted from 1, ``gaps`` their number.

    ``where`` names the file in messages.
    """

    name: str
    sequence: str
    line: int
    where: str
    gaps: int = 0


@dataclass(slots=True)
class _Lines:
    """A record's lines as they stand, each with its number."""

    name: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)


def read_fasta(path: Path) -> list[FastaRecord]:
    """The records of a file, as ``parse_fasta``; raises ``InputError`` too where the file cannot be read as text."""
    where = str(path)
    try:
        if is_folder(path):
            raise InputError([Fault(where=where, message="is a folder", expected=_EXPECTED)])
        if at_rest(path).stat().st_size > MOST_BYTES:
            raise _too_large(where)
        with at_rest(path).open("rb") as file:
            # A pipe says nothing of its size beforehand.
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from error
    if len(content) > MOST_BYTES:
        raise _too_large(where)
    return parse_fasta(_decoded(content, where), where)


def _too_large(where: str) -> InputError:
    message = f"is larger than {MOST_BYTES // 1_000_000} MB"
    return InputError([Fault(where=where, message=message, expected="several smaller files of assembled sequences")])


def _decoded(content: bytes, where: str) -> str:
    message = ""
    if content.startswith(b"\x1f\x8b"):
        message = "is compressed by gzip; unpack it first"
    elif b"\x00" in content:
        message = "holds binary data"
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"is not text in UTF-8 (byte {error.start} cannot be read)"
    raise InputError([Fault(where=where, message=message, expected=_EXPECTED)])


def parse_fasta(text: str, where: str) -> list[FastaRecord]:
    """The records of a FASTA text; ``where`` names it in messages.

    Raises ``InputError`` with every fault: no record, a sequence without a header, names that are missing, given twice
    or cannot be printed, records that are empty, too long, protein, or hold letters that are no nucleotide.
    """
    faults: list[Fault] = []
    records: list[FastaRecord] = []
    seen: dict[str, int] = {}
    for given in _records(text, where, faults):
        name, line = given.name, given.line
        if fault := name_fault(name):
            faults.append(Fault(where=where, line=line, message=f"the record's name {fault}", expected=_EXPECTED))
        elif len(name) > MOST_NAME:
            message = f"the record's name is {len(name):,} characters long"
            faults.append(Fault(where=where, line=line, message=message, expected=f"at most {MOST_NAME:,}"))
        elif name in seen:
            message = f"the record '{shown(name)}' is given twice, first in line {seen[name]}"
            faults.append(Fault(where=where, line=line, message=message, expected="a name of its own for each record"))
        seen.setdefault(name, line)
        record, fault_of_sequence = _record(given, name, where)
        if fault_of_sequence is not None:
            faults.append(fault_of_sequence)
        records.append(record)
    if not records and not faults:
        faults.append(Fault(where=where, message="is empty", expected=_EXPECTED))
    if faults:
        raise InputError(faults)
    return records


def _records(text: str, where: str, faults: list[Fault]) -> Iterator[_Lines]:
    """The records of ``text`` line by line; what stands before the first header is a fault."""
    current: _Lines | None = None
    headless = False
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        if line.startswith(">"):
            if current is not None:
                yield current
            current = _Lines(" ".join(line[1:].split()), number)
        elif line and not line.startswith(COMMENTS):
            if current is not None:
                current.lines.append((number, line))
            elif not headless:
                headless = True
                faults.append(
                    Fault(
                        where=where,
                        line=number,
                        message="a sequence without a header",
                        expected=f"{_EXPECTED}; a file of mutation lists goes with --mutations-file"
                        if "\t" in line
                        else _EXPECTED,
                    )
                )
    if current is not None:
        yield current


def _record(given: _Lines, name: str, where: str) -> tuple[FastaRecord, Fault | None]:
    text = "".join(line for _, line in given.lines).upper()
    sequence = text.translate(_TO_DNA)
    gaps = sum(text.count(gap) for gap in GAPS)
    return FastaRecord(name, sequence, given.line, where, gaps), _sequence_fault(given, shown(name), sequence, where)


def _sequence_fault(given: _Lines, name: str, sequence: str, where: str) -> Fault | None:
    if not sequence:
        return Fault(where=where, line=given.line, message=f"the record '{name}' is empty", expected=_LETTERS)
    if len(sequence) > MOST_BASES:
        message = f"the record '{name}' is {len(sequence):,} letters long"
        return Fault(
            where=where, line=given.line, message=message, expected=f"one virus of at most {MOST_BASES:,} bases"
        )
    wrong = {letter: number for letter, number in Counter(sequence).items() if letter not in IUPAC}
    if not wrong:
        return None
    if sum(number for letter, number in wrong.items() if letter in _RESIDUES_ONLY) > _PROTEIN_SHARE * len(sequence):
        message = f"the record '{name}' is a protein sequence"
        return Fault(where=where, line=given.line, message=message, expected="the nucleotides that encode it")
    line, column = next(
        (number, column)
        for number, text in given.lines
        for column, letter in enumerate(text.upper(), start=1)
        if letter in wrong
    )
    shown = ", ".join(f"'{letter}'" if letter.isprintable() else f"U+{ord(letter):04X}" for letter in sorted(wrong)[:8])
    message = f"the record '{name}' holds {shown}, which stands for no nucleotide"
    if (total := sum(wrong.values())) > 1:
        message += f", {total:,} times in all"
    return Fault(where=where, line=line, column=column, message=message, expected=_LETTERS)
