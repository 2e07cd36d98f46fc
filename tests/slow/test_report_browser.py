"""A report in a real browser: what is printed of it on either paper, and nothing beyond the edge of a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import PHONE, browser, shown
from tests.paths import EXAMPLES, FIXTURES
from tests.running import RESISTAB

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
MOST_PAGES = 4
PAPERS = ("A4", "letter")
KINDS = {
    "tumour": f"evaluate {FIXTURES}/thirteen_findings.yaml",
    "virus": f"evaluate --ruleset hiv1 {EXAMPLES}/hiv_pol.fasta",
    "germline": f"evaluate --ruleset pharmacogenomics {EXAMPLES}/germline.yaml",
    "timeline": f"timeline {EXAMPLES}/lung_series.yaml --therapies {EXAMPLES}/lung_therapies.csv",
}
# What a reader is not to find last on a page: what follows it stands on the next.
HEADINGS = "h2, h3, h4, caption, .group th, thead tr"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each kind, with its JSON beside it."""
    folder = tmp_path_factory.mktemp("report")
    made = {}
    for kind, command in KINDS.items():
        made[kind] = folder / f"{kind}.html"
        written = ["--html", str(made[kind]), "--json", str(made[kind].with_suffix(".json"))]
        subprocess.run([*RESISTAB, *command.split(), *written], check=True, capture_output=True)
    return made


@pytest.fixture
def report(reports: dict[str, Path]) -> Path:
    """The report on a tumour with 13 findings."""
    return reports["tumour"]


def printed_pages(page: Page, paper: str = "A4") -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format=paper)))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_report_of_thirteen_findings_prints_four_pages(browser: Browser, report: Path, paper: str) -> None:
    assert 1 < printed_pages(shown(browser, report), paper) <= MOST_PAGES


def test_the_evidence_is_printed_on_request(browser: Browser, report: Path) -> None:
    page = shown(browser, report)
    page.check("#print-evidence")
    assert printed_pages(page) > 10 * MOST_PAGES


@pytest.mark.parametrize("opened", [False, True])
def test_nothing_overflows_on_a_phone(browser: Browser, report: Path, opened: bool) -> None:
    page = shown(browser, report, PHONE)
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


# --- what stands on the printed pages -----------------------------------------------------------------------


def printed_lines(page: Page, paper: str) -> list[list[str]]:
    """The lines of each printed page, without the spaces in them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext, of Poppler, is not installed")
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=page.pdf(format=paper), capture_output=True, check=True)
    pages = done.stdout.decode("utf-8").removesuffix("\f").split("\f")
    return [["".join(line.split()) for line in text.splitlines() if line.strip()] for text in pages]


@pytest.mark.parametrize("kind", KINDS)
def test_each_printed_page_says_of_which_report_it_is(browser: Browser, reports: dict[str, Path], kind: str) -> None:
    page = shown(browser, reports[kind])
    of = page.locator(".facts div", has=page.locator("dt", has_text="Report id")).locator("dd").inner_text()
    ruleset = json.loads(reports[kind].with_suffix(".json").read_text("utf-8"))["ruleset"]
    pages = printed_lines(page, "A4")
    assert len(of) == 12 and len(pages) > 1
    for number, lines in enumerate(pages, 1):
        assert f"Report{of},resistab" in lines[-1]
        assert f"{ruleset['id']}{ruleset['version']}{ruleset['digest'][:12]}" in lines[-1]
        assert lines[-1].endswith(f"Page{number}of{len(pages)}")


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_printed_page_ends_in_a_heading(browser: Browser, reports: dict[str, Path], kind: str, paper: str) -> None:
    page = shown(browser, reports[kind])
    headings = {"".join(text.split()) for text in page.locator(HEADINGS).all_text_contents()}
    assert len(headings) > 10
    assert [lines[-2] for lines in printed_lines(page, paper) if lines[-2] in headings] == []


def test_no_printed_page_holds_a_line_or_two_alone(browser: Browser, reports: dict[str, Path]) -> None:
    lengths = {
        (kind, paper): [len(lines) for lines in printed_lines(shown(browser, path), paper)]
        for kind, path in reports.items()
        for paper in PAPERS
    }
    assert {of: pages for of, pages in lengths.items() if min(pages) < 5} == {}


def test_what_is_folded_and_cannot_be_asked_for_is_not_printed(browser: Browser, reports: dict[str, Path]) -> None:
    page = shown(browser, reports["timeline"])
    assert page.locator("summary", has_text="Each regimen").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("summary", has_text="Each regimen").is_visible()


def test_a_term_of_the_glossary_does_not_touch_its_meaning(browser: Browser, report: Path) -> None:
    page = shown(browser, report)
    page.emulate_media(media="print")
    gap = "(dt) => dt.nextElementSibling.getClientRects()[0].left - dt.getBoundingClientRect().right"
    gaps = [page.evaluate(gap, term) for term in page.locator(".glossary dt").element_handles()]
    assert len(gaps) > 10 and min(gaps) > 2
