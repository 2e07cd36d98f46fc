"""From pages to files: each page's HTML, the styles, the script and the index of the search."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from resistab import __version__
from resistab.curation.kit.site.chain import NODE_WIDTH
from resistab.curation.kit.site.model import Page
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


def _to(href: str, here: str) -> str:
    """An address from the site's root as seen from the page ``here``; an anchor of the same page stands alone."""
    path, mark, anchor = href.partition("#")
    if path == here and mark:
        return f"#{anchor}"
    return posixpath.relpath(path, posixpath.dirname(here) or ".") + mark + anchor


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(
        bar_height=BAR_HEIGHT,
        box_height=BOX_HEIGHT,
        gutter=GUTTER,
        node_width=NODE_WIDTH,
        software=f"resistab {__version__}",
        symbols=_symbols(),
        width=WIDTH,
    )
    environment.filters.update(to=functools.lru_cache(maxsize=None)(_to))
    return environment
