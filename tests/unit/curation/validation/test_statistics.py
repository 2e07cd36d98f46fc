"""Rates, areas, trends and paired tests, beside what is worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from resistab.curation.validation.statistics import (
    area,
    clustered_mcnemar,
    draws,
    enriched,
    holm,
    kendall,
    mcnemar,
    middle,
    ranking,
    share_interval,
)


def ranked(order: list[float], resistant: list[bool], patients: list[int] | None = None) -> float | None:
    numbers = np.array(patients or list(range(len(order))))
    made = ranking(np.array(order, float), np.array(resistant, bool), numbers, int(numbers.max()) + 1)
    return area([made], int(numbers.max()) + 1)


def test_wilson_interval_of_8_of_10() -> None:
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.959964
    assert share_interval(8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)


def test_nothing_has_no_interval() -> None:
    assert share_interval(0, 0) is None


def test_the_area_counts_pairs_in_right_order() -> None:
    # Resistant 3 and 1, sensitive 2 and 0: of four pairs 1 against 2 alone stands wrong.
    assert ranked([3, 1, 2, 0], [True, True, False, False]) == 0.75


def test_ties_count_half_in_the_area() -> None:
    # Resistant 2 and 1, sensitive 1 and 0: three wins and a tie.
    assert ranked([2, 1, 1, 0], [True, True, False, False]) == 0.875


def test_an_order_that_says_nothing_has_half_the_area() -> None:
    assert ranked([1, 1, 1, 1], [True, False, True, False]) == 0.5


def test_one_kind_alone_has_no_area() -> None:
    assert ranked([1, 2], [True, True]) is None


def test_of_two_rankings_only_pairs_within_one_count() -> None:
    one = ranking(np.array([1.0, 0.0]), np.array([True, False]), np.array([0, 1]), 2)
    other = ranking(np.array([5.0, 6.0]), np.array([True, False]), np.array([0, 1]), 2)
    assert area([one, other], 2) == 0.5


def test_draws_are_of_all_patients_and_always_the_same() -> None:
    assert (draws(7).sum(axis=1) == 7).all()
    assert (draws(7) == draws(7)).all()


def test_draws_without_a_value_are_left_out() -> None:
    assert middle(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert middle(np.array([np.nan])) is None


def test_tau_b_of_a_tied_table() -> None:
    # Steps 1 1 2 2, values 1 2 2 3: 3 pairs agree, 0 differ; 2 ties in steps, 1 in values: 3 / √(4·5).
    found = kendall(np.array([1.0, 1, 2, 2]), np.array([1.0, 2, 2, 3]))
    assert found is not None and found[0] == pytest.approx(3 / 20**0.5, abs=1e-6)


def test_one_level_alone_has_no_trend() -> None:
    assert kendall(np.array([1.0, 1]), np.array([1.0, 2])) is None


@pytest.mark.parametrize(("first", "second", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (3, 3, 1.0), (9, 1, 0.02148)])
def test_mcnemar_is_the_sign_test(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == p


def test_patients_who_agree_with_themselves_count_once() -> None:
    # Two patients of five pairs each, both for the first: (5 + 5)² / (25 + 25) = 2, one degree of freedom.
    assert clustered_mcnemar(np.array([5.0, 5.0])) == pytest.approx(0.1573, abs=1e-4)


def test_no_difference_is_no_evidence() -> None:
    assert clustered_mcnemar(np.zeros(3)) == 1.0


def test_holm_adjusts_the_least_most() -> None:
    assert holm([0.04, 0.01, 0.03]) == [0.06, 0.03, 0.06]


def test_what_only_some_have_is_enriched() -> None:
    # 3 of 3 and 0 of 3: one of the 20 ways to choose 3 of 6.
    assert enriched(3, 3, 0, 3) == 0.05
