"""The files of a site as tests look at them: each page's text, ids and links, and where its links lead."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_ID = re.compile(r'\sid="([^"]*)"')
_ADDRESS = re.compile(r'\s(?:href|src)="([^"]*)"')
_VOID = {"meta", "link", "input", "br"}


@dataclass
class Link:
    href: str
    text: str = ""


@dataclass
class Page:
    """A page read strictly: every element is closed in its place, no attribute is given twice."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    text: str = ""

    def section(self, start: str, end: str) -> str:
        """The text from ``start`` on, up to ``end``."""
        return self.text[self.text.index(start) :].partition(end)[0]

    def link(self, text: str) -> str:
        """Where the first link with this text leads."""
        return next(link.href for link in self.links if link.text == text)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs), f"<{tag}> has an attribute twice"
        self.page.tags.append((tag, attributes))
        if tag == "a":
            self.page.links.append(Link(attributes["href"]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()
        # Cells and paragraphs stand apart though no space does.
        if tag in {"td", "th", "p", "h2", "h3", "li", "dt", "dd"}:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        # The title of a drawing's link is no part of its text.
        if "a" in self.open and self.open[-1] != "title":
            self.page.links[-1].text += data


def parse_page(html: str) -> Page:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    parser.page.text = " ".join("".join(parser.pieces).split())
    return parser.page


def broken_links(files: Mapping[str, str]) -> list[str]:
    """Every address in the pages that leads to no file of the site, or to an anchor that is not in it."""
    ids = {path: set(_ID.findall(text)) for path, text in files.items() if path.endswith(".html")}
    broken = []
    for page in ids:
        folder = posixpath.dirname(page)
        for address in dict.fromkeys(_ADDRESS.findall(files[page])):
            path, _, anchor = address.partition("#")
            if path.startswith("https://"):
                continue
            target = posixpath.normpath(posixpath.join(folder, path)) if path else page
            if target not in files or (anchor and anchor not in ids[target]):
                broken.append(f"{page}: {address}")
    return broken


def repeated_ids(files: Mapping[str, str]) -> list[str]:
    """Ids that stand twice on one page."""
    found = []
    for path, text in files.items():
        ids = _ID.findall(text) if path.endswith(".html") else []
        found += [f"{path}: {name}" for name in set(ids) if ids.count(name) > 1] if len(ids) != len(set(ids)) else []
    return found
