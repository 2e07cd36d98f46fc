"""Names of files and anchors: short, safe on every file system and in every address, and never twice the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
# Names that Windows keeps for devices, whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 80


class SiteNames:
    """A name for each of some texts.

    Names differ in more than their capitals, since some file systems do not tell those apart. Which name a text gets
    depends on the texts alone and not on their order.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        taken: set[str] = set()
        for text in sorted(set(texts)):
            name = plain = safe_name(text)
            number = 2
            while name.casefold() in taken:
                name = f"{plain}-{number}"
                number += 1
            taken.add(name.casefold())
            self._names[text] = name

    def __getitem__(self, text: str) -> str:
        """The name of ``text``; raises ``KeyError`` for a text that was not among those given."""
        return self._names[text]

    def __contains__(self, text: str) -> bool:
        return text in self._names


def safe_name(text: str) -> str:
    """``text`` with everything but letters, digits and inner full stops as hyphens; a stop (``*``) as ``Ter``."""
    name = _UNSAFE.sub("-", text.replace("*", "Ter")).strip("-.")[:_LONGEST].rstrip("-.")
    if not name or _DEVICES.match(name):
        return f"x-{name}".rstrip("-")
    return name
