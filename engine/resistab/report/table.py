"""The verdicts of many samples as one table in CSV: a row for each sample and drug."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from resistab.domains.oncology.report.model import Report

COLUMNS = ("sample", "tumour_type", "drug", "verdict", "level", "used_in_tumour_type", "reason", "rows")
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def verdict_table(reports: Iterable[Report]) -> Iterator[str]:
    """The table line by line, the column names first."""
    yield _line(COLUMNS)
    for report in reports:
        for verdict in report.verdicts:
            yield _line(
                (
                    report.sample.id,
                    report.sample.tumour_type.code,
                    verdict.drug,
                    verdict.verdict,
                    "" if verdict.level is None else str(verdict.level),
                    "yes" if verdict.relevant else "no",
                    verdict.reason,
                    " ".join(verdict.rows),
                )
            )


def _line(fields: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([harmless(field) for field in fields])
    return text.getvalue()


def harmless(field: str) -> str:
    """``field`` so that no spreadsheet runs it: behind an apostrophe where it begins as a formula does."""
    return f"'{field}" if field.startswith(_FORMULA) else field
