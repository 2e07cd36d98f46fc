"""What learned tables predict of one patient, and where that differs from the expert verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.core.faults import Fault, InputError, nearest
from resistab.curation.kit.measured.data import SCALES, Feature, RuleJudgement
from resistab.curation.learning.folder import LEARNED
from resistab.report.learned import LearnedPart, LearnedPrediction, agreement_of
from resistab.rulesets.learned import LearnedTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.domains.pack import Pack
    from resistab.files.yaml_source import Source

# What carries a disagreement is told so far.
_MOST_BEHIND = 5
_WITHOUT_RULES = RuleJudgement("not_assessable", "", None, None, None, (), "the rule set has no table for it")
# Figures of a table are written with six digits: so near to the cutoff a score has the cutoff's.
_CLOSE = 1e-5


def read_tables(pack: Pack, interpreter: Any, folder: Path) -> tuple[LearnedTable, ...]:
    """The learned tables in a draft's folder, in the order of the rule set's drugs.

    Raises ``InputError`` with every fault: where there is none, a file does not have the form, or a table was learned
    beside another rule set.
    """
    paths = sorted((folder / LEARNED).glob("*.yaml"))
    if not paths:
        message = f"holds no learned table ({LEARNED}/DRUG.yaml)" if folder.is_dir() else "is no folder"
        raise InputError([Fault(where=str(folder), message=message, expected="a folder that resistab learn wrote")])
    order = {drug.name: number for number, drug in enumerate(interpreter.rulebase.drugs)}
    found: dict[str, LearnedTable] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            source, table = _read_table(path)
        except InputError as error:
            faults.extend(error.faults)
            continue
        faults.extend(_faults_in(source, table, pack, interpreter.rulebase.manifest.ruleset, order))
        if table.drug in found:
            message = f"another file holds a table of {table.drug} too"
            faults.append(source.fault(("drug",), message, "one table for each drug"))
        found[table.drug] = table
    if faults:
        raise InputError(faults)
    return tuple(sorted(found.values(), key=lambda table: order[table.drug]))


def _read_table(path: Path) -> tuple[Source, LearnedTable]:
    """The learned table in a file; raises ``InputError`` with every fault of its form."""
    from resistab.core.model import validation_error
    from resistab.files.yaml_source import read_yaml_file, schema_faults

    source, faults = read_yaml_file(path, str(path))
    if not faults:
        try:
            return source, LearnedTable.model_validate(source.data)
        except validation_error() as error:
            faults = schema_faults(source, error, LearnedTable)
    raise InputError(faults)


def _faults_in(source: Source, table: LearnedTable, pack: Pack, ruleset: str, drugs: Iterable[str]) -> Iterator[Fault]:
    """What makes a table of the right form one that nothing can be predicted by."""
    if table.ruleset != ruleset:
        message = f"the table of {table.drug} was learned beside {table.ruleset}, and the rule set is {ruleset}"
        yield source.fault(("ruleset",), message, f"--ruleset {table.ruleset}")
        return
    if table.drug not in drugs:
        yield source.fault(("drug",), f"the rule set has no drug '{table.drug}'", None, nearest(table.drug, drugs))
    scale = SCALES.get(table.measure)
    if scale is None:
        yield source.fault(("measure",), f"unknown measure '{table.measure}'", f"one of {', '.join(SCALES)}")
    elif wrong := scale.fault_in(table.resistant_from):
        yield source.fault(("resistant_from",), f"the cutoff {table.resistant_from:g} {wrong}", "as learn writes it")
    if table.floor > table.ceiling:
        yield source.fault(("floor",), "the floor is above the ceiling", "as learn writes it")
    if sorted(error.below for error in table.errors) != [False, True]:
        message = "the errors are not those of predictions below the cutoff and of those not below it"
        yield source.fault(("errors",), message, "each once")
    for number, row in enumerate(table.rows):
        try:
            pack.measures.feature(row.when)
        except ValueError as error:
            yield source.fault(("rows", number, "when"), str(error), "a condition as learn writes it")


def predictions(
    pack: Pack, interpreter: Any, tables: Sequence[LearnedTable], genotype: Any
) -> tuple[LearnedPrediction, ...]:
    """What each table predicts of a genotype, beside what the rule set says of it."""
    (judged,) = pack.measures.judged(interpreter, [genotype])
    words = pack.report.VERDICTS.words
    return tuple(
        _prediction(pack, interpreter, table, genotype, judgement, words[judgement.verdict])
        for table in tables
        for judgement in [judged.get(table.drug, _WITHOUT_RULES)]
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
    close = _CLOSE * max(1.0, abs(cutoff), abs(table.intercept))
    sides = {value >= cutoff - close for value in values}
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
        low_error, high_error = (_error(table, value < cutoff - close) for value in values)
        # What was not read counts as what is worst of it: knowing less never sounds better.
        middle = values[1]
        told = {
            "predicted": _rounded(scale.value(middle)),
            # No assay told less than the floor or more than the ceiling.
            "low": _rounded(scale.value(max(values[0] + low_error[0], table.floor))),
            "high": _rounded(scale.value(min(values[1] + high_error[1], table.ceiling))),
            "score": _rounded(most),
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
