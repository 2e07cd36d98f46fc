"""Two states of a rule set beside each other, applied to the same patients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

# Goes through a list under a title, and may show how far it is.
Progress = Callable[[Sequence[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class Concluded:
    """What one side concludes for a drug: the verdict with its level or tier in words, the score, and its rows."""

    verdict: str
    grade: str
    score: float | None
    rows: tuple[str, ...]

    @property
    def text(self) -> str:
        """The verdict for people."""
        return self.verdict.replace("_", " ") + (f" ({self.grade})" if self.grade else "")


@dataclass(frozen=True)
class Pair:
    """A patient as each side understands what was given."""

    sample: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Unread:
    """A sample that only one side understands: which side does not, and why."""

    sample: str
    side: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Patients:
    """A cohort: how many samples were given, what was understood, and what only one side understands."""

    given: int
    pairs: tuple[Pair, ...]
    unread: tuple[Unread, ...] = ()


class Comparison(Protocol):
    """Two states of one rule set."""

    def patients(self, files: Sequence[Path], options: Mapping[str, Any], progress: Progress) -> Patients:
        """The patients in ``files`` and in what ``options`` of the command line name.

        Raises ``InputError`` with every fault of them.
        """
        ...

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude, by drug; by all evaluators, which must agree, where ``checked``."""
        ...
