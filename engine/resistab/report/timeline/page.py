"""A timeline as one self-contained HTML page, and its picture as SVG."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.core.said import terms
from resistab.report.language import figures, gettext, gettext_noop
from resistab.report.page import page_environment, rendered, report_id
from resistab.report.timeline.drawing import LEFT, TOP, WIDTH, draw_timeline
from resistab.report.timeline.model import CoursePoint, Movement, PatientTimeline, Presence, Watched
from resistab.report.words import Vocabulary, percent

if TYPE_CHECKING:
    from jinja2 import Environment

# The field's words for movements. What was assayed in plasma and not found may hide.
_MOVEMENTS: dict[Movement, str] = {
    "appeared": gettext_noop("newly detected"),
    "rose": gettext_noop("rose"),
    "fell": gettext_noop("fell"),
    "vanished": gettext_noop("no longer detected"),
    "no longer detected": gettext_noop("no longer detected, may still be there"),
    "steady": gettext_noop("steady"),
    "first looked for": gettext_noop("first tested"),
    "not looked for": gettext_noop("not tested"),
    "not found": gettext_noop("not found"),
    "stays absent": gettext_noop("stays absent"),
    "may be there": gettext_noop("may be there"),
    "may have been there": gettext_noop("may have been there"),
}
_PRESENCES: dict[Presence, str] = {
    "found": gettext_noop("found"),
    "perhaps": gettext_noop("perhaps"),
    "absent": gettext_noop("absent"),
    "not detected": gettext_noop("not detected"),
    "not assayed": gettext_noop("not tested"),
}
OUTCOMES = terms(
    "progression",
    "stable disease",
    "partial response",
    "complete response",
    "response",
    "intolerance",
    "completed",
)


def render_timeline_html(timeline: PatientTimeline, vocabulary: Vocabulary) -> str:
    """``timeline`` as HTML that needs no other file, no script and no network; verdicts in their domain's words."""
    return rendered(
        _environment(),
        "timeline.html.j2",
        timeline=timeline,
        report_id=report_id(timeline),
        drawing=draw_timeline(timeline),
        alone=False,
        words=vocabulary.worded(),
        symbols=vocabulary.symbols,
        tones=vocabulary.tones,
    )


def render_timeline_svg(timeline: PatientTimeline) -> str | None:
    """The picture alone, as an SVG file; None where there is nothing to draw."""
    drawing = draw_timeline(timeline)
    if drawing is None:
        return None
    return rendered(_environment(), "timeline.svg.j2", timeline=timeline, drawing=drawing, alone=True)


def point_words(point: CoursePoint) -> str:
    """A finding in one sample, in words: "12%", "found", "not detected"."""
    if point.presence != "found" or point.amount is None:
        return gettext(_PRESENCES[point.presence])
    return f"{figures(f'{point.amount:g}')} {point.unit}" if point.unit else percent(point.amount)


def watched_words(watched: Watched) -> str:
    """That a finding was looked out for: "on the watch list since 2024-01-08"."""
    return gettext("on the watch list since {date}", date=watched.since)


def movement_words(movement: Movement) -> str:
    """A movement from one sample to the next, in words: "newly detected", "rose"."""
    return gettext(_MOVEMENTS[movement])


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(left=LEFT, top=TOP, width=WIDTH)
    environment.filters.update(movement_words=movement_words, point_words=point_words, watched_words=watched_words)
    return environment
