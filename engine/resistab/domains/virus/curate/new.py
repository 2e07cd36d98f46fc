"""What a curator of a virus's rules is given to fill in: in a table that begins empty, combinations."""

from __future__ import annotations

import datetime
import re
from typing import Any

from resistab.curation.kit.scaffolds import Scaffolds, regimen_files


def _combination(row_id: str, on: datetime.date) -> dict[str, Any]:
    return {"id": row_id, "when": "<condition>", "score": "<number>"}


SCAFFOLDS = Scaffolds(
    row=_combination,
    rows="combinations",
    numbered=re.compile(r"(?P<prefix>.*-C)(?P<number>\d+)$"),
    digits=2,
    prefix=lambda drug: f"{drug}-C",
    table=None,
    case={"mutations": "<RT:M184V>"},
    expectation={"level": "<level>", "rows": ["<row>"]},
    rules=regimen_files(setting={}, rule={}),
    drug=lambda name, drug_class: {"name": name, "full_name": None, "drug_class": drug_class or "<class>"},
)
