"""What a rule set says, item by item, in texts that are equal where the meaning is.

An item is a row, a mechanism rule, a level, a gene, …; its fields are what it says. Order in files, in lists and in
conditions leaves no trace in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from resistab.core.condition import Condition, condition_text, number_text
from resistab.curation.kit.diff_conditions import meaning_text
from resistab.domains.oncology.kinds.models import Evidence


class Bump(IntEnum):
    """By how much a change raises a rule set's version at least."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """The name in lower case."""
        return self.name.lower()


class ItemField(NamedTuple):
    """One thing that an item says: ``text`` is compared, and ``shown`` is printed where it is written otherwise.

    ``bump`` is what a change of it asks for.
    """

    name: str
    text: str
    bump: Bump
    shown: str = ""

    @property
    def printed(self) -> str:
        """The text for people."""
        return self.shown or self.text


class ItemKind(NamedTuple):
    """What items of a kind are called, and what there is to know of them.

    ``row`` is a row of a drug's table, ``rule`` any other rule that can be behind a verdict. ``own_id`` is False where
    the id says nothing without what the item belongs to.
    """

    one: str
    many: str
    row: bool = False
    rule: bool = False
    own_id: bool = True


@dataclass(frozen=True)
class Item:
    """One thing that a rule set holds.

    ``of`` is the drug or gene without which the id would not be unique. ``status`` is that of a row or rule, and
    "active" for all else. ``drugs`` are those whose verdicts it can change. ``permanent`` says that its id may
    only be retired, as rows of viruses cannot be; ``added`` and ``removed`` are what these ask of the version.
    """

    kind: str
    id: str
    fields: tuple[ItemField, ...]
    title: str
    of: str = ""
    status: str = "active"
    evidence: tuple[Evidence, ...] = ()
    drugs: frozenset[str] = frozenset()
    added: Bump = Bump.MINOR
    removed: Bump = Bump.MINOR
    permanent: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other item of its rule set."""
        return self.kind, self.of, self.id


# In the order in which they are told.
KINDS: dict[str, str] = {
    "row": "rows",
    "line": "lines",
    "combination": "combinations",
    "rule": "rules",
    "scale": "scales",
    "indication": "indications",
    "mechanism": "mechanism rules",
    "conclusion": "conclusions",
    "alteration set": "alteration sets",
    "level": "levels",
    "policy": "policies",
    "drug": "drugs",
    "drug class": "drug classes",
    "gene": "genes",
    "tumour type": "tumour types",
    "comment": "comments",
    "result comment": "result comments",
    "mutation types": "mutation types",
    "sequence quality": "marks of sequence quality",
    "citation": "citations",
    "panel": "panels",
    "coding exons": "genes with their coding exons",
    "symbols": "lists of symbols",
}
ROWS = ("row", "line", "combination", "rule")


def condition_field(name: str, condition: Condition | str, bump: Bump = Bump.MINOR) -> ItemField:
    """A field that is a condition, or a word in place of one."""
    if isinstance(condition, str):
        return ItemField(name, condition, bump)
    return ItemField(name, meaning_text(condition), bump, condition_text(condition))


def listed(values: Iterable[Any]) -> str:
    """Values whose order means nothing."""
    return ", ".join(sorted({str(value) for value in values}))


def mapped(values: Mapping[Any, Any]) -> str:
    """Pairs whose order means nothing."""
    return ", ".join(f"{key} {text_of(value)}" for key, value in sorted(values.items()))


def text_of(value: Any) -> str:
    """A plain value as a text; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number_text(value) if isinstance(value, int | float) else str(value)


def evidence_text(item: Evidence) -> str:
    """One evidence item in a few words: reference, level, direction, and the drug where it was another."""
    drug = f", {item.drug}" if item.drug else ""
    source = f", {item.source}" if item.source else ""
    return f"{item.reference} (level {item.level}, {item.direction}{drug}{source})"


def policy(name: str, value: str, bump: Bump, drugs: Iterable[str] = ()) -> Item:
    """A field of the manifest."""
    item_field = ItemField("value", value, bump)
    return Item("policy", name, (item_field,), name, drugs=frozenset(drugs), added=bump, removed=bump)
