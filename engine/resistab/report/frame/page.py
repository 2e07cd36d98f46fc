"""A report of the plain form as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.report.frame.wording import conclusion, conclusion_words, level_words, not_assessed
from resistab.report.page import page_environment, rendered, report_id

if TYPE_CHECKING:
    from jinja2 import Environment

    from resistab.report.frame import Frame
    from resistab.report.frame.model import PlainReport

TEMPLATE = "frame.html.j2"


def render_plain_html(frame: Frame, report: PlainReport) -> str:
    """``report`` as HTML that needs no other file, no script and no network; the same report gives the same text."""
    ordered = frame.vocabulary.ordered(report.verdicts, lambda verdict: verdict.verdict)
    return rendered(
        _environment(),
        TEMPLATE,
        report=report,
        report_id=report_id(report),
        frame=frame,
        conclusion=conclusion(frame.vocabulary, report.verdicts),
        words=frame.vocabulary.worded(),
        in_sentences=frame.vocabulary.in_sentences(),
        symbols=frame.vocabulary.symbols,
        tones=frame.vocabulary.tones,
        said=[verdict for verdict in ordered if verdict.verdict != frame.nothing],
        explained=[verdict for verdict in ordered if verdict.contributions],
        not_assessed=not_assessed(report.verdicts, frame.nothing),
    )


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.filters.update(conclusion_words=conclusion_words, level_words=level_words)
    return environment
