"""What earlier samples add to regimens: it counts against them as if it were there now, and never for them.

A change that was found once stays in the archive of a virus or in a clone that is too small to be seen, and comes back
under a drug that it resists. So each drug is as active as the worse of two says: the present sample, and the cumulative
genotype of all samples. That a change was there once is no reason to trust a drug that needs it now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resistab.core.escape import Escapes
from resistab.core.records import dataclass, replace
from resistab.core.regimens import Range
from resistab.core.said import said
from resistab.core.truth import Truth
from resistab.report.options.model import EarlierFinding
from resistab.report.options.patient import DrugFacts


@dataclass(frozen=True)
class Cumulative:
    """A patient's genotypes: ``present`` without what is archived, ``whole`` with it.

    What no clone can lose, and what earlier samples alone tell of the sequence, is in both.
    """

    present: Any
    whole: Any
    archived: tuple[EarlierFinding, ...]

    @property
    def genotypes(self) -> tuple[Any, ...]:
        """The genotypes that differ."""
        return (self.present,) if self.whole is self.present else (self.present, self.whole)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of regimens that are judged so."""
        if not any(not item.standing for item in self.archived):
            return ()
        note = said(
            "Regimens are judged by the cumulative genotype: what was found before and is not in this sample is "
            "archived, and counts against a drug as if it were there. It counts for none, and the verdicts of the "
            "report are those of this sample alone."
        )
        return (note,)


def drugs_with_history(now: Sequence[DrugFacts], ever: Sequence[DrugFacts]) -> tuple[DrugFacts, ...]:
    """Each drug as active as the worse of both says, with its reason."""
    return tuple(_worse(one, other) for one, other in zip(now, ever, strict=True))


def _worse(now: DrugFacts, ever: DrugFacts) -> DrugFacts:
    low, high = min(now.activity.low, ever.activity.low), min(now.activity.high, ever.activity.high)
    if (low, high) == (now.activity.low, now.activity.high):
        return now
    return replace(
        now,
        activity=Range(low, high),
        verdict=ever.verdict,
        because=said("with what is archived: {why}", why=ever.because),
        citations=tuple(dict.fromkeys((*now.citations, *ever.citations))),
    )


def weaker(*truths: Truth) -> Truth:
    """What is so by all: true where all say so, false where one denies it."""
    if Truth.FALSE in truths:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.TRUE


def stronger(*truths: Truth) -> Truth:
    """What is so by one: true where one says so, false where all deny it."""
    if Truth.TRUE in truths:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.FALSE


def escapes_with_history(now: Sequence[Escapes], ever: Sequence[Escapes]) -> list[Escapes]:
    """Of each regimen the escapes from where fewer changes are needed."""
    return [one if one.barrier < other.barrier else other for one, other in zip(now, ever, strict=True)]
