"""Translations of reports, from gettext's files: those that are shipped, and a file of one's own, which is checked.

``reports/translations/resistab.pot`` holds every message of the reports; a translation is a file that gives each of
them in another language.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from resistab.core.extras import require
from resistab.core.faults import Fault, InputError, nearest
from resistab.report.language import ENGLISH
from resistab.report.spoken import Plural, SpokenLanguage
from resistab.rulesets.find import data_folder

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

FOLDER = "translations"
TEMPLATE = "resistab.pot"
# The contexts of what is concluded, and of how values in it are joined, by which they are told from words of pages.
CONCLUDED, LISTS = "concluded", "list"
_PLACEHOLDER = re.compile(r"\{(\w*)\}|%\((\w+)\)s")
_TAG = re.compile(r"</?\w[^>]*>")
# A form for one thing need not say that it is one.
_COUNT = ("number", "n")


def require_languages() -> None:
    """Raise ``ExtraMissingError`` where what reads translations is not installed."""
    require("languages", "babel")


def shipped_languages() -> list[str]:
    """The codes of the languages in which reports can be written: English, and those of the shipped translations."""
    return sorted([ENGLISH, *(path.stem for path in data_folder(FOLDER).glob("*.po"))])


def language_named(name: str | Path) -> SpokenLanguage | None:
    """The language with a code, or that of a translation in a file ``NAME.po``; None for English.

    Raises ``InputError`` for one that there is not, and with every fault of a file, and ``ExtraMissingError`` where
    what reads translations is not installed.
    """
    text = str(name)
    if text == ENGLISH:
        return None
    if text.lower().endswith(".po"):
        require_languages()
        return _of_file(Path(name))
    known = shipped_languages()
    if text not in known:
        expected = f"one of {', '.join(known)}, or a file of a translation, NAME.po"
        fault = Fault(where="--language", message=f"unknown language '{text}'", expected=expected)
        raise InputError([fault.model_copy(update={"suggestion": nearest(text, known, 1)})])
    require_languages()
    return _shipped(text)


@functools.cache
def _shipped(code: str) -> SpokenLanguage:
    return _language(read_catalog(data_folder(FOLDER) / f"{code}.po"))


def _of_file(path: Path) -> SpokenLanguage:
    catalog = read_catalog(path)
    if faults := list(faults_of(catalog, template_catalog(), str(path))):
        raise InputError(faults)
    return _language(catalog)


def template_catalog() -> Catalog:
    """Every message of the reports."""
    return read_catalog(data_folder(FOLDER) / TEMPLATE)


def read_catalog(path: Path) -> Catalog:
    """The messages of a file; raises ``InputError`` where it cannot be read, or is no file of gettext."""
    from babel.core import UnknownLocaleError
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except OSError as error:
        raise InputError([Fault(where=str(path), message=f"cannot be read: {error.strerror}")]) from error
    except PoFileError as error:
        message = f"is no translation: {error.args[0]}"
        raise InputError([Fault(where=str(path), line=error.lineno + 1, message=message)]) from error
    except (UnicodeDecodeError, LookupError, ValueError, UnknownLocaleError) as error:
        expected = "a file of gettext in UTF-8, with its header"
        raise InputError([Fault(where=str(path), message=f"is no translation: {error}", expected=expected)]) from error


def faults_of(catalog: Catalog, template: Catalog, where: str) -> Iterator[Fault]:
    """What is wrong with a translation of the messages of ``template``, in the order of its lines."""
    if catalog.locale is None:
        yield Fault(where=where, line=1, message="does not say its language", expected="a header 'Language: de'")
    found = list(_faults(catalog, template, where))
    found.sort(key=lambda fault: fault.line or 0)
    yield from found
    lacking = [message for message in template if message.id and catalog.get(message.id, message.context) is None]
    for message in lacking:
        yield Fault(
            where=where, message=f"lacks the message {_shown(message)}", expected="every message of the template"
        )


def _faults(catalog: Catalog, template: Catalog, where: str) -> Iterator[Fault]:
    for message in catalog:
        if not message.id:
            continue
        known = template.get(message.id, message.context)

        def fault(said: str, expected: str | None = None, message: Message = message) -> Fault:
            return Fault(where=where, line=message.lineno, message=f"{_shown(message)} {said}", expected=expected)

        if known is None:
            yield fault("is no message of the reports", f"those of {TEMPLATE}")
        elif message.fuzzy:
            yield fault("is marked as fuzzy", "a translation that someone has confirmed")
        elif not all(_forms(message)):
            yield fault("is not translated")
        elif isinstance(known.id, tuple) and len(_forms(message)) != catalog.num_plurals:
            yield fault(f"has {len(_forms(message))} forms", f"{catalog.num_plurals}, as the header says")
        else:
            yield from map(fault, _differences(known, message))


def _differences(known: Message, message: Message) -> Iterator[str]:
    """What a translation has other than the message: placeholders, tags, or signs that cannot be read as either."""
    ids = _texts(known)
    wanted = {name for text in ids for name in _names(text)}
    tags = Counter(_TAG.findall(ids[-1]))
    of_page = any(place.endswith(".j2") for place, _ in known.locations)
    for text in _forms(message):
        names = _names(text)
        if unknown := sorted(names - wanted):
            yield f"has no value '{unknown[0]}'"
        elif missing := sorted(wanted - names - set(_COUNT if len(ids) > 1 else ())):
            yield f"is translated without its value '{missing[0]}'"
        elif Counter(_TAG.findall(text)) != tags:
            yield "is translated with other tags"
        elif not _can_be_filled(text, wanted, of_page):
            yield "has a brace or a percent sign in its translation that begins no value"


def _texts(message: Message) -> tuple[str, ...]:
    """The English of a message: its text, or that for one and that for many."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (str(message.id),)


def _forms(message: Message) -> tuple[str, ...]:
    """The translation of a message: its text, or the forms of the language; one that is empty where there is none."""
    string = message.string
    return tuple(string) if isinstance(string, tuple | list) else (string or "",)


def _names(text: str) -> set[str]:
    return {first or second for first, second in _PLACEHOLDER.findall(text)}


def _can_be_filled(text: str, names: set[str], of_page: bool) -> bool:
    try:
        if of_page:
            text % dict.fromkeys(names, "")
        elif names:
            Formatter().vformat(text, (), dict.fromkeys(names, ""))
    except (ValueError, KeyError, TypeError, IndexError):
        return False
    return True


def _shown(message: Message) -> str:
    text = _texts(message)[0]
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"


def _language(catalog: Catalog) -> SpokenLanguage:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = catalog.locale
    assert locale is not None
    pages: dict[str, str | Plural] = {}
    templates: dict[str, str | Plural] = {}
    lists: dict[str, str | Plural] = {}
    of_context = {CONCLUDED: templates, LISTS: lists}
    for message in catalog:
        if not message.id:
            continue
        into = of_context.get(message.context or "", pages)
        translation = Plural(_forms(message)) if isinstance(message.id, tuple | list) else _forms(message)[0]
        into.update(dict.fromkeys(_texts(message), translation))
    percent = locale.percent_formats[None].pattern
    return SpokenLanguage(
        code=str(locale).replace("_", "-"),
        messages=pages,
        templates=templates,
        lists=lists,
        form=c2py(catalog.plural_expr),
        decimal=get_decimal_symbol(locale),
        group=get_group_symbol(locale),
        percent=percent[max(percent.rfind("0"), percent.rfind("#")) + 1 :],
    )
