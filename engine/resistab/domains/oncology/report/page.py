"""The report as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.domains.oncology.report import VERDICTS, first_page, wording
from resistab.domains.oncology.report.drawing import BAR_HEIGHT, MARGIN, WIDTH, draw_protein
from resistab.domains.oncology.report.model import Report
from resistab.report.page import page_environment, rendered, report_id

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "report.html.j2"


def render_html(report: Report) -> str:
    """``report`` as HTML that needs no other file, no script and no network; the same report gives the same text."""
    meanings = VERDICTS.meanings(report.verdict_levels)
    return rendered(
        _environment(),
        TEMPLATE,
        report=report,
        report_id=report_id(report),
        meanings=meanings,
        words=VERDICTS.worded(),
        in_sentences=VERDICTS.in_sentences(),
        glossary=wording.glossary(),
    )


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(symbols=VERDICTS.symbols)
    environment.globals.update(bar_height=BAR_HEIGHT, margin=MARGIN, width=WIDTH)
    environment.filters.update(
        assayed_by_kind=wording.assayed_by_kind,
        conclusion_words=wording.conclusion_words,
        grounds=wording.grounds,
        left_out=wording.left_out,
        without_rules_words=wording.without_rules_words,
        level_words=wording.level_words,
        open_rows=wording.open_rows,
        says=wording.says,
        source_words=wording.source_words,
        studied=wording.studied,
        tally=wording.tally,
        clonality_words=wording.clonality_words,
        conclusion=first_page.conclusion,
        drawing=draw_protein,
        field_words=wording.field_words,
        finding_words=wording.finding_words,
        first_mentions=wording.FirstMentions,
        groups=first_page.groups,
        had_before=first_page.had_before,
        line_words=first_page.line_words,
        panel_words=wording.panel_words,
        records_words=wording.records_words,
        verdict_order=wording.verdict_order,
        weight=wording.weight,
        weight_reasons=wording.weight_reasons,
    )
    return environment
