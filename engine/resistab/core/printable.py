"""Text of others made safe to print: nothing in it can steer a terminal, hide what follows, or fill a screen."""

from __future__ import annotations

import unicodedata

# What steers or hides: control characters, formats (among them marks of direction), halves of a character, and the
# separators that some programs take for the end of a line.
_CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def printable(text: str) -> str:
    r"""``text`` with every character that is not to reach a terminal written as its escape, such as ``\x1b``.

    A byte of a file name that is no text stands as the byte it is, ``\xff``.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _CATEGORIES else c for c in text)


def _escaped(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        # How Python carries a byte that it could not decode.
        number -= 0xDC00
    return _NAMED.get(character) or (
        f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    )


def shortened(text: str, most: int = 60) -> str:
    """``text`` cut to at most ``most`` characters."""
    return text if len(text) <= most else text[: most - 3] + "..."
