"""From genotypes in numbers and measured values to a sparse table of integer scores.

The rows are chosen by the lasso (scikit-learn), among single features first and then among these and the pairs of those
that were chosen; the strength of the penalty by cross-validation with the samples of one patient together. What was
chosen is fitted once more with a small ridge penalty, so that scores are not shrunk by the choice. Bounded values
(``>100``) enter as what a normal distribution around the prediction expects beyond the bound, again and again until
that no longer moves (Schmee and Hahn's iterated least squares). Coefficients become integers in a unit in which the
clinical cutoff has the score from which the rule set no longer predicts that a drug works in full.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm
from sklearn.linear_model import Ridge, lasso_path
from sklearn.model_selection import GroupKFold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.intp]

# Strengths of the penalty that are tried, down to this share of that at which nothing is left.
_STRENGTHS, _WEAKEST = 40, 2e-3
# So many are tried before it is looked whether the table is full.
_STEPS = 4
# Among models whose error is within this share of a standard error of the least, the one with most rows is taken: where
# few patients have a mutation, the least error is that of a table which leaves it out.
_WITHIN = 0.5
_IMPUTATIONS = 10
# Pairs make a table harder to read: they must lower the error by this share.
_PAYS = 0.02
# Of the lasso's coordinate descent.
_MOST_ROUNDS = 20_000
# A spread of zero would make expectations beyond a bound infinite.
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class FitSettings:
    """How a table is learned.

    ``most_rows`` bounds the table; ``folds`` are those of the choice of rows; ``least_samples`` and ``least_patients``
    must hold a feature before it can be a row, ``pair_patients`` both parts of a pair together. A row with less than
    ``least_score`` either way is left out. Of ``ridges``, the penalties of the final fit, the best is taken; ``pairs``
    allows pairs.
    """

    most_rows: int = 60
    folds: int = 5
    least_samples: int = 2
    least_patients: int = 1
    pair_patients: int = 3
    least_score: int = 2
    ridges: tuple[float, ...] = (0.3, 3.0, 10.0)
    pairs: bool = True


@dataclass(frozen=True)
class Training:
    """Samples to learn from: ``x`` samples by features from 0 to 1, with no number where unknown; ``y`` values.

    ``bounds`` are -1, 0 and 1 as in ``DrugMeasures.bounds``; ``patients`` whose each sample is.
    """

    x: Floats
    y: Floats
    bounds: NDArray[np.int8]
    patients: NDArray[np.str_]

    def part(self, rows: Integers) -> Training:
        """Some of the samples."""
        return Training(self.x[rows], self.y[rows], self.bounds[rows], self.patients[rows])


@dataclass(frozen=True)
class FittedTable:
    """What was learned: the predicted value is ``intercept`` plus ``unit`` times the score, between the limits.

    ``rows`` are the features of each row (one, or the two of a pair), ``scores`` their integer scores, ``ridge`` the
    penalty of the fit, ``means`` the mean of every feature, which stands for what is unknown of a sample.
    """

    rows: tuple[tuple[int, ...], ...]
    scores: tuple[int, ...]
    intercept: float
    unit: float
    floor: float
    ceiling: float
    ridge: float
    means: Floats

    def score(self, x: Floats) -> Floats:
        """The scores of samples, given as samples by features."""
        known = filled(x, self.means)
        total = np.zeros(len(x))
        for row, score in zip(self.rows, self.scores, strict=True):
            total += score * np.prod(known[:, list(row)], axis=1)
        return total

    def predicted(self, x: Floats) -> Floats:
        """The values that are predicted of samples."""
        return np.clip(self.intercept + self.unit * self.score(x), self.floor, self.ceiling)


def filled(x: Floats, means: Floats) -> Floats:
    """``x`` with the mean of its feature where nothing is known."""
    return np.where(np.isnan(x), means, x)


def column_means(x: Floats) -> Floats:
    """The mean of each feature over the samples of which it is known, 0 where it is known of none."""
    known = ~np.isnan(x)
    total = np.where(known, x, 0.0).sum(axis=0)
    means: Floats = total / np.maximum(known.sum(axis=0), 1)
    return means


def patient_folds(patients: NDArray[np.str_], folds: int) -> list[tuple[Integers, Integers]]:
    """Training and held-back samples of each fold; no patient is in both."""
    return list(GroupKFold(folds).split(patients, groups=patients))


def usable_features(data: Training, settings: FitSettings) -> list[int]:
    """The features that enough samples and patients hold, of those that hold in the same samples only the first."""
    x = filled(data.x, np.zeros(data.x.shape[1]))
    holds = x > 0
    found, seen = [], set()
    for feature in range(x.shape[1]):
        here = holds[:, feature]
        if here.sum() < settings.least_samples or len(set(data.patients[here])) < settings.least_patients:
            continue
        key = x[:, feature].tobytes()
        if key not in seen:
            seen.add(key)
            found.append(feature)
    return found


@dataclass(frozen=True)
class _Choice:
    """The columns of a table, the penalty of its fit, and the mean squared error with patients held back.

    ``strength`` is that of the lasso under which these columns are left.
    """

    columns: list[int]
    ridge: float
    error: float
    strength: float


def fit_table(data: Training, cutoff: float, threshold: float, settings: FitSettings) -> FittedTable:
    """A table of at most ``settings.most_rows`` integer scores.

    ``cutoff`` is the clinical cutoff on the scale of ``y``, and has the score ``threshold``.
    """
    means = column_means(data.x)
    limits = _limits(data)
    usable = usable_features(data, settings)
    rows: list[tuple[int, ...]] = [(feature,) for feature in usable]
    columns = filled(data.x, means)[:, usable]
    everyone = np.arange(len(data.y))
    choice = _chosen(lambda train: columns, columns, data, data.y, limits, settings)
    y = _beyond_bounds(columns[:, choice.columns], data, choice.ridge)
    if (data.bounds != 0).any():
        # What saturates an assay is no reason for a pair: rows are chosen by what lies beyond its bounds.
        choice = _chosen(lambda train: columns, columns, data, y, limits, settings)
        y = _beyond_bounds(columns[:, choice.columns], data, choice.ridge)
    if settings.pairs and len(choice.columns) > 1:

        def with_pairs(train: Integers) -> tuple[list[tuple[int, int]], Floats]:
            """The pairs of what is chosen from some samples, and all columns with theirs behind them."""
            _, path = _path(columns[train], y[train], np.array([choice.strength]))
            pairs = _pairs(np.flatnonzero(path[:, 0]), columns[train], data.patients[train], settings)
            products = [columns[:, one] * columns[:, other] for one, other in pairs]
            return pairs, np.column_stack([columns, *products])

        pairs, extended = with_pairs(everyone)
        if pairs:
            # Pairs are looked for anew without the patients held back, or they would seem better than they are.
            beside = _chosen(lambda train: with_pairs(train)[1], extended, data, y, limits, settings)
            if beside.error < choice.error * (1 - _PAYS):
                rows = [*rows, *((usable[one], usable[other]) for one, other in pairs)]
                choice, columns = beside, extended
    kept = list(choice.columns)
    while True:
        coefficients, intercept = _refitted(columns[:, kept], data, choice.ridge)
        unit = _unit(intercept, cutoff, threshold, data.y)
        scores = np.rint(coefficients / unit).astype(int)
        large = [column for column, score in zip(kept, scores, strict=True) if abs(score) >= settings.least_score]
        if len(large) == len(kept):
            break
        # What others had taken over falls to those that stay.
        kept = large
    return FittedTable(
        tuple(rows[column] for column in kept),
        tuple(int(score) for score in scores),
        intercept,
        unit,
        *limits,
        choice.ridge,
        means,
    )


def _limits(data: Training) -> tuple[float, float]:
    """The least and the largest value that was told: no prediction goes beyond."""
    return float(data.y.min()), float(data.y.max())


def _unit(intercept: float, cutoff: float, threshold: float, y: Floats) -> float:
    """What one point of score is worth, always above zero.

    Where samples without any row lie at the cutoff itself, a point would be worth nothing; a hundredth of the spread of
    all values is the least.
    """
    return max(abs(cutoff - intercept) / abs(threshold or 1.0), float(np.std(y)) / 100, 1e-6)


def _path(x: Floats, y: Floats, strengths: Floats) -> tuple[Floats, Floats]:
    """The strengths of the penalty, and the coefficients under each: features by strengths."""
    found = lasso_path(x - x.mean(axis=0), y - y.mean(), alphas=strengths, max_iter=_MOST_ROUNDS)
    return found[0], found[1]


def _path_up_to(x: Floats, y: Floats, most: int) -> tuple[Floats, Floats]:
    """As ``_path``, down to the weakest penalty under which no more than ``most`` columns are left."""
    centred, values = x - x.mean(axis=0), y - y.mean()
    strongest = float(np.max(np.abs(centred.T @ values), initial=0.0)) / len(y)
    if strongest == 0:
        return np.array([1.0]), np.zeros((x.shape[1], 1))
    strengths = strongest * np.geomspace(1, _WEAKEST, _STRENGTHS)
    found = np.zeros((x.shape[1], 0))
    for first in range(0, _STRENGTHS, _STEPS):
        start = found[:, -1].copy() if found.shape[1] else None
        _, more, _ = lasso_path(
            centred, values, alphas=strengths[first : first + _STEPS], coef_init=start, max_iter=_MOST_ROUNDS
        )
        found = np.column_stack([found, more])
        if np.count_nonzero(more[:, -1]) > most:
            break
    fits = np.count_nonzero(found, axis=0) <= most
    steps = int(np.argmin(fits)) if not fits.all() else found.shape[1]
    return strengths[:steps], found[:, :steps]


def _chosen(
    made: Callable[[Integers], Floats],
    whole: Floats,
    data: Training,
    y: Floats,
    limits: tuple[float, float],
    settings: FitSettings,
) -> _Choice:
    """The columns of ``whole`` that the table takes, by the error with patients held back.

    ``made`` gives the columns, of all samples, that follow from some of them; ``y`` are the values, with what is to be
    expected beyond their bounds. The error is against what was told, within the limits of the assay.
    """
    strengths, path = _path_up_to(whole, y, settings.most_rows)
    folds = min(settings.folds, len(set(data.patients)))
    errors = []
    for train, held in patient_folds(data.patients, folds):
        x = made(train)
        _, paths = _path(x[train], y[train], strengths)
        of_fold = np.full((len(settings.ridges), len(strengths)), np.inf)
        for step in range(len(strengths)):
            columns = np.flatnonzero(paths[:, step])
            if len(columns) > settings.most_rows:
                continue
            known, unknown = x[np.ix_(train, columns)], x[np.ix_(held, columns)]
            for number, ridge in enumerate(settings.ridges):
                predicted = np.full(len(held), y[train].mean())
                if len(columns):
                    predicted = Ridge(alpha=ridge).fit(known, y[train]).predict(unknown)
                of_fold[number, step] = np.mean((data.y[held] - np.clip(predicted, *limits)) ** 2)
        errors.append(of_fold)
    table = np.array(errors)
    mean = table.mean(axis=0)
    at, best = (int(number) for number in np.unravel_index(int(np.argmin(mean)), mean.shape))
    spread = float(table[:, at, best].std() / np.sqrt(folds))
    step = max(number for number in range(mean.shape[1]) if mean[at, number] <= mean[at, best] + _WITHIN * spread)
    columns = np.flatnonzero(path[:, step])
    return _Choice(
        [int(column) for column in columns], settings.ridges[at], float(mean[at, best]), float(strengths[step])
    )


def _pairs(columns: Integers, x: Floats, patients: NDArray[np.str_], settings: FitSettings) -> list[tuple[int, int]]:
    """Pairs of columns that hold together in enough patients, and each in some without the other."""
    found = []
    held = {int(column): x[:, column] > 0 for column in columns}
    for one, other in itertools.combinations(held, 2):
        both = held[one] & held[other]
        if len(set(patients[both])) < settings.pair_patients:
            continue
        apart = (len(set(patients[held[one] & ~both])), len(set(patients[held[other] & ~both])))
        if min(apart) >= settings.least_samples:
            found.append((one, other))
    return found


def _refitted(x: Floats, data: Training, ridge: float) -> tuple[Floats, float]:
    """Coefficients and intercept of the columns that were chosen, with bounded values as they are to be expected."""
    y = _beyond_bounds(x, data, ridge)
    if x.shape[1] == 0:
        return np.zeros(0), float(y.mean())
    model = Ridge(alpha=ridge).fit(x, y)
    return np.asarray(model.coef_, np.float64), float(model.intercept_)


def _beyond_bounds(x: Floats, data: Training, ridge: float) -> Floats:
    """The values, with what a fit on these columns expects in the place of those that are only bounded."""
    bounded = data.bounds != 0
    y = data.y
    if x.shape[1] == 0 or not bounded.any():
        return y
    for _ in range(_IMPUTATIONS):
        predicted = Ridge(alpha=ridge).fit(x, y).predict(x)
        spread = max(float(np.std((data.y - predicted)[~bounded])) if (~bounded).any() else 0.0, _LEAST_SPREAD)
        y = np.where(bounded, expected_beyond(data.y, data.bounds, predicted, spread), data.y)
    return y


def expected_beyond(y: Floats, bounds: NDArray[np.int8], predicted: Floats, spread: float) -> Floats:
    """What values are to be expected where only a bound is known: the mean of a truncated normal distribution.

    For a lower bound c, with a = (c - mu) / sigma, that is mu + sigma * phi(a) / (1 - Phi(a)); for an upper one the
    mirror image. Where the prediction lies so far on the other side that the tail has no weight left, it is the bound.
    """
    side = bounds.astype(np.float64)
    a = side * (y - predicted) / spread
    ratio = np.exp(norm.logpdf(a) - norm.logsf(a))
    expected = predicted + side * spread * ratio
    return np.where(bounds == 0, y, np.where(side > 0, np.maximum(expected, y), np.minimum(expected, y)))


def score_intervals(
    columns: Floats, table: FittedTable, data: Training, seed: int, repeats: int = 200
) -> list[tuple[float, float]]:
    """95% intervals of the scores of rows, in points: a bootstrap over patients, with the rows as they were chosen.

    ``columns`` says how far each row holds in each sample, samples by rows.
    """
    if columns.shape[1] == 0:
        return []
    unbounded = table.intercept + table.unit * table.score(data.x)
    expected = expected_beyond(data.y, data.bounds, unbounded, _spread(table, data))
    y = np.where(data.bounds != 0, expected, data.y)
    patients, member = np.unique(data.patients, return_inverse=True)
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(repeats):
        weight = np.bincount(random.integers(0, len(patients), len(patients)), minlength=len(patients))[member]
        drawn.append(Ridge(alpha=table.ridge).fit(columns, y, sample_weight=weight.astype(np.float64)).coef_)
    low, high = np.percentile(np.array(drawn) / table.unit, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def _spread(table: FittedTable, data: Training) -> float:
    known = data.bounds == 0
    return max(float(np.std((data.y - table.predicted(data.x))[known])) if known.any() else 0.0, _LEAST_SPREAD)
