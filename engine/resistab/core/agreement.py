"""Both evaluators, run on every patient; a result is released only where they agree."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import Head
from resistab.core.result import Baseline, HeadValue, Values
from resistab.core.rete import ReteProgram
from resistab.core.truth import Observation


class DisagreementError(RuntimeError):
    """Evaluators came to different values; nothing may be reported."""


class HeadsDisagreeError(DisagreementError):
    """The two evaluators came to different values of some heads."""

    def __init__(self, differences: list[tuple[Head, HeadValue | None, HeadValue | None]]) -> None:
        self.differences = differences
        shown = "; ".join(f"{head}: forward chaining {one}, fixpoint {two}" for head, one, two in differences[:5])
        more = f" and {len(differences) - 5} more" if len(differences) > 5 else ""
        super().__init__(f"the two evaluators disagree on {len(differences)} heads: {shown}{more}")


# Of a cohort the first three, each thousandth, and one in so many by chance are interpreted one by one too.
_FIRST, _EACH, _BY_CHANCE = 3, 1000, 2000


def is_checked(place: int, sample: str) -> bool:
    """Whether a patient of a cohort, at ``place`` from 0 on, is interpreted alone by both evaluators too."""
    return place < _FIRST or (place + 1) % _EACH == 0 or crc32(sample.encode()) % _BY_CHANCE == 0


def evaluate_agreed(
    program: ReteProgram, observed: Mapping[Atom, Observation], since: Baseline | None = None
) -> Values:
    """The values that both evaluators find; raises ``HeadsDisagreeError`` where they differ in any head.

    Where an evaluation ``since`` which not much has changed is given, each works out what is other now.
    """
    chained = program.evaluate(observed, since)
    fixpoint = evaluate_by_fixpoint(program.program, observed, since)
    if chained == fixpoint:
        return fixpoint
    raise HeadsDisagreeError(
        [
            (head, chained.get(head), fixpoint.get(head))
            for head in sorted({*chained, *fixpoint}, key=str)
            if chained.get(head) != fixpoint.get(head)
        ]
    )
