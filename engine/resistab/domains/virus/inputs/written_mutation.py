"""One mutation as HIV laboratories write it.

A mutation is a reference residue, which may be missing, a position, and the residues that were found:

- one-letter code, mixtures joined by ``/`` or nothing (``M184V``, ``184MV``, ``K65K/R``), a stop as ``*``, ``Z`` or
  ``stop``; three-letter code (``Met184Val``); ``p.`` before either; the reference belongs to a mixture only if written;
- insertions after the position: ``69Insertion``, ``T69ins``, ``69#``, ``T69_``, with residues ``T69_SS``, ``T69insSS``,
  beside a substitution ``T69S_SS``, ``T69S_``, ``T69Si``, ``T69S/ins``;
- deletions: ``67Deletion``, ``D67del``, ``D67-``, ``D67~``, ``D67d``;
- ``X`` alone: the position could not be read, and is taken out of what is covered.

Lower case: beside an upper-case letter ``i`` and ``d`` are insertion and deletion (``T69i``); behind a lower-case
reference they are isoleucine and aspartate (``m184i``), which is noted; ``69i`` is an insertion only in a list with an
upper-case letter in another mutation. Any other ``i`` or ``d`` is refused, as are ``INS`` and ``DEL`` in capitals
and ``M184val``, which may be mixtures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from resistab.core.amino_acids import THREE_TO_ONE
from resistab.core.faults import shortened
from resistab.domains.virus.grammar.residues import AMINO_ACIDS, DELETION, INSERTION, STOP, residue_order

UNREAD = "X"
_BETWEEN_TWO = {"B": "D/N", "J": "I/L"}
THREE_LETTERS = {three.casefold(): one for three, one in THREE_TO_ONE.items() if three != "Sec"} | {"xaa": UNREAD}
_MUTATION = re.compile(r"([A-Za-z]{3}|[A-Za-z])?([0-9]{1,9})(.*)", re.DOTALL)
_PIECE = re.compile(
    r"(?P<deletion>_?(?:[Dd]eletion|DELETION|[Dd]el)(?![A-Za-z])|[-~–−]$)"
    r"|(?P<insertion>_?(?:[Ii]nsertion|INSERTION)(?![A-Za-z])|(?:_?[Ii]ns|[_#])(?P<inserted>[A-Z]*|[a-z]*)$)"
    r"|(?P<stop>\*|[Ss]top|STOP)"
    r"|(?P<letter>[A-Za-z])"
)
EXAMPLES = "a mutation such as M184V, 184MV, T69S_SS, 69ins or 67del"


class RefusedError(ValueError):
    """An entry that cannot be taken, the gene that holds after it, and the place that it speaks of where known."""

    def __init__(self, message: str, expected: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.expected, self.suggestion = message, expected, suggestion
        self.gene_after: str | None = None
        self.place: int | None = None
        # Follows from another fault, which is told.
        self.follows = False


@dataclass(frozen=True, slots=True)
class WrittenChange:
    """What is written behind a position; ``unsure``: a lone ``i`` or ``d``, in ``residues`` taken as an indel."""

    residues: tuple[str, ...]
    inserted: str = ""
    upper: bool = False
    unsure: bool = False
    noted: bool = False


def shown(text: str) -> str:
    """``text`` for a message: short, and what cannot be printed as its number."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shortened(text))


def mutation_match(text: str) -> re.Match[str] | None:
    """Reference, position and the rest of what has the form of a mutation."""
    match = _MUTATION.fullmatch(text)
    if match and len(match[1] or "") == 3 and match[1].casefold() not in THREE_LETTERS:
        return None
    return match


def either(letter: str, site: str) -> RefusedError:
    """That a lower-case ``i`` or ``d`` may be an insertion or deletion, or the residue."""
    word, meaning = ("ins", "isoleucine or an insertion") if letter == INSERTION else ("del", "aspartate or a deletion")
    return RefusedError(f"'{letter}' may be {meaning}", None, f"{site}{word} or {site}{letter.upper()}")


def _residue(letter: str, site: str) -> str:
    if letter == "Z":
        return STOP
    if letter not in AMINO_ACIDS and letter != UNREAD:
        meant = _BETWEEN_TWO.get(letter)
        raise RefusedError(
            f"there is no residue '{letter}'",
            "the 20 amino acids in one-letter code, * (stop), ins or del",
            f"{site}{meant}" if meant else None,
        )
    return letter


def parse_change(reference: str, position: int, rest: str) -> WrittenChange:
    """What ``rest`` says behind a position; ``reference`` is one letter as written, or ""."""
    site = f"{reference.upper()}{position}"
    if not rest:
        raise RefusedError("says no residue", f"what was found at {position}, such as {site}V, {site}ins or {site}del")
    if rest.startswith("fs"):
        raise RefusedError("a frame shift leaves no residues to interpret", EXAMPLES)
    words = rest.strip("_").split("/")
    for word in words:
        if word in THREE_LETTERS or rest.strip("_") in ("INS", "DEL"):
            meant = word.capitalize() if word in THREE_LETTERS else word.lower()
            mixture = "/".join(word.upper())
            raise RefusedError(f"'{word}' may be a word or a mixture", None, f"{site}{meant} or {site}{mixture}")
    if all(len(w) == 3 and w[0].isupper() and w[1:].islower() and w.casefold() in THREE_LETTERS for w in words):
        rest = "/".join(THREE_LETTERS[word.casefold()] for word in words)
    found: set[str] = set()
    letters = inserted = ""
    for part in rest.split("/"):
        at = 0
        while at < len(part) or not part:
            match = _PIECE.match(part, at)
            if match is None:
                raise RefusedError(f"'{shown(rest)}' cannot be read as residues", EXAMPLES)
            at = match.end()
            match match.lastgroup:
                case "deletion":
                    found.add(DELETION)
                case "insertion":
                    found.add(INSERTION)
                    inserted = (match["inserted"] or inserted).upper()
                case "stop":
                    found.add(STOP)
                case _:
                    letters += match[0]
    upper = (reference + letters).lower() != reference + letters
    indels = {letter for letter in letters if letter in (INSERTION, DELETION)}
    unsure = noted = False
    if indels and letters.islower() and reference.islower():
        noted = True
        if letters.upper() == reference.upper():
            raise either(letters, site)
    elif indels and letters.islower():
        if len(letters) > 1 or found:
            raise RefusedError(
                f"'{shown(rest)}' may name residues or an insertion or deletion",
                "residues in upper case, and the words ins and del",
            )
        unsure = not reference
    if indels and not noted:
        found |= indels
        letters = "".join(letter for letter in letters if letter not in indels)
    if not (letters.isupper() or letters.islower() or not letters):
        raise RefusedError(f"'{shown(rest)}' mixes upper and lower case", "residues in one case")
    letters = letters.upper()
    if len(set(letters)) < len(letters):
        twice = next(letter for letter in letters if letters.count(letter) > 1)
        meant = f"{site}{letters[0]}_{letters[1:]}" if len(letters) > 2 else f"{site}{letters[0]}"
        raise RefusedError(f"names the residue {twice} twice", "each residue once; an insertion as in T69S_SS", meant)
    found |= {_residue(letter, site) for letter in letters}
    if UNREAD in found and len(found) > 1:
        raise RefusedError("X is no residue", "the residues that were found, or X alone where nothing could be read")
    known = [_residue(letter, site) for letter in inserted]
    if STOP in known or UNREAD in known:
        inserted = ""
    return WrittenChange(tuple(sorted(found, key=residue_order)), inserted, upper, unsure, noted)
