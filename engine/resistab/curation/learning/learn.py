"""From measurements to learned tables, with the honest account of how well they predict patients held back."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import r2_score, roc_auc_score

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.measured.data import DrugMeasures, Feature, MeasuredData, MeasureScale
from resistab.curation.learning.fitting import (
    FitSettings,
    FittedTable,
    Training,
    column_means,
    filled,
    fit_table,
    patient_folds,
    score_intervals,
)
from resistab.curation.learning.model import CurvePoint, ExpertBeside, LearnedDrug, LevelOfScore
from resistab.report.words import counted
from resistab.rulesets.learned import LearnedError, LearnedRow, LearnedTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.domains.pack import Pack

    Floats = NDArray[np.float64]

# Fewer than these say nothing that would hold for other patients.
LEAST_SAMPLES, LEAST_PATIENTS_OF_A_KIND = 50, 10
# The largest value is an assay's ceiling where at least so many samples, and such a share of them, have it.
_CEILING_SAMPLES, _CEILING_SHARE = 5, 0.01
# Of how many samples an interval of errors is taken at least.
_LEAST_ERRORS = 40
_PARTS = (0.25, 0.5, 0.75)
# Two numbers that are written alike are alike.
_CLOSE = 1e-9


def refuse_too_few(measured: MeasuredData, drug: DrugMeasures, folds: int, where: str) -> None:
    """Raise ``InputError`` with all that is lacking for a table of ``drug``; ``where`` names the files."""
    patients, resistant, called = measured.patients(drug), drug.resistant, drug.called
    whose = {
        "resistant": len(set(patients[resistant & called])),
        "susceptible": len(set(patients[~resistant & called])),
    }
    counts = {"resistant": int((resistant & called).sum()), "susceptible": int((~resistant & called).sum())}
    lacking = []
    if not called.any():
        message = f"{drug.drug}: no value is called resistant or sensitive"
        lacking.append((message, "calls beside the values, or the cutoff in 'resistant_from'"))
    else:
        for kind, number in whose.items():
            if number < LEAST_PATIENTS_OF_A_KIND:
                message = f"{drug.drug}: {counted(counts[kind], f'{kind} sample')} of {counted(number, 'patient')}"
                missing = LEAST_PATIENTS_OF_A_KIND - number
                expected = f"samples of {LEAST_PATIENTS_OF_A_KIND} patients that are {kind}: "
                expected += f"{counted(missing, 'patient')} {'is' if missing == 1 else 'are'} lacking"
                lacking.append((message, expected))
    if len(drug.measurements) < LEAST_SAMPLES:
        message = f"{drug.drug}: {len(drug.measurements)} samples"
        lacking.append((message, f"{LEAST_SAMPLES}: {LEAST_SAMPLES - len(drug.measurements)} are lacking"))
    if len(set(patients)) < folds:
        message = f"{drug.drug}: {counted(len(set(patients)), 'patient')} cannot be parted into {folds} folds"
        lacking.append((message, "a patient in one fold alone: at least as many patients as folds"))
    if lacking:
        raise InputError(Fault(where=where, message=message, expected=expected) for message, expected in lacking)


def cutoff_of(drug: DrugMeasures) -> tuple[float, str | None]:
    """The clinical cutoff on the scale that is computed with, and how it was found where the data do not state it.

    Without a stated one it is the least value that is called resistant where calls part values, and else the value at
    which most calls fall on their side.
    """
    if drug.resistant_from is not None:
        return drug.scale.number(drug.resistant_from), None
    values, resistant = drug.numbers[drug.called], drug.resistant[drug.called]
    if values[~resistant].max() < values[resistant].min():
        cutoff = float(values[resistant].min())
        return cutoff, (
            f"the cutoff, {drug.scale.value(cutoff):g}, is the least value that is called resistant; all below are "
            "called susceptible"
        )
    tried = np.unique(values)
    right = [int(((values >= value) == resistant).sum()) for value in tried]
    cutoff = float(tried[int(np.argmax(right))])
    return cutoff, (
        f"the calls overlap; the cutoff, {drug.scale.value(cutoff):g}, is the value at which most of them "
        f"({max(right)} of {len(values)}) fall on their side"
    )


def with_ceiling(drug: DrugMeasures) -> tuple[NDArray[np.int8], str | None]:
    """The bounds of the values, the largest value as a lower bound where so many share it that it is a ceiling."""
    numbers, bounds = drug.numbers, drug.bounds.copy()
    top = numbers == numbers.max()
    if not drug.scale.log or top.sum() < _CEILING_SAMPLES or top.mean() < _CEILING_SHARE:
        return bounds, None
    bounds[top] = 1
    largest = drug.scale.value(float(numbers.max()))
    return bounds, (
        f"{int(top.sum())} samples ({top.mean():.0%}) share the largest value, {largest:g}: it is taken as the most "
        "that the assay tells, and theirs as at least that"
    )


def learn_table(
    pack: Pack,
    interpreter: Any,
    measured: MeasuredData,
    drug: DrugMeasures,
    *,
    files: Sequence[str],
    seed: int,
    settings: FitSettings,
    on: datetime.date,
    reference: str = "",
    step: Callable[[], None] = lambda: None,
) -> LearnedDrug:
    """The table for one drug; ``reference`` is the publication of the measurements, "" where there is none.

    ``step`` is told of each of ``steps_of_learning`` parts of the work. Raises ``InputError`` where too few patients
    are resistant, or susceptible, or nothing follows from what they have.
    """
    where = ", ".join(files)
    refuse_too_few(measured, drug, settings.folds, where)
    cutoff, cutoff_note = cutoff_of(drug)
    bounds, ceiling_note = with_ceiling(drug)
    genotypes = measured.genotypes(drug)
    features = pack.measures.candidates(interpreter, drug.drug, genotypes)
    if not features:
        message = f"{drug.drug}: no sample has a change that a row could ask for"
        raise InputError([Fault(where=where, message=message, expected="genotypes with changes")])
    x = pack.measures.values(interpreter, drug.drug, features, genotypes)
    data = Training(x, drug.numbers, bounds, measured.patients(drug))
    threshold = pack.measures.threshold(interpreter.rulebase)
    table = fit_table(data, cutoff, threshold, settings)
    rows = _rows(pack, table, features)
    if not rows:
        message = f"{drug.drug}: of no change that the samples have a difference follows"
        raise InputError(
            [Fault(where=where, message=message, expected="changes that some samples have, and others not")]
        )
    step()
    folds = patient_folds(data.patients, settings.folds)
    predicted, scores = np.zeros(len(data.y)), np.zeros(len(data.y))
    curve: dict[float, Floats] = {part: np.zeros(len(data.y)) for part in _PARTS}
    learned_from: dict[float, list[int]] = {part: [] for part in (*_PARTS, 1.0)}
    fold_r2 = []
    for number, (train, held) in enumerate(folds):
        fitted = fit_table(data.part(train), cutoff, threshold, settings)
        predicted[held], scores[held] = fitted.predicted(x[held]), fitted.score(x[held])
        learned_from[1.0].append(len(set(data.patients[train])))
        fold_r2.append(_r2(data.y[held], predicted[held]))
        step()
        for part in _PARTS:
            some = _share_of_patients(train, data.patients, part, seed + number)
            curve[part][held] = fit_table(data.part(some), cutoff, threshold, settings).predicted(x[held])
            learned_from[part].append(len(set(data.patients[some])))
            step()
    held_by = pack.measures.values(interpreter, drug.drug, [feature for feature, _ in rows], genotypes)
    with_support = _with_support(rows, held_by, table, data, seed)
    step()
    called, resistant = drug.called, drug.resistant
    notes = [note for note in (cutoff_note, ceiling_note) if note]
    bounded = int((drug.bounds != 0).sum())
    if bounded:
        notes.append(f"{bounded} values are bounds (< or >): what lies beyond is filled in by what the table expects")
    notes += [*measured.notes, *pack.measures.described(genotypes, drug.drug, interpreter)]
    errors = _errors(data.y, predicted, cutoff)
    learned = LearnedTable(
        drug=drug.drug,
        ruleset=interpreter.rulebase.manifest.ruleset,
        measure=drug.scale.name,
        resistant_from=_rounded(drug.scale.value(cutoff)),
        intercept=_rounded(table.intercept),
        unit=max(_rounded(table.unit), 1e-6),
        floor=_rounded(table.floor),
        ceiling=_rounded(table.ceiling),
        errors=errors,
        samples=len(data.y),
        patients=len(set(data.patients)),
        resistant=int((resistant & called).sum()),
        r2=_rounded(_r2(data.y, predicted)),
        auc=_rounded(float(roc_auc_score(resistant[called], scores[called]))),
        accuracy=_rounded(float(((predicted >= cutoff - _CLOSE) == resistant)[called].mean())),
        folds=settings.folds,
        seed=seed,
        learned_on=on,
        learned_from=tuple(files),
        reference=reference,
        notes=tuple(notes),
        rows=with_support,
    )
    return LearnedDrug(
        table=learned,
        expert=_expert(pack, interpreter, drug, genotypes),
        levels=_levels(pack, interpreter, drug.scale, data.y, predicted, scores, resistant),
        curve=tuple(
            CurvePoint(
                patients=round(float(np.mean(learned_from[part]))),
                r2=_rounded(_r2(data.y, curve.get(part, predicted))),
            )
            for part in (*_PARTS, 1.0)
        ),
        measured=tuple(_rounded(drug.scale.value(float(value))) for value in data.y),
        predicted=tuple(_rounded(drug.scale.value(float(value))) for value in predicted),
        scores=tuple(_rounded(float(score)) for score in scores),
        bounded=tuple(int(bound) for bound in bounds),
        resistant=tuple(bool(value) for value in resistant),
        fold_r2=tuple(_rounded(value) for value in fold_r2),
    )


def steps_of_learning(folds: int) -> int:
    """Of how many parts the work for one drug is."""
    return 2 + folds * (1 + len(_PARTS))


def _rounded(value: float) -> float:
    """A figure as it is told: no more digits than the data carry, so that machines agree."""
    return float(f"{value:.6g}")


def _r2(y: Floats, predicted: Floats) -> float:
    """The share of the variance of ``y`` that is explained; 0 where there is none."""
    return float(r2_score(y, predicted)) if len(y) > 1 and np.ptp(y) > 0 else 0.0


def _share_of_patients(rows: NDArray[np.intp], patients: NDArray[np.str_], part: float, seed: int) -> NDArray[np.intp]:
    """The samples of some of the patients of ``rows``, drawn by chance."""
    names = np.unique(patients[rows])
    drawn = np.random.default_rng(seed).permutation(len(names))[: max(round(len(names) * part), 2)]
    return rows[np.isin(patients[rows], names[drawn])]


def _rows(pack: Pack, table: FittedTable, features: Sequence[Feature]) -> list[tuple[Feature, float]]:
    """The rows as the domain's tables hold them, with their scores."""
    named = []
    for row, score in zip(table.rows, table.scores, strict=True):
        when = " and ".join(features[number].when for number in row)
        named.append((features[row[0]] if len(row) == 1 else pack.measures.feature(when), float(score)))
    return [(feature, score) for feature, score in pack.measures.disjoint(named) if score]


def _with_support(
    rows: Sequence[tuple[Feature, float]], values: Floats, table: FittedTable, data: Training, seed: int
) -> tuple[LearnedRow, ...]:
    """The rows with the interval of each score, and the samples and patients behind it; ``values`` as they hold."""
    intervals = score_intervals(filled(values, column_means(values)), table, data, seed)
    found = []
    for number, ((feature, score), (low, high)) in enumerate(zip(rows, intervals, strict=True)):
        # Of what is not a number no comparison holds.
        holds = values[:, number] > 0
        found.append(
            LearnedRow(
                when=feature.when,
                score=int(score),
                low=round(low, 1),
                high=round(high, 1),
                samples=int(holds.sum()),
                patients=len(set(data.patients[holds])),
            )
        )
    return tuple(found)


def _expert(pack: Pack, interpreter: Any, drug: DrugMeasures, genotypes: Sequence[Any]) -> ExpertBeside | None:
    """How the rule set's verdicts do; None where it says too little of the samples."""
    judged = [verdicts.get(drug.drug) for verdicts in pack.measures.judged(interpreter, genotypes)]
    said = [
        (judgement.order, judgement.resistant, bool(resistant))
        for judgement, resistant, called in zip(judged, drug.resistant, drug.called, strict=True)
        if called and judgement is not None and judgement.order is not None and judgement.resistant is not None
    ]
    if len(Counter(truth for _, _, truth in said)) < 2:
        return None
    manifest = interpreter.rulebase.manifest
    return ExpertBeside(
        ruleset=manifest.ruleset,
        version=manifest.version,
        samples=len(said),
        auc=_rounded(float(roc_auc_score([truth for *_, truth in said], [order for order, *_ in said]))),
        accuracy=_rounded(sum(call == truth for _, call, truth in said) / len(said)),
    )


def _errors(y: Floats, predicted: Floats, cutoff: float) -> tuple[LearnedError, ...]:
    """95% of the differences between measured and predicted, on each side of the cutoff; of both where one has few."""
    below = predicted < cutoff - _CLOSE
    few = min(below.sum(), (~below).sum()) < _LEAST_ERRORS
    found = []
    for side in (True, False):
        of = np.ones(len(y), bool) if few else below == side
        low, high = np.percentile((y - predicted)[of], [2.5, 97.5])
        found.append(
            LearnedError(below=side, low=_rounded(float(low)), high=_rounded(float(high)), samples=int(of.sum()))
        )
    return tuple(found)


def _levels(
    pack: Pack,
    interpreter: Any,
    scale: MeasureScale,
    y: Floats,
    predicted: Floats,
    scores: Floats,
    resistant: NDArray[np.bool_],
) -> tuple[LevelOfScore, ...]:
    """What was measured of the samples of each level of the rule set, by their score when held back."""
    names = np.array([pack.measures.level_of(interpreter.rulebase, float(round(score))) for score in scores])
    found = []
    for name in pack.measures.level_names(interpreter.rulebase):
        here = names == name
        quartiles = np.percentile(y[here], [25, 50, 75]) if here.any() else (None, None, None)
        lower, median, upper = (None if q is None else _rounded(scale.value(float(q))) for q in quartiles)
        middle = _rounded(scale.value(float(np.median(predicted[here])))) if here.any() else None
        found.append(
            LevelOfScore(
                level=name,
                samples=int(here.sum()),
                resistant=int(resistant[here].sum()),
                lower=lower,
                median=median,
                upper=upper,
                predicted=middle,
            )
        )
    return tuple(found)
