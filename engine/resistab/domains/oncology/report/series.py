"""The timeline of a tumour. Its JSON Schema is ``reports/timeline.schema.json``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import ClassVar

from resistab.core.verdict import ResultModel
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.series import TumourSeries
from resistab.report.language import gettext, gettext_noop
from resistab.report.model import RulesetInfo
from resistab.report.options.model import Options
from resistab.report.timeline.building import build_timeline, in_order
from resistab.report.timeline.model import PatientTimeline, TakenSample, Therapy


class TimePoint(ResultModel):
    """A sample of the series; ``cautions`` are those of its own report."""

    sample: str
    date: datetime.date
    tumour_type: str
    specimen: str | None
    read_as: str
    cautions: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The specimen, "" where it was not said."""
        return self.specimen or ""

    @property
    def about(self) -> str:
        """The specimen and the tumour type."""
        return ", ".join(part for part in (self.specimen, self.tumour_type) if part)


class Timeline(PatientTimeline):
    """A patient's samples in the order of their dates, and what moved between them."""

    drugs: ClassVar[str] = gettext_noop("a drug used in this tumour type")
    note: ClassVar[tuple[str, str]] = (
        gettext_noop("Missing is not wild type."),
        gettext_noop(
            "What was not tested in a sample is unknown there; what was not detected in plasma may be there. Each "
            "sample is interpreted by itself, and a verdict moves also where more, or less, was tested."
        ),
    )

    ruleset: RulesetInfo
    samples: tuple[TimePoint, ...]

    @property
    def subject(self) -> tuple[str, str]:
        """The tumour types of the samples."""
        return gettext("Tumour type"), ", ".join(dict.fromkeys(sample.tumour_type for sample in self.samples))


def tumour_timeline(
    rulebase: Rulebase,
    samples: Iterable[TakenSample],
    therapies: Iterable[Therapy],
    on: datetime.date | None,
    options: Sequence[Options] = (),
) -> Timeline:
    """The timeline of at least one sample; ``on`` is the date it bears.

    ``options`` are those of ``ReportModule.timeline``.
    """
    ordered = in_order(samples)
    points = [_time_point(item) for item in ordered]
    return build_timeline(
        Timeline,
        TumourSeries(rulebase, ordered),
        points=points,
        samples=ordered,
        therapies=therapies,
        on=on,
        options=options,
    )


def _time_point(item: TakenSample) -> TimePoint:
    sample = item.report.sample
    return TimePoint(
        sample=sample.id,
        date=item.date,
        tumour_type=sample.tumour_type.name,
        specimen=sample.specimen,
        read_as=sample.read_as,
        cautions=item.report.cautions,
    )
