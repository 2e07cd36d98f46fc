"""How a sparse table of integer scores follows from numbers: pure numbers, no genotype."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from resistab.curation.learning.fitting import (
    FitSettings,
    FittedTable,
    Training,
    column_means,
    expected_beyond,
    filled,
    fit_table,
    patient_folds,
    score_intervals,
    usable_features,
)

# No shrinking: what was put in comes out.
EXACT = FitSettings(ridges=(1e-6,))
CUTOFF, THRESHOLD = 0.5, 15.0
ADDED = np.array([1.0, 0.5, -0.2, 0.0])


def training(samples: int = 120, noise: float = 0.0, pair: float = 0.0, seed: int = 1) -> Training:
    """Four features that come and go by themselves, each sample of a patient of its own.

    The value is the sum of what is ``ADDED``, and ``pair`` where the first two hold together.
    """
    random = np.random.default_rng(seed)
    x = random.integers(0, 2, (samples, len(ADDED))).astype(np.float64)
    y = x @ ADDED + pair * x[:, 0] * x[:, 1] + random.normal(0, 1, samples) * noise
    return Training(x, y, np.zeros(samples, np.int8), np.array([f"P{number:03}" for number in range(samples)]))


def scores_of(table: FittedTable) -> dict[tuple[int, ...], int]:
    return dict(zip(table.rows, table.scores, strict=True))


def table_of(rows: list[tuple[int, ...]], scores: list[int], means: list[float]) -> FittedTable:
    """Predicts a tenth of the score, from -1 to 2."""
    return FittedTable(tuple(rows), tuple(scores), 0.0, 0.1, -1.0, 2.0, 0.3, np.array(means))


def test_scores_are_those_that_were_put_in() -> None:
    table = fit_table(training(), CUTOFF, THRESHOLD, EXACT)
    # Without any feature the value is 0, and the cutoff of 0.5 scores 15: a point is worth a thirtieth.
    assert table.intercept == pytest.approx(0, abs=1e-6)
    assert table.unit == pytest.approx(1 / 30)
    assert scores_of(table) == {(0,): 30, (1,): 15, (2,): -6}


def test_the_cutoff_has_the_score_of_the_threshold() -> None:
    table = fit_table(training(noise=0.1), CUTOFF, THRESHOLD, FitSettings())
    assert table.intercept + table.unit * THRESHOLD == pytest.approx(CUTOFF)


def test_a_row_without_effect_is_left_out() -> None:
    assert (3,) not in fit_table(training(noise=0.1), CUTOFF, THRESHOLD, FitSettings()).rows


@pytest.mark.parametrize("most", [1, 2])
def test_a_table_has_at_most_so_many_rows(most: int) -> None:
    table = fit_table(training(noise=0.1), CUTOFF, THRESHOLD, dataclasses.replace(EXACT, most_rows=most))
    assert len(table.rows) == most
    assert (0,) in table.rows


def test_a_pair_is_found_where_the_truth_has_one() -> None:
    table = fit_table(training(noise=0.05, pair=-0.8), CUTOFF, THRESHOLD, EXACT)
    assert scores_of(table)[0, 1] == pytest.approx(-0.8 / table.unit, abs=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_pair_is_found_where_effects_are_added(seed: int) -> None:
    table = fit_table(training(noise=0.1, seed=seed), CUTOFF, THRESHOLD, FitSettings())
    assert [row for row in table.rows if len(row) > 1] == []


def test_no_pair_is_looked_for_where_none_is_allowed() -> None:
    data, settings = training(noise=0.05, pair=-0.8), dataclasses.replace(EXACT, pairs=False)
    assert [row for row in fit_table(data, CUTOFF, THRESHOLD, settings).rows if len(row) > 1] == []


def test_the_order_of_samples_does_not_matter() -> None:
    data = training(noise=0.2, pair=-0.5)
    order = np.random.default_rng(7).permutation(len(data.y))
    one, other = (fit_table(some, CUTOFF, THRESHOLD, FitSettings()) for some in (data, data.part(order)))
    assert scores_of(one) == scores_of(other)
    assert one.intercept == pytest.approx(other.intercept)


def test_values_that_are_all_alike_give_no_row() -> None:
    data = dataclasses.replace(training(), y=np.full(120, 0.25))
    table = fit_table(data, CUTOFF, THRESHOLD, FitSettings())
    assert (table.rows, table.intercept) == ((), 0.25)
    assert list(table.predicted(data.x[:2])) == [0.25, 0.25]


def test_features_of_the_same_samples_are_one() -> None:
    data = training()
    twice = dataclasses.replace(data, x=np.column_stack([data.x, data.x[:, 0]]))
    assert usable_features(twice, FitSettings()) == [0, 1, 2, 3]


def test_a_feature_of_too_few_samples_or_patients_is_no_row() -> None:
    x = np.zeros((6, 3))
    x[:1, 0] = x[:3, 1] = x[2:6, 2] = 1
    patients = np.array(["A", "A", "A", "B", "C", "D"])
    data = Training(x, np.zeros(6), np.zeros(6, np.int8), patients)
    assert usable_features(data, FitSettings(least_samples=2)) == [1, 2]
    assert usable_features(data, FitSettings(least_samples=2, least_patients=2)) == [2]


def test_no_patient_is_in_both_parts_of_a_fold() -> None:
    patients = np.array([f"P{number % 17}" for number in range(100)])
    folds = patient_folds(patients, 5)
    for train, held in folds:
        assert set(patients[train]).isdisjoint(patients[held])
    assert sorted(number for _, held in folds for number in held) == list(range(100))


def test_the_mean_of_a_feature_is_of_samples_that_tell_it() -> None:
    x = np.array([[1.0, np.nan], [0.0, np.nan], [np.nan, np.nan]])
    assert list(column_means(x)) == [0.5, 0.0]


def test_what_is_unknown_counts_as_the_mean() -> None:
    table = table_of([(0,), (0, 1)], [10, 20], [0.5, 0.25])
    x = np.array([[np.nan, np.nan], [1.0, np.nan], [np.nan, 1.0]])
    assert filled(x, table.means).tolist() == [[0.5, 0.25], [1.0, 0.25], [0.5, 1.0]]
    # 10 * 0.5 + 20 * 0.5 * 0.25; 10 + 20 * 0.25; 10 * 0.5 + 20 * 0.5
    assert table.score(x).tolist() == [7.5, 15.0, 15.0]


def test_a_pair_scores_with_the_product_of_its_shares() -> None:
    table = table_of([(0,), (0, 1)], [10, 20], [0.0, 0.0])
    assert table.score(np.array([[0.5, 0.5], [1.0, 0.0], [1.0, 1.0]])).tolist() == [10.0, 10.0, 30.0]


def test_predictions_stay_between_the_limits() -> None:
    table = table_of([(0,), (1,)], [30, -30], [0.0, 0.0])
    assert table.predicted(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])).tolist() == [2.0, -1.0, 0.0]


@pytest.mark.parametrize(("bound", "expected"), [(1, 0.7979), (-1, -0.7979), (0, 0.0)])
def test_half_a_normal_distribution_has_its_known_mean(bound: int, expected: float) -> None:
    # phi(0) / (1 - Phi(0)) = sqrt(2 / pi)
    found = expected_beyond(np.array([0.0]), np.array([bound], np.int8), np.array([0.0]), 1.0)
    assert found[0] == pytest.approx(expected, abs=1e-4)


def test_what_is_expected_beyond_a_bound_is_shifted_and_scaled() -> None:
    # mu 2, sigma 0.5, c 2.5: a = 1, and 2 + 0.5 * 0.24197 / 0.15866; the mirror image about mu.
    y, bounds = np.array([2.5, 1.5]), np.array([1, -1], np.int8)
    found = expected_beyond(y, bounds, np.array([2.0, 2.0]), 0.5)
    assert found == pytest.approx([2.76256, 1.23744], abs=1e-4)


@pytest.mark.parametrize("bound", [1, -1])
def test_far_from_the_prediction_the_bound_is_expected(bound: int) -> None:
    found = expected_beyond(np.array([0.0]), np.array([bound], np.int8), np.array([-bound * 1e6]), 1e-3)
    assert np.isfinite(found[0])
    assert found[0] == pytest.approx(0.0, abs=1e-6)


def test_a_bound_below_the_prediction_says_little() -> None:
    found = expected_beyond(np.array([0.0]), np.array([1], np.int8), np.array([5.0]), 1.0)
    assert found[0] == pytest.approx(5.0, abs=1e-4)


def test_bounded_values_pull_the_score_beyond_the_bound() -> None:
    data = training(noise=0.1)
    above = data.y > 1
    capped = dataclasses.replace(data, y=np.minimum(data.y, 1.0))
    told = dataclasses.replace(capped, bounds=above.astype(np.int8))
    as_measured, as_bounds = (fit_table(some, CUTOFF, THRESHOLD, EXACT) for some in (capped, told))
    both = np.array([[1.0, 1.0, 0.0, 0.0]])
    # The truth is 1.5; the assay told no more than 1.
    assert as_bounds.score(both)[0] > as_measured.score(both)[0]
    assert as_bounds.intercept + as_bounds.unit * as_bounds.score(both)[0] > 1.15


def test_the_same_seed_gives_the_same_intervals() -> None:
    data = training(noise=0.2)
    table = fit_table(data, CUTOFF, THRESHOLD, EXACT)
    columns = data.x[:, [row[0] for row in table.rows]]
    one, again, other = (score_intervals(columns, table, data, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_intervals_hold_the_score_and_narrow_with_patients() -> None:
    widths = []
    for samples in (60, 600):
        data = training(samples, noise=0.2)
        table = fit_table(data, CUTOFF, THRESHOLD, dataclasses.replace(EXACT, pairs=False))
        intervals = score_intervals(data.x[:, [row[0] for row in table.rows]], table, data, 1)
        assert all(low - 0.5 <= score <= high + 0.5 for score, (low, high) in zip(table.scores, intervals, strict=True))
        widths.append(intervals[0][1] - intervals[0][0])
    assert widths[1] < widths[0] / 2


def test_samples_of_one_patient_are_drawn_together() -> None:
    data = training(60, noise=0.2)
    table = fit_table(data, CUTOFF, THRESHOLD, dataclasses.replace(EXACT, pairs=False))
    many = np.tile(np.arange(60), 5)
    # Five samples of each patient, all alike, say no more than one.
    fivefold = Training(data.x[many], data.y[many], data.bounds[many], data.patients[many])
    columns = [row[0] for row in table.rows]
    once = score_intervals(data.x[:, columns], table, data, 1)
    repeated = score_intervals(fivefold.x[:, columns], table, fivefold, 1)
    assert np.array(repeated) == pytest.approx(np.array(once), abs=0.5)


def test_a_table_without_rows_has_no_intervals() -> None:
    assert score_intervals(np.zeros((120, 0)), table_of([], [], [0.0] * 4), training(), 1) == []
