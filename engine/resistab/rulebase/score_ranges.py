"""Scores that a rule can come to, and the ranges that give them a level."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from resistab.language.condition_text import number_text
from resistab.rulebase.viral_models import ScoreRange, ScoreRule


def item_scores(rule: ScoreRule) -> Iterator[list[float]]:
    """The scores of each item of a rule, of which only the largest that holds counts."""
    yield from (list(line.values()) for line in rule.scores.values())
    yield from ([item.score for item in combination.items] for combination in rule.combinations)


def score_without_level(rule: ScoreRule, scale: Sequence[ScoreRange]) -> float | None:
    """A score that the rule may come to and that lies in none of the ranges, which are in order; None for none."""
    parts = [Fraction(number_text(score)) for items in item_scores(rule) for score in items if score]
    # Every sum of the scores is a multiple of this.
    unit = (
        Fraction(math.gcd(*(part.numerator for part in parts)), math.lcm(*(part.denominator for part in parts)))
        if parts
        else Fraction(1)
    )
    ends = [None, *(item.to_score for item in scale)]
    starts = [*(item.from_score for item in scale), None]
    for number, (end, start) in enumerate(zip(ends, starts, strict=True)):
        if end is None:
            # Within the scale a range without an end overlaps the next, which is another fault.
            if start is None or number > 0:
                continue
            return float((math.ceil(_exact(start) / unit) - 1) * unit)
        following = (math.floor(_exact(end) / unit) + 1) * unit
        if start is None or following < _exact(start):
            return float(following)
    return None


def _exact(score: float | None) -> Fraction:
    return Fraction(number_text(score or 0.0))
