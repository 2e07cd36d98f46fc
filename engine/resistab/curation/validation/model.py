"""What a validation says: models that become JSON, a page and the text in a terminal.

*Resistant* and *sensitive* of a sample are what was measured, or whether the patient responded. A *false resistant*
call is a sensitive sample that the rules call resistant, a *false sensitive* call the reverse. Shares are from 0 to 1,
and None where there is nothing to count.
"""

from __future__ import annotations

from typing import Literal

from resistab.core.verdict import ResultModel
from resistab.report.model import Software

Bounds = tuple[float, float]


class ValidatedRuleset(ResultModel):
    """The rule set whose verdicts are held against data."""

    id: str
    name: str
    version: str
    digest: str


class CallRates(ResultModel):
    """How often verdicts are right, with 95% intervals.

    ``in_rates`` are the samples that were called by the laboratory and judged by the rules. Intervals *by patient* draw
    patients, not samples; they are None where each patient has one sample. The bounds say between what a rate would lie
    if the samples that are not assessable were counted, all wrong and all right.
    """

    in_rates: int
    true_resistant: int
    false_resistant: int
    true_sensitive: int
    false_sensitive: int
    sensitivity: float | None
    sensitivity_interval: Bounds | None
    sensitivity_interval_by_patient: Bounds | None
    sensitivity_bounds: Bounds | None
    specificity: float | None
    specificity_interval: Bounds | None
    specificity_interval_by_patient: Bounds | None
    specificity_bounds: Bounds | None
    positive_predictive_value: float | None
    positive_predictive_value_interval: Bounds | None
    negative_predictive_value: float | None
    negative_predictive_value_interval: Bounds | None
    interval_method: str
    auc: float | None
    auc_interval: Bounds | None
    auc_interval_method: str


class LevelValues(ResultModel):
    """What was measured of the samples on one level; the quartiles are of values as measured, None without any."""

    level: str
    n: int
    bounds: int
    quartile_1: float | None
    median: float | None
    quartile_3: float | None


class LevelTrend(ResultModel):
    """Whether what was measured rises with the level: Kendall's tau-b with a two-sided p-value.

    ``falls`` names the neighbouring levels of which the higher has the lower median.
    """

    n: int
    tau_b: float
    p: float
    falls: tuple[str, ...]


class FalseCalls(ResultModel):
    """False calls that the same rows stand behind; no rows stand behind samples that no row speaks of."""

    rows: tuple[str, ...]
    conditions: tuple[str, ...]
    count: int
    samples: tuple[str, ...]


class MissedFinding(ResultModel):
    """What more of the false sensitive samples have than of the true sensitive ones; ``p`` is Fisher's, one-sided."""

    finding: str
    count: int
    of: int
    among_right: int
    right: int
    p: float


class NotAssessed(ResultModel):
    """Why samples have no verdict that predicts a response, and how many."""

    reason: str
    count: int


class DrugValidation(CallRates):
    """All that the data say of the verdicts on one drug.

    ``n`` samples of ``patients`` were measured. ``without_rates`` says why there are no rates, "" where there are.
    """

    drug: str
    n: int
    patients: int
    measure: str
    unit: str
    log: bool
    called: int
    resistant_from: float | None
    without_rates: str
    not_assessable: tuple[NotAssessed, ...]
    levels: tuple[LevelValues, ...]
    trend: LevelTrend | None
    false_resistant_calls: tuple[FalseCalls, ...]
    false_sensitive_calls: tuple[FalseCalls, ...]
    missed_findings: tuple[MissedFinding, ...]
    notes: tuple[str, ...]


class AllDrugs(CallRates):
    """The same over all drugs: ``n`` counts pairs of a sample and a drug."""

    n: int
    samples: int
    patients: int
    drugs: int
    not_assessable: int


class ComparedCalls(ResultModel):
    """Two rule sets on the same ``n`` samples; ``first`` is the rule set itself, ``second`` that it is held against.

    ``p`` is that of McNemar's test of right and wrong calls, ``p_by_patient`` that with patients as clusters, None
    where each has one sample; ``p_adjusted`` is the larger of both, adjusted by Holm for the number of drugs.
    ``better_calls`` and ``better_ranking`` name the rule set that is better beyond chance, "" where neither is.
    """

    n: int
    both_right: int
    only_first_right: int
    only_second_right: int
    both_wrong: int
    sensitivity: float | None
    against_sensitivity: float | None
    specificity: float | None
    against_specificity: float | None
    p: float
    p_by_patient: float | None
    p_adjusted: float | None
    test: str
    auc: float | None
    against_auc: float | None
    auc_difference: float | None
    auc_difference_interval: Bounds | None
    better_calls: str
    better_ranking: str
    said: str


class ComparedDrug(ComparedCalls):
    """Two rule sets on one drug, by the name that each has for it.

    ``different`` counts the samples of which they predict another response: resistant, intermediate or sensitive.
    """

    drug: str
    against_drug: str
    different: int


class RulesetComparison(ResultModel):
    """Two rule sets beside each other; drugs that only one knows are named."""

    drugs: tuple[ComparedDrug, ...]
    over_all: ComparedCalls | None
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    notes: tuple[str, ...]


class MeasuredValidation(ResultModel):
    """A rule set held against measurements, and where asked another beside it."""

    software: Software
    kind: Literal["measured"]
    ruleset: ValidatedRuleset
    files: tuple[str, ...]
    samples: int
    patients: int
    drugs: tuple[DrugValidation, ...]
    over_all: AllDrugs
    unknown_drugs: tuple[str, ...]
    set_aside: tuple[str, ...]
    notes: tuple[str, ...]
    against: ValidatedRuleset | None = None
    against_drugs: tuple[DrugValidation, ...] = ()
    against_over_all: AllDrugs | None = None
    comparison: RulesetComparison | None = None


class Survival(ResultModel):
    """Kaplan and Meier's estimate: the share without an event from each of ``days`` on, with its 95% interval.

    ``at_risk`` are those still followed just before that day. ``median`` is in days, None where it is not reached.
    """

    days: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: int
    median: float | None
    median_interval: tuple[float | None, float | None]


class VerdictOutcome(ResultModel):
    """What became of the therapies whose drug had one verdict; the response rate is of those that were evaluated."""

    verdict: str
    words: str
    n: int
    evaluated: int
    responded: int
    response_rate: float | None
    response_rate_interval: Bounds | None
    not_evaluated: int
    survival: Survival | None


class DrugOutcome(CallRates):
    """All that outcomes say of the verdicts on one drug, or over all drugs where ``drug`` is "".

    *Resistant* is a therapy without response. ``log_rank_p`` compares the times without progression of all verdicts
    that were given, ``hazard_ratio`` those with predicted resistance with those without (Cox 1972).
    """

    drug: str
    n: int
    patients: int
    verdicts: tuple[VerdictOutcome, ...]
    log_rank_p: float | None
    log_rank_groups: int
    hazard_ratio: float | None
    hazard_ratio_interval: Bounds | None
    without_time: int
    not_assessable: tuple[NotAssessed, ...]
    notes: tuple[str, ...]


class OutcomeValidation(ResultModel):
    """A rule set held against what happened to patients, and where asked another beside it."""

    software: Software
    kind: Literal["outcomes"]
    ruleset: ValidatedRuleset
    files: tuple[str, ...]
    therapies: int
    patients: int
    drugs: tuple[DrugOutcome, ...]
    over_all: DrugOutcome
    set_aside: tuple[str, ...]
    notes: tuple[str, ...]
    against: ValidatedRuleset | None = None
    against_drugs: tuple[DrugOutcome, ...] = ()
    against_over_all: DrugOutcome | None = None
    comparison: RulesetComparison | None = None
