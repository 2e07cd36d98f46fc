"""What a regimen is worth to a patient, from the activities of its drugs: GSS, independent targets, status, rank.

The genotypic susceptibility score (GSS) of a regimen is the sum of the activities of its drugs, each from 0 (resistant)
to 1 (fully active). What is not known makes it a range. ``rulebase/README.md`` says how a rule set gives activities.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Literal

from resistab.core.records import dataclass

Status = Literal["recommended", "active", "partly_active", "not_active", "not_assessable", "contraindicated"]
STATUSES: tuple[Status, ...] = (
    "recommended",
    "active",
    "partly_active",
    "not_assessable",
    "not_active",
    "contraindicated",
)


@dataclass(frozen=True)
class Range:
    """A number that lies between two, both included."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


def susceptibility_score(activities: Iterable[tuple[Range, float]]) -> Range:
    """The GSS: the sum of activities, each with the weight of its drug."""
    low = high = 0.0
    for activity, weight in activities:
        low += activity.low * weight
        high += activity.high * weight
    return Range(round(low, 6), round(high, 6))


def independent_groups(keys: Sequence[Iterable[Hashable]]) -> int:
    """How many independent targets drugs hit, each given by what it acts on or can be defeated by.

    Two drugs with a key in common are one; so are two that a third has something in common with.
    """
    groups: list[set[Hashable]] = []
    for own in keys:
        joined = set(own)
        apart = []
        for group in groups:
            if group.isdisjoint(joined):
                apart.append(group)
            else:
                joined |= group
        groups = [*apart, joined]
    return len(groups)


def status_of(
    gss: Range, least: float, *, contraindicated: bool, fits: bool | None, broken: bool, named: bool, any_active: bool
) -> Status:
    """What is said of a regimen in one word.

    ``least`` is the GSS that its setting asks for. ``fits`` says whether it is meant for this patient, None where that
    is not known; ``broken`` whether a rule for combining is; ``named`` whether a guideline or label names it;
    ``any_active`` whether some drug is or may be active.
    """
    if contraindicated:
        return "contraindicated"
    if not any_active or gss.high == 0:
        return "not_active"
    if gss.low >= least:
        if fits is None:
            return "not_assessable"
        return "recommended" if fits and named and not broken else "active"
    if gss.high >= least:
        return "not_assessable"
    return "partly_active"


@dataclass(frozen=True)
class Standing:
    """By what regimens are ranked, in this order; see ``key``."""

    contraindicated: bool
    broken: int
    meets: bool
    fits: bool | None
    authority: int
    line: int
    independent_targets: int
    barrier: int
    drugs: int

    @property
    def key(self) -> tuple[int | bool, ...]:
        """Smaller is better, and what is not known counts as what is not so.

        First comes what breaks no rule, then what is active enough for a setting that fits, then authority and line,
        more independent targets, a higher barrier, fewer drugs.
        """
        return (
            self.contraindicated,
            self.broken > 0,
            not (self.meets and self.fits),
            not self.meets,
            self.authority,
            self.line,
            -self.independent_targets,
            -self.barrier,
            self.drugs,
        )
