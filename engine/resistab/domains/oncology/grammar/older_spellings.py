"""Spellings of protein changes that older pipelines write, put into the form that HGVS asks for.

Understood: residues named before one position (``ELREA746del``, ``WQ288fs``), positions without residues
(``599_600insDFREYEY``, ``-917fs``), and old and new residues after a range (``335_337RER>R``). Residues that are not
written are taken from the protein's sequence. None of these is HGVS; MAF files of TCGA's time are full of them.
"""

from __future__ import annotations

import re

_AA = "[ACDEFGHIKLMNPQRSTUVWY*]"
_NAMED = re.compile(
    rf"(?P<residues>{_AA}{{2,}})(?P<first>[1-9][0-9]{{0,5}})(?P<what>del|dup|fs.*|delins{_AA}+|>{_AA}+)$"
)
_BETWEEN = re.compile(rf"(?P<first>[1-9][0-9]{{0,5}})_(?P<last>[1-9][0-9]{{0,5}})ins(?P<new>{_AA}+)$")
_AFTER = re.compile(rf"(?P<first>[1-9][0-9]{{0,5}})_(?P<last>[1-9][0-9]{{0,5}})(?P<old>{_AA}+)>(?P<new>{_AA}+)$")
_SHIFTED = re.compile(r"-(?P<first>[1-9][0-9]{0,5})fs")


def standard_spelling(text: str, sequence: str | None) -> str | None:
    """The HGVS spelling (one-letter code) of a change in an older spelling; None where ``text`` is in none.

    ``sequence`` is the protein's, None where it is not known. Raises ``ValueError`` with the reason where residues that
    are not written would have to be known, or what is written contradicts itself.
    """
    plain = text[2:] if text[:2] in ("p.", "P.") else text
    if match := _NAMED.match(plain):
        return _named(match["residues"], int(match["first"]), match["what"])
    if match := _AFTER.match(plain):
        first, last, old = int(match["first"]), int(match["last"]), match["old"]
        if len(old) != last - first + 1:
            raise ValueError(f"{text}: {first} to {last} are {last - first + 1} residues, and {len(old)} are named")
        return _span(old, first) + f"delins{match['new']}"
    if match := _BETWEEN.match(plain):
        first, last = int(match["first"]), int(match["last"])
        left, right = _residue(sequence, first, text), _residue(sequence, last, text)
        return f"{left}{first}_{right}{last}ins{match['new']}"
    if match := _SHIFTED.match(plain):
        first = int(match["first"])
        return f"{_residue(sequence, first, text)}{first}fs"
    return None


def _named(residues: str, first: int, what: str) -> str:
    if what.startswith("fs"):
        return f"{residues[0]}{first}fs"
    return _span(residues, first) + (f"delins{what[1:]}" if what.startswith(">") else what)


def _span(residues: str, first: int) -> str:
    if len(residues) == 1:
        return f"{residues}{first}"
    return f"{residues[0]}{first}_{residues[-1]}{first + len(residues) - 1}"


def _residue(sequence: str | None, position: int, text: str) -> str:
    if sequence is None:
        raise ValueError(f"{text}: the residue at {position} is not written, and the protein's sequence is not known")
    if position > len(sequence):
        raise ValueError(f"{text}: position {position} lies beyond the protein, which has {len(sequence)} residues")
    return sequence[position - 1]
