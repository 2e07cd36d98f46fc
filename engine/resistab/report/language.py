"""The language of a page: which one is being rendered, and the words in it.

Code asks for its words by ``gettext`` and ``ngettext``, templates by ``{% trans %}`` and ``_``; without a language, as
in a terminal, each is its own English. Of what was concluded a page finds the translation by ``concluded``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.report.spoken import SpokenLanguage

ENGLISH = "en"
# Around what stays English on a page in another language, until the page is whole: no text of an input has these.
BEGINS, ENDS = "\ufdd0", "\ufdd1"
# Expressions that a page in English needs not are compiled where they are first used.
_WORDS = "[a-z]{4}"
_IN_TAGS = r"<(title|desc|text|style)\b.*?</\1>|<[^>]*>"
_MARKED = f"{BEGINS}+([^{BEGINS}{ENDS}]*){ENDS}+"

_language: ContextVar[SpokenLanguage | None] = ContextVar("language", default=None)


@contextmanager
def speaking(language: SpokenLanguage | None) -> Iterator[None]:
    """Meanwhile words are in ``language``; in English where it is None."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def code() -> str:
    """The code of the language that is spoken."""
    language = _language.get()
    return ENGLISH if language is None else language.code


def is_english() -> bool:
    """Whether English is spoken."""
    return _language.get() is None


def gettext(message: str, /, **values: object) -> str:
    """``message`` in the language that is spoken, with its values, each of which is written ``{name}`` in it."""
    language = _language.get()
    if language is not None:
        found = language.messages.get(message)
        message = found if isinstance(found, str) else message
    return message.format_map(values) if values else message


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """The message for a number, which is ``{number}`` in it."""
    language = _language.get()
    message = one if count == 1 else many
    if language is not None:
        found = language.messages.get(one)
        message = message if found is None or isinstance(found, str) else found.forms[language.form(count)]
    if "{" not in message:
        return message
    return message.format_map({"number": figures(f"{count:,}"), **values})


def drug_name(names: str) -> str:
    """One drug or several, as the language that is spoken writes them in a sentence."""
    language = _language.get()
    return names if language is None else language.drug(names)


def gettext_noop(message: str) -> str:
    """Marks a message that is kept in English, to be asked for by ``gettext`` where it is shown."""
    return message


def figures(number: str) -> str:
    """A number, as English writes it, as the language that is spoken writes it."""
    language = _language.get()
    return number if language is None else language.number(number)


def concluded(text: str) -> str:
    """What was concluded, in the language that is spoken, part by part; what is not the program's own stays English."""
    language = _language.get()
    if language is None or not text:
        return text
    whole = language.concluded(text)
    if whole is not None:
        return whole
    if "; " in text:
        return "; ".join(map(concluded, text.split("; ")))
    return english(text)


def concluded_words(text: str) -> str:
    """Words that were concluded, be they names among others, which stay as they are."""
    language = _language.get()
    return text if language is None else language.parts(text)


def english(text: str) -> str:
    """What a rule set says, which is marked as English on a page in another language."""
    return text if _language.get() is None else marked_english(text)


def marked_english(text: str) -> str:
    """``text`` between the marks of what stays English, whatever is spoken."""
    # What has no word in it, such as a list of mutations, is of no language.
    return f"{BEGINS}{text}{ENDS}" if re.search(_WORDS, text) else text


def finished(page: str) -> str:
    """The page, with what is English in it marked where that can be: in no attribute, title or drawing."""
    if _language.get() is None:
        return page
    page = re.sub(_IN_TAGS, lambda found: _bare(found[0]), page, flags=re.DOTALL)
    page = re.sub(_MARKED, lambda found: f'<span lang="{ENGLISH}">{found[1]}</span>', page)
    return _bare(page)


def _bare(text: str) -> str:
    return text.replace(BEGINS, "").replace(ENDS, "") if BEGINS in text or ENDS in text else text


# By its translation drugs begin with a small letter, or with a capital one.
DRUG_EXAMPLE = gettext_noop("osimertinib")
