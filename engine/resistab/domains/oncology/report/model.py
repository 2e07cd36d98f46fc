"""The Report model: everything a rendering may show. Its JSON Schema is published in ``reports/report.schema.json``."""

from __future__ import annotations

import datetime
from typing import Literal

from resistab.core.json_text import json_text
from resistab.core.model import Field
from resistab.core.verdict import ResultModel
from resistab.domains.oncology.policy.clonality import Clonality
from resistab.domains.oncology.policy.gene_maps import GeneMap
from resistab.domains.oncology.policy.models import DrugWithoutRules, MeasuredInfo, Verdict
from resistab.report.learned import LearnedPrediction
from resistab.report.model import (
    CitationInfo,
    ConclusionInfo,
    NotUnderstoodInfo,
    Rendering,
    RulesetInfo,
    ShownReport,
    Software,
)
from resistab.report.options.model import Options

# Raised when a field changes its meaning or goes; additions leave it.
REPORT_FORMAT = 1


class TumourTypeInfo(ResultModel):
    """The tumour type and its ancestors, nearest first, as "CODE Name"."""

    code: str
    name: str
    ancestors: tuple[str, ...]


class RecordsInfo(ResultModel):
    """What became of each record of a file of calls; the numbers add up to ``total``.

    ``known`` are records read as findings with a curated association, ``unknown`` those with none, ``partly``
    those of which only the gene is known, ``set_aside`` those not understood; ``passed_over`` counts the others by
    reason.
    """

    total: int
    known: int
    unknown: int
    partly: int
    set_aside: int
    passed_over: dict[str, int]


class Sample(ResultModel):
    """The sample, as the user gave it; ``read_as`` is the kind of input it was read from, "" where from options."""

    id: str
    tumour_type: TumourTypeInfo
    specimen: Literal["tissue", "ctDNA"] | None
    date: datetime.date | None
    prior_therapies: tuple[str, ...] | None
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None
    read_as: str = ""
    records: RecordsInfo | None = None


class FindingInfo(ResultModel):
    """A finding; ``known`` says whether it has a curated association, ``rows`` which rows fired on it.

    ``phases`` says how it lies to other changes, such as "in cis with EGFR T790M".
    ``allele_fraction`` is between 0 and 1, ``depth`` the number of reads at the place, ``clonality`` the share of the
    tumour that has it, where that can be told. ``significance`` says that it is a listed benign variant, or that nobody
    knows what it does; "" where neither is so.
    """

    text: str
    given: str
    hgvs: str | None
    allele_fraction: float | None
    depth: int | None = None
    clonality: Clonality | None = None
    phases: tuple[str, ...]
    known: bool
    rows: tuple[str, ...]
    significance: str = ""


class AssayedInfo(ResultModel):
    """What was assayed, and whether this was said or inferred from a finding."""

    locus: str
    given: str
    inferred: bool


class Report(ShownReport):
    """What is concluded for one sample, by which rules, on whose evidence, and what is not known.

    ``cautions`` are what must be known before anything else is read. ``left_out`` names the drugs without a verdict
    here: they are not used in the tumour type, and no row of theirs fired. ``without_rules`` are drugs that are used in
    it and of which the rule set has no table.
    """

    format: int
    software: Software
    ruleset: RulesetInfo
    generated_on: datetime.date | None
    sample: Sample
    cautions: tuple[str, ...] = ()
    findings: tuple[FindingInfo, ...]
    assayed: tuple[AssayedInfo, ...]
    notes: tuple[str, ...]
    not_understood: tuple[NotUnderstoodInfo, ...]
    verdicts: tuple[Verdict, ...]
    left_out: tuple[str, ...] = ()
    without_rules: tuple[DrugWithoutRules, ...] = ()
    measured: tuple[MeasuredInfo, ...] = ()
    conclusions: tuple[ConclusionInfo, ...]
    unknown_findings: tuple[str, ...]
    citations: tuple[CitationInfo, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    # What is open to the patient; None where that was not asked.
    options: Options | None = None
    # What learned tables predict; empty where none was asked for.
    learned: tuple[LearnedPrediction, ...] = ()
    # Genes with several changes, for the drawings of a page.
    gene_maps: tuple[GeneMap, ...] = Field(default=(), exclude=True)
    # The levels of the rule set that mean each verdict, for the words of a page.
    verdict_levels: dict[str, tuple[int, ...]] = Field(default_factory=dict, exclude=True)
    # The brands of drugs, for page and terminal; programs know drugs by their generic names.
    brands: dict[str, tuple[str, ...]] = Field(default_factory=dict, exclude=True)

    def rendering(self) -> Rendering:
        """As the pack shows it."""
        from resistab.domains.oncology import report

        return report

    def to_json(self) -> str:
        """The report as JSON on one line; the same report always gives the same bytes."""
        left_out = {name for name in ("options", "learned") if not getattr(self, name)}
        return json_text(self.model_dump(mode="json", exclude=left_out))
