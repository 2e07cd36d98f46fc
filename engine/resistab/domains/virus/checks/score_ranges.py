"""Scores that a rule can come to, and the ranges that give them a level."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from resistab.core.condition import number_text
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.kinds.models import ScoreRule


def item_scores(rule: ScoreRule) -> Iterator[list[float]]:
    """The scores of each item of a rule, of which only the largest that holds counts."""
    yield from (list(line.values()) for line in rule.scores.values())
    yield from ([item.score for item in combination.items] for combination in rule.combinations)


def reach(rule: ScoreRule) -> tuple[float, float]:
    """Bounds on the sums of a rule's scores."""
    items = list(item_scores(rule))
    return math.fsum(min(0.0, *scores) for scores in items), math.fsum(max(0.0, *scores) for scores in items)


def score_without_level(rule: ScoreRule, scale: Sequence[ScoreRange]) -> float | None:
    """A score that the rule may come to and that lies in none of the ranges; None where there is none.

    The ranges must be in order and must not overlap.
    """
    parts = [Fraction(number_text(score)) for scores in item_scores(rule) for score in scores if score]
    # Every sum of the scores is a multiple of this.
    unit = (
        Fraction(math.gcd(*(part.numerator for part in parts)), math.lcm(*(part.denominator for part in parts)))
        if parts
        else Fraction(1)
    )
    lowest, highest = (_exact(bound) for bound in reach(rule))
    candidate: Fraction | None = lowest
    for item in scale:
        if item.from_score is not None and candidate is not None and candidate < _exact(item.from_score):
            return float(candidate)
        candidate = (
            None if item.to_score is None else max(lowest, (math.floor(_exact(item.to_score) / unit) + 1) * unit)
        )
    return float(candidate) if candidate is not None and candidate <= highest else None


def _exact(score: float) -> Fraction:
    return Fraction(number_text(score))
