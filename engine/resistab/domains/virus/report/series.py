"""The timeline of a virus. Its JSON Schema is ``reports/viral_timeline.schema.json``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from resistab.core.said import said
from resistab.core.verdict import ResultModel
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.series import ViralSeries
from resistab.domains.virus.report.model import ViralRulesetInfo
from resistab.domains.virus.report.wording import genes_read_words, given_words, inferred_words
from resistab.report.language import gettext, gettext_noop
from resistab.report.options.model import Options
from resistab.report.timeline.building import build_timeline, in_order
from resistab.report.timeline.model import PatientTimeline, TakenSample, Therapy
from resistab.report.words import capital


class ViralTimePoint(ResultModel):
    """A sample of the series: what was given of it and what of the genes was read.

    ``cautions`` are the warnings of its own report.
    """

    sample: str
    date: datetime.date
    given: Literal["sequence", "mutations", "codfreq", "AAVF"]
    read_as: str
    genes_read: str
    cautions: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Nothing: samples of a virus are of one kind."""
        return ""

    @property
    def about(self) -> str:
        """What was given, and what was read."""
        return f"{self.read_as}; read: {self.genes_read}"


class ViralTimeline(PatientTimeline):
    """A patient's samples in the order of their dates, and what moved between them."""

    fractions: ClassVar[bool] = False
    undrawn: ClassVar[str] = "no mutation was found"
    note: ClassVar[tuple[str, str]] = (
        gettext_noop("Not assessable is not susceptible."),
        gettext_noop(
            "What was not read in a sample is unknown there, and a variant below what sequencing detects is not seen: "
            "what was selected once may persist. Each sample is interpreted by itself, and a verdict moves also where "
            "more, or less, was read."
        ),
    )

    ruleset: ViralRulesetInfo
    samples: tuple[ViralTimePoint, ...]

    @property
    def subject(self) -> tuple[str, str]:
        """The algorithm by which the samples are interpreted."""
        return gettext("Algorithm"), f"{self.ruleset.algorithm} {self.ruleset.algorithm_version}"


def viral_timeline(
    rulebase: ViralRulebase,
    samples: Iterable[TakenSample],
    therapies: Iterable[Therapy],
    on: datetime.date | None,
    options: Sequence[Options] = (),
) -> ViralTimeline:
    """The timeline of at least one sample; ``on`` is the date it bears.

    ``options`` are those of ``ReportModule.timeline``.
    """
    ordered = in_order(samples)
    points = [_time_point(item) for item in ordered]
    return build_timeline(
        ViralTimeline,
        ViralSeries(rulebase),
        points=points,
        samples=ordered,
        therapies=therapies,
        on=on,
        options=options,
    )


def _time_point(item: TakenSample) -> ViralTimePoint:
    report = item.report
    warnings = [
        said("{subject}: {text}", subject=capital(note.kind), text=note.message)
        for note in report.quality
        if note.severity != "note"
    ]
    inferred = inferred_words(report.genes)
    return ViralTimePoint(
        sample=report.sample.id,
        date=item.date,
        given=report.sample.given,
        read_as=given_words(report.sample),
        genes_read=genes_read_words(report.genes),
        cautions=(*warnings, *([inferred] if inferred else [])),
    )
