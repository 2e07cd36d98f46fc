"""The report as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.domains.oncology.report import VERDICTS, wording
from resistab.domains.oncology.report.model import Report
from resistab.report import words
from resistab.report.page import page_environment

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "report.html.j2"


def render_html(report: Report) -> str:
    """``report`` as HTML that needs no other file, no script and no network; the same report gives the same text."""
    meanings = VERDICTS.meanings(report.verdict_levels)
    return _environment().get_template(TEMPLATE).render(report=report, meanings=meanings)


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(words=VERDICTS.words, symbols=VERDICTS.symbols)
    environment.filters.update(
        assayed_by_kind=wording.assayed_by_kind,
        conclusion_words=wording.conclusion_words,
        grounds=wording.grounds,
        left_out=wording.left_out,
        without_rules_words=wording.without_rules_words,
        level_words=wording.level_words,
        open_rows=wording.open_rows,
        percent=words.percent,
        says=wording.says,
        source_words=wording.source_words,
        studied=wording.studied,
        tally=wording.tally,
        by_reason=wording.by_reason,
        clonality_words=wording.clonality_words,
        finding_words=wording.finding_words,
        records_words=wording.records_words,
        verdict_order=wording.verdict_order,
        weight=wording.weight,
        weight_reasons=wording.weight_reasons,
    )
    return environment
