"""Protein changes in the spellings people use, and the one form in which they are compared.

Understood: HGVS protein nomenclature in three- and one-letter code, with or without ``p.`` and the brackets of
a predicted change: substitution (``T790M``), stop gained (``R213*``, ``R213Ter``), deletion
(``E746_A750del``), insertion (``D770_N771insSVD``), duplication (``A767_V769dup``), delins
(``L747_P753delinsS``), frame shift (``K550fs``, ``K550Gfs*6``), start lost (``M1?``), stop lost
(``*394Lext*?``) and synonymous (``T790=``).

Not understood: alleles in square brackets, uncertain positions, repeats, chromosomal and coding changes, an
extension at the start. ``X`` and ``Xaa`` are a residue that nobody has named, as HGVS has it, and are refused: a stop
is ``*`` or ``Ter``. Where only a stop can stand (``fsX9``, ``X394Lext``) an ``X`` is one.
Reference: HGVS recommendations, protein level.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, cast

from resistab.core.amino_acids import ONE_TO_THREE, THREE_TO_ONE
from resistab.core.model import ConfigDict, Model

ChangeKind = Literal[
    "substitution",
    "stop gained",
    "deletion",
    "insertion",
    "duplication",
    "delins",
    "frame shift",
    "start lost",
    "stop lost",
    "synonymous",
]
TRUNCATING: frozenset[str] = frozenset({"stop gained", "frame shift", "start lost"})
IN_FRAME: frozenset[str] = frozenset({"deletion", "insertion", "duplication", "delins"})


class ProteinChange(Model):
    """A change of a protein's residues ``start`` to ``end`` (1-based, inclusive).

    ``start_residue`` and ``end_residue`` are the reference residues as written, in one-letter code.
    ``inserted`` holds the new residues (one-letter), empty where there are none or they are not known.
    For an insertion ``start`` and ``end`` are the flanking residues.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: ChangeKind
    start: int
    start_residue: str
    end: int
    end_residue: str
    inserted: str = ""

    def __str__(self) -> str:
        first = f"{self.start_residue}{self.start}"
        span = first if self.start == self.end else f"{first}_{self.end_residue}{self.end}"
        match self.kind:
            case "substitution":
                return first + self.inserted
            case "stop gained":
                return first + "*"
            case "deletion":
                return span + "del"
            case "duplication":
                return span + "dup"
            case "insertion":
                return span + "ins" + self.inserted
            case "delins":
                return span + "delins" + self.inserted
            case "frame shift":
                return first + "fs"
            case "start lost":
                return first + "?"
            case "stop lost":
                return first + self.inserted + "ext"
        return first + "="

    @property
    def hgvs(self) -> str:
        """The change as HGVS writes it in three-letter code, for example ``p.Thr790Met``."""
        text = str(self)
        if self.kind == "stop lost":
            return f"p.Ter{self.start}{ONE_TO_THREE.get(self.inserted, '')}extTer?"
        out, rest = [], text
        for keyword in ("delins", "del", "dup", "ins", "fs"):
            position = text.find(keyword)
            if position >= 0:
                out = [text[:position], keyword, text[position + len(keyword) :]]
                break
        else:
            out = [rest]
        spelled = [part if part in ("delins", "del", "dup", "ins", "fs") else _three_letter(part) for part in out]
        return "p." + "".join(spelled)

    @property
    def length_change(self) -> int:
        """Residues gained (positive) or lost (negative) by an in-frame change, 0 for all others."""
        size = self.end - self.start + 1
        match self.kind:
            case "deletion":
                return -size
            case "duplication":
                return size
            case "insertion":
                return len(self.inserted)
            case "delins":
                return len(self.inserted) - size
        return 0

    def overlaps(self, first: int, last: int) -> bool:
        """Whether the change touches any of the residues ``first`` to ``last``."""
        return self.start <= last and self.end >= first


def _three_letter(text: str) -> str:
    return "".join(ONE_TO_THREE.get(char, char) for char in text)


_AA = r"[ACDEFGHIKLMNPQRSTUVWYX*]"
_SITE = rf"(?P<r1>{_AA})(?P<p1>[1-9][0-9]{{0,5}})"
_SPAN = rf"{_SITE}(?:_(?P<r2>{_AA})(?P<p2>[1-9][0-9]{{0,5}}))?"
_GONE = rf"(?P<gone>{_AA}*|[0-9]{{1,6}})"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("frame shift", re.compile(rf"{_SITE}(?:{_AA})?fs(?:[*X](?:[0-9]+|\?)?|[0-9]+)?$")),
    ("stop lost", re.compile(rf"(?P<r1>[*X])(?P<p1>[1-9][0-9]{{0,5}})(?P<alt>{_AA})?ext(?:[*X]?(?:[0-9]+|\?)?)?$")),
    ("delins", re.compile(rf"{_SPAN}del{_GONE}ins(?P<alt>{_AA}+)$")),
    ("deletion", re.compile(rf"{_SPAN}del{_GONE}$")),
    ("duplication", re.compile(rf"{_SPAN}dup{_GONE}$")),
    ("insertion", re.compile(rf"{_SPAN}ins(?P<alt>{_AA}+)$")),
    ("delins", re.compile(rf"{_SPAN}>(?P<alt>{_AA}+)$")),
    ("synonymous", re.compile(rf"{_SITE}=$")),
    ("start lost", re.compile(r"(?P<r1>M)(?P<p1>1)\?$")),
    ("substitution", re.compile(rf"{_SITE}(?P<alt>{_AA})$")),
)
_TO_UNNAMED = re.compile(r"(?P<residue>[ACDEFGHIKLMNPQRSTUVWY])(?P<position>[1-9][0-9]{0,5})X$")
_UNNAMED = {"stop": "*", "xaa": "X"}
_THREE = re.compile(
    "(" + "|".join(THREE_TO_ONE) + r"|Stop|Xaa)(?=[^a-z]|del|ins|dup|fs|ext|$|" + "|".join(THREE_TO_ONE) + ")",
    re.IGNORECASE | re.ASCII,
)


def _one_letter(text: str) -> str:
    """``text`` in one-letter code, without ``p.`` and the brackets of a prediction."""
    text = text.strip()
    if text[:2] in ("p.", "P."):
        text = text[2:]
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if re.match(r"[A-Za-z]{3}[0-9]|\*[0-9]", text) or re.search(r"(?:[0-9]|ins|>)[A-Z][a-z]{2}", text):
        text = _THREE.sub(lambda m: _UNNAMED.get(m[1].lower()) or THREE_TO_ONE[m[1].capitalize()], text)
    return text


# One change is looked at several times: in its row, beside other spellings of it, as an alteration.
@lru_cache(8192)
def parse_protein_change(text: str) -> ProteinChange | None:
    """The protein change that ``text`` spells, or None where it spells none.

    A change that is spelled in one of the known forms but contradicts itself (end before start, an insertion
    between residues that are not neighbours), or leaves a residue unnamed, raises ``ValueError`` with the reason.
    """
    plain = _one_letter(text)
    for kind, pattern in _FORMS:
        match = pattern.match(plain)
        if match:
            return _build(kind, match.groupdict(), text)
    return None


def unnamed_residue(text: str) -> tuple[str, int] | None:
    """The codon (residue and position) that ``text`` says to hold an unnamed residue (``C797X``), or None."""
    match = _TO_UNNAMED.match(_one_letter(text))
    return (match["residue"], int(match["position"])) if match else None


def _build(kind: str, part: dict[str, str | None], text: str) -> ProteinChange:
    first, residue = int(part["p1"] or 0), str(part["r1"]).replace("X", "*")
    last, last_residue = first, residue
    if part.get("p2"):
        last, last_residue = int(str(part["p2"])), str(part["r2"]).replace("X", "*")
    inserted = part.get("alt") or ""
    if last < first:
        raise ValueError(f"{text}: the change ends at {last}, before it starts at {first}")
    if last == first and last_residue != residue:
        raise ValueError(f"{text}: two residues, {residue} and {last_residue}, are given for position {first}")
    if kind == "insertion" and last != first + 1:
        raise ValueError(f"{text}: an insertion lies between two neighbouring residues, not {first} and {last}")
    if kind in ("insertion", "delins", "substitution") and "X" in inserted:
        instead = f"any substitution at {residue}{first}" if kind == "substitution" else "the residues inserted"
        raise ValueError(f"{text}: X is any residue, or a stop to some; write * for a stop, or {instead}")
    _check_named(part.get("gone") or "", first, residue, last, last_residue, text)
    if kind in ("insertion", "delins") and "*" in inserted:
        # What brings in a stop truncates the protein, whatever else it brings.
        kind, inserted, last, last_residue = "stop gained", "", first, residue
    elif kind == "delins" and first == last and len(inserted) == 1:
        kind = "substitution"
    if kind == "substitution":
        if inserted == residue:
            kind, inserted = "synonymous", ""
        elif residue == "*":
            kind = "stop lost"
        elif inserted == "*":
            kind, inserted = "stop gained", ""
        elif first == 1 and residue == "M":
            kind, inserted = "start lost", ""
    return ProteinChange(
        kind=cast(ChangeKind, kind),
        start=first,
        start_residue=residue,
        end=last,
        end_residue=last_residue,
        inserted=inserted,
    )


def _check_named(gone: str, first: int, residue: str, last: int, last_residue: str, text: str) -> None:
    """Refuse residues named after ``del`` or ``dup`` (or their number) that contradict the span."""
    if not gone:
        return
    size = last - first + 1
    named = int(gone) if gone.isdecimal() else len(gone)
    if named != size:
        raise ValueError(
            f"{text}: the span holds {size} residue{'s' if size > 1 else ''}, and {named} "
            f"{'is' if named == 1 else 'are'} named" + ("; write both ends" if size == 1 else "")
        )
    if not gone.isdecimal() and (gone[0] != residue or gone[-1] != last_residue):
        raise ValueError(f"{text}: the residues named, {gone}, do not begin with {residue} and end with {last_residue}")


def reference_fault(change: ProteinChange, sequence: str) -> tuple[str, str | None] | None:
    """What contradicts the reference ``sequence``: a message and a suggestion, or None where all agrees.

    The suggestion spells the same change with the residue that the reference holds there.
    """
    length = len(sequence)
    if change.kind == "stop lost":
        if change.start == length + 1:
            return None
        return f"the protein ends at {length}, so its stop is {length + 1}, not {change.start}", None
    if change.end > length:
        beyond = change.start if change.start > length else change.end
        return f"position {beyond} lies beyond the protein, which has {length} residues", None
    first, last = sequence[change.start - 1], sequence[change.end - 1]
    for position, written, actual in (
        (change.start, change.start_residue, first),
        (change.end, change.end_residue, last),
    ):
        if written != actual:
            mended = change.model_copy(update={"start_residue": first, "end_residue": last})
            same = change.kind == "substitution" and actual == change.inserted
            return f"the reference residue at {position} is {actual}, not {written}", None if same else str(mended)
    return None


def normal_form(change: ProteinChange, sequence: str | None) -> tuple[str, int, int, str]:
    """The form in which two changes are equal if they make the same protein.

    An in-frame change becomes ``("in-frame", first, removed, inserted)``: ``removed`` residues from ``first`` on
    are replaced by ``inserted``, common ends trimmed and shifted towards the C terminus, as HGVS asks (3' rule).
    Without a ``sequence`` the spelling is taken as it is. A delins that writes the reference anew changes nothing
    and is synonymous.
    """
    if change.kind not in IN_FRAME:
        new = change.inserted if change.kind == "substitution" else ""
        return change.kind, change.start, 1, new
    size = change.end - change.start + 1
    if sequence is None or change.end > len(sequence):
        return change.kind, change.start, size, change.inserted
    if change.kind == "insertion":
        first, removed, inserted = change.end, "", change.inserted
    elif change.kind == "duplication":
        first, removed, inserted = change.end + 1, "", sequence[change.start - 1 : change.end]
    else:
        first, removed, inserted = change.start, sequence[change.start - 1 : change.end], change.inserted
    while removed and inserted and removed[0] == inserted[0]:
        removed, inserted, first = removed[1:], inserted[1:], first + 1
    while removed and inserted and removed[-1] == inserted[-1]:
        removed, inserted = removed[:-1], inserted[:-1]
    if not removed and not inserted:
        return "synonymous", change.start, 1, ""
    if not removed or not inserted:
        moving = removed or inserted
        while first - 1 + len(removed) < len(sequence):
            following = sequence[first - 1 + len(removed)]
            if moving[0] != following:
                break
            moving, first = moving[1:] + following, first + 1
        removed, inserted = (moving, "") if removed else ("", moving)
    if len(removed) == 1 and len(inserted) == 1:
        return "substitution", first, 1, inserted
    return "in-frame", first, len(removed), inserted


def exchanges(change: ProteinChange, sequence: str | None) -> tuple[tuple[int, str], ...]:
    """The substitutions that ``change`` is or holds, as positions and new residues: ``G12_G13delinsDV`` holds two.

    Residues that a delins writes anew are none. Where it changes the length as well, what is exchanged is counted from
    its start, as the new protein is numbered (``V600_K601delinsE`` holds V600E); where more residues come or go than
    are exchanged (``L747_P753delinsS``) the place of none is certain, and it holds none.
    """
    if change.kind == "substitution":
        return ((change.start, change.inserted),)
    if change.kind != "delins":
        return ()
    kind, first, removed, inserted = normal_form(change, sequence)
    if kind == "synonymous":
        return ()
    shared = min(removed, len(inserted))
    if abs(removed - len(inserted)) > shared:
        return ()
    reference = (
        sequence[first - 1 : first - 1 + removed]
        if sequence
        else change.start_residue + "?" * (removed - 2) + change.end_residue * (removed > 1)
    )
    return tuple((first + offset, new) for offset, new in enumerate(inserted[:shared]) if reference[offset] != new)
