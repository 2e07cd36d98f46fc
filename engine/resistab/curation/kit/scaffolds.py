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

    ``file`` makes the content of a new file from its first rule; ``listed`` is the list in it that holds them, and
    ``begins`` what their ids begin with before what is made of the file's name.
    """

    folder: str
    rule: Content
    file: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    listed: str = "rules"
    begins: str = ""


def regimen_files(setting: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, RuleFiles]:
    """Files of regimens and of rules for combining; ``setting`` and ``rule`` are what a domain says there beside."""
    said = {
        "authority": "<authority>",
        "references": ["<PMID:… or another reference>"],
        "verification": "<full, secondary, partial or name only>",
        "source": ["<row of the lists>"],
    }

    def new_regimen(name: str, on: datetime.date) -> dict[str, Any]:
        settings = {"setting": "<setting>", **setting, "authorities": [said]}
        return {**_draft(name, on), "drugs": ["<drug>"], "settings": [settings]}

    def new_rule(name: str, on: datetime.date) -> dict[str, Any]:
        kind = {"kind": "<kind>", "severity": "<contraindicated, broken or caution>", "says": None}
        return {**_draft(name, on), **kind, "drugs": ["<drug or class>"], **rule, "evidence": [said]}

    return {
        "regimen": RuleFiles("regimens", new_regimen, lambda one: {"regimens": [one]}, "regimens", "REG-"),
        "combining rule": RuleFiles("regimens/rules", new_rule, lambda one: {"rules": [one]}, begins="CMB-"),
    }


def _draft(name: str, on: datetime.date) -> dict[str, Any]:
    return {"id": name, "status": "draft", "created": on, "reviewed": on}


@dataclass(frozen=True)
class Scaffolds:
    """What is new in a table, a row and a case.

    ``row`` makes a row, which goes to the end of the list ``rows`` of its table; ``numbered`` parts its ids into prefix
    and number, and ``prefix`` gives a drug's prefix where no row has one, None for one that is made of its name.
    ``place`` gives the file of a drug's table from what drugs.yaml says of the drug. ``table`` makes what a new table
    holds beside its drug, from its first row; None where it begins empty. ``case`` is what a case holds before
    ``expect``, and ``expectation`` what is expected of its drug. ``rules`` are files of rules of no drug by what they
    are called in the command line. ``drug`` makes an entry of drugs.yaml from a name and a class, "" for none.
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
    drug: Callable[[str, str], Mapping[str, Any]] = lambda name, drug_class: {
        "name": name,
        "drug_class": drug_class or "<class>",
    }
