"""The project's pages: every link leads somewhere, the README is short, and what is made from the code is current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.manual import README
from tests.paths import ROOT
from tools import commands_page, doc_links

PAGES = doc_links.pages()
DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_anchor_leads_somewhere(page: Path) -> None:
    assert list(doc_links.faults(page)) == []


def test_every_page_ends_with_its_last_line() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
    assert [name for name, text in texts.items() if not text.endswith("\n") or text.endswith("\n\n")] == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc_links, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n\n[a](#here) [b](#there) [c](gone.md) [d](page.md#here) `[e](in_code.md)` [f](https://a.example)\n"
        "```\n# no heading\n[g](in_a_block.md)\n```\n[h](#no-heading) [i](../outside.md)\n"
    )
    faults = ["page.md: #there", "page.md: gone.md", "page.md: #no-heading", "page.md: ../outside.md"]
    assert list(doc_links.faults(page)) == faults


def test_anchors_are_those_of_forges() -> None:
    text = "# What `check` finds\n\n## A, B: and C\n\n## [linked](x.md) here\n\n## A, B: and C\n\n## a_b - c\n"
    assert doc_links.anchors(text) == {"what-check-finds", "a-b-and-c", "linked-here", "a-b-and-c-1", "a_b---c"}


def test_the_readme_is_what_a_newcomer_needs() -> None:
    assert len(README.splitlines()) <= 250


def test_every_page_is_in_the_navigation_and_led_to() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = set(re.findall(r"[\w/.-]+\.md", yaml.safe_dump(site["nav"])))
    # Proposals to curators are put into the navigation by tools/docs_hook.py, whichever there are.
    pages = {
        name for path in DOCS.rglob("*.md") if not (name := path.relative_to(DOCS).as_posix()).startswith("proposals_")
    }
    assert {name for name in listed if not name.startswith("project/")} == pages
    led_to = {path for path, _ in doc_links.links((DOCS / "index.md").read_text(encoding="utf-8"))}
    assert pages - led_to == {"index.md"}


def test_the_site_asks_nothing_of_the_network() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert site["theme"]["font"] is False and site["strict"] is True
    assert {"search", "offline"} <= set(site["plugins"])
    polyfills = site["extra"]["polyfills"]
    assert "iframe-worker" in polyfills[0] and all((DOCS / path).is_file() for path in polyfills)


def test_the_page_of_commands_is_made_from_the_code() -> None:
    assert commands_page.PAGE.read_text(encoding="utf-8") == commands_page.page(), "make commands-page"
