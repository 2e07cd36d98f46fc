"""The German page of a tumour: the words of a board, nothing left in English but the rule set's, and as safe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.page import render_html
from resistab.report.language import speaking
from resistab.report.translations import language_named, template_catalog
from tests.report_page import Element, parse_page

HOSTILE = """<script>alert(1)</script> "O'Neil" </style><b>&amp; \\ {{ 7*7 }} %(x)s {x} \ufdd0 \ufdd1"""


def german(report: Report) -> Element:
    with speaking(language_named("de")):
        return parse_page(render_html(report))


@pytest.fixture(scope="module")
def page(colon: Report) -> Element:
    return german(colon)


def test_verdicts_are_in_the_words_of_a_board(page: Element, melanoma: Report) -> None:
    badges = {
        badge.text.split(" ", 1)[1] for badge in (*page.all("span", "badge"), *german(melanoma).all("span", "badge"))
    }
    assert badges >= {
        "Resistent",
        "Mögliche Resistenz",
        "Sensitiv",
        "Keine Resistenz nachgewiesen",
        "Nicht indiziert",
        "Nicht beurteilbar",
    }


def test_what_was_not_tested_is_said_so(page: Element) -> None:
    text = page.by_id("summary").text
    assert "KRAS-Mutation in 12, 13, 59, 61, 117, 146 nicht untersucht" in text
    assert "Nicht untersucht heißt nicht Wildtyp." in text


def test_no_message_is_left_in_english(page: Element) -> None:
    """Of each message of a page that is a sentence, and of each heading."""
    text = page.all("body")[0].text
    for message in template_catalog():
        english = message.id if isinstance(message.id, str) else ""
        if not message.context and "report.html.j2" in str(message.locations) and english.endswith("."):
            whole = re.sub(r"<[^>]*>", "", english)
            assert "%(" in whole or whole not in text, whole
    assert not {"Summary", "Findings", "Other drugs", "Method and limits"} & {h.text for h in page.all("h2")}


def test_what_the_rule_set_says_is_marked_as_english(page: Element, melanoma: Report) -> None:
    (tumour,) = [dd for dd in page.all("dd") if "OncoTree" in dd.text]
    assert [(span.attributes["lang"], span.text) for span in tumour.all("span")] == [("en", "Colon Adenocarcinoma")]
    statements = [p for evidence in german(melanoma).all("ul", "evidence") for p in evidence.all("p")[1::2]]
    assert statements and all(p.all("span") and p.all("span")[0].attributes.get("lang") == "en" for p in statements)


def test_the_page_says_what_stays_english(page: Element) -> None:
    (header,) = page.all("header")
    assert "im englischen Wortlaut des Regelsatzes" in header.text


def test_a_hostile_name_stays_a_name(make_report: Callable[..., Report]) -> None:
    page = german(make_report("MEL", ["BRAF V600E"], ["BRAF"], sample=HOSTILE))
    assert page.all("script") == []
    names = [bdi.text for bdi in page.all("bdi")]
    assert any(name.startswith("<script>alert(1)</script>") and "%(x)s {x}" in name for name in names)
