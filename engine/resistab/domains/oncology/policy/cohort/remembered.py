"""What was said of a drug, remembered for the next tumour that is the same in all that was read for it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from resistab.domains.oncology.policy.judged import ResistanceTo
from resistab.domains.oncology.policy.verdicts import Summary

# A finding of a tumour: the place of its state among those that matter to the drug, and its own in the state.
Token = tuple[int, int]

# Text stands for a finding between these, which no text of a finding has.
OPENING, CLOSING = "\ue000", "\ue001"
# So many digits say where its text is among those of all findings of the tumour.
_RANK = 6


@dataclass(frozen=True)
class Said:
    """What was said of a drug: a summary whose reason names findings by token, and the resistance it confers.

    ``more`` is what a report says beyond a table, ``fired`` the rows with each finding on which they did, ``citations``
    the references behind it.
    """

    summary: Summary
    reason: tuple[str | Token, ...]
    conferred: tuple[tuple[ResistanceTo, Token], ...]
    more: tuple[str | Token, ...] = ("",)
    fired: tuple[tuple[str, Token], ...] = ()
    citations: tuple[str, ...] = ()
    filled: dict[tuple[str, ...], Any] = field(default_factory=dict, compare=False)

    def text(self, texts: Sequence[str]) -> str:
        """The reason; ``texts`` are those of the findings that it names, in order."""
        rest = iter(texts)
        return "".join(part if isinstance(part, str) else next(rest) for part in self.reason)

    @property
    def named(self) -> tuple[Token, ...]:
        """The findings that the reason names, in order."""
        return tuple(part for part in self.reason if not isinstance(part, str))

    @property
    def tokens(self) -> set[Token]:
        """All findings that are named."""
        texts = {part for part in (*self.reason, *self.more) if not isinstance(part, str)}
        return texts | {token for _, token in self.conferred}


@dataclass
class Further:
    """What else must be asked of findings before something is said, and by the answers what that is."""

    asked: tuple[tuple[str, Any], ...]
    answers: dict[Hashable, Said | Further] = field(default_factory=dict)


@dataclass
class Alike:
    """What was said of a drug when the same was read: ``reads`` by number, and whole ``kinds`` of what may be read.

    ``beyond`` are those of the reads that a tumour without findings was not asked.
    """

    reads: frozenset[int]
    kinds: frozenset[int]
    beyond: tuple[int, ...]
    said: dict[Hashable, Said | Further] = field(default_factory=dict)


def parted(text: str) -> list[str | int]:
    """A text in which findings stand by index between the signs, parted into texts and indices."""
    parts: list[str | int] = []
    for piece in text.split(OPENING):
        sign, closing, rest = piece.partition(CLOSING)
        if closing:
            parts.append(int(sign[_RANK:]))
            piece = rest
        if piece:
            parts.append(piece)
    return parts


def indices(text: str) -> list[int]:
    """The findings, by index, that a text names."""
    return [part for part in parted(text) if isinstance(part, int)]


def signed(index: int, rank: int) -> str:
    """What stands in a text for the finding with an index; signs are in the order of the texts, as ``rank`` is."""
    return f"{OPENING}{rank:0{_RANK}}{index}{CLOSING}"
