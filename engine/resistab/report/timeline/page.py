"""A timeline as one self-contained HTML page, and its picture as SVG."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.report.page import page_environment, report_id
from resistab.report.timeline.drawing import LEFT, TOP, WIDTH, draw_timeline
from resistab.report.timeline.model import CoursePoint, Movement, PatientTimeline, Watched
from resistab.report.words import Vocabulary, percent

if TYPE_CHECKING:
    from jinja2 import Environment

# The field's words for the movements that have another name in JSON. What was assayed in plasma and not found may hide.
_MOVEMENTS: dict[Movement, str] = {
    "appeared": "newly detected",
    "vanished": "no longer detected",
    "no longer detected": "no longer detected, may still be there",
}


def render_timeline_html(timeline: PatientTimeline, vocabulary: Vocabulary) -> str:
    """``timeline`` as HTML that needs no other file, no script and no network; verdicts in their domain's words."""
    return (
        _environment()
        .get_template("timeline.html.j2")
        .render(
            timeline=timeline,
            report_id=report_id(timeline),
            drawing=draw_timeline(timeline),
            alone=False,
            words=vocabulary.words,
            symbols=vocabulary.symbols,
            tones=vocabulary.tones,
        )
    )


def render_timeline_svg(timeline: PatientTimeline) -> str | None:
    """The picture alone, as an SVG file; None where there is nothing to draw."""
    drawing = draw_timeline(timeline)
    if drawing is None:
        return None
    return _environment().get_template("timeline.svg.j2").render(timeline=timeline, drawing=drawing, alone=True)


def point_words(point: CoursePoint) -> str:
    """A finding in one sample, in words: "12%", "found", "not detected"."""
    if point.presence != "found" or point.amount is None:
        return point.presence
    return f"{point.amount:g} {point.unit}" if point.unit else percent(point.amount)


def watched_words(watched: Watched) -> str:
    """That a finding was looked out for: "on the watch list since 2024-01-08"."""
    return f"on the watch list since {watched.since}"


def movement_words(movement: Movement) -> str:
    """A movement from one sample to the next, in words: "newly detected", "rose"."""
    return _MOVEMENTS.get(movement, movement)


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(left=LEFT, top=TOP, width=WIDTH)
    environment.filters.update(movement_words=movement_words, point_words=point_words, watched_words=watched_words)
    return environment
