"""The report of the plain form, of which a frame makes pages. Its schema is ``reports/plain_report.schema.json``."""

from __future__ import annotations

import datetime

from resistab.core.measured import MeasuredComparison
from resistab.core.plain import PlainVerdict
from resistab.core.verdict import ResultModel
from resistab.report.model import CitationInfo, NotUnderstoodInfo, RulesetInfo, ShownReport, Software

# Raised when a field changes its meaning or goes; additions leave it.
PLAIN_REPORT_FORMAT = 1


class Fact(ResultModel):
    """Something to be said of a sample: its label, and what is said."""

    label: str
    text: str


class PlainSample(ResultModel):
    """The sample, when it was taken, and what else is known of it."""

    id: str
    date: datetime.date | None = None
    facts: tuple[Fact, ...] = ()


class Subject(ResultModel):
    """What rules ask for, such as a gene: what was given of it, and what was concluded.

    ``given`` is empty where it was not tested, ``concluded`` is None where it is open. ``found`` are those of the
    findings, in the words of the rules, that verdicts may rest on.
    """

    name: str
    about: str
    given: tuple[str, ...]
    found: tuple[str, ...]
    concluded: str | None


class Meaning(ResultModel):
    """A verdict that the rule set has, and what it means."""

    verdict: str
    words: str
    meaning: str


# A pack's own reports are of a class beneath, which says how they are shown; what is read from JSON is of this one.
class PlainReport(ShownReport):
    """What is concluded for one sample, by which rules, on whose evidence, and what is not known.

    ``cautions`` are what must be known before anything else is read; ``glossary`` tells the verdicts, in the order in
    which a reader is to meet them.
    """

    format: int
    software: Software
    ruleset: RulesetInfo
    generated_on: datetime.date | None
    sample: PlainSample
    cautions: tuple[str, ...] = ()
    subjects: tuple[Subject, ...]
    notes: tuple[str, ...]
    not_understood: tuple[NotUnderstoodInfo, ...]
    verdicts: tuple[PlainVerdict, ...]
    measured: tuple[MeasuredComparison, ...] = ()
    citations: tuple[CitationInfo, ...]
    glossary: tuple[Meaning, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]

    def to_json(self) -> str:
        """The report as JSON on one line; the same report always gives the same bytes."""
        return self.model_dump_json()
