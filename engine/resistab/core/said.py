"""Sentences that are concluded: English wherever they stand in a report, and made of templates that can be translated.

What a report says in JSON is English. A page in another language finds the template that a sentence was made of, and
shows the template's translation with the same values (``report/language.py``). So each template stands in a call of
``said``, ``said_of``, ``terms`` or ``lists``, where ``tools/translations.py`` finds it.
"""

from __future__ import annotations

# Values under these names are themselves said; of others not named here no language changes anything.
SENTENCES = frozenset({"subject", "text", "what", "why"})
# Values under this name are what a rule set says, or a message to whoever runs the program.
QUOTED = "quoted"
# Values under these names are lists of what is said and of names.
LISTED = frozenset({"level", "locus", "names", "parts"})
# Values under these names are made of ``terms`` alone, with a comma between them.
OF_TERMS = frozenset({"effect", "state"})
# Values under these names have no space in them.
CODES = frozenset({"code", "gene", "grade", "own", "row", "rule", "year"})
# Values under these names are numbers of positions.
RANGES = frozenset({"positions", "ranges"})
# Values under these names are drugs, which some languages write with a capital letter.
DRUGS = frozenset({"drug", "drugs"})
# Values under these names alone may have a colon before a space, or two sentences.
FREE = frozenset({QUOTED, "text", "why"})
# What a sentence in a ``text`` is of; and what has no bracket in it.
SUBJECT, BARE = "subject", "mode"
# Values under these names are numbers, which each language writes in its own way.
NUMBERS = frozenset(
    {"against", "bases", "bound", "first", "fraction", "highest", "last", "limit", "lowest", "number", "position"}
    | {"reached", "score", "share", "total"}
)


def said(template: str, /, **values: object) -> str:
    """``template`` with its values, each of which is written ``{name}`` in it."""
    return template.format_map(values) if values else template


def said_of(count: int, one: str, many: str, /, **values: object) -> str:
    """One of two templates by ``count``, which is ``{number}`` in them."""
    return (one if count == 1 else many).format(number=f"{count:,}", **values)


def terms(*words: str) -> tuple[str, ...]:
    """Words that are values of what is said, such as the effects that rows have."""
    return words


def lists(*templates: str) -> tuple[str, ...]:
    """How values of what is said are joined to a list: of these no sentence is made."""
    return templates
