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
from resistab.core.model import Model
from resistab.curation.kit.diff_conditions import meaning_text


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
class EvidenceText:
    """One evidence item: what it cites, where that was taken from, the whole in a few words, and field by field."""

    reference: str
    source: str
    level: str
    text: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Item:
    """One thing that a rule set holds.

    ``of`` is the drug or gene without which the id would not be unique. ``status`` is that of a row or rule, and
    "active" for all else. ``drugs`` are those whose verdicts it can change. ``permanent`` says that its id may
    only be retired; ``added`` and ``removed`` are what these ask of the version.
    """

    kind: str
    id: str
    fields: tuple[ItemField, ...]
    title: str
    of: str = ""
    status: str = "active"
    evidence: tuple[EvidenceText, ...] = ()
    drugs: frozenset[str] = frozenset()
    added: Bump = Bump.MINOR
    removed: Bump = Bump.MINOR
    permanent: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other item of its rule set."""
        return self.kind, self.of, self.id


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


def evidence_texts(items: Iterable[Model]) -> tuple[EvidenceText, ...]:
    """Evidence items, each a model with ``reference``, ``level``, ``direction`` and what else it has."""
    return tuple(_evidence_text(item) for item in items)


def _evidence_text(item: Model) -> EvidenceText:
    def value(name: str) -> str:
        found = getattr(item, name)
        return ", ".join(sorted(found)) if isinstance(found, tuple) else str(found)

    fields = {name: value(name) for name in type(item).model_fields}
    drug, source = getattr(item, "drug", None), getattr(item, "source", None)
    words = [f"level {fields['level']}", fields.get("direction", ""), drug or "", source or ""]
    return EvidenceText(
        reference=fields["reference"],
        source=source or "",
        level=fields["level"],
        text=f"{fields['reference']} ({', '.join(word for word in words if word)})",
        fields=tuple((name.replace("_", " "), text) for name, text in fields.items()),
    )


def policy(name: str, value: str, bump: Bump, drugs: Iterable[str] = ()) -> Item:
    """A field of the manifest."""
    item_field = ItemField("value", value, bump)
    return Item("policy", name, (item_field,), name, drugs=frozenset(drugs), added=bump, removed=bump)
