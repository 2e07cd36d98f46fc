"""What a curator is given to fill in, as a domain describes it.

What is left to fill in stands as ``<…>`` or None.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ID = re.compile(r"(?P<prefix>.*-)(?P<number>\d+)$")
# The content of something new, from its id and the day on which it is made.
Content = Callable[[str, datetime.date], Mapping[str, Any]]
TABLES = "tables"


def table_place(drug: Mapping[str, Any]) -> str:
    """The file of a drug's table where all lie in one folder: by its name, without slashes and spaces."""
    return f"{TABLES}/{str(drug['name']).replace('/', '').replace(' ', '_')}.yaml"


@dataclass(frozen=True)
class RuleFiles:
    """Files of rules that belong to no drug: their folder, and what such a rule and a new file hold.

    ``file`` makes the content of a new file from its first rule.
    """

    folder: str
    rule: Content
    file: Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Scaffolds:
    """What is new in a table, a row and a case.

    ``row`` makes a row, which goes to the end of the list ``rows`` of its table; ``numbered`` parts its ids into prefix
    and number, and ``prefix`` gives a drug's prefix where no row has one, None for one that is made of its name.
    ``place`` gives the file of a drug's table from what drugs.yaml says of the drug. ``table`` makes what a new table
    holds beside its drug, from its first row; None where it begins empty. ``case`` is what a case holds before
    ``expect``, and ``expectation`` what is expected of its drug. ``rules`` are files of rules of no drug by what they
    are called in the command line.
    """

    row: Content
    case: Mapping[str, Any]
    expectation: Mapping[str, Any] = field(default_factory=lambda: {"verdict": "<verdict>", "rows": ["<row>"]})
    rows: str = "rows"
    numbered: re.Pattern[str] = ID
    digits: int = 3
    prefix: Callable[[str], str] | None = None
    place: Callable[[Mapping[str, Any]], str] = table_place
    table: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = lambda row: {"rows": [row]}
    rules: Mapping[str, RuleFiles] = field(default_factory=dict)
