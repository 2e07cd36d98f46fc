"""A timeline as one self-contained HTML page, and its picture as SVG."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.domains.oncology.report import VERDICTS
from resistab.report.page import page_environment
from resistab.report.timeline.drawing import LEFT, TOP, WIDTH, draw_timeline
from resistab.report.timeline.model import CoursePoint, Timeline
from resistab.report.words import percent

if TYPE_CHECKING:
    from jinja2 import Environment


def render_timeline_html(timeline: Timeline) -> str:
    """``timeline`` as HTML that needs no other file, no script and no network."""
    return (
        _environment()
        .get_template("timeline.html.j2")
        .render(timeline=timeline, drawing=draw_timeline(timeline), alone=False)
    )


def render_timeline_svg(timeline: Timeline) -> str | None:
    """The picture alone, as an SVG file; None where no finding has an allele fraction."""
    drawing = draw_timeline(timeline)
    if drawing is None:
        return None
    return _environment().get_template("timeline.svg.j2").render(timeline=timeline, drawing=drawing, alone=True)


def point_words(point: CoursePoint) -> str:
    """A finding in one sample, in words: "12%", "found", "not detected"."""
    if point.presence != "found" or point.amount is None:
        return point.presence
    return f"{point.amount:g} {point.unit}" if point.unit else percent(point.amount)


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(words=VERDICTS.words, symbols=VERDICTS.symbols, left=LEFT, top=TOP, width=WIDTH)
    environment.filters.update(point_words=point_words)
    return environment
