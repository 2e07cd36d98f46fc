"""Tables of text: a line of column names, then rows, separated by tabs, commas or semicolons."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, FaultAt, InputError, nearest, shortened
from resistab.core.numbers import plain_number
from resistab.files.opening import text_lines

# A file that is something else altogether has a fault in every line.
MOST_FAULTS = 100
_MOST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row: its line in the file, from 1, and its fields by the column's name in lower case, blanks trimmed."""

    where: str
    line: int
    fields: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")

    def first(self, *columns: str) -> str:
        """The first field of these columns that is not empty, or ""."""
        return next((value for column in columns if (value := self.fields.get(column, ""))), "")

    def fault(self, message: str, expected: str | None = None, suggestion: str | None = None) -> Fault:
        """A fault in this row."""
        return Fault(where=self.where, line=self.line, message=message, expected=expected, suggestion=suggestion)

    @property
    def fault_at(self) -> FaultAt:
        """Places a fault in this row."""
        return self.fault


@dataclass(frozen=True)
class TextTable:
    """The columns of a table, in lower case and as ``written``, where they stand, and its rows, read as one goes.

    Going through ``rows`` raises ``InputError`` at the end with every row that does not fit the columns.
    """

    where: str
    line: int
    columns: tuple[str, ...]
    rows: Iterable[TextRow]
    written: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextRecords:
    """A table whose rows are read as lists: ``records`` are the lines with their fields, blanks not trimmed.

    Each has a field for every column; more fields than columns are blank. Going through them raises as ``TextTable``.
    """

    where: str
    line: int
    columns: tuple[str, ...]
    written: tuple[str, ...]
    records: Iterator[tuple[int, list[str]]]

    def row(self, line: int, parts: Sequence[str]) -> TextRow:
        """A record as a row, whose fields are found by name."""
        named = zip(self.columns, parts, strict=False)
        return TextRow(self.where, line, {name: part.strip() for name, part in named if name})


def separator_of(line: str) -> str:
    """What separates the columns in a line of column names."""
    return max(",;\t", key=line.count)


def read_table(path: Path, comment: str = "#") -> TextTable:
    """The table in a file; lines before the column names that begin with ``comment`` are passed over.

    Raises ``InputError`` where there is no line of column names, or where it names a column twice.
    """
    table = read_records(path, comment)
    rows = (table.row(line, parts) for line, parts in table.records)
    return TextTable(table.where, table.line, table.columns, rows, table.written)


def read_records(path: Path, comment: str = "#") -> TextRecords:
    """As ``read_table``, for tables of so many rows that each column is to be looked up once."""
    where = str(path)
    lines = text_lines(path)
    begin = next((item for item in lines if item[1].strip() and not item[1].startswith(comment)), None)
    if begin is None:
        raise InputError([Fault(where=where, message="is empty", expected="a line of column names, then rows")])
    number, line = begin
    separator = separator_of(line)
    quoted = separator != "\t" or all(_is_quoted(name) for name in line.split(separator))
    try:
        written = tuple(name.strip() for name in _split(line, separator, quoted))
    except csv.Error as error:
        raise _not_split(where, number, error) from error
    names = tuple(name.lower() for name in written)
    refuse_twice(names, where, number)
    split = _records(where, lines, separator) if quoted else _split_lines(lines, separator)
    return TextRecords(where, number, names, written, _fitted(where, len(names), split))


def refuse_twice(names: Sequence[str], where: str, line: int) -> None:
    """Raise ``InputError`` for each name of a column that stands twice in the line of column names."""
    twice = [name for name, number in Counter(names).items() if name and number > 1]
    expected = "each column once"
    if twice:
        raise InputError(
            Fault(where=where, line=line, message=f"the column '{name}' is there twice", expected=expected)
            for name in sorted(twice)[:MOST_FAULTS]
        )


def _split(line: str, separator: str, quoted: bool) -> list[str]:
    if quoted:
        csv.field_size_limit(_MOST_FIELD)
        return next(csv.reader([line], delimiter=separator))
    return _unquoted(line, separator)


def _is_quoted(field: str) -> bool:
    return len(field) > 1 and field[0] == field[-1] == '"'


def _unquoted(line: str, separator: str) -> list[str]:
    """The fields of a line whose fields need no quotes; spreadsheets put some between them all the same."""
    fields = line.split(separator)
    if '"' in line:
        fields = [field[1:-1].replace('""', '"') if _is_quoted(field) else field for field in fields]
    return fields


def _fitted(where: str, columns: int, records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The records that fit the columns; those that are too short are filled up."""
    faults: list[Fault] = []
    for number, parts in records:
        size = len(parts)
        if size < columns:
            parts.extend([""] * (columns - size))
        elif size > columns and any(part.strip() for part in parts[columns:]):
            message = f"has {size} fields, and there are {columns} columns"
            faults.append(Fault(where=where, line=number, message=message, expected="a field for each column"))
            if len(faults) >= MOST_FAULTS:
                break
            continue
        yield number, parts
    if faults:
        raise InputError(faults)


def _split_lines(lines: Iterator[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in lines:
        if line.strip():
            yield number, _unquoted(line, separator)


def _records(where: str, lines: Iterator[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Records of a CSV file with the line that each begins in; a quoted field may go over several lines."""
    last = 0

    def numbered() -> Iterator[str]:
        nonlocal last
        for number, line in lines:
            last = number
            yield line + "\n"

    csv.field_size_limit(_MOST_FIELD)
    reader = csv.reader(numbered(), delimiter=separator, strict=True)
    try:
        before = reader.line_num
        for parts in reader:
            if any(part.strip() for part in parts):
                yield last - (reader.line_num - before) + 1, parts
            before = reader.line_num
    except csv.Error as error:
        raise _not_split(where, last, error) from error


def _not_split(where: str, line: int, error: csv.Error) -> InputError:
    message = f"cannot be split into fields: {error}"
    return InputError([Fault(where=where, line=line, message=message, expected="quotes in pairs around a field")])


def number_of(row: TextRow, column: str, least: float | None = None, most: float | None = None) -> float | None:
    """The number in a field, None where it is missing (``NA``, ``NaN``, ``.``); raises ``InputError`` with a fault.

    ``least`` and ``most`` are the bounds that the number must keep.
    """
    text = row[column]
    if text in ("", ".", "-") or text.upper() in ("NA", "N/A", "NAN", "NONE", "NULL"):
        return None
    between = f" from {least:g} to {most:g}" if least is not None and most is not None else ""
    value = plain_number(text)
    text = shortened(text)
    if value is None:
        raise InputError([row.fault(f"'{text}' in column '{column}' is no number", f"a number{between}")])
    if not ((least is None or value >= least) and (most is None or value <= most)):
        raise InputError([row.fault(f"'{text}' in column '{column}' is out of bounds", f"a number{between}")])
    return value


def require(table: TextTable | TextRecords, *columns: str | tuple[str, ...]) -> None:
    """Raise ``InputError`` for each column that is missing; of a tuple one is enough."""
    faults = []
    for wanted in columns:
        options = (wanted,) if isinstance(wanted, str) else wanted
        if not any(option in table.columns for option in options):
            near = nearest(options[0], table.columns)
            faults.append(
                Fault(
                    where=table.where,
                    line=table.line,
                    message=f"the column {' or '.join(repr(o) for o in options)} is missing",
                    expected="it among the column names",
                    suggestion=f"{options[0]} for {near}" if near else None,
                )
            )
    if faults:
        raise InputError(faults)
