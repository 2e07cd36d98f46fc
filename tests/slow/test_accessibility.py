"""On no kind of page that the program writes does axe find a fault, on a phone or a desk, in light or in dark."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import DESK, PHONE, SCHEMES, Scheme, browser
from tests.made_pages import COMMANDS, LEARN, LEARNED, make, run, site_of, write_inputs
from tests.paths import REPORTS, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
# One process makes the pages once.
pytestmark = pytest.mark.xdist_group("every page")
TEMPLATES = REPORTS / "templates"
# Every rule that axe has but these.
UNFIT = {
    "p-as-heading": "an experiment: it takes a sentence in bold beneath a heading for a heading",
}
COLOURS = ("color-contrast", "color-contrast-enhanced", "link-in-text-block")
# One text of each look: these alone are held against their ground, for thousands of like ones take minutes.
MARK_LOOKS = """(within) => {
  const seen = new Set();
  for (const one of document.querySelectorAll("[data-look]")) one.removeAttribute("data-look");
  for (const one of document.querySelectorAll(within + " *")) {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!one.checkVisibility() || one.closest("head, svg, script")) continue;
    const own = getComputedStyle(one);
    const look = [one.localName, own.color, own.fontSize, own.fontWeight, own.textDecorationLine];
    for (let around = one; around; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.backgroundColor !== "rgba(0, 0, 0, 0)" || style.opacity !== "1")
        look.push(style.backgroundColor, style.opacity);
    }
    if (seen.has(look.join())) continue;
    seen.add(look.join());
    one.dataset.look = "";
  }
  return seen.size;
}"""
# Of things alike beside each other four are looked at: of ten thousand lines of an index all take half a minute.
THIN_OUT = """() => {
  for (const parent of document.querySelectorAll("body, body *:not(dl, tr, svg, svg *)")) {
    const met = new Map();
    for (const child of [...parent.children]) {
      const parts = [child, ...child.querySelectorAll("*")].map((one) => one.localName + "." + one.className);
      const shape = [...new Set(parts)].join();
      met.set(shape, (met.get(shape) ?? 0) + 1);
      if (met.get(shape) > 4) child.remove();
    }
  }
}"""
RUN_AXE = """async ([context, runOnly]) => {
  const told = (item) => item.id + " at " + item.nodes[0].target.join(" ") + ": " + item.nodes[0].failureSummary;
  return (await axe.run(context, {runOnly, resultTypes: ["violations"]})).violations.map(told);
}"""


class Look:
    """One page of a browser, on which pages are looked at one after another, in every width and scheme."""

    def __init__(self, browser: Browser) -> None:
        from axe_playwright_python.base import AXE_SCRIPT

        # The pages' own policy of content is set aside, so that axe may run in them.
        self.page: Page = browser.new_context(bypass_csp=True).new_page()
        self.axe = AXE_SCRIPT

    def open(self, path: Path, scheme: Scheme = "light") -> None:
        self.page.emulate_media(color_scheme=scheme)
        self.page.goto(path.as_uri())

    def begin(self) -> None:
        """From here on of things alike some alone are on the page, and axe is."""
        self.page.evaluate(THIN_OUT)
        self.page.evaluate(self.axe)

    def width(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 800})

    def overflow(self, width: int) -> list[str]:
        """Whether the page is wider than a window so wide."""
        self.width(width)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        return [f"{wide} pixels wide in {width}"] if wide > width else []

    def unfold(self) -> bool:
        """Open all that is folded; whether anything was."""
        opened = "[...document.querySelectorAll('details:not([open])')].map((one) => one.open = true).length"
        return bool(self.page.evaluate(opened))

    def structure(self, width: int, within: str = "html") -> list[str]:
        """What all rules but those of colours find in a window so wide."""
        self.width(width)
        ids = self.page.evaluate("axe.getRules().map((rule) => rule.ruleId)")
        rules = [name for name in ids if name not in COLOURS and name not in UNFIT]
        assert len(rules) > 90
        return [f"{width}: {text}" for text in self.page.evaluate(RUN_AXE, [within, rules])]

    def colours(self, width: int, scheme: Scheme, within: str = "html") -> list[str]:
        """What the rules of colours find, one text of each look for all that look so."""
        self.width(width)
        self.page.emulate_media(color_scheme=scheme)
        assert self.page.evaluate(MARK_LOOKS, within) > 2
        found = self.page.evaluate(RUN_AXE, [{"include": "[data-look]"}, list(COLOURS)])
        return [f"{width}, {scheme}: {text}" for text in found]


def faults(look: Look, path: Path) -> list[str]:
    """All that is found on a page, as it opens and with everything unfolded, in every width and scheme."""
    look.open(path)
    found = look.overflow(DESK) + look.overflow(PHONE)
    look.begin()
    found += look.structure(DESK)
    # That hides nothing which was to be seen, so that what follows need be looked at but then.
    look.unfold()
    found += look.structure(PHONE)
    found += [text for width in (DESK, PHONE) for scheme in SCHEMES for text in look.colours(width, scheme)]
    # Whole again, for what is long may be wide.
    look.open(path)
    look.unfold()
    return found + look.overflow(PHONE)


@pytest.fixture(scope="module")
def look(browser: Browser) -> Look:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed; the extra 'dev' brings it")
    return Look(browser)


# --- what commands write ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rendered() -> Iterator[dict[str, list[str]]]:
    """Every template that was made into a page, with the pages."""
    from jinja2 import Template

    pages: dict[str, list[str]] = defaultdict(list)
    real = Template.render

    def render(self: Template, *args: Any, **values: Any) -> str:
        text = real(self, *args, **values)
        pages[self.name or ""].append(text)
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", render)
        yield pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, rendered: dict[str, list[str]]) -> Path:
    """Where commands run, with what they read, and with what was learned."""
    for package in ("sklearn", "lifelines", "matplotlib"):
        pytest.importorskip(package, reason=f"{package} is not installed; the extra 'dev' brings it")
    made = tmp_path_factory.mktemp("pages")
    write_inputs(made)
    for command in LEARN:
        run(made, command)
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Path]:
    """What each command writes."""
    return {name: make(folder, name) for name in (*COMMANDS, *LEARNED)}


@pytest.mark.parametrize("name", [*COMMANDS, *LEARNED])
def test_axe_finds_nothing_on_what_a_command_writes(look: Look, pages: dict[str, Path], name: str) -> None:
    assert faults(look, pages[name]) == []


# --- the site of the rule sets ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(folder: Path) -> Path:
    return site_of(folder)


def kind_of(page: Path) -> str:
    """Pages in one folder of a rule set are of one kind; every other is of its own."""
    return page.as_posix() if len(page.parts) < 3 else f"{page.parent}/*"


def telling_pages(site: Path) -> dict[str, list[Path]]:
    """Of each kind of page so many as have among them every element, class and role that any page of the kind has."""
    shapes: dict[str, dict[Path, set[str]]] = defaultdict(dict)
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        page = path.relative_to(site)
        shapes[kind_of(page)][page] = set(re.findall(r'<[a-z][a-z0-9]*(?: (?:class|role)="[^"]*")*', text))
    chosen: dict[str, list[Path]] = defaultdict(list)
    for kind, pages in shapes.items():
        missing = set().union(*pages.values())
        while missing:
            best = max(pages, key=lambda page: len(pages[page] & missing))
            chosen[kind].append(best)
            missing -= pages[best]
    return chosen


def templates() -> list[Path]:
    """All but those of the local page, which ``test_serve.py`` looks at as it is used."""
    return [path for path in TEMPLATES.rglob("*.j2") if path.parent.name != "serve"]


@pytest.mark.usefixtures("pages", "site")
def test_every_template_of_a_page_was_looked_at(rendered: dict[str, list[str]]) -> None:
    texts = {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in templates()}
    extended = {name for text in texts.values() for name in re.findall(r'{% extends "([^"]+)" %}', text)}
    whole = {name for name, text in texts.items() if "<html" in text or "{% extends" in text} - extended
    assert len(whole) > 20
    assert whole - rendered.keys() == set()


@pytest.mark.usefixtures("pages", "site")
def test_every_class_that_a_template_names_was_looked_at(rendered: dict[str, list[str]]) -> None:
    named = {
        name
        for path in templates()
        for value in re.findall(r'class="([^"]*)"', re.sub(r"{{.*?}}|{%.*?%}", "", path.read_text("utf-8")))
        for name in value.split()
        # What follows a dash is filled in.
        if not name.endswith("-")
    }
    shown = {
        name
        for pages in rendered.values()
        for page in pages
        for value in re.findall(r'class="([^"]*)"', page)
        for name in value.split()
    }
    assert len(named) > 60
    assert named - shown == set()


def test_axe_finds_nothing_on_any_kind_of_page_of_the_site(look: Look, site: Path) -> None:
    found = {
        page.as_posix(): told
        for pages in telling_pages(site).values()
        for page in pages
        if (told := faults(look, site / page))
    }
    assert found == {}


# --- the documentation --------------------------------------------------------------------------------------

# What the theme of the documentation does itself and no setting of it mends: by rule, and by what it is found at.
THEME = {
    (
        "focus-order-semantics",
        ".md-search__scrollwrap",
    ): "the list of what the search found can be reached, and has no role",
    (
        "scrollable-region-focusable",
        ".md-typeset__scrollwrap",
    ): "its script wraps tables; browsers let keys scroll them",
    ("scrollable-region-focusable", "code"): "its script lets keys reach a block of code once it finds it too wide",
    ("landmark-unique", ".md-code__nav"): "its script gives each block of code a nav for the button that copies",
    ("color-contrast-enhanced", "md-"): "it keeps to the contrast of level AA, which is asked for too",
}
CONTENT = ".md-content"


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for package in ("mkdocs", "material"):
        pytest.importorskip(package, reason=f"{package} is not installed; the extra 'dev' brings it")
    built = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(built)]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=True)
    return built


def faults_of_docs(look: Look, path: Path, within: str) -> list[str]:
    """All that is found within a part of a page of the documentation, in every width and scheme."""
    found = []
    for scheme in SCHEMES:
        # The theme asks for the scheme once, as the page is loaded.
        look.open(path, scheme)
        found += look.overflow(PHONE)
        look.begin()
        if scheme == "light":
            found += look.structure(PHONE, within) + (look.structure(DESK, within) if within == "html" else [])
        found += look.colours(DESK, scheme, within)
    return [text for text in found if not any(rule in text and place in text for rule, place in THEME)]


def test_axe_finds_nothing_on_any_page_of_the_documentation(look: Look, docs: Path) -> None:
    # What stands around the text is the same on every page.
    found = {"index.html": faults_of_docs(look, docs / "index.html", "html")}
    for path in sorted(docs.rglob("*.html")):
        if path.name != "404.html":
            found[path.relative_to(docs).as_posix()] = faults_of_docs(look, path, CONTENT)
    assert len(found) > 30
    assert {page: told for page, told in found.items() if told} == {}
