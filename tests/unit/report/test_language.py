"""The language of a page: messages with their values, numbers, and what was concluded found again by its template."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

import pytest

from resistab.core.said import BARE, CODES, DRUGS, FREE, NUMBERS, OF_TERMS, QUOTED, RANGES, SUBJECT
from resistab.report.language import (
    BEGINS,
    ENDS,
    concluded,
    english,
    figures,
    finished,
    gettext,
    ngettext,
    speaking,
)
from resistab.report.spoken import Plural, SpokenLanguage
from resistab.report.translations import CONCLUDED, LISTS, language_named, template_catalog
from resistab.report.words import capital, counted, percent

FIELD = re.compile(r"\{(\w+)\}")


@pytest.fixture(scope="module")
def german() -> SpokenLanguage:
    found = language_named("de")
    assert found is not None
    return found


# --- messages and numbers -------------------------------------------------------------------------------------------


def test_without_a_language_words_are_english() -> None:
    assert gettext("level {level}, {name}", level=3, name="low") == "level 3, low"
    assert (counted(1, "drug"), counted(2000, "drug")) == ("1 drug", "2,000 drugs")
    assert percent(0.125) == "12.5%"
    assert finished("<p>as it is</p>") == "<p>as it is</p>"


def test_german_has_its_words_forms_and_numbers(german: SpokenLanguage) -> None:
    with speaking(german):
        assert gettext("No resistance found") == "Keine Resistenz nachgewiesen"
        assert (counted(1, "drug"), counted(2000, "drug")) == ("1 Wirkstoff", "2.000 Wirkstoffe")
        assert percent(0.125) == "12,5\N{NO-BREAK SPACE}%"
        assert figures("0.05") == "0,05"
    assert gettext("No resistance found") == "No resistance found"


def test_what_is_no_number_stays_as_it_is(german: SpokenLanguage) -> None:
    assert [german.number(text) for text in ("L858R", "41, 65-70", "2026-01-08", "10.2.1")] == [
        "L858R",
        "41, 65-70",
        "2026-01-08",
        "10.2.1",
    ]


def test_a_language_is_spoken_until_its_page_is_made(german: SpokenLanguage) -> None:
    with pytest.raises(RuntimeError), speaking(german):
        raise RuntimeError
    assert ngettext("{number} row", "{number} rows", 2) == "2 rows"


# --- what stays English ---------------------------------------------------------------------------------------------


def test_what_a_rule_set_says_is_marked_as_english(german: SpokenLanguage) -> None:
    with speaking(german):
        page = finished(f"<p>{english('A curator wrote this.')}</p>")
    assert page == '<p><span lang="en">A curator wrote this.</span></p>'


def test_no_mark_is_left_where_no_element_can_be(german: SpokenLanguage) -> None:
    with speaking(german):
        said = english("Lung Adenocarcinoma")
        page = finished(f'<title>{said}</title><p title="{said}">{capital(english("of a curator"))}</p>')
    assert page == (
        '<title>Lung Adenocarcinoma</title><p title="Lung Adenocarcinoma"><span lang="en">Of a curator</span></p>'
    )


def test_a_sentence_that_only_resembles_one_stays_english(german: SpokenLanguage) -> None:
    """Above all one that says the contrary."""
    with speaking(german):
        for text in ("no resistance found at all", "MET fusion not quite tested", "resistance was found"):
            assert concluded(text) == english(text)


# --- what was concluded ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "english_text, german_text",
    [
        ("KRAS mutation in 12, 13 not tested", "KRAS-Mutation in 12, 13 nicht untersucht"),
        (
            "EGFR T790M, EGFR C797S: resistance, target alteration: gatekeeper (evidence level B, extrapolated)",
            "EGFR T790M, EGFR C797S: Resistenz, Veränderung der Zielstruktur: Gatekeeper (Evidenzgrad B, extrapoliert)",
        ),
        (
            "EML4::ALK fusion, in a minor clone: response marker (Tier I-A); no resistance markers curated",
            "EML4::ALK fusion, in einem kleinen Subklon: Ansprechmarker (Tier I-A); keine Resistenzmarker kuratiert",
        ),
        (
            "no resistance marker found, no response marker found",
            "kein Resistenzmarker und kein Ansprechmarker gefunden",
        ),
        ("limit of detection 0.50%", "Nachweisgrenze 0,50\N{NO-BREAK SPACE}%"),
        ("at least: The usual dose and no more.", f"mindestens: {BEGINS}The usual dose and no more.{ENDS}"),
        (
            "osimertinib not active: EGFR C797S: resistance (evidence level B)",
            "Osimertinib nicht aktiv: EGFR C797S: Resistenz (Evidenzgrad B)",
        ),
    ],
)
def test_what_was_concluded_is_said_in_german(german: SpokenLanguage, english_text: str, german_text: str) -> None:
    with speaking(german):
        assert concluded(english_text) == german_text


def templates(without: str = " ") -> list[str]:
    found = []
    for message in template_catalog():
        if message.context == CONCLUDED and not any(without in place for place, _ in message.locations):
            found += list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]
    return found


TEMPLATES, CONCLUSIONS = templates(), templates(without="/inputs/")


def numbered() -> SpokenLanguage:
    """A language in which each template is its number with its values, so that one sees which was taken."""
    made: dict[str, str | Plural] = {
        text: f"<{number}" + "".join(f"|{{{name}}}" for name in dict.fromkeys(FIELD.findall(text))) + ">"
        for number, text in enumerate(TEMPLATES)
    }
    return SpokenLanguage("xx", {}, made, {}, lambda number: 0)


def value(name: str, number: int = 0) -> str:
    """A value as one under this name may be."""
    for names, values in (
        (NUMBERS, ("3", "12", "0.5%", "60")),
        (OF_TERMS, ("resistance", "reduced response, immune escape", "resistance, target alteration: gatekeeper")),
        (CODES, ("OSI-001", "EGFR", "RT")),
        (RANGES, ("41, 65-70", "184")),
        (DRUGS, ("osimertinib", "dabrafenib + trametinib", "gefitinib, erlotinib")),
        ({BARE}, ("EGFR first generation",)),
        ({SUBJECT}, ("DPYD poor metabolizer", "dabrafenib + trametinib")),
        ({"text"}, ("no rule holds", "KRAS mutation not tested")),
        ({QUOTED}, ("A sentence that a curator wrote: this one, with no resistance found in it.",)),
        ({"level"}, ("B", "B, extrapolated")),
        ({"date", "authorities", "references", "column", "panel"}, ("2020-05-06", "PMID:27959700, EMA")),
    ):
        if name in names:
            return values[number % len(values)]
    return ("EGFR T790M", "EML4::ALK fusion", "KRAS G12D, TP53 R175H", "any of (A, B, C, D)")[number % 4]


def instance(template: str, number: int = 0, **given: str) -> tuple[str, dict[str, str]]:
    """A text that is made of a template, and its values."""
    values = {name: value(name, number) for name in FIELD.findall(template)}
    if "condition" in values:
        # Where a condition stands before an effect, that is one word.
        values |= {"condition": "EGFR T790M and not EGFR C797S", "effect": "reduced response"}
    values |= given
    return template.format_map(values), values


def expected(language: SpokenLanguage, template: str, values: Mapping[str, str]) -> str:
    translation = language.templates[template]
    assert isinstance(translation, str)
    return translation.format_map({name: language._shown(name, text) for name, text in values.items()})


@pytest.fixture(scope="module")
def numbers() -> SpokenLanguage:
    return numbered()


def test_each_template_is_found_again_by_its_own_texts(numbers: SpokenLanguage) -> None:
    """Whatever the values: no text of one is read as another, so that no negation is lost."""
    wrong = []
    for template, number in itertools.product(TEMPLATES, range(4)):
        text, values = instance(template, number)
        if numbers.concluded(text) != expected(numbers, template, values):
            wrong.append((text, numbers.concluded(text)))
    assert wrong == []


def nested() -> Iterator[tuple[str, str, str]]:
    """Each template that holds a sentence, the name of that, and each that a sentence may be made of: notes are not."""
    for outer in CONCLUSIONS:
        for name in FREE.intersection(FIELD.findall(outer)) - {QUOTED}:
            for inner in CONCLUSIONS:
                if FIELD.search(inner) or " " in inner:
                    yield outer, name, inner


def test_a_sentence_in_another_changes_neither(numbers: SpokenLanguage) -> None:
    """Of both its own translation or none: what can be read in two ways stays English."""
    wrong = []
    for outer, name, inner in nested():
        within, _ = instance(inner)
        text, values = instance(outer, **{name: within})
        found = numbers.concluded(text)
        if found is not None and found != expected(numbers, outer, values):
            wrong.append((text, found, expected(numbers, outer, values)))
    assert wrong == []


def test_templates_of_lists_have_a_name_and_a_word() -> None:
    """A list of a name alone would take every text for one."""
    for message in template_catalog():
        if message.context == LISTS:
            assert FIELD.sub("", str(message.id)).strip()
