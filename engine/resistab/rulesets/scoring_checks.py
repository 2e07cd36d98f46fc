"""Whether the scoring of a rule set is sound: its levels in order, their scores without overlap."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from resistab.core.faults import Fault
from resistab.core.scoring import Level, ScoreRange, Scoring
from resistab.files.yaml_source import Path_, Source

_Ranged = TypeVar("_Ranged", ScoreRange, Level)


def scoring_faults(source: Source, scoring: Scoring[Any], path: Path_ = ("scoring",)) -> Iterator[Fault]:
    """The faults of ``scoring``, which stands at ``path`` of the manifest.

    Of levels with lower bounds alone the highest that a score reaches is its level: each begins above the one below it.
    Where levels have upper bounds too, no two may hold one score.
    """
    orders = [level.level for level in scoring.levels]
    if orders != sorted(set(orders)):
        message = "the levels are not in order"
        yield source.fault((*path, "levels"), message, "each level once, the lowest first", code="RT505")
    if scoring.default_level is not None and scoring.default_level not in orders:
        known = ", ".join(str(order) for order in sorted(set(orders)))
        message = f"unknown level {scoring.default_level}"
        yield source.fault((*path, "default_level"), message, f"one of {known}", code="RT506")
    bounded = [
        (index, level)
        for index, level in enumerate(scoring.levels)
        if level.from_score is not None or level.to_score is not None
    ]
    if any(level.to_score is not None for _, level in bounded):
        yield from range_faults(source, (*path, "levels"), bounded)
        return
    for (_, below), (index, level) in itertools.pairwise(bounded):
        if orders == sorted(orders) and level.from_score <= below.from_score:
            message = f"no score has level {below.level}: level {level.level} begins at {level.from_score:g} already"
            expected = f"more than {below.from_score:g}"
            yield source.fault((*path, "levels", index, "from"), message, expected, code="RT505")


def range_faults(source: Source, path: Path_, ranges: Sequence[tuple[int, _Ranged]]) -> Iterator[Fault]:
    """Ranges that are empty, and pairs that hold one score; each with its index in the list at ``path``."""
    for index, item in ranges:
        low, high = item.from_score, item.to_score
        if low is not None and high is not None and low > high:
            message = f"the range from {low:g} to {high:g} is empty"
            yield source.fault((*path, index), message, "the lower first", code="RT507")
    for one, two in itertools.pairwise(in_order(item for _, item in ranges)):
        if one.to_score is None or two.from_score is None or one.to_score >= two.from_score:
            shared = "have no lower bound" if two.from_score is None else f"hold {two.from_score:g}"
            yield source.fault(path, f"two ranges {shared}", "ranges that do not overlap", code="RT508")


def in_order(scale: Iterable[_Ranged]) -> list[_Ranged]:
    """Ranges by their lower bound, one without first."""
    return sorted(scale, key=lambda item: -math.inf if item.from_score is None else item.from_score)
