"""What is asked of a server about one patient, and what comes of it: plain data, which goes from process to process."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from resistab.report.language import ENGLISH

# The forms in which a report can be had, each with its type for HTTP and the ending of a file's name.
FORMATS = {
    "html": ("text/html; charset=utf-8", "html"),
    "json": ("application/json", "json"),
    "pdf": ("application/pdf", "pdf"),
    "fhir": ("application/fhir+json", "fhir.json"),
    "table": ("text/csv; charset=utf-8", "csv"),
}


@dataclass(frozen=True)
class GivenFile:
    """A file by its name where it came from; it holds patients, or is given for the option ``option``."""

    name: str
    content: bytes
    option: str = ""


@dataclass(frozen=True)
class PatientAsked:
    """A report that is asked for. ``said`` are the values of the pack's options but for files; see ``domains/pack.py``.

    ``on`` is the date that the report is to bear. Without ``options`` what is open to the patient is left out. Pages
    are in the ``language``.
    """

    ruleset: str
    on: datetime.date
    said: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[GivenFile, ...] = ()
    sample: str | None = None
    keep_going: bool = False
    all_drugs: bool = False
    options: bool = True
    form: str = "json"
    language: str = ENGLISH


@dataclass(frozen=True)
class ReportMade:
    """A report in the form that was asked for, and its id."""

    content: bytes
    id: str


@dataclass(frozen=True)
class Refused:
    """Why there is no report: faults as data; ``samples`` are those of which one must be named.

    Where it ``failed``, the fault lies with resistab and not with what was asked.
    """

    faults: Sequence[Mapping[str, Any]]
    samples: tuple[str, ...] = ()
    failed: bool = False


def fault(message: str, where: str = "", expected: str | None = None) -> dict[str, Any]:
    """A fault as data, of the fields that ``core.faults.Fault`` has."""
    from resistab.core.faults import Fault, InputError

    return InputError([Fault(where=where, message=message, expected=expected)]).as_data()[0]
