"""The documentation as a site: MkDocs builds it without a warning, and no page of it asks anything of the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import browser, shown
from tests.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

pytest.importorskip("mkdocs", reason="MkDocs is not installed; the extra 'dev' or 'docs' brings it")
pytest.importorskip("material", reason="MkDocs's theme is not installed; the extra 'dev' or 'docs' brings it")

# What a browser loads by itself when it shows a page; a link that a reader may follow is none of it.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object|link)\b[^>]*?\b(?:src|href|data|srcset)=[\"']?([^\"'\s>]+)"
)
IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_every_page_is_built(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in ROOT.glob("docs/**/*.md")}
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages <= built
    assert {"project/CONTRIBUTING.html", "project/engine/MATCHING.html", "project/rulebase/CHECKS.html"} <= built


def test_links_between_built_pages_lead_somewhere(site: Path) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html") if path.name != "404.html"}
    anchors = {path: set(re.findall(r"\bid=\"([^\"]+)\"", text)) for path, text in texts.items()}
    lost = []
    for path, text in texts.items():
        for link in re.findall(r"<a\b[^>]*?\bhref=\"([^\":]*)\"", text):
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.is_file() or (anchor and target in anchors and anchor not in anchors[target]):
                lost.append(f"{path.relative_to(site)}: {link}")
    assert len(texts) > 30 and lost == []


def test_pages_and_styles_load_nothing_from_elsewhere(site: Path) -> None:
    loaded = {
        (path.relative_to(site).as_posix(), target)
        for path in site.rglob("*")
        if path.suffix in (".html", ".css")
        for pattern in ((LOADED, IN_STYLES) if path.suffix == ".html" else (IN_STYLES,))
        for target in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert len(loaded) > 100
    assert {(page, target) for page, target in loaded if re.match(r"[a-z]+:(?<!data:)|//", target)} == set()


def test_the_search_finds_in_pages_opened_from_a_file(browser: Browser, site: Path) -> None:
    page = shown(browser, f"{site.as_uri()}/index.html?q=durable-rules")
    said = page.locator(".md-search-result__meta").filter(has_text="matching document")
    said.wait_for(state="attached")
    assert re.fullmatch(r"\d+ matching documents?", said.inner_text().strip())
    links = page.locator("a.md-search-result__link")
    assert "how-to/install.html" in "".join(link.get_attribute("href") or "" for link in links.all())
