"""A page as a PDF on A4, by WeasyPrint: the same page always gives the same bytes, and nothing is fetched for it."""

from __future__ import annotations

import datetime
import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from resistab import __version__
from resistab.core.extras import require
from resistab.core.faults import ExtraMissingError
from resistab.rulesets.find import data_folder

STYLES = "pdf.css"
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
_BREAKING = "* { break-before: auto !important; break-inside: auto !important; break-after: auto !important; }"
_DRAWING = re.compile('<svg class="[^>]*>')


def require_pdf() -> None:
    """Raise ``ExtraMissingError`` where what writes a PDF is not installed, or does not find the system's libraries."""
    try:
        require("pdf", "weasyprint")
    except OSError as error:
        # It loads them where it is imported, and says which it looked for on several lines.
        raise ExtraMissingError(
            "weasyprint does not find Pango, a library of the system; on Debian apt install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0 installs it, on macOS brew install pango"
        ) from error


def pdf(html: str, on: datetime.date | None = None) -> bytes:
    """The page as a PDF that bears the date ``on``; raises ``ExtraMissingError`` where it cannot be written here."""
    require_pdf()
    import weasyprint

    # Half a character, as a name may have it that was no text where it was typed, becomes a question mark.
    html = html.encode("utf-8", "replace").decode("utf-8")

    styles = (data_folder("templates") / STYLES).read_text("utf-8")
    # What a user's style sheet says would count less than the page's own.
    page = _drawn(html.replace("</head>", f"{_described(on)}<style>{styles}</style></head>", 1))
    identifier = hashlib.sha256(html.encode("utf-8")).digest()[:16]

    def written(text: str) -> bytes:
        made: Any = weasyprint.HTML(string=text, url_fetcher=_fetcher()).write_pdf(pdf_identifier=identifier)
        return bytes(made)

    with _silent():
        try:
            return written(page)
        except AssertionError:
            # It is known to fail over what must not break where that meets the end of a page: then all may break.
            return written(page.replace("</head>", f"<style>{_BREAKING}</style></head>", 1))


def _described(on: datetime.date | None) -> str:
    """What a PDF says of itself: what made it, and the date of the report in place of that of the day."""
    dated = f'<meta name="dcterms.created" content="{on}">' if on is not None else ""
    return f'<meta name="generator" content="resistab {__version__}">{dated}'


def _drawn(page: str) -> str:
    """The page with its styles in each drawing that has a class: WeasyPrint draws by what stands within one alone."""
    styles = "".join(_STYLE.findall(page))
    return _DRAWING.sub(lambda opening: f"{opening[0]}<style>{styles}</style>", page)


def _fetcher() -> Any:
    """What is asked for all that a page refers to: it brings what it needs, and nothing is fetched, nor any file read.

    From version 68 on WeasyPrint asks an object of its own class, before that whatever can be called.
    """
    from weasyprint import urls

    class Refusing(getattr(urls, "URLFetcher", object)):  # type: ignore[misc]
        def fetch(self, url: str, *_: Any, **__: Any) -> NoReturn:
            raise ValueError(f"{url} is not fetched")

        __call__ = fetch

    return Refusing()


@contextmanager
def _silent() -> Iterator[None]:
    """Nothing is said meanwhile of style rules that are meant for browsers."""
    logger = logging.getLogger("weasyprint")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
