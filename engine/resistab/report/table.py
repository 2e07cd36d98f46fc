"""The verdicts of many samples as one table in CSV: a row for each sample and drug."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from resistab.core.printable import printable
from resistab.report.set_aside import SampleSetAside, table_row

_BELOW_ZERO = re.compile(r"-\d+(\.\d+)?")
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@")


def csv_table(
    columns: Sequence[str], cohort: Iterable[Sequence[Sequence[str]]], aside: Iterable[SampleSetAside] = ()
) -> Iterator[str]:
    """The table, the names of the ``columns`` first, then a text for the rows of each sample of ``cohort``.

    A row for each sample that was set aside comes last.
    """
    yield _line(columns)
    for rows in cohort:
        # What follows the name is the same in many samples; fields are written independently of each other.
        yield "".join([f"{_line(row[:1])[:-1]},{_known_line(tuple(row[1:]))}" for row in rows])
    yield from (_line(table_row(item, columns)) for item in aside)


@lru_cache(maxsize=200_000)
def _known_line(fields: tuple[str, ...]) -> str:
    return _line(fields)


def _line(fields: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([harmless(field) for field in fields])
    return text.getvalue()


def harmless(field: str) -> str:
    """``field`` so that no spreadsheet runs it: behind an apostrophe where it begins as a formula does.

    A number below zero is none. Nor does it steer a terminal to which the table is printed.
    """
    field = printable(field)
    return f"'{field}" if field.startswith(_FORMULA) and not _BELOW_ZERO.fullmatch(field) else field
