"""From what was concluded of a sample to its report of the plain form."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from resistab.core.faults import NotUnderstood
from resistab.core.plain import PlainVerdict
from resistab.report.frame.model import PLAIN_REPORT_FORMAT, PlainReport, PlainSample, Subject
from resistab.report.model import cited, ruleset_info, set_aside, software_info

if TYPE_CHECKING:
    from resistab.report.frame import Frame
    from resistab.rulesets.plain import PlainRulebase

_Report = TypeVar("_Report", bound=PlainReport)


def plain_report(
    frame: Frame,
    rulebase: PlainRulebase,
    verdicts: tuple[PlainVerdict, ...],
    *,
    sample: PlainSample,
    subjects: Iterable[Subject],
    rules: int,
    notes: Iterable[str] = (),
    not_understood: Iterable[NotUnderstood] = (),
    on: datetime.date | None = None,
    kind: type[_Report],
) -> _Report:
    """The report on one sample; ``rules`` counts the rules by which something is concluded, ``on`` is its date.

    ``kind`` is the pack's own class of reports.

    The manifest of the rule set has ``scoring``, and ``verdicts`` with what each means.
    """
    manifest = rulebase.manifest
    return kind(
        format=PLAIN_REPORT_FORMAT,
        software=software_info(),
        ruleset=ruleset_info(
            manifest,
            rulebase.digest,
            rulebase.overlay,
            drugs=len(rulebase.drugs),
            rows=sum(len(table.rows) for table in rulebase.tables),
            mechanism_rules=rules,
            citations=len(rulebase.citations),
        ),
        generated_on=on,
        sample=sample,
        subjects=tuple(subjects),
        notes=tuple(notes),
        not_understood=set_aside(not_understood),
        verdicts=verdicts,
        citations=cited(verdicts, lambda reference: str(rulebase.citation_of[reference].short)),
        glossary=frame.glossary(manifest.verdicts, manifest.scoring.levels_of_verdicts),
        method=frame.method,
        limits=frame.limits,
    )
