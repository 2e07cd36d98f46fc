"""A spreadsheet (xlsx) with a table of findings on its first sheet."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError
from resistab.core.printable import printable
from resistab.core.said import said
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.findings_table import findings_samples
from resistab.files.opening import at_rest
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, refuse_twice
from resistab.report.words import few

# A small archive can hold a sheet that fills the memory.
_MOST_UNPACKED = 200_000_000
# The bit of an archive's member that says so.
_ENCRYPTED = 1

_Row = dict[int, Any]
"""The cells of a row that hold something, by the number of their column."""


def read_spreadsheet(path: Path, unnamed: str) -> list[GivenSample]:
    """The samples of the first sheet, see ``read_findings_table``; raises ``InputError`` with every fault.

    A cell that holds a formula is refused: what it would show, only the program that made the file knows.
    """
    table, notes = _table(path)
    return findings_samples(table, unnamed, "spreadsheet of findings", notes)


def _table(path: Path) -> tuple[TextTable, list[str]]:
    """The table of the first sheet, and notes on what of the file was not read."""
    title, others, rows = _sheet(path)
    where = f"{path}, sheet {title}"
    if not rows:
        raise InputError([Fault(where=where, message="is empty", expected="a row of column names, then rows")])
    faults = [
        Fault(
            where=where,
            line=line,
            column=column,
            message=f"cell {cell.coordinate} holds a formula",
            expected="its value; save the sheet with values only",
        )
        for line, row in rows
        for column, cell in row.items()
        if cell.data_type == "f"
    ]
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    begin, first = rows[0]
    names = {column: _text(cell.value).lower() for column, cell in sorted(first.items())}
    refuse_twice(list(names.values()), where, begin)
    unnamed = [cell.coordinate for _, row in rows[1:] for column, cell in row.items() if not names.get(column)]
    notes = []
    if others:
        notes.append(
            said("further sheets of the spreadsheet were not read: {sheets}", sheets=printable(", ".join(others)))
        )
    if unnamed:
        cells = "cells of the spreadsheet in columns without a name were not read: {names}"
        notes.append(said(cells, names=few(unnamed, 10)))
    return TextTable(where, begin, tuple(names.values()), _rows(where, names, rows[1:])), notes


def _sheet(path: Path) -> tuple[str, list[str], list[tuple[int, _Row]]]:
    """The title of the first sheet, those of the others, and its rows with the cells that hold something.

    A row is kept as its cells by column, so that one far to the right or far below takes no more room than any other.
    """
    # Imported here: most files are no spreadsheets.
    from openpyxl import load_workbook
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
    from openpyxl.xml.functions import iterparse

    where = str(path)
    try:
        with zipfile.ZipFile(at_rest(path)) as archive:
            items = archive.infolist()
        if any(item.flag_bits & _ENCRYPTED for item in items):
            raise InputError([Fault(where=where, message="is encrypted", expected="the same saved without a password")])
        if sum(item.file_size for item in items) > _MOST_UNPACKED:
            expected = f"a spreadsheet of at most {_MOST_UNPACKED // 1_000_000} MB once unpacked"
            raise InputError([Fault(where=where, message="is too large once unpacked", expected=expected)])
        with at_rest(path).open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=False)
            sheet: Any = book.worksheets[0]
            rows: list[tuple[int, _Row]] = []
            with sheet._get_source() as source:
                # Its own way of going through rows makes a cell of each that is empty.
                parser: Any = WorkSheetParser(
                    source,
                    sheet._shared_strings,
                    epoch=book.epoch,
                    date_formats=book._date_formats,  # type: ignore[attr-defined]
                    timedelta_formats=book._timedelta_formats,  # type: ignore[attr-defined]
                )
                parser.parse_formula = lambda element: "="
                for _, element in iterparse(source):
                    if element.tag == ROW_TAG:
                        line, cells = parser.parse_row(element)
                        element.clear()
                        row = {
                            cell["column"]: ReadOnlyCell(sheet, **cell) for cell in cells if cell["value"] is not None
                        }
                        if row:
                            rows.append((line, row))
            return str(sheet.title), [str(other.title) for other in book.worksheets[1:]], rows
    except InputError:
        raise
    except Exception as error:
        # Whatever openpyxl meets in a damaged file: it raises what the place brings, from KeyError to zlib.error.
        message = "is no spreadsheet that can be read, or is damaged"
        raise InputError([Fault(where=where, message=message, expected="a spreadsheet in xlsx")]) from error


def _rows(where: str, names: Mapping[int, str], rows: Sequence[tuple[int, _Row]]) -> Iterator[TextRow]:
    for line, row in rows:
        fields = {
            name: text for column, cell in row.items() if (name := names.get(column)) and (text := _shown(cell, name))
        }
        if fields:
            yield TextRow(where, line, fields)


def _shown(cell: Any, column: str) -> str:
    return _text(_as_shown(cell, column))


def _as_shown(cell: Any, column: str) -> Any:
    """The value of a cell; of one that is shown in percent the percentage, but in a column of fractions."""
    percent = isinstance(cell.value, int | float) and str(cell.number_format or "").endswith("%")
    return (
        round(cell.value * 100, 9) if percent and not column.endswith(("fraction", "detection", "vaf")) else cell.value
    )


def _text(value: Any) -> str:
    """A cell as the text that a person sees: whole numbers without a point, dates as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
