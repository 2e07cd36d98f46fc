"""Rates, areas under the curve, trends and paired tests, each with its uncertainty.

Shares of independent trials have Wilson's interval (Wilson 1927), by scipy. What several samples of one patient go
into has a percentile interval of a bootstrap that draws patients, not samples (Field and Welsh 2007); its draws follow
from a fixed seed and from the patients' names in order, so that the same data give the same interval in whatever order
their lines come. All intervals are of 95%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Interval = tuple[float, float]

DRAWS = 1000
CONFIDENCE = 0.95
# What is less likely than this by chance alone is called beyond chance.
ALPHA = 0.05
_SEED = 20260101


def rounded(value: float) -> float:
    """A share or difference as it is told: six digits after the point, which no sample is large enough to need."""
    return round(float(value), 6)


def p_value(value: float) -> float:
    """A p-value as it is told: four digits."""
    return float(f"{float(value):.4g}")


def share_interval(count: int, of: int) -> Interval | None:
    """Wilson's 95% interval of a share; None of nothing."""
    if of == 0:
        return None
    from scipy.stats import binomtest

    found = binomtest(count, of).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return rounded(found.low), rounded(found.high)


def draws(patients: int) -> Floats:
    """How often each patient is drawn in each of ``DRAWS`` bootstrap samples: draws by patients."""
    chances = np.full(patients, 1 / patients)
    return np.random.default_rng(_SEED).multinomial(patients, chances, size=DRAWS).astype(np.float64)


def middle(values: Floats) -> Interval | None:
    """The interval from the 2.5th to the 97.5th percentile of what the draws gave; None where none gave anything."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.percentile(known, [100 * (1 - CONFIDENCE) / 2, 100 * (1 + CONFIDENCE) / 2])
    return rounded(low), rounded(high)


def quotients(parts: Floats, wholes: Floats) -> Floats:
    """Each part by its whole; not a number where there is no whole."""
    found: Floats = np.full(len(wholes), np.nan)
    np.divide(parts, wholes, out=found, where=wholes > 0)
    return found


# --- the area under the curve -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ranking:
    """How an order of samples parts resistant ones from sensitive ones, patient by patient.

    ``resistant`` and ``sensitive`` count the samples of each patient (rows) on each step of the order (columns, from
    the least), so that any choice of patients gives an area by adding rows.
    """

    resistant: Floats
    sensitive: Floats

    def wins_and_pairs(self, weights: Floats) -> tuple[Floats, Floats]:
        """Of all pairs of a resistant and a sensitive sample those in right order, ties half, and their number.

        ``weights`` are draws by patients; both results have an entry for each draw.
        """
        resistant, sensitive = weights @ self.resistant, weights @ self.sensitive
        below = np.cumsum(sensitive, axis=1) - sensitive
        wins = (resistant * (below + sensitive / 2)).sum(axis=1)
        return wins, resistant.sum(axis=1) * sensitive.sum(axis=1)


def ranking(order: Floats, resistant: Bools, patient: NDArray[np.intp], patients: int) -> Ranking:
    """``order``, the truth and the number of the patient, sample by sample, counted."""
    steps, step = np.unique(order, return_inverse=True)
    counts = np.zeros((2, patients, len(steps)))
    np.add.at(counts, (resistant.astype(int), patient, step), 1)
    return Ranking(counts[1], counts[0])


def area(rankings: Sequence[Ranking], patients: int) -> float | None:
    """The share of pairs of a resistant and a sensitive sample that stand in right order, ties half.

    That is the area under the ROC curve (Hanley and McNeil 1982). Of several rankings only pairs within one count.
    None where there is no such pair.
    """
    wins, pairs = _summed(rankings, np.ones((1, patients)))
    return rounded(wins[0] / pairs[0]) if pairs[0] else None


def area_draws(rankings: Sequence[Ranking], weights: Floats) -> Floats:
    """The area in each draw of patients; not a number where a draw has samples of one kind only."""
    wins, pairs = _summed(rankings, weights)
    return quotients(wins, pairs)


def _summed(rankings: Sequence[Ranking], weights: Floats) -> tuple[Floats, Floats]:
    wins, pairs = np.zeros(len(weights)), np.zeros(len(weights))
    for one in rankings:
        more_wins, more_pairs = one.wins_and_pairs(weights)
        wins, pairs = wins + more_wins, pairs + more_pairs
    return wins, pairs


# --- tests ------------------------------------------------------------------------------------------------------------


def kendall(steps: Floats, values: Floats) -> tuple[float, float] | None:
    """Kendall's tau-b between ordered steps and values, and its two-sided p-value; None where either is constant."""
    if len(np.unique(steps)) < 2 or len(np.unique(values)) < 2:
        return None
    from scipy.stats import kendalltau

    found = kendalltau(steps, values)
    return rounded(found.statistic), p_value(found.pvalue)


def mcnemar(only_first: int, only_second: int) -> float:
    """McNemar's exact two-sided p-value: of the samples that one alone has right each has its half by chance."""
    if only_first + only_second == 0:
        return 1.0
    from scipy.stats import binomtest

    return p_value(binomtest(only_first, only_first + only_second, 0.5).pvalue)


def clustered_mcnemar(differences: Floats) -> float:
    """McNemar's test of pairs that come in clusters (Obuchowski 1998): the two-sided p-value.

    ``differences`` are of each cluster how many pairs one alone has right, less those that the other alone has.
    """
    squares = float((differences**2).sum())
    if not squares:
        return 1.0
    from scipy.stats import chi2

    return p_value(chi2.sf(float(differences.sum()) ** 2 / squares, 1))


def holm(values: Sequence[float]) -> list[float]:
    """P-values adjusted for being several (Holm 1979), in the order of ``values``."""
    adjusted = [0.0] * len(values)
    largest = 0.0
    for rank, number in enumerate(sorted(range(len(values)), key=lambda at: values[at])):
        largest = max(largest, min(1.0, values[number] * (len(values) - rank)))
        adjusted[number] = p_value(largest)
    return adjusted


def enriched(with_it: int, of: int, others_with_it: int, others: int) -> float:
    """Fisher's exact one-sided p-value that something is in more of the first than of the others."""
    from scipy.stats import fisher_exact

    table = [[with_it, of - with_it], [others_with_it, others - others_with_it]]
    return p_value(fisher_exact(table, alternative="greater").pvalue)
