"""What every page is made with: templates, and words that may stand in them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

from resistab.core.derivation import reference_url
from resistab.report import language, learned, steps
from resistab.report.measured import measured_words
from resistab.report.options import words as option_words
from resistab.report.words import capital, counted, drug_words, few, percent, reference_words
from resistab.rulesets.find import data_folder

if TYPE_CHECKING:
    from jinja2 import Environment

_ID_DIGITS = 12


def rendered(environment: Environment, template: str, **values: object) -> str:
    """A page, in the language that is spoken."""
    return language.finished(environment.get_template(template).render(**values))


class _Said(Protocol):
    """A report or a timeline."""

    def to_json(self) -> str: ...


def report_id(report: _Said) -> str:
    """By what a report on paper is told from any other: the first digits of the SHA-256 of its JSON."""
    return hashlib.sha256(report.to_json().encode("utf-8", "backslashreplace")).hexdigest()[:_ID_DIGITS]


def css_string(text: str) -> str:
    """``text`` as it may stand in a quoted CSS string: everything but letters, digits and spaces is escaped."""
    # A space behind an escape would be taken for its end, be it the last of another text.
    escaped = True
    pieces = []
    # Half a character has no escape in CSS.
    for char in text.encode("utf-8", "replace").decode("utf-8"):
        escaped = not (char.isascii() and (char.isalnum() or (char == " " and not escaped)))
        pieces.append(f"\\{ord(char):06x}" if escaped else char)
    return "".join(pieces)


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
        extensions=["jinja2.ext.i18n"],
    )
    i18n: Any = environment
    i18n.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)
    environment.globals.update(
        counted=counted,
        language=language.code,
        option_words=option_words,
        learned_title=learned.title,
        learned_about=learned.about,
    )
    environment.filters.update(
        anchor=anchor,
        authority_words=option_words.authority_text,
        capital=capital,
        concluded=language.concluded,
        concluded_words=language.concluded_words,
        css_string=css_string,
        english=language.english,
        drug_words=drug_words,
        few=few,
        figures=language.figures,
        activity_words=option_words.activity_text,
        barrier_words=option_words.barrier_text,
        gss_words=option_words.gss_text,
        common_cautions=option_words.common_cautions,
        option_drugs=option_words.drugs_text,
        part_words=learned.part_words,
        prediction_words=learned.prediction_words,
        overcome_together=option_words.overcome_together,
        option_rest=option_words.remaining,
        option_rows=option_words.leading_rows,
        option_tally=option_words.tally,
        rule_words=option_words.rule_text,
        setting_words=option_words.setting_text,
        follows=steps.follows,
        grounds=steps.grounds,
        levels=steps.levels,
        measured_words=measured_words,
        percent=percent,
        mechanism_chain=steps.mechanism_chain,
        reference_url=reference_url,
        reference_words=reference_words,
        source_words=steps.source_words,
        studied=steps.studied,
    )
    return environment
