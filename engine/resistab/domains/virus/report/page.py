"""The report on a virus as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.domains.virus.report import wording
from resistab.domains.virus.report.drawing import BAR_HEIGHT, MARGIN, WIDTH, draw_gene
from resistab.domains.virus.report.model import ViralReport
from resistab.report.page import page_environment, rendered, report_id

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "viral_report.html.j2"


def render_viral_html(report: ViralReport) -> str:
    """``report`` as HTML that needs no other file, no script and no network; the same report gives the same text."""
    return rendered(_environment(), TEMPLATE, report=report, report_id=report_id(report))


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(
        other=wording.OTHER,
        severity_words=wording.SEVERITY_WORDS,
        sir_words=wording.SIR_WORDS,
        symbols=wording.STYLE_SYMBOLS,
        bar_height=BAR_HEIGHT,
        margin=MARGIN,
        width=WIDTH,
    )
    environment.filters.update(
        by_class=wording.by_class,
        by_severity=wording.by_severity,
        conclusion=wording.conclusion,
        counted_apart=wording.counted_apart,
        drawing=draw_gene,
        drugs_counting=wording.drugs_counting,
        genes_read_words=wording.genes_read_words,
        given_words=wording.given_words,
        inferred_mark=wording.inferred_mark,
        inferred_words=wording.inferred_words,
        level_style=wording.level_style,
        level_words=wording.level_words,
        matrix=wording.matrix,
        may_change=wording.may_change,
        mixture_words=wording.mixture_words,
        mutation_words=wording.mutation_words,
        mutations_words=wording.mutations_words,
        one_cause=wording.one_cause,
        open_rows_words=wording.open_rows_words,
        open_words=wording.open_words,
        partial_score_words=wording.partial_score_words,
        read_words=wording.read_words,
        score_text=wording.score_text,
        shares_words=wording.shares_words,
        step_of=wording.step_of,
        unassessed=wording.unassessed,
        unread_words=wording.unread_words,
    )
    environment.tests["telling"] = wording.telling
    return environment
