"""The three truth values, and what a genotype says of an atom."""

from __future__ import annotations

from enum import Enum

from resistab.core.records import dataclass


class Truth(Enum):
    """The three truth values: what is not known is neither true nor false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Observation:
    """An atom's truth and the findings (by index into the genotype's findings) that make it so.

    Of a true atom these are the findings that satisfy it; of an unknown one those that leave it open because they
    are known only in part (none where it is unknown because nothing was assayed).
    """

    truth: Truth
    findings: tuple[int, ...] = ()
