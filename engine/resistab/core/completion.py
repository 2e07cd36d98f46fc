"""What whoever types a name may go on to mean: the names that begin with it, or have a word that does, or hold it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from resistab.core.records import dataclass

# A longer text is no beginning of a name.
_LONGEST = 120
# The rank of a name that does not hold the text.
_NONE = 4


@dataclass(frozen=True)
class KnownName:
    """A name that may be given, and ``label``, what it is called beside ("" for nothing)."""

    name: str
    label: str = ""


def completed(text: str, known: Iterable[tuple[KnownName, Iterable[str]]], most: int = 20) -> tuple[KnownName, ...]:
    """Those of ``known``, each with its further names, that ``text`` may become: a few, the likeliest first."""
    wanted = _plain(text)
    if len(text) > _LONGEST or (text.strip() and not wanted):
        return ()
    ranked = [
        (rank, order, one)
        for order, (one, names) in enumerate(known)
        if (rank := min(_rank(wanted, name) for name in (one.name, one.label, *names)))[0] < _NONE
    ]
    return tuple(one for _, _, one in sorted(ranked, key=lambda item: item[:2])[:most])


def _rank(wanted: str, name: str) -> tuple[int, int]:
    """How well a name fits, and how much of it is yet to be typed: of those that begin alike the plain one is first."""
    plain = _plain(name)
    more = len(plain) - len(wanted) if wanted else 0
    if plain == wanted:
        return 0, more
    if plain.startswith(wanted):
        return 1, more
    if f" {wanted}" in plain:
        return 2, more
    return (3 if wanted.replace(" ", "") in plain.replace(" ", "") else _NONE), more


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
