"""What learned tables predict of one patient, and where that differs from the expert verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.measured.data import SCALES, Feature, RuleJudgement
from resistab.curation.learning.folder import LEARNED
from resistab.report.learned import LearnedPart, LearnedPrediction, agreement_of
from resistab.rulesets.learned import LearnedTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.domains.pack import Pack

# What carries a disagreement is told so far.
_MOST_BEHIND = 5
_CLOSE = 1e-9


def read_tables(pack: Pack, interpreter: Any, folder: Path) -> tuple[LearnedTable, ...]:
    """The learned tables in a draft's folder, in the order of the rule set's drugs.

    Raises ``InputError`` with every fault: where there is none, a file does not have the form, or a table was learned
    beside another rule set.
    """
    paths = sorted((folder / LEARNED).glob("*.yaml"))
    if not paths:
        message = f"holds no learned table ({LEARNED}/DRUG.yaml)" if folder.is_dir() else "is no folder"
        raise InputError([Fault(where=str(folder), message=message, expected="a folder that resistab learn wrote")])
    ruleset = interpreter.rulebase.manifest.ruleset
    found: list[LearnedTable] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            table = _read_table(path)
        except InputError as error:
            faults.extend(error.faults)
            continue
        if table.ruleset != ruleset:
            message = f"the table of {table.drug} was learned beside {table.ruleset}, and the rule set is {ruleset}"
            faults.append(Fault(where=str(path), message=message, expected=f"--ruleset {table.ruleset}"))
        elif table.measure not in SCALES:
            message = f"unknown measure '{table.measure}'"
            faults.append(Fault(where=str(path), message=message, expected=f"one of {', '.join(SCALES)}"))
        else:
            for row in table.rows:
                try:
                    pack.measures.feature(row.when)
                except ValueError as error:
                    faults.append(Fault(where=str(path), message=str(error), expected="a condition as learn writes it"))
        found.append(table)
    if faults:
        raise InputError(faults)
    order = {drug.name: number for number, drug in enumerate(interpreter.rulebase.drugs)}
    return tuple(sorted(found, key=lambda table: order.get(table.drug, len(order))))


def _read_table(path: Path) -> LearnedTable:
    """The learned table in a file; raises ``InputError`` with every fault of its form."""
    from resistab.core.model import validation_error
    from resistab.files.yaml_source import read_yaml_file, schema_faults

    source, faults = read_yaml_file(path, str(path))
    if not faults:
        try:
            return LearnedTable.model_validate(source.data)
        except validation_error() as error:
            faults = schema_faults(source, error, LearnedTable)
    raise InputError(faults)


def predictions(
    pack: Pack, interpreter: Any, tables: Sequence[LearnedTable], genotype: Any
) -> tuple[LearnedPrediction, ...]:
    """What each table predicts of a genotype, beside what the rule set says of it."""
    (judged,) = pack.measures.judged(interpreter, [genotype])
    words = pack.report.VERDICTS.words
    return tuple(
        _prediction(pack, interpreter, table, genotype, judged[table.drug], words[judged[table.drug].verdict])
        for table in tables
        if table.drug in judged
    )


def _prediction(
    pack: Pack, interpreter: Any, table: LearnedTable, genotype: Any, judgement: RuleJudgement, words: str
) -> LearnedPrediction:
    features = [pack.measures.feature(row.when) for row in table.rows]
    holds = pack.measures.values(interpreter, table.drug, features, [genotype])[0]
    scores = np.array([float(row.score) for row in table.rows])
    known = np.nan_to_num(holds) * scores
    unread = np.isnan(holds)
    # What was not read may be anything that the rows ask for.
    least = float(known.sum() + np.minimum(scores, 0)[unread].sum())
    most = float(known.sum() + np.maximum(scores, 0)[unread].sum())
    values = [_value(table, score) for score in (least, most)]
    scale = SCALES[table.measure]
    cutoff = scale.number(table.resistant_from)
    sides = {value >= cutoff - _CLOSE for value in values}
    not_predicted = ""
    if unread.all() and len(unread):
        not_predicted = "nothing that its rows ask for was read"
    elif len(sides) > 1:
        missing = [row.when for row, open_ in zip(table.rows, unread, strict=True) if open_]
        not_predicted = f"it depends on what was not read: {', '.join(missing[:_MOST_BEHIND])}"
        not_predicted += f" and {len(missing) - _MOST_BEHIND} more" if len(missing) > _MOST_BEHIND else ""
    call = None if not_predicted else ("resistant" if sides == {True} else "sensitive")
    parts = _parts(pack, interpreter, table, features, known, genotype)
    agreement, reason = agreement_of(call, judgement.predicts, words)  # type: ignore[arg-type]
    differing = sorted((part for part in parts if part.learned != part.expert), key=_difference, reverse=True)
    behind = tuple(differing[:_MOST_BEHIND]) if agreement == "disagrees" else ()
    told: dict[str, float | None] = {"predicted": None, "low": None, "high": None, "score": None}
    if not not_predicted:
        low_error, high_error = (_error(table, value < cutoff - _CLOSE) for value in values)
        middle = _value(table, float(known.sum()))
        told = {
            "predicted": _rounded(scale.value(middle)),
            # No assay told less than the floor or more than the ceiling.
            "low": _rounded(scale.value(max(values[0] + low_error[0], table.floor))),
            "high": _rounded(scale.value(min(values[1] + high_error[1], table.ceiling))),
            "score": _rounded(float(known.sum())),
        }
    return LearnedPrediction(
        drug=table.drug,
        measure=table.measure,
        resistant_from=table.resistant_from,
        **told,
        call=call,  # type: ignore[arg-type]
        not_predicted=not_predicted,
        verdict=judgement.verdict,
        verdict_words=judgement.level or words,
        agreement=agreement,
        reason=reason,
        behind=behind,
        parts=parts,
        samples=table.samples,
        patients=table.patients,
        r2=table.r2,
    )


def _value(table: LearnedTable, score: float) -> float:
    """What a score predicts, on the scale that is computed with."""
    return float(np.clip(table.intercept + table.unit * score, table.floor, table.ceiling))


def _error(table: LearnedTable, below: bool) -> tuple[float, float]:
    """By how much held-back values lay below and above such a prediction."""
    error = next(item for item in table.errors if item.below is below)
    return min(error.low, 0.0), max(error.high, 0.0)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _difference(part: LearnedPart) -> float:
    return abs(part.learned - part.expert)


def _parts(
    pack: Pack,
    interpreter: Any,
    table: LearnedTable,
    features: Sequence[Feature],
    known: NDArray[np.float64],
    genotype: Any,
) -> tuple[LearnedPart, ...]:
    """What each place of the genotype scores in both tables; of one row's conditions only the largest counts."""
    learned: dict[str, float] = {}
    named: dict[str, str] = {}
    for feature, score in zip(features, known, strict=True):
        if score:
            learned[feature.place] = learned.get(feature.place, 0.0) + float(score)
            named.setdefault(feature.place, feature.when)
    expert: dict[str, float] = {}
    rows = pack.measures.expert_rows(interpreter, table.drug)
    holds = pack.measures.values(interpreter, table.drug, [feature for _, feature, _ in rows], [genotype])[0]
    by_row: dict[str, tuple[Feature, float]] = {}
    for (id_, feature, score), held in zip(rows, holds, strict=True):
        if np.nan_to_num(held) > 0 and (id_ not in by_row or score > by_row[id_][1]):
            by_row[id_] = (feature, score)
    for feature, score in by_row.values():
        expert[feature.place] = expert.get(feature.place, 0.0) + score
        named.setdefault(feature.place, feature.when)
    return tuple(
        LearnedPart(
            when=named[place], learned=_rounded(learned.get(place, 0.0)), expert=_rounded(expert.get(place, 0.0))
        )
        for place in named
    )
