"""Residues at a position of a viral protein: amino acids, stop, insertion and deletion, one character each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from resistab.core.amino_acids import RESIDUES

INSERTION, DELETION, STOP = "i", "d", "*"
# Selenocysteine has no place in a virus.
AMINO_ACIDS = frozenset(RESIDUES) - {"U"}
ALPHABET = AMINO_ACIDS | {INSERTION, DELETION, STOP}
_WORDS = {INSERTION: "ins", DELETION: "del"}
_TOKEN = re.compile(r"ins|del|[A-Z*]")


def residue_order(residue: str) -> tuple[bool, str]:
    """Sort key: amino acids by letter, then stop, deletion and insertion."""
    return not residue.isupper(), residue


def residues_text(residues: Iterable[str], between: str = "/") -> str:
    """``residues`` as they are printed: ``I/V``, ``G/ins``; with ``between`` empty ``GIV``, and ``G_ins``."""
    ordered = sorted(residues, key=residue_order)
    letters = between.join(residue for residue in ordered if residue not in _WORDS)
    words = (between or "_").join(_WORDS[residue] for residue in ordered if residue in _WORDS)
    return (between or "_").join(part for part in (letters, words) if part)


def parse_residues(text: str) -> tuple[str, ...] | None:
    """The residues that ``text`` names, joined by ``/`` or by nothing (``I/V``, ``67E/del``), in order, or None."""
    found: set[str] = set()
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        residue = {"ins": INSERTION, "del": DELETION}.get(match[0], match[0]) if match else ""
        if match is None or residue not in ALPHABET:
            return None
        found.add(residue)
        position = match.end()
        if text[position : position + 1] == "/" and position + 1 < len(text):
            position += 1
    return tuple(sorted(found, key=residue_order)) if found else None
