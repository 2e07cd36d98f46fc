"""A spreadsheet (xlsx) with a table of findings on its first sheet."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.findings_table import findings_samples
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable

# A small archive can hold a sheet that fills the memory.
_MOST_UNPACKED = 200_000_000


def read_spreadsheet(path: Path, unnamed: str) -> list[GivenSample]:
    """The samples of the first sheet, see ``read_findings_table``; raises ``InputError`` with every fault.

    A cell that holds a formula is refused: what it would show, only the program that made the file knows.
    """
    table, others = _table(path)
    notes = [f"further sheets of the spreadsheet were not read: {', '.join(others)}"] if others else []
    return findings_samples(table, unnamed, "spreadsheet of findings", notes)


def _table(path: Path) -> tuple[TextTable, list[str]]:
    """The table of the first sheet, and the names of further sheets."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    where = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MOST_UNPACKED:
                raise InputError([Fault(where=where, message="is too large once unpacked", expected="a spreadsheet")])
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=False)
            sheet = book.worksheets[0]
            # Some programs write a range that is too small, and what lies beyond it would be lost.
            sheet.reset_dimensions()
            cells = list(sheet.iter_rows())
            title = sheet.title
            others = [str(other.title) for other in book.worksheets[1:]]
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        message = "is no spreadsheet that can be read, or is damaged"
        raise InputError([Fault(where=where, message=message, expected="a spreadsheet in xlsx")]) from error
    place = f"{where}, sheet {title}"
    begin = next((index for index, row in enumerate(cells) if any(cell.value is not None for cell in row)), None)
    if begin is None:
        raise InputError([Fault(where=place, message="is empty", expected="a row of column names, then rows")])
    faults = [
        Fault(
            where=place,
            line=cell.row,
            column=cell.column,
            message=f"cell {cell.coordinate} holds a formula",
            expected="its value; save the sheet with values only",
        )
        for row in cells
        for cell in row
        if cell.value is not None and cell.data_type == "f"
    ]
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    names = tuple(_text(cell.value).lower() for cell in cells[begin])
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        message = f"the column '{twice[0]}' is there twice"
        raise InputError([Fault(where=place, line=begin + 1, message=message, expected="each column once")])
    return TextTable(place, begin + 1, names, _rows(place, names, cells[begin + 1 :], begin + 2)), others


def _rows(where: str, names: tuple[str, ...], cells: Any, first: int) -> Iterator[TextRow]:
    for line, row in enumerate(cells, first):
        values = [_text(_as_shown(cell, name)) for cell, name in zip(row, names, strict=False)]
        if any(values):
            yield TextRow(where, line, {name: value for name, value in zip(names, values, strict=False) if name})


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
