"""What can be searched for, as the pages' script reads it, and as an index in the order of the alphabet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from resistab.curation.kit.site.model import Entry

_FIGURES = re.compile(r"([0-9]+)")


def merged_kinds(orders: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The kinds of entries of several rule sets in one order: each behind what it follows in its own."""
    found: list[str] = []
    for order in orders:
        at = 0
        for kind in order:
            if kind not in found:
                found.insert(at, kind)
            at = found.index(kind) + 1
    return tuple(found)


def ordered(entries: list[tuple[str, Entry]], kinds: Sequence[str]) -> list[tuple[str, Entry]]:
    """Entries, each with its rule set's id, in the order of the alphabet; ``K9`` comes before ``K10``."""

    def key(item: tuple[str, Entry]) -> tuple[list[str | int], str, str, int, str]:
        ruleset, entry = item
        parts = _FIGURES.split(entry.label.casefold())
        # Every other part is a number, so that like is compared with like.
        natural = [int(part) if number % 2 else part for number, part in enumerate(parts)]
        return natural, entry.label, ruleset, kinds.index(entry.kind), entry.href

    return sorted(entries, key=key)


def by_initial(entries: list[tuple[str, Entry]], kinds: Sequence[str]) -> dict[str, list[tuple[str, Entry]]]:
    """Entries under their first letter; ``0–9`` holds all that begin with a figure, ``…`` what begins otherwise."""
    found: dict[str, list[tuple[str, Entry]]] = {}
    for ruleset, entry in ordered(entries, kinds):
        first = entry.label[:1].upper()
        initial = first if first.isascii() and first.isalpha() else "0–9" if first.isdigit() else "…"
        found.setdefault(initial, []).append((ruleset, entry))
    return found


def search_script(entries: list[tuple[str, Entry]], kinds: Sequence[str]) -> str:
    """The index as a script, since a page that was opened from the file system may not read any other file."""
    rulesets = list(dict.fromkeys(ruleset for ruleset, _ in sorted(entries, key=lambda item: item[0])))
    lines = [
        json.dumps(
            [kinds.index(entry.kind), entry.label, entry.detail, entry.href, list(entry.keys), rulesets.index(ruleset)],
            separators=(",", ":"),
        )
        for ruleset, entry in ordered(entries, kinds)
    ]
    head = json.dumps({"kinds": kinds, "rulesets": rulesets}, separators=(",", ":"))
    # Nothing here is markup, yet nothing should look like it either.
    body = ",\n".join(lines).replace("<", "\\u003c")
    return f"window.rulebaseIndex={head};\nwindow.rulebaseIndex.entries=[\n{body}\n];\n"
