"""What measurements ask to be changed in an expert table: rows that are missing, and rows without support.

All effects are estimated together. The measured value (log10 where that is a fold or a concentration) is a linear
function of

- every row of the expert table that can be told as a feature, each with an effect of its own, whatever it scores;
- every *candidate*: a change that no expert row at its place covers, held by at least ``LEAST_PATIENTS`` patients;
- for candidates also of hinges of the expert score, max(0, score - knot), so that what the table adds up and the assay
  does not (few points at low scores, a ceiling at high ones) is not laid to whatever is often seen at such scores.

So a change that only goes along with a known mutation has no effect left of its own, and of two that go together each
has what the other does not explain. The coefficients are those of ordinary least squares, which shrinks nothing.
Standard errors are of the jackknife that leaves out one patient with all samples, in the closed form known as CR3 (Bell
and McCaffrey 2002): with X, the residuals e and H = X (X'X)^-1 X' of one patient g,

    V = (X'X)^-1 [ sum over g of X_g' f_g f_g' X_g ] (X'X)^-1,   f_g = (I - H_gg)^-1 e_g

They are not too small where few patients have a change, as those of the usual sandwich are. A statistic is compared
with Student's t of one degree of freedom less than there are patients who have the change. Values that are bounds enter
as what is to be expected beyond the bound (``fitting.expected_beyond``) by the expert rows and hinges alone: what lies
beyond a bound speaks for no candidate. A patient of whom only bounds are known does not count towards the least numbers
of patients, nor as a degree of freedom.

Points are those of the learned table: the clinical cutoff has the score from which the rule set no longer predicts a
full response. ``step``, a third of that score, is the least effect of interest: 5 points where 15 are that score.

- *add row*: a candidate whose effect is at least one step either way, with q below 0.05 for "no effect" (two-sided).
- *row without support*: a row held by at least ``ROW_PATIENTS`` patients with q below 0.05 for "at least one step in
  the direction of its score" (one-sided), whose 95% interval ends below one step too. Rows that score 0 are left out.
  That must hold in two models: beside all other rows with effects of their own, and beside the sum of the other rows
  as they score, with its hinges and the rows that are to be added. In the first alone a combination would seem idle
  where the data give its parts more than the table does, and yet without it the table would say too little. The larger
  p counts, and what is told is the estimate of that model (an intersection-union test).

q is of Benjamini and Hochberg (1995) over all that was tested of a kind for a drug. Where
there are fewer than ``PATIENTS_A_CANDIDATE`` patients for each candidate, those that most patients have are taken,
whatever was measured of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from resistab.curation.kit.measured.data import DrugMeasures, Feature, MeasuredData
from resistab.curation.learning.fitting import column_means, expected_beyond, filled
from resistab.curation.learning.learn import with_ceiling
from resistab.report.words import counted
from resistab.rulesets.proposals import Proposal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.domains.pack import Pack
    from resistab.rulesets.learned import LearnedTable

    Floats = NDArray[np.float64]

LEAST_PATIENTS, ROW_PATIENTS = 5, 10
PATIENTS_A_CANDIDATE = 5
MOST_Q = 0.05
_STEP_OF_THRESHOLD = 1 / 3
# Between these scores the hinges bend, at quantiles of those that are not 0.
_KNOTS = (0.1, 0.35, 0.65, 0.9)
_IMPUTATIONS = 10
# Where one patient has a larger share of the samples than this part, it is told.
_MOST_OF_ONE = 5
_LEAST_SPREAD = 1e-3
# What is smaller is no direction of its own: the columns before say it already.
_SINGULAR = 1e-9
# Where no more of a residual is left to others, this patient alone speaks.
_ALONE = 1e-6


@dataclass(frozen=True)
class Effects:
    """Effects of columns in the unit of ``y``, with standard errors; not a number where nothing tells them apart."""

    estimate: Floats
    error: Floats


def effects(x: Floats, y: Floats, patients: NDArray[np.str_]) -> Effects:
    """Least squares of ``y`` on the columns of ``x``, with an intercept, and jackknife errors by patient (CR3)."""
    design = np.column_stack([np.ones(len(y)), x])
    scale = np.maximum(np.sqrt((design**2).sum(axis=0)), _LEAST_SPREAD)
    scaled = design / scale
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    kept = values > _SINGULAR * values[-1]
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    coefficients = inverse @ (scaled.T @ y)
    residuals = y - scaled @ coefficients
    spread = np.zeros_like(inverse)
    order = np.argsort(patients, kind="stable")
    starts = np.flatnonzero(np.r_[True, patients[order][1:] != patients[order][:-1]])
    of_patients = np.split(order, starts[1:])
    # Of patients with one sample all is a number, and they are most.
    alone = np.concatenate([np.zeros(0, np.intp), *(rows for rows in of_patients if len(rows) == 1)])
    own = 1 - np.einsum("ij,jk,ik->i", scaled[alone], inverse, scaled[alone], optimize=True)
    told = np.divide(residuals[alone], own, out=np.zeros_like(own), where=own > _ALONE)
    weighted = scaled[alone] * told[:, None]
    spread += weighted.T @ weighted
    for rows in of_patients:
        if len(rows) == 1:
            continue
        part = scaled[rows]
        own, axes = np.linalg.eigh(np.eye(len(rows)) - part @ inverse @ part.T)
        # Along an axis that this patient alone speaks of the residual is nothing, and stays it.
        weights = np.divide(1.0, own, out=np.zeros_like(own), where=own > _ALONE)
        influence = part.T @ (axes @ (weights * (axes.T @ residuals[rows])))
        spread += np.outer(influence, influence)
    errors = np.sqrt(np.maximum(np.diag(inverse @ spread @ inverse), 0.0))
    # A column that others say already has no effect of its own that could be told.
    null = (vectors[:, ~kept] ** 2).sum(axis=1) > _LEAST_SPREAD
    estimate = np.where(null, np.nan, coefficients / scale)
    return Effects(estimate[1:], np.where(null, np.nan, errors / scale)[1:])


def _imputed(x: Floats, y: Floats, bounds: NDArray[np.int8]) -> Floats:
    """``y`` with what is to be expected where only a bound is known."""
    bounded = bounds != 0
    if not bounded.any():
        return y
    design = np.column_stack([np.ones(len(y)), x])
    found = y
    for _ in range(_IMPUTATIONS):
        predicted = design @ np.linalg.lstsq(design, found, rcond=1e-9)[0]
        known = (y - predicted)[~bounded]
        spread = max(float(np.std(known)) if len(known) else 0.0, _LEAST_SPREAD)
        found = np.where(bounded, expected_beyond(y, bounds, predicted, spread), y)
    return found


@dataclass(frozen=True)
class _Row:
    """An expert row as a feature, with its score."""

    id: str
    feature: Feature
    score: float


@dataclass(frozen=True)
class Proposed:
    """The proposals for one drug, and how many candidates and rows were tested."""

    proposals: tuple[Proposal, ...]
    candidates: int
    rows: int


def proposals_for(
    pack: Pack, interpreter: Any, measured: MeasuredData, drug: DrugMeasures, table: LearnedTable
) -> Proposed:
    """What the measurements of a drug ask to be changed in its expert table; ``table`` was learned from the same.

    The same measurements give the same proposals: nothing is drawn by chance.
    """
    genotypes, patients = measured.genotypes(drug), measured.patients(drug)
    expert = [_Row(*row) for row in pack.measures.expert_rows(interpreter, drug.drug)]
    singles = [one for one in pack.measures.candidates(interpreter, drug.drug, genotypes) if len(one.atoms) == 1]
    features = [*(row.feature for row in expert), *singles]
    raw = pack.measures.values(interpreter, drug.drug, features, genotypes)
    values = filled(raw, column_means(raw))
    held = np.nan_to_num(raw) > 0
    counts = np.array([len(set(patients[held[:, number]])) for number in range(len(features))], int)
    bounds, _ = with_ceiling(drug)
    told_of = np.array([len(set(patients[held[:, number] & (bounds == 0)])) for number in range(len(features))], int)
    rows = _distinct(range(len(expert)), values, counts, 1)
    wanted = [
        number
        for number in range(len(expert), len(features))
        if told_of[number] >= LEAST_PATIENTS and not _covered(number, features, values, len(expert))
    ]
    wanted = _narrowest(wanted, features, values, held, counts, len(expert))
    wanted = _distinct(wanted, values, counts, LEAST_PATIENTS, rows)
    common = sum(1 for number in rows if told_of[number] >= LEAST_PATIENTS)
    most = max(len(set(patients)) // PATIENTS_A_CANDIDATE - common, 0)
    wanted = sorted(sorted(wanted, key=lambda number: (-told_of[number], number))[:most])
    columns = values[:, [*rows, *wanted]]
    bend = hinges(expert_scores(expert, values))
    y = _imputed(np.column_stack([values[:, rows], bend]), drug.numbers, bounds)
    judged = [verdicts.get(drug.drug) for verdicts in pack.measures.judged(interpreter, genotypes)]
    levels = np.array([judgement.level if judgement else "" for judgement in judged])
    step = pack.measures.threshold(interpreter.rulebase) * _STEP_OF_THRESHOLD
    learned = _of_learned(pack, interpreter, table, genotypes)
    told = _Told(drug, patients, features, held, counts, told_of, levels, table.unit, values, learned)
    bent = effects(np.column_stack([columns, bend]), y, patients)
    straight = effects(columns, y, patients)
    added = _additions(told, bent, rows, wanted, step)
    names = {one.when for one in added}
    more = [number for number in wanted if features[number].when in names]
    unsupported = _unsupported(told, straight, rows, expert, step, y, more)
    tested = sum(1 for number in rows if told_of[number] >= ROW_PATIENTS and expert[number].score)
    return Proposed((*added, *unsupported), len(wanted), tested)


def _of_learned(
    pack: Pack, interpreter: Any, table: LearnedTable, genotypes: Sequence[Any]
) -> list[tuple[str, Floats, int]]:
    features = [pack.measures.feature(row.when) for row in table.rows]
    raw = pack.measures.values(interpreter, table.drug, features, genotypes)
    values = filled(raw, column_means(raw))
    return [
        (feature.place, values[:, number], row.score)
        for number, (feature, row) in enumerate(zip(features, table.rows, strict=True))
    ]


def expert_scores(rows: Sequence[_Row], values: Floats) -> Floats:
    """The expert score of each sample, so far as its rows are features: of one row's conditions the largest."""
    largest: dict[str, Floats] = {}
    for number, row in enumerate(rows):
        part = row.score * values[:, number]
        before = largest.get(row.id)
        largest[row.id] = part if before is None else np.where(np.abs(part) > np.abs(before), part, before)
    return np.sum(list(largest.values()), axis=0) if largest else np.zeros(len(values))


def hinges(scores: Floats) -> Floats:
    """How far scores lie beyond each knot: samples by knots."""
    some = scores[scores != 0]
    knots = np.unique(np.quantile(some, _KNOTS)) if len(some) else np.zeros(0)
    return np.column_stack([np.maximum(scores - knot, 0.0) for knot in knots] or [np.zeros((len(scores), 0))])


def _covered(number: int, features: Sequence[Feature], values: Floats, experts: int) -> bool:
    """Whether an expert row at the place holds wherever the candidate does, and as far."""
    return any(
        features[row].place == features[number].place and bool(np.all(values[:, row] >= values[:, number] - 1e-9))
        for row in range(experts)
    )


def _narrowest(
    wanted: Sequence[int],
    features: Sequence[Feature],
    values: Floats,
    held: NDArray[np.bool_],
    counts: Any,
    experts: int,
) -> list[int]:
    """The candidates without those that are no more than others, or than a row, at the same place taken together."""
    inner = [*(row for row in range(experts) if counts[row]), *wanted]

    def wider(number: int) -> bool:
        return any(
            other != number
            and features[other].place == features[number].place
            and held[:, other].sum() < held[:, number].sum()
            and bool(np.all(values[:, other] <= values[:, number] + 1e-9))
            for other in inner
        )

    return [number for number in wanted if not wider(number)]


def _distinct(numbers: Sequence[int], values: Floats, counts: Any, least: int, before: Sequence[int] = ()) -> list[int]:
    """The columns that enough patients have, of those that are alike only the first; none that is alike ``before``."""
    seen = {values[:, number].tobytes() for number in before}
    found = []
    for number in numbers:
        key = values[:, number].tobytes()
        if counts[number] >= least and key not in seen:
            seen.add(key)
            found.append(number)
    return found


@dataclass(frozen=True)
class _Told:
    """What is needed to tell a proposal; columns count the expert rows first, then the candidates.

    ``informed`` are the patients behind each column of whom more than a bound is known; ``learned`` the
    rows of the learned table: their place, how far each holds in each sample, and score.
    """

    drug: DrugMeasures
    patients: NDArray[np.str_]
    features: Sequence[Feature]
    held: NDArray[np.bool_]
    counts: NDArray[np.intp]
    informed: NDArray[np.intp]
    levels: NDArray[np.str_]
    unit: float
    values: Floats
    learned: Sequence[tuple[str, Floats, int]]

    def freedom(self, number: int) -> int:
        """The degrees of freedom behind the effect of a column."""
        others = len(set(self.patients)) - int(self.counts[number])
        return max(min(int(self.informed[number]), others) - 1, 1)

    def medians(self, number: int) -> tuple[float, float | None]:
        """The median of the samples that hold a column, and of those on the same levels that do not."""
        numbers, here = self.drug.numbers, self.held[:, number]
        beside = {
            level: float(np.median(numbers[~here & (self.levels == level)]))
            for level in np.unique(self.levels[here]).tolist()
            if (~here & (self.levels == level)).any()
        }
        rest = [beside[level] for level in self.levels[here].tolist() if level in beside]
        value = self.drug.scale.value
        return _short(value(float(np.median(numbers[here])))), _short(value(float(np.median(rest)))) if rest else None

    def learned_score(self, number: int) -> int:
        """What the learned table scores wherever a column holds, by its rows at the same place."""
        place, column = self.features[number].place, self.values[:, number]
        return sum(
            score for other, values, score in self.learned if other == place and bool(np.all(values >= column - 1e-9))
        )

    def alike(self, number: int) -> list[str]:
        """What holds in just the same samples as a column."""
        column = self.values[:, number]
        return [
            feature.when
            for other, feature in enumerate(self.features)
            if feature.when != self.features[number].when and np.array_equal(self.values[:, other], column)
        ]


def _q(p: Sequence[float]) -> list[float]:
    return [float(q) for q in false_discovery_control(np.array(p))] if p else []


def _additions(told: _Told, found: Effects, rows: Sequence[int], wanted: Sequence[int], step: float) -> list[Proposal]:
    places = [place for place in range(len(wanted)) if np.isfinite(found.estimate[len(rows) + place])]
    p = []
    for place in places:
        statistic = abs(found.estimate[len(rows) + place]) / max(found.error[len(rows) + place], 1e-12)
        p.append(2 * float(student.sf(statistic, told.freedom(wanted[place]))))
    made = []
    for place, q in zip(places, _q(p), strict=True):
        number, column = wanted[place], len(rows) + place
        points = found.estimate[column] / told.unit
        if q < MOST_Q and abs(points) >= step:
            error = found.error[column] / told.unit
            made.append(_proposal(told, number, float(points), float(error), q, None))
    return sorted(made, key=lambda one: -abs(one.estimate))


def _beside_scores(
    told: _Told, number: int, expert: Sequence[_Row], y: Floats, more: Sequence[int]
) -> tuple[float, float]:
    """The effect of an expert row, and its error, beside what all other rows score as the table has them.

    ``more`` are the columns of the rows that are to be added.
    """
    others = [row if other != number else _Row(row.id, row.feature, 0.0) for other, row in enumerate(expert)]
    rest = expert_scores(others, told.values)
    columns = [told.values[:, number], rest, hinges(rest), told.values[:, list(more)]]
    found = effects(np.column_stack(columns), y, told.patients)
    return float(found.estimate[0]), float(found.error[0])


def _unsupported(
    told: _Told,
    found: Effects,
    rows: Sequence[int],
    expert: Sequence[_Row],
    step: float,
    y: Floats,
    more: Sequence[int],
) -> list[Proposal]:
    tested, p = [], []
    for column, number in enumerate(rows):
        row = expert[number]
        if row.score and told.informed[number] >= ROW_PATIENTS and np.isfinite(found.estimate[column]):
            weakest: tuple[float, float, float, float] | None = None
            for effect, deviation in (
                (float(found.estimate[column]), float(found.error[column])),
                _beside_scores(told, number, expert, y, more),
            ):
                points, error = effect / told.unit, deviation / told.unit
                towards = points * (1 if row.score > 0 else -1)
                # What cannot be told apart is not shown to be idle.
                idle = float(student.cdf((towards - step) / max(error, 1e-12), told.freedom(number)))
                idle = idle if np.isfinite(idle) else 1.0
                if weakest is None or idle > weakest[0]:
                    weakest = idle, points, error, towards
            assert weakest is not None
            tested.append((number, *weakest[1:]))
            p.append(weakest[0])
    made = []
    for (number, points, error, towards), q in zip(tested, _q(p), strict=True):
        reach = towards + float(student.ppf(0.975, told.freedom(number))) * error
        if q < MOST_Q and reach < step:
            made.append(_proposal(told, number, points, error, q, expert[number]))
    return sorted(made, key=lambda one: one.q)


def _proposal(told: _Told, number: int, points: float, error: float, q: float, row: _Row | None) -> Proposal:
    width = float(student.ppf(0.975, told.freedom(number))) * error
    low, high = round(points - width, 1), round(points + width, 1)
    median, rest = told.medians(number)
    samples, patients = int(told.held[:, number].sum()), int(told.counts[number])
    when, drug = told.features[number].when, told.drug
    interval = f"{points:+.1f} points (95% {low:+.1f} to {high:+.1f})"
    _, of_each = np.unique(told.patients[told.held[:, number]], return_counts=True)
    held = f"{counted(samples, 'sample')} of {counted(patients, 'patient')}"
    if of_each.max() * _MOST_OF_ONE > samples:
        held += f" ({int(of_each.max())} of one)"
    beside = f", and {rest:g} without it on the same levels" if rest is not None else ""
    medians = f"median {drug.scale.name} {median:g} with it{beside}"
    effect = f"in {held} it adds {interval} beside all else"
    said = f"{when} has no row for {drug.drug}" if row is None else f"{row.id} scores {row.score:+g} for {when}"
    alike = told.alike(number)
    also = f"; the same samples have {', '.join(alike[:5])}" if alike else ""
    return Proposal(
        drug=drug.drug,
        kind="add row" if row is None else "row without support",
        when=when,
        row=row.id if row else None,
        expert=row.score if row else None,
        learned=told.learned_score(number),
        estimate=round(points, 1),
        low=low,
        high=high,
        q=float(f"{q:.2g}"),
        samples=samples,
        patients=patients,
        measure=drug.scale.name,
        median=median,
        median_rest=rest,
        says=f"{said}, and {effect}; {medians}{also}",
    )


def _short(value: float) -> float:
    return float(f"{value:.3g}")
