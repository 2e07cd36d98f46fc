"""A real browser for tests: a module imports the fixture ``browser``; it is skipped, saying why, where none can start.

Playwright drives the Chromium of the machine; no browser is downloaded. Nothing it shows reaches the network.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE, DESK = 390, 1200
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window, which finds no host but this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    driven = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed; the extra 'dev' brings it")
    options = ["--disable-gpu", "--disable-quic", "--disable-component-update", "--disable-sync"]
    options += ["--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    # A container seldom lets the browser build a sandbox of its own; the pages are the project's.
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    with driven.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=options)
        yield started
        started.close()


def shown(browser: Browser, at: Path | str, width: int = DESK, scheme: Scheme = "light") -> Page:
    """A page, given by its file or address, in a window so many pixels wide and in these colours.

    The page's own policy of content is set aside, so that a test may look into it.
    """
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(at.as_uri() if isinstance(at, Path) else at)
    return page


def barriers(page: Page) -> list[str]:
    """What axe finds wrong with a page for people who cannot see or use it as others do: rule, and first place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response
    assert found["passes"], "axe looked at nothing"
    return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found["violations"]]
