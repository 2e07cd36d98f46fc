"""Coding changes (``c.2369C>T``) on a rule set's transcript, as far as they say what becomes of the protein.

A rule set holds proteins, not their messages: of a codon its residue is known, and the bases that a change names. Where
every codon that fits gives the same residue the change is known; otherwise only its place is.
Reference: HGVS recommendations, coding DNA; the standard genetic code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from resistab.core.amino_acids import GENETIC_CODE

_BASE = r"(?P<first>[1-9][0-9]{0,6})"
_SPAN = rf"{_BASE}(?:_(?P<last>[1-9][0-9]{{0,6}}))?"
_SUBSTITUTED = re.compile(rf"c\.{_BASE}(?P<old>[ACGT])>(?P<new>[ACGT])$")
_REPLACED = re.compile(rf"c\.{_SPAN}(?:(?P<old>[ACGT]+)>|del(?P<gone>[ACGT]*)ins)(?P<new>[ACGT]+)$")
_DELETED = re.compile(rf"c\.{_SPAN}del(?:[ACGT]*|[0-9]+)$")
_DUPLICATED = re.compile(rf"c\.{_SPAN}dup(?:[ACGT]*|[0-9]+)$")
_INSERTED = re.compile(rf"c\.{_SPAN}ins(?P<new>[ACGT]+)$")
_SPLICE = re.compile(r"c\.(?P<base>[1-9][0-9]{0,6})(?:_[0-9]+)?[+-][12](?![0-9])")
_CODING = re.compile(r"c\.[^\s]+$")


class CodingError(ValueError):
    """A coding change from which nothing of the protein can be said; ``expected`` is what can be written instead."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.message, self.expected = message, expected


@dataclass(frozen=True)
class OnProtein:
    """What a coding change is on the protein, in the words of the grammar that follow the gene (or name it).

    ``residues`` are those that the codon may encode now, where they are several.
    """

    text: str
    residues: tuple[str, ...] = ()


def is_coding(text: str) -> bool:
    """Whether ``text`` has the form of a coding change."""
    return _CODING.match(text) is not None


def on_protein(gene: str, text: str, sequence: str | None) -> OnProtein:
    """What the coding change ``text`` of a gene does to its protein, whose ``sequence`` may not be known (None).

    Raises ``CodingError`` where nothing can be said, or the bases do not fit the protein.
    """
    if match := _SPLICE.match(text):
        return OnProtein(f"{gene} X{(int(match['base']) + 2) // 3}_splice")
    if match := _SUBSTITUTED.match(text):
        return _exchanged(gene, text, int(match["first"]), match["old"], match["new"], sequence)
    if (match := _REPLACED.match(text)) and _size(match) == len(match["new"]):
        old = match["old"] or match["gone"] or "N" * len(match["new"])
        if len(old) != len(match["new"]):
            raise CodingError(f"{text} names {len(old)} bases for {_size(match)}", "one base for each")
        return _exchanged(gene, text, int(match["first"]), old, match["new"], sequence)
    for pattern, kind in (
        (_DELETED, "deletion"),
        (_DUPLICATED, "insertion"),
        (_INSERTED, "insertion"),
        (_REPLACED, ""),
    ):
        if match := pattern.match(text):
            return _of_other_length(gene, match, kind)
    raise CodingError(
        f"{text} does not say what becomes of the protein", "the protein change, such as T790M or p.Thr790Met"
    )


def codons_exchanged(text: str) -> tuple[int, int] | None:
    """The first and last codon of an exchange of bases for as many others; None for any other coding change."""
    match = _SUBSTITUTED.match(text) or _REPLACED.match(text)
    if match is None or _size(match) != len(match["new"]):
        return None
    return (int(match["first"]) + 2) // 3, (int(match["first"]) + len(match["new"]) + 1) // 3


def _size(match: re.Match[str]) -> int:
    return int(match.groupdict().get("last") or match["first"]) - int(match["first"]) + 1


def _exchanged(gene: str, text: str, first: int, old: str, new: str, sequence: str | None) -> OnProtein:
    codon, offset = (first + 2) // 3, (first - 1) % 3
    last_codon = (first + len(old) + 1) // 3
    if sequence is None or codon > len(sequence):
        known = "is not known" if sequence is None else f"has {len(sequence)} residues"
        raise CodingError(f"{text} lies in codon {codon}, and the protein {known}", "the protein change")
    if codon != last_codon:
        return OnProtein(f"{gene} residues {codon}-{last_codon} substitution")
    residue = sequence[codon - 1]
    fitting = [
        bases
        for bases, encoded in GENETIC_CODE.items()
        if encoded == residue and all(base in ("N", bases[offset + index]) for index, base in enumerate(old))
    ]
    if not fitting:
        raise CodingError(
            f"{text} lies in codon {codon}, and no codon of {residue} has {old} there",
            "a coding change on the rule set's transcript, or the protein change",
        )
    made = sorted({GENETIC_CODE[bases[:offset] + new + bases[offset + len(new) :]] for bases in fitting})
    if len(made) == 1:
        return OnProtein(f"{gene} {residue}{codon}{'=' if made[0] == residue else made[0]}")
    if "*" in made or residue in made:
        return OnProtein(f"any change at {gene} {residue}{codon}", tuple(made))
    return OnProtein(f"any substitution at {gene} {residue}{codon}", tuple(made))


def _of_other_length(gene: str, match: re.Match[str], kind: str) -> OnProtein:
    size = _size(match)
    new = match.groupdict().get("new") or ""
    gained = {"deletion": -size, "insertion": len(new) or size}.get(kind, len(new) - size)
    if gained % 3:
        return OnProtein(f"{gene} truncation")
    first, last = (int(match["first"]) + 2) // 3, (int(match["last"] or match["first"]) + 2) // 3
    return OnProtein(f"{gene} residues {first}-{last} {'deletion' if gained < 0 else 'insertion'}")
