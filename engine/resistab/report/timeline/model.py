"""The Timeline model: everything that a rendering of a patient's serial samples may show."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Literal

from resistab.core.verdict import ResultModel
from resistab.domains.oncology.policy.models import VerdictName
from resistab.report.model import RulesetInfo, Software

# Raised when a field changes its meaning or goes; additions leave it.
TIMELINE_FORMAT = 1

Presence = Literal["found", "perhaps", "absent", "not detected", "not assayed"]
Movement = Literal[
    "appeared",
    "rose",
    "fell",
    "vanished",
    "no longer detected",
    "steady",
    "first looked for",
    "not looked for",
    "not found",
    "stays absent",
    "may be there",
    "may have been there",
]


class TimePoint(ResultModel):
    """A sample of the series; ``cautions`` are those of its own report."""

    sample: str
    date: datetime.date
    tumour_type: str
    specimen: str | None
    read_as: str
    cautions: tuple[str, ...]


class CoursePoint(ResultModel):
    """A finding in one sample; ``amount`` is its allele fraction (0 to 1), or the value measured, in ``unit``.

    *Not detected* is what was assayed in plasma and not found, and may be there; *perhaps* what another finding, known
    only in part, may be.
    """

    presence: Presence
    amount: float | None
    unit: str


class FindingCourse(ResultModel):
    """A finding through the series: one point for each sample, and the movement from each to the next.

    ``known`` says whether any rule speaks of it.
    """

    finding: str
    points: tuple[CoursePoint, ...]
    movements: tuple[Movement, ...]
    known: bool


class CourseVerdict(ResultModel):
    """The verdict on a drug in one sample."""

    verdict: VerdictName
    level: int | None
    reason: str


class VerdictCourse(ResultModel):
    """A drug through the series: one verdict for each sample; ``moved`` where they are not all the same.

    ``given`` says that the drug was among the therapies.
    """

    drug: str
    verdicts: tuple[CourseVerdict, ...]
    moved: bool
    given: bool


class Therapy(ResultModel):
    """A drug that was given from ``start`` to ``end``, None where it goes on."""

    drug: str
    start: datetime.date
    end: datetime.date | None


class Pointer(ResultModel):
    """A drug against which a finding counts, by the heaviest of its rows."""

    drug: str
    row: str
    effect: str
    mechanism: str
    verdict: VerdictName


class Emergence(ResultModel):
    """A finding that appeared or rose in a sample, the therapies since the one before, and what it points to."""

    finding: str
    sample: str
    movement: Movement
    under: tuple[str, ...]
    points_to: tuple[Pointer, ...]


@dataclass(frozen=True)
class Dated:
    """One sample of a series: its genotype and its report, and the date it was taken."""

    genotype: Any
    report: Any
    date: datetime.date


class PatientTimeline(ResultModel):
    """What every domain's timeline has: a patient's samples in the order of their dates, and what moved between them.

    ``ruleset`` and ``samples`` are the domain's own; each of the samples has ``sample``, ``date``, ``cautions`` and
    ``about``, what else is to be said of it in words.
    """

    format: int
    software: Software
    ruleset: Any
    generated_on: datetime.date | None
    samples: tuple[Any, ...]
    therapies: tuple[Therapy, ...]
    findings: tuple[FindingCourse, ...]
    verdicts: tuple[VerdictCourse, ...]
    emergences: tuple[Emergence, ...]

    def to_json(self) -> str:
        """The timeline as JSON on one line; the same timeline always gives the same bytes."""
        return self.model_dump_json()


class Timeline(ResultModel):
    """A patient's samples in the order of their dates, and what moved between them."""

    format: int
    software: Software
    ruleset: RulesetInfo
    generated_on: datetime.date | None
    samples: tuple[TimePoint, ...]
    therapies: tuple[Therapy, ...]
    findings: tuple[FindingCourse, ...]
    verdicts: tuple[VerdictCourse, ...]
    emergences: tuple[Emergence, ...]

    def to_json(self) -> str:
        """The timeline as JSON on one line; the same timeline always gives the same bytes."""
        return self.model_dump_json()
