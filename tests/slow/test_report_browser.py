"""A report in a real browser: few printed pages on either paper, and nothing beyond the edge of a phone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import PHONE, browser, shown
from tests.paths import FIXTURES
from tests.running import RESISTAB

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
MOST_PAGES = 4


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a tumour with 13 findings."""
    written = tmp_path_factory.mktemp("report") / "report.html"
    patient = str(FIXTURES / "thirteen_findings.yaml")
    subprocess.run([*RESISTAB, "evaluate", patient, "--html", str(written)], check=True, capture_output=True)
    return written


def printed_pages(page: Page, paper: str = "A4") -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format=paper)))


@pytest.mark.parametrize("paper", ["A4", "letter"])
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
