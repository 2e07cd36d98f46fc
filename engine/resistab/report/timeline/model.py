"""The Timeline model: everything that a rendering of a patient's serial samples may show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from resistab.core.verdict import ResultModel
from resistab.report.language import gettext_noop
from resistab.report.model import Software
from resistab.report.options.model import Options

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


class CoursePoint(ResultModel):
    """A finding in one sample; ``amount`` is its allele fraction (0 to 1), or the value measured, in ``unit``.

    *Not detected* is what was assayed in plasma and not found, and may be there; *perhaps* what another finding, known
    only in part, may be.
    """

    presence: Presence
    amount: float | None
    unit: str


class Watched(ResultModel):
    """That a finding stood on the watch list of the sample of a day, ``since``, before it appeared in ``sample``.

    ``defeats`` are the drugs that it was watched for.
    """

    since: datetime.date
    sample: str
    defeats: tuple[str, ...]


class FindingCourse(ResultModel):
    """A finding through the series: one point for each sample, and the movement from each to the next.

    ``known`` says whether it has a curated association, ``watched`` whether it was looked out for.
    """

    finding: str
    points: tuple[CoursePoint, ...]
    movements: tuple[Movement, ...]
    known: bool
    watched: Watched | None = None


class CourseVerdict(ResultModel):
    """The verdict on a drug in one sample."""

    verdict: str
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


TherapyOutcome = Literal[
    "progression", "stable disease", "partial response", "complete response", "response", "intolerance", "completed"
]


class Therapy(ResultModel):
    """A drug that was given from ``start`` to ``end``, None where it goes on.

    ``outcome`` is how it ended, as far as that was said; of a virus that multiplied under it progression.
    """

    drug: str
    start: datetime.date
    end: datetime.date | None
    outcome: TherapyOutcome | None = None

    def by(self, day: datetime.date) -> Therapy:
        """What was known of it on a day: how it ended, once it had."""
        known = self.end is not None and self.end <= day
        return self if known or self.outcome is None else self.model_copy(update={"outcome": None})


class Pointer(ResultModel):
    """A drug against which a finding counts, by the heaviest of its rows."""

    drug: str
    row: str
    effect: str
    mechanism: str
    verdict: str


class Emergence(ResultModel):
    """A finding that is new in a sample or rose, the therapies since the one before, and what it points to."""

    finding: str
    sample: str
    movement: Movement
    under: tuple[str, ...]
    points_to: tuple[Pointer, ...]


@dataclass(frozen=True)
class TakenSample:
    """One sample of a series: its genotype and its report, and the date it was taken."""

    genotype: Any
    report: Any
    date: datetime.date


class DatedSample(Protocol):
    """What every domain says of a sample of a series; ``cautions`` are those of its own report.

    ``kind`` is what the sample is ("ctDNA"), "" where there is only one; ``about`` is all that is to be said of it in a
    line, ``read_as`` what it was read from.
    """

    @property
    def sample(self) -> str: ...
    @property
    def date(self) -> datetime.date: ...
    @property
    def kind(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def read_as(self) -> str: ...
    @property
    def cautions(self) -> Sequence[str]: ...


class PatientTimeline(ResultModel):
    """What every domain's timeline has: a patient's samples in the order of their dates, and what moved between them.

    ``ruleset`` and ``samples``, each a ``DatedSample``, are the domain's own, and so are the words: ``drugs`` are those
    that a finding may count against, ``note`` what is to be kept in mind, the first words of it apart; ``undrawn`` says
    why there is no picture. ``options`` is what is open now, by all samples and therapies.
    """

    # Whether findings have allele fractions: their course is a curve, and otherwise a lane.
    fractions: ClassVar[bool] = True
    undrawn: ClassVar[str] = "no finding has an allele fraction"
    drugs: ClassVar[str] = gettext_noop("a drug")
    note: ClassVar[tuple[str, str]]

    format: int
    software: Software
    ruleset: Any
    generated_on: datetime.date | None
    samples: tuple[Any, ...]
    therapies: tuple[Therapy, ...]
    findings: tuple[FindingCourse, ...]
    verdicts: tuple[VerdictCourse, ...]
    emergences: tuple[Emergence, ...]
    options: Options | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """What the samples are of: a label, and what is said."""
        raise NotImplementedError

    def to_json(self) -> str:
        """The timeline as JSON on one line; the same timeline always gives the same bytes."""
        return self.model_dump_json()
