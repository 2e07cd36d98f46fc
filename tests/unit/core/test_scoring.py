"""From contributions to a score, from the score to a level, from the level to a verdict."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.scoring import Level, PolicyRule, Scoring, first_to_speak

# Below 10, 10, 15, 30, 60: the levels of HIVDB.
BOUNDS = ((None, 9), (10, 14), (15, 29), (30, 59), (60, None))
VERDICTS = ("none", "possible", "possible", "possible", "resistant")


def scoring(combine: str = "sum", bounds: Any = BOUNDS, **more: Any) -> Scoring[Level]:
    levels = [
        {"level": number, "name": f"level {number}", "from": low, "to": high, "verdict": verdict}
        for number, ((low, high), verdict) in enumerate(zip(bounds, VERDICTS, strict=True), start=1)
    ]
    return Scoring[Level].model_validate({"combine": combine, "levels": levels, **more})


@pytest.mark.parametrize(
    ("score", "level"), [(-10, 1), (0, 1), (9, 1), (10, 2), (14, 2), (15, 3), (30, 4), (59, 4), (60, 5), (145, 5)]
)
def test_a_score_has_the_level_whose_range_holds_it(score: float, level: int) -> None:
    assert scoring().level(score).level == level


@given(st.floats(-100, 200))
def test_lower_bounds_alone_say_the_same(score: float) -> None:
    whole = round(score)
    open_above = scoring(bounds=[(low, None) for low, _ in BOUNDS])
    assert open_above.level(whole).level == scoring().level(whole).level


def test_a_score_in_no_range_has_the_default_level() -> None:
    assert scoring(bounds=[(None, 9), *BOUNDS[2:], (70, 80)][:5], default_level=4).level(12).level == 4


def test_the_lowest_level_is_the_default() -> None:
    assert scoring().lowest.level == 1


def test_scores_are_added_or_the_largest_counts() -> None:
    rows = [("a", 15.0), ("b", 30.0), ("c", -10.0)]
    assert scoring("sum").combined(rows) == 35
    assert scoring("max").combined(rows) == 30


def test_of_a_group_only_the_largest_counts() -> None:
    assert scoring("sum").combined([("184", 30.0), ("184", 60.0), ("65", 15.0)]) == 75


def test_nothing_fired_is_a_score_of_nothing() -> None:
    assert scoring("sum").combined([]) == scoring("max").combined([]) == 0


def test_each_verdict_has_its_levels() -> None:
    assert scoring().levels_of_verdicts == {"none": (1,), "possible": (2, 3, 4), "resistant": (5,)}


RULES: tuple[PolicyRule[int, str], ...] = (
    PolicyRule("even", lambda number: "even" if number % 2 == 0 else None),
    PolicyRule("large", lambda number: "large" if number > 9 else None),
)


@pytest.mark.parametrize(("number", "said"), [(12, ("even", "even")), (11, ("large", "large")), (3, None)])
def test_the_first_rule_that_speaks_decides(number: int, said: tuple[str, str] | None) -> None:
    assert first_to_speak(RULES, number) == said


def test_scoring_is_kept_between_starts_whoever_named_it_first() -> None:
    assert pickle.loads(pickle.dumps(scoring())) == scoring()
