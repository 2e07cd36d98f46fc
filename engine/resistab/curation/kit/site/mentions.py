"""The text of a condition with every part leading to the page that tells of it."""

from __future__ import annotations

from collections.abc import Callable

from resistab.core.condition import Atom, Condition, atoms, condition_text
from resistab.curation.kit.site.model import Link, Pieces


def linked(condition: Condition, address: Callable[[Atom], str]) -> Pieces:
    """The canonical text of ``condition``; each atom leads to its ``address``, "" for none."""
    return linked_text(condition_text(condition), [(atom.text, address(atom)) for atom in atoms(condition)])


def linked_text(text: str, parts: list[tuple[str, str]]) -> Pieces:
    """``text`` in pieces, in which each of ``parts``, in their order, leads to its address."""
    pieces = []
    at = passed = 0
    for part, href in parts:
        found = text.find(part, passed)
        if found < 0:
            continue
        passed = found + len(part)
        if not href:
            continue
        if found > at:
            pieces.append(Link(text[at:found]))
        pieces.append(Link(part, href))
        at = passed
    if at < len(text):
        pieces.append(Link(text[at:]))
    return tuple(pieces)
