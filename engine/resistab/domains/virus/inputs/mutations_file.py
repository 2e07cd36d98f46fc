"""Files of many patients: on each line a name, a tab, and a list of mutations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MOST_CHARACTERS, ListFaultAt, MutationReader
from resistab.domains.virus.inputs.written_mutation import RefusedError, shown
from resistab.files.opening import at_rest, is_folder
from resistab.files.sample_names import name_fault

MOST_FILE_BYTES = 200_000_000
_MOST_LINE_BYTES = 4 * MOST_CHARACTERS + 1000
# A file that is something else altogether has a fault in every line.
MOST_FAULTS = 1000
_FILE = "a text file in UTF-8 with lines of id<TAB>mutations"
_OTHER_KINDS = {
    b"\x1f\x8b": "compressed (gzip); unpack it first",
    b"PK\x03\x04": "a ZIP archive or a spreadsheet",
    b"\xff\xfe": "text in UTF-16, not in UTF-8",
    b"\xfe\xff": "text in UTF-16, not in UTF-8",
    b">": "a FASTA file of sequences, not of mutations",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One sample of a file: where its line is, and the column its list begins in, both from 1."""

    sample: str
    mutations: str
    number: int
    column: int


def read_mutations_file(path: Path) -> Iterator[tuple[str, str, int]]:
    """Sample, list and line number of each line ``id<TAB>mutations``, as they are read.

    Blank lines and lines that begin with ``#`` are passed over. Raises ``InputError`` where the file cannot be read,
    and else after the last line with the faults of every line that was left out.
    """
    for line in _lines(path):
        yield line.sample, line.mutations, line.number


def read_mutation_genotypes(path: Path, reader: MutationReader, keep_going: bool = False) -> list[ViralGenotype]:
    """The genotypes of a file, in its order; ``keep_going`` as in ``MutationReader.read``.

    Raises ``InputError`` with the faults of all lines, or of as many as hold the first ``MOST_FAULTS``.
    """
    where = str(path)
    genotypes: list[ViralGenotype] = []
    faults: list[Fault] = []
    try:
        for line in _lines(path):
            try:
                genotypes.append(reader.read(line.mutations, line.sample, _in_line(where, line), keep_going))
            except InputError as error:
                faults.extend(error.faults)
            if len(faults) >= MOST_FAULTS:
                faults.append(_too_many(where, line.number))
                break
    except InputError as error:
        faults.extend(error.faults)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.line or 0))
    return genotypes


def _in_line(where: str, line: _Line) -> ListFaultAt:
    def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
        return Fault(
            where=where,
            message=message,
            line=line.number,
            column=line.column + column - 1,
            expected=expected,
            suggestion=suggestion,
        )

    return fault_at


def _too_many(where: str, number: int) -> Fault:
    message = f"more than {MOST_FAULTS:,} faults; the file was read no further"
    return Fault(where=where, message=message, line=number, expected=_FILE)


def _lines(path: Path) -> Iterator[_Line]:
    """The samples of a file; raises as ``read_mutations_file``."""
    where = str(path)
    faults: list[Fault] = []
    first_line: dict[str, int] = {}
    if is_folder(path):
        raise InputError([Fault(where=where, message="is a folder", expected=_FILE)])
    try:
        for number, raw in _raw_lines(path):
            try:
                line = _line(raw, number)
                if line is None:
                    continue
                if line.sample in first_line:
                    message = (
                        f"the sample '{shown(line.sample)}' is given twice, first in line {first_line[line.sample]}"
                    )
                    raise RefusedError(message, "each sample once")
                first_line[line.sample] = number
            except RefusedError as refused:
                faults.append(Fault(where=where, message=refused.message, line=number, expected=refused.expected))
                if len(faults) >= MOST_FAULTS:
                    faults.append(_too_many(where, number))
                    break
                continue
            yield line
    except OSError as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from error
    except RefusedError as refused:
        faults.append(Fault(where=where, message=refused.message, expected=refused.expected))
    if not (faults or first_line):
        faults.append(Fault(where=where, message="holds no sample", expected=_FILE))
    if faults:
        raise InputError(faults)


def _raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that is text, without the byte order mark, numbered from 1; one too long is cut short."""
    size = number = 0
    with at_rest(path).open("rb") as file:
        while raw := file.readline(_MOST_LINE_BYTES + 1):
            number += 1
            size += len(raw)
            if number == 1:
                for beginning, kind in _OTHER_KINDS.items():
                    if raw.startswith(beginning):
                        raise RefusedError(f"is {kind}", _FILE)
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if b"\0" in raw:
                raise RefusedError("holds binary data", _FILE)
            yield number, raw
            while len(raw) > _MOST_LINE_BYTES and not raw.endswith(b"\n"):
                raw = file.readline(_MOST_LINE_BYTES + 1)
                size += len(raw)
            if size > MOST_FILE_BYTES:
                raise RefusedError("is too large", f"at most {MOST_FILE_BYTES // 1_000_000} MB; divide it")
    if number == 0:
        raise RefusedError("is empty", _FILE)


def _line(raw: bytes, number: int) -> _Line | None:
    """The sample of a line, None where it is blank or a remark."""
    if len(raw) > _MOST_LINE_BYTES:
        raise RefusedError("the line is too long", f"at most {MOST_CHARACTERS:,} characters in a list of one sample")
    try:
        text = raw.rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"is not text in UTF-8 (byte {error.start + 1} of the line cannot be read)", _FILE
        ) from error
    if not text.strip() or text.startswith("#"):
        return None
    if "\r" in text:
        raise RefusedError("holds a carriage return within a line", "lines that end in a line feed")
    name, tab, mutations = text.partition("\t")
    if not tab:
        raise RefusedError("there is no TAB in the line", "id<TAB>mutations")
    if fault := name_fault(name.strip()):
        raise RefusedError(f"the id {fault}", "id<TAB>mutations")
    return _Line(name.strip(), mutations, number, len(name) + 2)
