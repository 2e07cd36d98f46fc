"""The site in a real browser, opened from the file system: it is drawn, its search finds, and it asks no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resistab.curation.site.build import site_files
from resistab.curation.site.folder import write_site
from resistab.curation.site.sources import load_rulesets
from tests.browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
RESULTS = "#search-results a"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    write_site(folder, site_files(load_rulesets(None, None)))
    return folder


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page, on which the tests look at one after another."""
    with browser.new_context(viewport={"width": 1100, "height": 900}) as context:
        yield context.new_page()


def searched(page: Page, site: Path, address: str) -> list[tuple[str, str]]:
    """What the search shows on a page whose address asks for something: address and text of each result, in order."""
    # Another address of the same page alone would not load it anew.
    page.goto("about:blank")
    page.goto(f"{site.as_uri()}/{address}")
    # The index is a script that is loaded when something is sought.
    page.wait_for_function("document.getElementById('search-count').textContent")
    return [(link.get_attribute("href") or "", link.inner_text()) for link in page.locator(RESULTS).all()]


def test_the_search_finds_t790m_first_of_all(page: Page, site: Path) -> None:
    found = searched(page, site, "index.html#q=T790M")
    assert found[0] == ("oncology/genes/EGFR.html#EGFR-T790M", "EGFR T790M")
    assert "AFA-019" in [text for _, text in found]


def test_the_search_finds_184v_from_a_page_deep_in_the_site(page: Page, site: Path) -> None:
    found = searched(page, site, "oncology/drugs/osimertinib.html#q=184V")
    assert found[0] == ("../../hiv1/genes/RT.html#m184V", "RT M184V")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("p.Thr790Met", "EGFR T790M"),
        ("rt:m184v", "RT M184V"),
        ("egfr t790m", "EGFR T790M"),
        ("Tagrisso", "osimertinib"),
        ("giotrif", "afatinib"),
        ("lamivudine", "3TC (lamivudine)"),
        ("PMID:27959700", "Mok et al., 2017"),
        ("osi-003", "OSI-003"),
        ("NSCLC", "Non-Small Cell Lung Cancer"),
    ],
)
def test_the_best_match_comes_first(page: Page, site: Path, text: str, first: str) -> None:
    assert searched(page, site, f"index.html#q={text}")[0][1] == first


def test_what_is_not_there_is_not_found(page: Page, site: Path) -> None:
    assert searched(page, site, "index.html#q=nosuchthing") == []
    assert page.locator("#search-count").inner_text() == "Nothing found."


def test_what_is_typed_stays_text(page: Page, site: Path) -> None:
    searched(page, site, "index.html#q=%3Cimg%20src%3Dx%3E")
    assert page.locator("#search").input_value() == "<img src=x>"
    assert page.locator("img").count() == 0


def test_a_page_is_drawn_with_its_styles(page: Page, site: Path, tmp_path: Path) -> None:
    name = "oncology/drugs/osimertinib.html"
    bare = tmp_path / "bare"
    (bare / name).parent.mkdir(parents=True)
    shutil.copyfile(site / name, bare / name)
    pictures = []
    for folder in (site, bare):
        page.goto((folder / name).as_uri())
        pictures.append(page.screenshot())
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] != pictures[1]


def test_no_request_leaves_the_machine(browser: Browser, site: Path) -> None:
    asked: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        assert searched(page, site, "hiv1/drugs/3TC.html#q=184V")
    assert [url for url in asked if url.endswith("search-index.js")]
    assert [url for url in asked if not url.startswith("file:")] == []
