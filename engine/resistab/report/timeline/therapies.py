"""A table of therapies: the drug, when it began, when it ended, and how."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from resistab.core.faults import Fault, InputError, nearest
from resistab.files.tables import TextRow, read_table, require
from resistab.report.timeline.model import Therapy, TherapyOutcome

_OUTCOMES: dict[str, TherapyOutcome] = {
    **{word: word for word in get_args(TherapyOutcome)},
    "progressed": "progression",
    "progressive disease": "progression",
    "failed": "progression",
    "failure": "progression",
    "virological failure": "progression",
    "toxicity": "intolerance",
    "finished": "completed",
}


def read_therapies(path: Path, drug_by_name: Mapping[str, Any]) -> list[Therapy]:
    """The therapies of a table with the columns drug, start, end and outcome; raises ``InputError`` with every fault.

    A drug has the name that the rule set gives it, if ``drug_by_name`` knows it by what is written, in lower case.
    """
    table = read_table(path)
    require(table, "drug", "start")
    found: list[Therapy] = []
    faults: list[Fault] = []
    for row in table.rows:
        name = " ".join(row["drug"].split())
        known = drug_by_name.get(name.casefold())
        start, end, outcome = _date(row, "start", faults), _date(row, "end", faults), _outcome(row, faults)
        if known is None and (near := nearest(name, drug_by_name, 1)):
            faults.append(row.fault(f"unknown drug '{name}'", "a drug name", near))
        elif not name or start is None:
            if not name or not row["start"]:
                faults.append(row.fault("names no drug or no start", "both"))
        elif end is not None and end < start:
            faults.append(row.fault(f"{name} ends on {end}, before it starts on {start}", "the other order"))
        else:
            found.append(Therapy(drug=known.name if known else name, start=start, end=end, outcome=outcome))
    if faults:
        raise InputError(faults)
    return found


def _outcome(row: TextRow, faults: list[Fault]) -> TherapyOutcome | None:
    text = row["outcome"]
    if not text:
        return None
    known = _OUTCOMES.get(" ".join(text.split()).casefold())
    if known is None:
        faults.append(row.fault(f"'{text}' in column 'outcome' is no outcome", ", ".join(get_args(TherapyOutcome))))
    return known


def _date(row: TextRow, column: str, faults: list[Fault]) -> datetime.date | None:
    text = row[column]
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        faults.append(row.fault(f"'{text}' in column '{column}' is no date", "YYYY-MM-DD"))
        return None
