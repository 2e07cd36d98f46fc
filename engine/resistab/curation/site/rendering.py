"""From pages to files: each page's HTML, the styles, the script and the index of the search."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from resistab import __version__
from resistab.curation.kit.site.chain import NODE_WIDTH
from resistab.curation.kit.site.model import Link, Page
from resistab.curation.kit.site.mutation_table import BAR_HEIGHT, BOX_HEIGHT, GUTTER, WIDTH
from resistab.domains.registry import packs
from resistab.report.page import page_environment
from resistab.rulesets.find import data_folder

if TYPE_CHECKING:
    from jinja2 import Environment


def _symbols() -> dict[str, str]:
    """How each verdict of a domain is marked, the registry's first last: of two that share a name it decides."""
    found = {"potential": "△"}
    for pack in reversed(packs()):
        found |= {str(style): symbol for style, symbol in pack.report.VERDICTS.symbols.items()}
    return found


def _styles() -> list[str]:
    """The stylesheets: of reports, what domains add to them, and what the site adds."""
    of_domains = sorted(path.name for path in data_folder("templates").glob("*_report.css"))
    return ["report.css", *of_domains, "site/site.css"]


def render_page(page: Page) -> str:
    """The HTML of one page; every address in it is relative to the page itself."""
    depth = page.path.count("/")
    root = "../" * depth
    template = _environment().get_template(page.template)
    return template.render(page=page, root=root, content=page.content, here=page.path)


def fixed_files() -> Iterator[tuple[str, str]]:
    """The styles and the script, which are the same for every rulebase."""
    templates = data_folder("templates")
    yield "site.css", "".join((templates / name).read_text(encoding="utf-8") for name in _styles())
    yield "search.js", (templates / "site" / "search.js").read_text(encoding="utf-8")


@functools.cache
def _to(href: str, here: str) -> str:
    """An address from the site's root as seen from the page ``here``; an anchor of the same page stands alone."""
    path, mark, anchor = href.partition("#")
    if path == here and mark:
        return f"#{anchor}"
    return _relative(path, posixpath.dirname(here)) + mark + anchor


@functools.cache
def _relative(path: str, folder: str) -> str:
    """A path from ``folder`` on; pages of one folder share it."""
    return posixpath.relpath(path, folder or ".")


@functools.cache
def _escaped(text: str) -> str:
    """A text as it stands in HTML; most of them stand there often."""
    return str(escape(text))


# Links are most of what a site is made of: as functions they are filled in far faster than as macros of a template.
def _link(item: Link, here: str) -> Markup:
    """A text that leads somewhere, or the text alone, on the page ``here``."""
    text = _escaped(item.text)
    whole = f'<a href="{_escaped(_to(item.href, here))}">{text}</a>' if item.href else text
    return Markup(whole)


def _links(items: Iterable[Link], here: str, between: str = ", ") -> Markup:
    """Several of them, with a text between."""
    return escape(between).join([_link(item, here) for item in items])


def _pieces(items: Iterable[Link], here: str) -> Markup:
    """A text in pieces, some of which lead somewhere."""
    return _links(items, here, "")


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(
        bar_height=BAR_HEIGHT,
        box_height=BOX_HEIGHT,
        gutter=GUTTER,
        link=_link,
        links=_links,
        node_width=NODE_WIDTH,
        pieces=_pieces,
        software=f"resistab {__version__}",
        symbols=_symbols(),
        width=WIDTH,
    )
    environment.filters.update(to=_to)
    return environment
