"""Verdicts beside measured resistance: from a table and a rule set to what a report says of each drug."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.measured.data import RuleJudgement
from resistab.curation.validation.calls import Calls, DrawnPatients, kinds, rates_of
from resistab.curation.validation.compared import compared
from resistab.curation.validation.model import (
    AllDrugs,
    DrugValidation,
    FalseCalls,
    LevelTrend,
    LevelValues,
    MeasuredValidation,
    MissedFinding,
    RulesetComparison,
    ValidatedRuleset,
)
from resistab.curation.validation.statistics import ALPHA, enriched, kendall, rounded
from resistab.curation.validation.words import share
from resistab.report.model import software_info
from resistab.report.words import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.curation.kit.measured.data import DrugMeasures, MeasuredData
    from resistab.domains.pack import Pack

_MOST_CALLS = 5
_MOST_FINDINGS = 8
_MOST_NAMES = 3
_NOTHING = RuleJudgement("", "", None, None, None, (), "the rule set has no table for this drug")


@dataclass(frozen=True)
class JudgedMeasures:
    """One rule set with the measurements as it reads them, and what it says of each sample."""

    pack: Pack
    interpreter: Any
    measured: MeasuredData
    judged: Sequence[Mapping[str, RuleJudgement]]

    @property
    def ruleset(self) -> ValidatedRuleset:
        """The rule set as reports name it."""
        return ruleset_named(self.interpreter)

    def calls(self, drug: DrugMeasures) -> Calls:
        """What was measured under one drug beside what the rules say."""
        samples = [self.measured.samples[number] for number in drug.samples]
        # Files may hold samples of one name in lines of one number.
        seen: Counter[tuple[str, int]] = Counter()
        keys = []
        for sample, item in zip(samples, drug.measurements, strict=True):
            keys.append((sample.sample, item.line, seen[sample.sample, item.line]))
            seen[sample.sample, item.line] += 1
        return Calls(
            drug.drug,
            tuple(keys),
            tuple(sample.sample for sample in samples),
            tuple(sample.patient for sample in samples),
            tuple(None if item.call is None else item.call != "sensitive" for item in drug.measurements),
            tuple(self.judged[number].get(drug.drug, _NOTHING) for number in drug.samples),
        )


def ruleset_named(interpreter: Any) -> ValidatedRuleset:
    """A rule set as a validation names it."""
    rulebase = interpreter.rulebase
    manifest = rulebase.manifest
    return ValidatedRuleset(id=manifest.ruleset, name=manifest.name, version=manifest.version, digest=rulebase.digest)


def read_side(
    pack: Pack, interpreter: Any, paths: Sequence[Path], keep_going: bool, drugs: Sequence[str] | None
) -> JudgedMeasures:
    """The measurements read by a rule set, and judged by it; raises ``InputError`` with every fault of all tables.

    Of each drug that is asked for there must be values.
    """
    measured = pack.measures.read(interpreter, paths, keep_going, drugs)
    faults = [
        Fault(
            where=", ".join(map(str, paths)),
            message=f"no value of {drug} was measured",
            expected=f"one of the drugs that were: {', '.join(measured.drugs)}" if measured.drugs else None,
        )
        for drug in drugs or ()
        if drug not in measured.drugs
    ]
    if faults:
        raise InputError(faults)
    return JudgedMeasures(pack, interpreter, measured, list(pack.measures.judged(interpreter, genotypes_of(measured))))


def genotypes_of(measured: MeasuredData) -> list[Any]:
    """The genotypes of all samples, in their order."""
    return [sample.genotype for sample in measured.samples]


def validated(
    side: JudgedMeasures, against: JudgedMeasures | None, files: Sequence[Path], drugs: Sequence[str] | None = None
) -> MeasuredValidation:
    """What the measurements say of a rule set, and of another beside it; where ``drugs`` are named, of these alone."""
    calls = {name: side.calls(drug) for name, drug in side.measured.drugs.items()}
    more: dict[str, Any] = {}
    if against is not None:
        wanted = {other for name in calls for other in _same_drugs(name, side, against)}
        others = {
            name: against.calls(drug)
            for name, drug in against.measured.drugs.items()
            if drugs is None or name in wanted
        }
        more = {
            "against": against.ruleset,
            "against_drugs": tuple(drug_validation(against, name, others[name]) for name in others),
            "against_over_all": over_all(against, others),
            "comparison": _comparison(side, calls, against, others),
        }
    measured = side.measured
    return MeasuredValidation(
        software=software_info(),
        kind="measured",
        ruleset=side.ruleset,
        files=tuple(path.name for path in files),
        samples=len(measured.samples),
        patients=len({sample.patient for sample in measured.samples}),
        drugs=tuple(drug_validation(side, name, calls[name]) for name in calls),
        over_all=over_all(side, calls),
        unknown_drugs=measured.unknown_drugs,
        set_aside=tuple(map(str, measured.set_aside)),
        notes=measured.notes,
        **more,
    )


def over_all(side: JudgedMeasures, calls: Mapping[str, Calls]) -> AllDrugs:
    """All drugs together, by their names; each pair of a sample and a drug counts once."""
    every = list(calls.values())
    patients = DrawnPatients(every)
    return AllDrugs(
        n=sum(len(one.keys) for one in every),
        samples=len({number for name in calls for number in side.measured.drugs[name].samples}),
        patients=len(patients),
        drugs=len(calls),
        not_assessable=sum(int((~one.judged).sum()) for one in every),
        **rates_of(every, patients, by_patient=True),
    )


def drug_validation(side: JudgedMeasures, name: str, calls: Calls) -> DrugValidation:
    """All that the measurements say of the verdicts on one drug."""
    drug = side.measured.drugs[name]
    patients = DrawnPatients([calls])
    levels, trend = _levels(side, drug, calls)
    rates = rates_of([calls], patients, by_patient=False)
    without = ""
    if not calls.called.any():
        without = "the data give neither a cutoff nor calls, so that no value is known to be resistant or sensitive"
    elif not calls.counted.any():
        without = "no sample with a call has a verdict that predicts a response"
    return DrugValidation(
        drug=name,
        n=len(calls.keys),
        patients=len(patients),
        measure=drug.scale.name,
        unit=drug.scale.unit,
        log=drug.scale.log,
        called=int(calls.called.sum()),
        resistant_from=drug.resistant_from,
        without_rates=without,
        not_assessable=calls.not_assessed(),
        levels=levels,
        trend=trend,
        notes=tuple(_notes(drug, calls, len(patients), rates)),
        **_false_calls(side, drug, calls),
        **rates,
    )


def _notes(drug: DrugMeasures, calls: Calls, patients: int, rates: Mapping[str, Any]) -> list[str]:
    found = []
    if patients < len(calls.keys):
        drawn = [
            f"{name} lies from {share(bounds[0])} to {share(bounds[1])}"
            for name in ("sensitivity", "specificity")
            if (bounds := rates[f"{name}_interval_by_patient"]) is not None
        ]
        found.append(
            f"{counted(len(calls.keys), 'sample')} are of {counted(patients, 'patient')}, and those of one patient are "
            "alike: Wilson's intervals take them as if they were not, and are narrower than the truth"
            + (f"; where patients are drawn {' and '.join(drawn)}" if drawn else "")
        )
    of = calls.resistant[calls.counted]
    if len(of) and (of.all() or not of.any()):
        kind, lacking = ("resistant", "specificity") if of.all() else ("sensitive", "sensitivity")
        found.append(f"all samples in the rates are {kind}: nothing can be said of {lacking}, nor of the AUC")
    if uncalled := int((~calls.called).sum()) if calls.called.any() else 0:
        found.append(f"{counted(uncalled, 'sample')} without a call count for the levels alone")
    if bounds := int((drug.bounds != 0).sum()):
        found.append(f"{counted(bounds, 'value')} are bounds (< or >): each counts as its bound, so that medians of "
                     "levels lie between what they would be")  # fmt: skip
    return found


# --- does it rise with the level? -------------------------------------------------------------------------------------


def level_values(side: JudgedMeasures, drug: DrugMeasures, calls: Calls) -> dict[str, NDArray[np.float64]]:
    """What was measured on each level, as measured, the levels in order; a level without samples has none."""
    found: dict[str, list[float]] = {}
    # The levels that were met.
    order = {one.level: one.level_order for one in calls.judgements if one.level_order is not None}
    names = side.pack.measures.level_names(side.interpreter.rulebase)
    for name in [*names, *sorted(set(order) - set(names), key=lambda level: order[level])]:
        found[name] = []
    for one, item in zip(calls.judgements, drug.measurements, strict=True):
        if one.level_order is not None:
            found[one.level].append(item.value)
    return {name: np.array(values) for name, values in found.items()}


def _levels(
    side: JudgedMeasures, drug: DrugMeasures, calls: Calls
) -> tuple[tuple[LevelValues, ...], LevelTrend | None]:
    by_level = level_values(side, drug, calls)
    bounds = Counter(
        one.level
        for one, item in zip(calls.judgements, drug.measurements, strict=True)
        if item.bound != "=" and one.level_order is not None
    )
    told = []
    for name, values in by_level.items():
        quartiles = [rounded(q) for q in np.percentile(values, [25, 50, 75])] if len(values) else [None] * 3
        told.append(
            LevelValues(
                level=name,
                n=len(values),
                bounds=bounds[name],
                quartile_1=quartiles[0],
                median=quartiles[1],
                quartile_3=quartiles[2],
            )
        )
    known = [at for at, one in enumerate(calls.judgements) if one.level_order is not None]
    steps = np.array([calls.judgements[at].level_order for at in known], np.float64)
    found = kendall(steps, drug.numbers[known]) if known else None
    if found is None:
        return tuple(told), None
    falls = [
        f"{high.level} below {low.level}"
        for low, high in pairwise([one for one in told if one.n])
        if low.median is not None and high.median is not None and high.median < low.median
    ]
    return tuple(told), LevelTrend(n=len(known), tau_b=found[0], p=found[1], falls=tuple(falls))


# --- false calls ------------------------------------------------------------------------------------------------------


def _false_calls(side: JudgedMeasures, drug: DrugMeasures, calls: Calls) -> dict[str, Any]:
    _, false_resistant, true_sensitive, false_sensitive = kinds(calls)
    conditions: dict[str, str] = {}
    if false_resistant.any() or false_sensitive.any():
        table = side.pack.curate.shown(side.interpreter.rulebase, drug.drug)
        conditions = {row.id: row.condition for row in table.rows}
    return {
        "false_resistant_calls": _by_rows(calls, false_resistant, conditions),
        "false_sensitive_calls": _by_rows(calls, false_sensitive, conditions),
        "missed_findings": _missed(side, drug, false_sensitive, true_sensitive),
    }


def _by_rows(calls: Calls, which: NDArray[np.bool_], conditions: Mapping[str, str]) -> tuple[FalseCalls, ...]:
    """False calls by the set of rows that spoke, the commonest first."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for at in np.flatnonzero(which):
        found[tuple(sorted(calls.judgements[at].rows))].append(calls.names[at])
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        FalseCalls(
            rows=rows,
            conditions=tuple(conditions.get(row, "") for row in rows),
            count=len(names),
            samples=tuple(sorted(names)[:_MOST_NAMES]),
        )
        for rows, names in ordered[:_MOST_CALLS]
    )


def _missed(
    side: JudgedMeasures, drug: DrugMeasures, false: NDArray[np.bool_], right: NDArray[np.bool_]
) -> tuple[MissedFinding, ...]:
    """What more of the false sensitive samples have than of the true sensitive ones; of each place the clearest."""
    if not false.any() or not right.any():
        return ()
    measures, interpreter = side.pack.measures, side.interpreter
    genotypes = side.measured.genotypes(drug)
    wrong = [genotypes[at] for at in np.flatnonzero(false)]
    others = [genotypes[at] for at in np.flatnonzero(right)]
    features = measures.candidates(interpreter, drug.drug, wrong)
    if not features:
        return ()
    of_wrong = measures.values(interpreter, drug.drug, features, wrong)
    of_others = measures.values(interpreter, drug.drug, features, others)
    best: dict[str, MissedFinding] = {}
    for number, feature in enumerate(features):
        count, among = int((of_wrong[:, number] > 0).sum()), int((of_others[:, number] > 0).sum())
        if count < 2:
            continue
        p = enriched(count, len(wrong), among, len(others))
        found = MissedFinding(finding=feature.when, count=count, of=len(wrong), among_right=among, right=len(others),
                              p=p)  # fmt: skip
        known = best.get(feature.place)
        if p < ALPHA and (known is None or (p, -count) < (known.p, -known.count)):
            best[feature.place] = found
    return tuple(sorted(best.values(), key=lambda one: (one.p, -one.count, one.finding))[:_MOST_FINDINGS])


# --- two rule sets ----------------------------------------------------------------------------------------------------


def _comparison(
    side: JudgedMeasures, calls: Mapping[str, Calls], against: JudgedMeasures, others: Mapping[str, Calls]
) -> RulesetComparison:
    pairs = [(name, other) for name in calls for other in _same_drugs(name, side, against) if other in others]
    paired_first, paired_second = {name for name, _ in pairs}, {name for _, name in pairs}
    return compared(
        [(calls[name], others[other]) for name, other in pairs],
        *labels(side.ruleset, against.ruleset),
        "sample",
        "samples",
        only_first=tuple(name for name in calls if name not in paired_first),
        only_second=tuple(name for name in others if name not in paired_second),
        notes=against.measured.notes,
    )


def labels(first: ValidatedRuleset, second: ValidatedRuleset) -> tuple[str, str]:
    """What two rule sets are called beside each other: their ids, with versions or digests where those are one."""
    if first.id != second.id:
        return first.id, second.id
    if first.version != second.version:
        return f"{first.id} {first.version}", f"{second.id} {second.version}"
    return f"{first.id} ({first.digest[:8]})", f"{second.id}, other ({second.digest[:8]})"


def _same_drugs(name: str, side: JudgedMeasures, against: JudgedMeasures) -> list[str]:
    """What the other rule set calls a drug: the same name, a name that it knows for it, or what the column became.

    A table that gives a drug by a name of its own is read by each rule set in its own way; drugs are one where they
    have the same values of the same lines.
    """
    others = against.measured.drugs
    if name in others:
        return [name]
    known = against.interpreter.rulebase.drug_by_name.get(name.casefold())
    if known is not None and known.name in others:
        return [known.name]
    own = _values_by_line(side.measured, side.measured.drugs[name])
    found = []
    for other, drug in others.items():
        if other in side.measured.drugs:
            continue
        theirs = _values_by_line(against.measured, drug)
        shared = own.keys() & theirs.keys()
        if shared and all(own[key] == theirs[key] for key in shared):
            found.append(other)
    return found


def _values_by_line(measured: MeasuredData, drug: DrugMeasures) -> dict[tuple[str, int], tuple[float, str]]:
    return {(measured.samples[item.sample].sample, item.line): (item.value, item.bound) for item in drug.measurements}
