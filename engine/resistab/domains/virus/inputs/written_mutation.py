"""One mutation as HIV laboratories write it.

A mutation is a reference residue, which may be missing, a position, and the residues that were found:

- one-letter code, mixtures joined by ``/`` or nothing (``M184V``, ``184MV``, ``K65K/R``), a stop as ``*``, ``Z`` or
  ``stop``; three-letter code (``Met184Val``); ``p.`` before either; the reference belongs to a mixture only if written;
- insertions after the position: ``69Insertion``, ``T69ins``, ``69#``, ``T69_``, with residues ``T69_SS``, ``T69insSS``,
  beside a substitution ``T69S_SS``, ``T69S_``, ``T69Si``, ``T69S/ins``;
- deletions: ``67Deletion``, ``D67del``, ``D67-``, ``D67~``, ``D67d``; in a mixture before, behind or between residues
  (``D67N-``, ``D67-N``, ``D67delN``);
- ``X`` alone: the position could not be read, and is taken out of what is covered; ``=``: the reference was found.

Lower case: beside an upper-case letter ``i`` and ``d`` are insertion and deletion (``T69i``); behind a lower-case
reference they are isoleucine and aspartate (``m184i``), which is noted; ``69i`` is an insertion only in a list with an
upper-case letter in another mutation. Any other ``i`` or ``d`` is refused. Several letters in lower case are a word
(``wt``, ``na``, ``rev``) and refused, but for two of which one is the reference (``184mv``). So are ``INS``, ``DEL``
and ``WT`` in capitals, ``NA`` and ``ND`` where neither letter is the reference, and ``M184val``, which may be mixtures.
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
_DASH = "~‐‑–—−-"
_PIECE = re.compile(
    rf"(?P<deletion>_?(?:[Dd]eletion|DELETION|[Dd]el)(?![a-z])|[{_DASH}]+)"
    r"|(?P<insertion>_?(?:[Ii]nsertion|INSERTION)(?![A-Za-z])|(?:_?[Ii]ns|[_#])(?P<inserted>[A-Z]*|[a-z]*)$)"
    r"|(?P<stop>\*|[Ss]top|STOP)"
    r"|(?P<letter>[A-Za-z])"
)
# Two letters in lower case that say something of a position though one of them may be its reference.
_SHORT_WORDS = frozenset({"wt", "na", "nd", "nt", "np", "nr", "ns"})
_WILD_TYPE = frozenset({"wt", "wild", "wildtype"})
_NOT_READ = frozenset({"na", "nd", "nt", "np", "nr", "n/a", "n/d", "unk", "unknown"})
# In capitals, and so perhaps a mixture; the last two only where neither letter is the reference.
_CAPITAL_WORDS = ("INS", "DEL", "WT", "NA", "ND")
_SEVERAL = re.compile(
    rf"[_{_DASH}](?:[a-z]{{3}}|[a-z])?(?P<last>[0-9]{{1,4}})(?P<kind>delins|del|ins)(?:etion|ertion)?_?"
    r"(?P<inserted>[a-z]*)",
    re.IGNORECASE,
)
# Residues in the place of one, as HGVS names them: ``delinsGS``, of old ``delTinsGS``.
_REPLACED = re.compile(r"_?del(?:etion)?[a-z]{0,3}?ins(?:ertion)?_?(?P<inserted>[a-z]*)", re.IGNORECASE)
_MOST_SEVERAL = 20
_MOST_SUGGESTED = 200
_INDEL_FIRST = re.compile(r"(?P<kind>[Ii]ns|[Dd]el|[Δ∆])_?(?P<site>[A-Za-z]?[0-9]{1,4})_?(?P<inserted>[A-Za-z]*)")
_ARROW = re.compile(r"(?:[-=]*[>→])+")
_BEGINNING = re.compile(rf"[A-Za-z*/_{_DASH}]+")
_SHARE_ALONE = re.compile(
    r"[(\[]?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?%|[0-9]{0,9}\.[0-9]{1,9})[\])]?|[(\[][0-9]{1,9}|[0-9]{1,9}[\])]|%?[\])]|%"
)
# A dash before a number parts the two; before a bracket it is a deletion.
_WITH_SHARE = re.compile(
    rf"(?P<mutation>[A-Za-z*/_{_DASH}]+?)(?:[{_DASH}]{{1,3}}(?=[0-9.]))?[:=@|(\[]*[0-9.,]{{1,12}}%?[\])]*"
)
_NO_SHARE = "a share of reads cannot be said in a list of mutations"
_SHARES_FROM = "the mutation alone; shares of reads come from files of codfreq or AAVF"
EXAMPLES = "a mutation such as M184V, 184MV, T69S_SS, 69ins or 67del"


class RefusedError(ValueError):
    """An entry that cannot be taken, the gene that holds after it, and the places that it may speak of."""

    def __init__(self, message: str, expected: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.expected = message, expected
        self.suggestion = suggestion if suggestion and len(suggestion) <= _MOST_SUGGESTED else None
        self.gene_after: str | None = None
        self.places: tuple[int, ...] = ()
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


def indel_first(text: str) -> RefusedError | None:
    """What to say of ``ins69SS`` and ``del67``, where the kind of change stands before the position; else None."""
    match = _INDEL_FIRST.fullmatch(text)
    if match is None:
        return None
    kind = "ins" if match["kind"].casefold() == "ins" else "del"
    return RefusedError("names the change before its position", None, f"{match['site']}{kind}{match['inserted']}")


def share_alone(text: str) -> RefusedError | None:
    """What to say of an entry such as ``98%``, ``(98%)`` or ``0.98``, which tells a share of reads; else None."""
    if not _SHARE_ALONE.fullmatch(text):
        return None
    refused = RefusedError(_NO_SHARE, _SHARES_FROM)
    refused.follows = not any(character.isdigit() for character in text)
    return refused


def parse_change(reference: str, position: int, rest: str, known: str = "") -> WrittenChange:
    """What ``rest`` says behind a position; ``reference`` is one letter as written, or "".

    ``known`` is the reference residue where the rule set has it. Raises ``RefusedError``.
    """
    known = known or reference.upper()
    site = f"{reference.upper()}{position}"
    if not rest:
        raise RefusedError("says no residue", f"what was found at {position}, such as {site}V, {site}ins or {site}del")
    if rest.startswith("fs"):
        raise RefusedError("a frame shift leaves no residues to interpret", EXAMPLES)
    if rest == "=" and known:
        rest = known
    if several := _SEVERAL.fullmatch(rest):
        raise _several(site, position, several)
    if (with_share := _WITH_SHARE.fullmatch(rest)) and (
        meant := _if_read(reference, position, with_share["mutation"], known)
    ):
        raise RefusedError(_NO_SHARE, _SHARES_FROM, meant)
    if replaced := _REPLACED.fullmatch(rest):
        raise _replaced(reference, position, replaced["inserted"], known)
    _refuse_what_may_be_a_word(rest.strip("_"), site, known)
    words = rest.strip("_").split("/")
    if all(len(w) == 3 and w[0].isupper() and w[1:].islower() and w.casefold() in THREE_LETTERS for w in words):
        rest = "/".join(THREE_LETTERS[word.casefold()] for word in words)
    _refuse_words(reference, position, rest, known)
    found: set[str] = set()
    letters = inserted = ""
    for part in rest.split("/"):
        at = 0
        while at < len(part) or not part:
            match = _PIECE.match(part, at)
            if match is None:
                raise _unreadable(reference, position, rest, known)
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
    added = [_residue(letter, site) for letter in inserted]
    if STOP in added or UNREAD in added:
        inserted = ""
    return WrittenChange(tuple(sorted(found, key=residue_order)), inserted, upper, unsure, noted)


def _refuse_what_may_be_a_word(rest: str, site: str, known: str) -> None:
    """Raise ``RefusedError`` where ``rest`` may be a word or a mixture, such as ``INS``, ``WT`` and ``val``."""
    if rest in ("NA", "ND") and known and known in rest:
        return
    for word in rest.split("/"):
        if word not in THREE_LETTERS and rest not in _CAPITAL_WORDS:
            continue
        meant = word.capitalize() if word in THREE_LETTERS else word.lower()
        meant = {"WT": known, "NA": UNREAD, "ND": UNREAD}.get(word, meant)
        mixture = f"{site}{'/'.join(word.upper())}"
        suggestion = f"{site}{meant} or {mixture}" if meant else mixture
        raise RefusedError(f"'{word}' may be a word or a mixture", None, suggestion)


def _refuse_words(reference: str, position: int, rest: str, known: str) -> None:
    """Raise ``RefusedError`` where a word in lower case stands for residues."""
    site = f"{reference.upper()}{position}"
    for word in _lower_case_runs(rest):
        two = len(word) == 2 and word not in _SHORT_WORDS
        if two and known and known.lower() in word:
            continue
        suggestion = None
        if word in _WILD_TYPE and known:
            suggestion = _if_read(reference, position, rest.replace(word, known), known)
        elif word in _NOT_READ and word == rest:
            suggestion = f"{site}{UNREAD}"
        elif two and set(word.upper()) <= AMINO_ACIDS and len(set(word)) > 1 and word == rest:
            suggestion = f"{site}{'/'.join(word.upper())} for a mixture"
        wild_type = f"{site}{known} or no entry for the wild type, " if known else ""
        expected = f"{wild_type}{site}{UNREAD} where nothing could be read, residues in capitals for a mixture"
        raise RefusedError(f"'{shown(word)}' is a word, and no residues", expected, suggestion)


def _lower_case_runs(rest: str) -> list[str]:
    """The runs of several letters in lower case that are no spelling of an insertion, a deletion or a stop."""
    if rest in ("n/a", "n/d"):
        return [rest]
    runs = []
    for part in rest.split("/"):
        at, run = 0, ""
        while at < len(part):
            match = _PIECE.match(part, at)
            letter = match[0] if match and match.lastgroup == "letter" else ""
            at = match.end() if match else at + 1
            if letter.islower():
                run += letter
                continue
            runs.append(run)
            run = ""
        runs.append(run)
    return [run for run in runs if len(run) > 1]


def _several(site: str, position: int, match: re.Match[str]) -> RefusedError:
    """What to say of ``T69_K70del``, which speaks of several positions."""
    last, inserted = int(match["last"]), match["inserted"]
    meant = None
    kind = match["kind"].casefold()
    if kind == "ins" and last == position + 1:
        meant = f"{site}ins{_one_letter(inserted)}"
    elif kind == "delins" and position < last and len(residues := _one_letter(inserted)) == last - position + 1:
        numbers = range(position + 1, last + 1)
        meant = " ".join([f"{site}{residues[0]}", *(f"{n}{r}" for n, r in zip(numbers, residues[1:], strict=True))])
    elif kind == "del" and not inserted and position < last <= position + _MOST_SEVERAL:
        meant = " ".join([f"{site}del", *(f"{number}del" for number in range(position + 1, last + 1))])
    if meant and set(_one_letter(inserted)) - AMINO_ACIDS:
        meant = None
    return RefusedError("speaks of several positions at once", "an entry for each position", meant)


def _one_letter(residues: str) -> str:
    """``residues`` in one-letter code and capitals, where they are written ``GlySer`` too."""
    threes = [residues[at : at + 3].casefold() for at in range(0, len(residues), 3)]
    if not residues.isupper() and all(three in THREE_LETTERS for three in threes):
        return "".join(THREE_LETTERS[three] for three in threes)
    return residues.upper()


def _replaced(reference: str, position: int, inserted: str, known: str) -> RefusedError:
    """What to say of ``D67delinsGS``: several residues in the place of one."""
    residues = _one_letter(inserted)
    meant = None
    if residues and set(residues) <= AMINO_ACIDS:
        behind = f"_{residues[1:]}" if residues[1:] else ""
        meant = _if_read(reference, position, f"{residues[0]}{behind}", known)
    site = f"{reference.upper()}{position}"
    expected = f"the residue that stands at {position} and those behind it, such as {site}G_S"
    return RefusedError("names what was replaced and by what", expected, meant)


def _unreadable(reference: str, position: int, rest: str, known: str) -> RefusedError:
    """What to say of what cannot be read, with the mutation that it begins with or points to."""
    arrow, beginning = _ARROW.match(rest), _BEGINNING.match(rest)
    candidate = rest[arrow.end() :] if arrow else beginning[0] if beginning else ""
    meant = _if_read(reference, position, candidate, known) if candidate not in ("", rest) else None
    return RefusedError(f"'{shown(rest)}' cannot be read as residues", EXAMPLES, meant)


def _if_read(reference: str, position: int, rest: str, known: str) -> str | None:
    """The mutation with ``rest`` behind its position where that can be read, else None."""
    try:
        parse_change(reference, position, rest, known)
    except RefusedError:
        return None
    return f"{reference.upper()}{position}{rest}"
