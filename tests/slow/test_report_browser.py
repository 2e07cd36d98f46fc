"""A report in a real browser: few printed pages on either paper, and nothing beyond the edge of a phone."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.paths import FIXTURES
from tests.running import RESISTAB

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

MOST_PAGES = 4
PHONE = 390

Browse = Callable[..., str]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on a tumour with 13 findings."""
    written = tmp_path_factory.mktemp("report") / "report.html"
    patient = str(FIXTURES / "thirteen_findings.yaml")
    subprocess.run([*RESISTAB, "evaluate", patient, "--html", str(written)], check=True, capture_output=True)
    return written.read_text(encoding="utf-8")


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Opens a page and gives the text that the browser made of it."""

    def browse(text: str, *options: str) -> str:
        assert CHROMIUM is not None
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [
                CHROMIUM, "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                # A container seldom lets the browser build a sandbox of its own; the page is the project's.
                *(("--no-sandbox",) if os.geteuid() == 0 else ()),
                f"--user-data-dir={tmp_path / 'profile'}", *options, path.as_uri(),
            ],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return browse


def printed_pages(browse: Browse, text: str, target: Path) -> int:
    browse(text, "--no-pdf-header-footer", f"--print-to-pdf={target}")
    return len(re.findall(rb"/Type\s*/Page[^s]", target.read_bytes()))


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_a_report_of_thirteen_findings_prints_four_pages(page: str, browse: Browse, tmp_path: Path, paper: str) -> None:
    on_paper = page.replace("@page {", f"@page {{ size: {paper};", 1)
    assert on_paper != page
    assert 1 < printed_pages(browse, on_paper, tmp_path / "report.pdf") <= MOST_PAGES


def test_the_evidence_is_printed_on_request(page: str, browse: Browse, tmp_path: Path) -> None:
    asked = page.replace('id="print-evidence"', 'id="print-evidence" checked')
    assert printed_pages(browse, asked, tmp_path / "report.pdf") > 10 * MOST_PAGES


@pytest.mark.parametrize("opened", [False, True])
def test_nothing_overflows_on_a_phone(page: str, browse: Browse, opened: bool) -> None:
    # A window is never so narrow, a frame is; a script in the page itself is forbidden by its policy.
    shown = page.replace("<details", "<details open") if opened else page
    shown = re.sub(r"<details open([^>]*) open>", r"<details open\1>", shown)
    framed = (
        f'<iframe id="phone" width="{PHONE}" height="800" style="border: 0" srcdoc="{html.escape(shown)}"></iframe>'
        "<script>phone.onload = () => { document.title = phone.contentDocument.documentElement.scrollWidth; }</script>"
    )
    found = re.search(r"<title>(\d+)</title>", browse(framed, "--virtual-time-budget=8000", "--dump-dom"))
    assert found is not None and int(found[1]) <= PHONE
