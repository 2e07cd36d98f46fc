"""Verdicts beside what happened: response rates and times without progression by verdict."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.curation.kit.measured.data import RuleJudgement
from resistab.curation.validation.calls import Calls, DrawnPatients, rates_of
from resistab.curation.validation.compared import compared
from resistab.curation.validation.measured import labels, ruleset_named
from resistab.curation.validation.model import (
    DrugOutcome,
    OutcomeValidation,
    RulesetComparison,
    Survival,
    VerdictOutcome,
)
from resistab.curation.validation.statistics import p_value, rounded, share_interval
from resistab.report.model import software_info
from resistab.report.words import counted

if TYPE_CHECKING:
    from resistab.curation.validation.outcomes import OutcomeTable, TherapyResult
    from resistab.domains.pack import Pack

# Where times of the two groups do not overlap there is no finite ratio, and what is fitted means nothing.
_LARGEST_LOG_RATIO = 12.0
_NOTHING = RuleJudgement("", "", None, None, None, (), "the rule set gives no verdict on this drug")


def validated(
    pack: Pack, interpreter: Any, table: OutcomeTable, other: Any = None, beside: OutcomeTable | None = None
) -> OutcomeValidation:
    """What the outcomes say of a rule set, and of another beside it, which read the same table as ``beside``."""
    judged = judgements(pack, interpreter, table.therapies)
    drugs, over_all = _by_drug(pack, table.therapies, judged)
    more: dict[str, Any] = {}
    notes: list[str] = []
    if other is not None and beside is not None:
        lines = {one.line for one in table.therapies}
        theirs = [one for one in beside.therapies if one.line in lines]
        their_judgements = judgements(pack, other, theirs)
        their_drugs, their_whole = _by_drug(pack, theirs, their_judgements)
        more = {
            "against": ruleset_named(other),
            "against_drugs": their_drugs,
            "against_over_all": their_whole,
            "comparison": _comparison(interpreter, other, table.therapies, judged, theirs, their_judgements),
        }
        if lost := len(lines) - len(theirs):
            notes.append(
                f"the second rule set has no table for the drug, or cannot read the sample, of {lost} therapies"
            )
    return OutcomeValidation(
        software=software_info(),
        kind="outcomes",
        ruleset=ruleset_named(interpreter),
        files=(table.path.name,),
        therapies=len(table.therapies),
        patients=len({one.patient for one in table.therapies}),
        drugs=drugs,
        over_all=over_all,
        set_aside=tuple(map(str, table.set_aside)),
        notes=tuple(notes),
        **more,
    )


def judgements(pack: Pack, interpreter: Any, therapies: Sequence[TherapyResult]) -> list[RuleJudgement]:
    """What the rule set says of the drug of each therapy, for the sample taken before it."""
    predicts = pack.report.VERDICTS.predicts
    reports: dict[str, Mapping[str, RuleJudgement]] = {}
    found = []
    for one in therapies:
        if one.sample not in reports:
            report = pack.report.interpreted(interpreter, one.genotype, None, True)
            reports[one.sample] = {
                verdict.drug: RuleJudgement(
                    verdict.verdict,
                    "",
                    None,
                    None,
                    predicts[verdict.verdict],
                    (),
                    verdict.reason if predicts[verdict.verdict] is None else "",
                )
                for verdict in report.verdicts
            }
        found.append(reports[one.sample].get(one.drug, _NOTHING))
    return found


def _calls(drug: str, therapies: Sequence[TherapyResult], judged: Sequence[RuleJudgement]) -> Calls:
    """Therapies as calls: one without response is resistant, one that was not evaluated has no truth."""
    return Calls(
        drug,
        tuple(one.line for one in therapies),
        tuple(one.sample for one in therapies),
        tuple(one.patient for one in therapies),
        tuple(None if one.answer == "not evaluated" else one.answer == "not responded" for one in therapies),
        tuple(judged),
    )


def _of_drug(
    drug: str, therapies: Sequence[TherapyResult], judged: Sequence[RuleJudgement]
) -> tuple[list[TherapyResult], list[RuleJudgement]]:
    which = [at for at, one in enumerate(therapies) if one.drug == drug]
    return [therapies[at] for at in which], [judged[at] for at in which]


def _by_drug(
    pack: Pack, therapies: Sequence[TherapyResult], judged: Sequence[RuleJudgement]
) -> tuple[tuple[DrugOutcome, ...], DrugOutcome]:
    names = sorted({one.drug for one in therapies})
    drugs = tuple(_outcome(pack, name, *_of_drug(name, therapies, judged)) for name in names)
    return drugs, _outcome(pack, "", therapies, judged)


def _outcome(pack: Pack, drug: str, therapies: Sequence[TherapyResult], judged: Sequence[RuleJudgement]) -> DrugOutcome:
    calls = _calls(drug, therapies, judged)
    patients = DrawnPatients([calls])
    several = len(patients) < len(therapies)
    groups = {
        words.name: [one for one, said in zip(therapies, judged, strict=True) if said.verdict == words.name]
        for words in pack.report.VERDICTS.verdicts
    }
    groups = {name: of for name, of in groups.items() if of}
    ratio, between = _hazard_ratio(therapies, judged)
    p, number = _log_rank(list(groups.values()))
    notes = []
    if several:
        notes.append(
            f"{counted(len(therapies), 'therapy', 'therapies')} are of {counted(len(patients), 'patient')}: those of "
            "one patient are alike, and both tests of times take them as if they were not; intervals of rates draw "
            "patients"
        )
    if drug == "" and len({one.drug for one in therapies}) > 1:
        notes.append("over all drugs verdicts and times of different drugs stand together, without strata")
    without = sum(one.days is None for one in therapies)
    if without:
        notes.append(f"{counted(without, 'therapy', 'therapies')} without any date after the start are in no curve")
    return DrugOutcome(
        drug=drug,
        n=len(therapies),
        patients=len(patients),
        verdicts=tuple(_verdict(pack, name, of) for name, of in groups.items()),
        log_rank_p=p,
        log_rank_groups=number,
        hazard_ratio=ratio,
        hazard_ratio_interval=between,
        without_time=without,
        not_assessable=calls.not_assessed(),
        notes=tuple(notes),
        **rates_of([calls], patients, by_patient=several),
    )


def _verdict(pack: Pack, name: str, therapies: Sequence[TherapyResult]) -> VerdictOutcome:
    evaluated = [one for one in therapies if one.answer != "not evaluated"]
    responded = sum(one.answer == "responded" for one in evaluated)
    return VerdictOutcome(
        verdict=name,
        words=pack.report.VERDICTS.words[name],
        n=len(therapies),
        evaluated=len(evaluated),
        responded=responded,
        response_rate=rounded(responded / len(evaluated)) if evaluated else None,
        response_rate_interval=share_interval(responded, len(evaluated)),
        not_evaluated=len(therapies) - len(evaluated),
        survival=survival([(one.days, one.progressed) for one in therapies if one.days is not None]),
    )


def survival(followed: Sequence[tuple[int, bool]]) -> Survival | None:
    """Kaplan and Meier's estimate of days, each with whether an event ended them; None of nobody."""
    if not followed:
        return None
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    ordered = sorted(followed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = KaplanMeierFitter().fit([days for days, _ in ordered], [event for _, event in ordered])
        table = fitter.event_table
        median = _finite(fitter.median_survival_time_)
        ends = median_survival_times(fitter.confidence_interval_).to_numpy().ravel()
    limits = fitter.confidence_interval_.to_numpy()
    return Survival(
        days=tuple(float(day) for day in table.index),
        share=tuple(rounded(value) for value in fitter.survival_function_.to_numpy().ravel()),
        low=tuple(rounded(value) for value in np.nan_to_num(limits[:, 0], nan=0.0)),
        high=tuple(rounded(value) for value in np.nan_to_num(limits[:, 1], nan=0.0)),
        at_risk=tuple(int(number) for number in table["at_risk"]),
        events=sum(event for _, event in ordered),
        median=median,
        median_interval=(_finite(ends[0]), _finite(ends[1])),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _log_rank(groups: Sequence[Sequence[TherapyResult]]) -> tuple[float | None, int]:
    """The log-rank p-value over groups with followed therapies, and their number; None where nothing can be tested."""
    times = [(number, one.days, one.progressed) for number, of in enumerate(groups) for one in of
             if one.days is not None]  # fmt: skip
    present = len({number for number, _, _ in times})
    if present < 2 or not any(event for _, _, event in times):
        return None, present
    from lifelines.statistics import multivariate_logrank_test

    times.sort()
    numbers, days, events = zip(*times, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = multivariate_logrank_test(np.array(days), np.array(numbers), np.array(events))
    return (p_value(found.p_value) if np.isfinite(found.p_value) else None), present


def _hazard_ratio(
    therapies: Sequence[TherapyResult], judged: Sequence[RuleJudgement]
) -> tuple[float | None, tuple[float, float] | None]:
    """How many times the hazard of progression is where resistance was predicted, with its 95% interval.

    By Cox's model with that one covariate. None where a group has no event, so that there is no finite estimate.
    """
    times = sorted(
        (bool(said.resistant), one.days, one.progressed)
        for one, said in zip(therapies, judged, strict=True)
        if one.days is not None and said.resistant is not None
    )
    if {resistant for resistant, _, event in times if event} != {True, False}:
        return None, None
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    frame = pd.DataFrame(times, columns=["resistant", "days", "event"]).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fitter = CoxPHFitter().fit(frame, "days", "event")
        except ConvergenceError:
            return None, None
    coefficient, (low, high) = float(fitter.params_.iloc[0]), fitter.confidence_intervals_.to_numpy().ravel()
    if not np.isfinite([coefficient, low, high]).all() or max(abs(low), abs(high)) > _LARGEST_LOG_RATIO:
        return None, None
    ratio, low, high = np.exp([coefficient, low, high])
    return rounded(ratio), (rounded(low), rounded(high))


def _comparison(
    interpreter: Any,
    other: Any,
    therapies: Sequence[TherapyResult],
    judged: Sequence[RuleJudgement],
    theirs: Sequence[TherapyResult],
    their_judgements: Sequence[RuleJudgement],
) -> RulesetComparison:
    at = {one.line: number for number, one in enumerate(theirs)}
    pairs = []
    for name in sorted({one.drug for one in therapies}):
        own, said = _of_drug(name, therapies, judged)
        same = [at[one.line] for one in own if one.line in at]
        if same:
            right = [theirs[number] for number in same]
            pairs.append(
                (_calls(name, own, said), _calls(right[0].drug, right, [their_judgements[number] for number in same]))
            )
    paired = {left.drug for left, _ in pairs}
    return compared(
        pairs,
        *labels(ruleset_named(interpreter), ruleset_named(other)),
        "therapy",
        "therapies",
        only_first=tuple(sorted({one.drug for one in therapies} - paired)),
        only_second=(),
        notes=(),
    )
