"""The site in a real browser, opened from the file system: it is drawn, its search finds, and it asks no network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from resistab.curation.site.build import site_files
from resistab.curation.site.folder import write_site
from resistab.curation.site.sources import load_rulesets

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

Browse = Callable[..., str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    write_site(folder, site_files(load_rulesets(None, None)))
    return folder


@pytest.fixture
def browse(site: Path, tmp_path: Path) -> Browse:
    """Opens a page and gives the text that the browser made of it once its scripts have run."""

    def browse(page: str, *options: str, folder: Path = site) -> str:
        assert CHROMIUM is not None
        done = subprocess.run(
            [
                CHROMIUM, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-default-apps", "--hide-scrollbars",
                # What the browser itself would ask for goes nowhere either.
                "--host-resolver-rules=MAP * ~NOTFOUND",
                # A container seldom lets the browser build a sandbox of its own; the pages are the project's.
                *(("--no-sandbox",) if os.geteuid() == 0 else ()),
                f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=3000", *options,
                f"{folder.as_uri()}/{page}",
            ],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return browse


def results(dom: str) -> list[tuple[str, str]]:
    """What the search shows: the address and text of each result, in order."""
    (shown,) = re.findall(r'<ol id="search-results">(.*?)</ol>', dom, re.DOTALL)
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', shown)


def test_the_search_finds_t790m_first_of_all(browse: Browse) -> None:
    found = results(browse("index.html#q=T790M", "--dump-dom"))
    assert found[0] == ("oncology/genes/EGFR.html#EGFR-T790M", "EGFR T790M")
    assert "AFA-019" in [text for _, text in found]


def test_the_search_finds_184v_from_a_page_deep_in_the_site(browse: Browse) -> None:
    found = results(browse("oncology/drugs/osimertinib.html#q=184V", "--dump-dom"))
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
def test_the_best_match_comes_first(browse: Browse, text: str, first: str) -> None:
    assert results(browse(f"index.html#q={text}", "--dump-dom"))[0][1] == first


def test_what_is_not_there_is_not_found(browse: Browse) -> None:
    dom = browse("index.html#q=nosuchthing", "--dump-dom")
    assert results(dom) == []
    assert "Nothing found." in dom


def test_what_is_typed_stays_text(browse: Browse) -> None:
    dom = browse("index.html#q=%3Cimg%20src%3Dx%3E", "--dump-dom")
    assert "<img" not in dom


def test_a_page_is_drawn_with_its_styles(browse: Browse, site: Path, tmp_path: Path) -> None:
    page = "oncology/drugs/osimertinib.html"
    bare = tmp_path / "bare"
    (bare / page).parent.mkdir(parents=True)
    shutil.copyfile(site / page, bare / page)
    pictures = []
    for folder in (site, bare):
        picture = tmp_path / f"{folder.name}.png"
        browse(page, f"--screenshot={picture}", "--window-size=1100,900", folder=folder)
        pictures.append(picture.read_bytes())
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] != pictures[1]


def test_no_request_leaves_the_machine(browse: Browse, tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    browse("hiv1/drugs/3TC.html#q=184V", "--dump-dom", f"--log-net-log={log}")
    recorded = json.loads(log.read_text(encoding="utf-8"))
    start = recorded["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    asked = [event["params"] for event in recorded["events"] if event["type"] == start and "params" in event]
    # The browser asks for things of its own, which no page has begun.
    of_pages = [each["url"] for each in asked if each.get("initiator") not in (None, "not an origin")]
    assert [url for url in of_pages if not url.startswith("file:")] == []
