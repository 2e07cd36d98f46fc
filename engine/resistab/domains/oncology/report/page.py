"""The report as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.domains.oncology.report import wording
from resistab.domains.oncology.report.model import Report
from resistab.rulesets.find import data_folder

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "report.html.j2"


def render_html(report: Report) -> str:
    """``report`` as HTML that needs no other file, no script and no network; the same report gives the same text."""
    return _environment().get_template(TEMPLATE).render(report=report)


def css_string(text: str) -> str:
    """``text`` as it may stand in a quoted CSS string: everything but letters, digits and spaces is escaped."""
    return "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):06x}" for c in text)


def anchor(text: str) -> str:
    """``text`` as an HTML id."""
    return "-".join(text.split())


def page_environment() -> Environment:
    """A new template environment with what every page needs; each page adds its own words."""
    # Imported here, since a start that writes JSON has no use for it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from resistab.report.template_cache import template_cache

    environment = Environment(
        loader=FileSystemLoader(data_folder("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=template_cache(),
    )
    environment.globals.update(not_stated=wording.NOT_STATED, counted=wording.counted)
    environment.filters.update(anchor=anchor, capital=wording.capital, css_string=css_string)
    return environment


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(
        words=wording.VERDICT_WORDS, symbols=wording.VERDICT_SYMBOLS, meanings=wording.VERDICT_MEANINGS
    )
    environment.filters.update(
        assayed_by_kind=wording.assayed_by_kind,
        conclusion_words=wording.conclusion_words,
        follows=wording.follows,
        grounds=wording.grounds,
        left_out=wording.left_out,
        level_words=wording.level_words,
        levels=wording.levels,
        mechanism_chain=wording.mechanism_chain,
        open_rows=wording.open_rows,
        percent=wording.percent,
        reference_words=wording.reference_words,
        says=wording.says,
        tally=wording.tally,
        by_reason=wording.by_reason,
        clonality_words=wording.clonality_words,
        few=wording.few,
        finding_words=wording.finding_words,
        measured_words=wording.measured_words,
        records_words=wording.records_words,
        verdict_order=wording.verdict_order,
        weight=wording.weight,
        weight_reasons=wording.weight_reasons,
    )
    return environment
