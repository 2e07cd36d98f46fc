"""The report on a virus: everything a rendering may show. Its JSON Schema is ``reports/viral_report.schema.json``."""

from __future__ import annotations

import datetime
from typing import Literal

from resistab.core.json_text import json_text
from resistab.core.measured import MeasuredComparison
from resistab.core.verdict import ResultModel
from resistab.domains.virus.kinds.models import Sir
from resistab.domains.virus.policy.models import GivenComment, MutationType, ViralVerdict
from resistab.report.learned import LearnedPrediction
from resistab.report.model import NotUnderstoodInfo, Rendering, ReportedOverlay, ShownReport, Software
from resistab.report.options.model import Options

# Raised when a field changes its meaning or goes; additions leave it.
VIRAL_REPORT_FORMAT = 1


class ViralLevelInfo(ResultModel):
    """One of the rule set's levels, lowest first; ``possible``: susceptible, but reported as possible resistance."""

    level: int
    name: str
    sir: Sir
    possible: bool


class ViralRulesetInfo(ResultModel):
    """The rule set: its id, version, date and the SHA-256 of its files, and the algorithm it was taken from."""

    id: str
    name: str
    version: str
    date: datetime.date
    licence: str
    digest: str
    algorithm: str
    algorithm_version: str
    algorithm_date: datetime.date | None
    drugs: int
    rows: int
    comments: int
    levels: tuple[ViralLevelInfo, ...]
    overlay: ReportedOverlay | None


class ViralSample(ResultModel):
    """The sample: what was given of it, and how many bases where that was a sequence.

    Where reads were counted, a residue counts from the share ``threshold`` of the reads at its position on, and a
    position with fewer than ``fewest_reads`` was taken as not read.
    """

    id: str
    given: Literal["sequence", "mutations", "codfreq", "AAVF"]
    bases: int | None
    threshold: float | None = None
    fewest_reads: int | None = None


class QualityInfo(ResultModel):
    """Something to know before the interpretation is trusted; ``severity`` is note, warning or severe."""

    kind: str
    severity: str
    message: str


class MutationInfo(ResultModel):
    """A mutation; ``types`` say what it is to each class of drugs, ``rows`` which rows hold because of it.

    ``shares`` are the shares of reads that hold each of ``residues``, where reads were counted.
    """

    text: str
    given: str
    position: int
    residues: tuple[str, ...]
    inserted: str | None
    mixture: bool
    types: tuple[MutationType, ...]
    rows: tuple[str, ...]
    shares: tuple[float, ...] = ()


class GeneInfo(ResultModel):
    """A gene: whether and where it was read, and what was found in it.

    ``read`` are inclusive ranges of positions; empty where the gene was not sequenced. ``inferred`` says that all of
    it was taken as sequenced because a mutation of it was listed.
    """

    gene: str
    name: str | None
    length: int | None
    sequenced: bool
    inferred: bool
    read: tuple[tuple[int, int], ...]
    mutations: tuple[MutationInfo, ...]


class ViralReport(ShownReport):
    """What is concluded for one virus sample, by which rules, and what is not known."""

    format: int
    software: Software
    ruleset: ViralRulesetInfo
    generated_on: datetime.date | None
    sample: ViralSample
    quality: tuple[QualityInfo, ...]
    genes: tuple[GeneInfo, ...]
    notes: tuple[str, ...]
    not_understood: tuple[NotUnderstoodInfo, ...]
    verdicts: tuple[ViralVerdict, ...]
    comments: tuple[GivenComment, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    measured: tuple[MeasuredComparison, ...] = ()
    # What is open to the patient; None where that was not asked.
    options: Options | None = None
    # What learned tables predict; empty where none was asked for.
    learned: tuple[LearnedPrediction, ...] = ()

    def rendering(self) -> Rendering:
        """As the pack shows it."""
        from resistab.domains.virus import report

        return report

    def to_json(self) -> str:
        """The report as JSON on one line, without ``measured`` where nothing was, and what is of counted reads alone.

        The same report always gives the same bytes.
        """
        left_out = {name for name in ("measured", "options", "learned") if not getattr(self, name)}
        said = self.model_dump(mode="json", exclude=left_out)
        if self.sample.threshold is None:
            del said["sample"]["threshold"], said["sample"]["fewest_reads"]
            for gene in said["genes"]:
                for mutation in gene["mutations"]:
                    del mutation["shares"]
        return json_text(said)
