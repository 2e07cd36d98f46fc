"""A table of therapies: the drug, when it began, and when it ended."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, InputError, nearest
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.tables import Row, read_table, require


@dataclass(frozen=True)
class GivenTherapy:
    """A drug, by its generic name where the rule set knows it, from ``start`` to ``end``, None where it goes on."""

    drug: str
    start: datetime.date
    end: datetime.date | None


def read_therapies(path: Path, rulebase: Rulebase) -> list[GivenTherapy]:
    """The therapies of a table with the columns drug, start and end; raises ``InputError`` with every fault."""
    table = read_table(path)
    require(table, "drug", "start")
    found: list[GivenTherapy] = []
    faults: list[Fault] = []
    for row in table.rows:
        name = " ".join(row["drug"].split())
        known = rulebase.drug_by_name.get(name.casefold())
        start, end = _date(row, "start", faults), _date(row, "end", faults)
        if known is None and (near := nearest(name, rulebase.drug_by_name, 1)):
            faults.append(row.fault(f"unknown drug '{name}'", "a drug name", near))
        elif not name or start is None:
            if not name or not row["start"]:
                faults.append(row.fault("names no drug or no start", "both"))
        elif end is not None and end < start:
            faults.append(row.fault(f"{name} ends on {end}, before it starts on {start}", "the other order"))
        else:
            found.append(GivenTherapy(known.name if known else name, start, end))
    if faults:
        raise InputError(faults)
    return found


def _date(row: Row, column: str, faults: list[Fault]) -> datetime.date | None:
    text = row[column]
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        faults.append(row.fault(f"'{text}' in column '{column}' is no date", "YYYY-MM-DD"))
        return None
