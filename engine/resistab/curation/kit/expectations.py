"""What others expect of patients, line by line of a table, and how it compares with the verdicts.

A table of expectations is no part of a rule set: whoever wrote it, a tumour board or a laboratory, says what should
come out. What is told apart is not only right and wrong: a drug called active where none of the verdicts expected says
so reassures falsely, which is worse than to say too little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

LineKind = Literal["right", "falsely reassuring", "other"]


@dataclass(frozen=True)
class TableLine:
    """One line: one of the ``verdicts`` is expected for ``drug`` in the patient that ``given`` describes.

    ``patient`` describes the patient in words. ``remarks`` are what the line says besides, by the names of the columns.
    """

    file: str
    line: int
    patient: str
    drug: str
    verdicts: tuple[str, ...]
    given: Hashable
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class JudgedLine:
    """What came of a line: the verdict, None where there is none, and then ``reason`` says why."""

    expectation: TableLine
    kind: LineKind
    verdict: str | None
    reason: str = ""


@dataclass(frozen=True)
class LineCount:
    """How many lines of a file are of each kind."""

    lines: int
    right: int
    falsely_reassuring: int

    @property
    def other(self) -> int:
        """The lines that are neither."""
        return self.lines - self.right - self.falsely_reassuring

    @property
    def share(self) -> float:
        """The share that is right, from 0 to 1."""
        return self.right / self.lines if self.lines else 0.0


@dataclass(frozen=True)
class JudgedTable:
    """A table, and what came of each of its lines."""

    file: str
    met: tuple[JudgedLine, ...] = field(default=())

    @property
    def count(self) -> LineCount:
        """How many lines are of each kind."""
        kinds = Counter(item.kind for item in self.met)
        return LineCount(len(self.met), kinds["right"], kinds["falsely reassuring"])

    def passed(self, least: float) -> bool:
        """Whether nothing is falsely reassuring and at least the share ``least`` is right."""
        count = self.count
        return count.lines > 0 and not count.falsely_reassuring and count.share >= least


class TableJudge(Protocol):
    """Judges lines by the verdicts of one rule set."""

    def met(self, expectation: TableLine) -> JudgedLine:
        """What came of a line."""
        ...


def met(expectation: TableLine, verdict: str | None, reason: str, reassuring: Sequence[str]) -> JudgedLine:
    """What came of a line where the drug was given ``verdict``; ``reassuring`` are the verdicts that clear a drug."""
    kind: LineKind = "other"
    if verdict in expectation.verdicts:
        kind = "right"
    elif verdict in reassuring:
        kind = "falsely reassuring"
    return JudgedLine(expectation, kind, verdict, reason)
