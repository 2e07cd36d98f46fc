"""A validation as text for a person in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from resistab.curation.validation.model import (
    DrugOutcome,
    DrugValidation,
    FalseCalls,
    MeasuredValidation,
    OutcomeValidation,
    RulesetComparison,
    ValidatedRuleset,
)
from resistab.curation.validation.words import chance, days, false_rows, interval, share
from resistab.report.console import grid, labelled, plain, say
from resistab.report.words import counted

if TYPE_CHECKING:
    from rich.console import Console

    from resistab.curation.validation.model import AllDrugs, CallRates

_MOST_ASIDE = 10
_RATES = "Sensitivity, specificity, predictive values (PPV, NPV) and AUC, with 95% intervals"


def print_validation(console: Console, found: MeasuredValidation | OutcomeValidation) -> None:
    """Print all that is found."""
    if isinstance(found, MeasuredValidation):
        _measured(console, found)
    else:
        _outcomes(console, found)
    for text in found.set_aside[:_MOST_ASIDE]:
        labelled(console, "Set aside", text)
    if len(found.set_aside) > _MOST_ASIDE:
        say(console, f"{len(found.set_aside) - _MOST_ASIDE:,} more lines were set aside; --json names all.", "dim")
    for note in found.notes:
        labelled(console, "Note", note)


def _heading(console: Console, ruleset: ValidatedRuleset, about: str) -> None:
    say(console, f"{ruleset.name} {ruleset.version} ({ruleset.id}, digest {ruleset.digest[:12]})", "bold")
    say(console, about)


def _measured(console: Console, found: MeasuredValidation) -> None:
    about = f"held against {counted(found.samples, 'sample')} of {counted(found.patients, 'patient')} in "
    _heading(console, found.ruleset, about + ", ".join(found.files))
    _rates_table(console, _RATES, found.drugs, found.over_all)
    if found.against is not None and found.against_over_all is not None:
        title = f"The same of {found.against.name} {found.against.version} ({found.against.id})"
        _rates_table(console, title, found.against_drugs, found.against_over_all)
    if found.comparison is not None:
        _comparison(console, found.comparison)
    for drug in found.drugs:
        _drug(console, drug)
    if found.unknown_drugs:
        labelled(console, "Not known to the rule set", ", ".join(found.unknown_drugs))


def _rates_table(console: Console, title: str, drugs: Sequence[DrugValidation], over_all: AllDrugs) -> None:
    table = grid(title, "Drug", "n", "Sens.", "Spec.", "PPV", "NPV", "AUC")
    for drug in drugs:
        table.add_row(drug.drug, f"{drug.n:,}", *_rates(drug))
    if len(drugs) > 1:
        table.add_row(plain("all", "bold"), f"{over_all.n:,}", *_rates(over_all))
    console.print(table)


def _rates(rates: CallRates) -> Iterable[str]:
    for value, between in (
        (rates.sensitivity, rates.sensitivity_interval),
        (rates.specificity, rates.specificity_interval),
        (rates.positive_predictive_value, rates.positive_predictive_value_interval),
        (rates.negative_predictive_value, rates.negative_predictive_value_interval),
    ):
        yield f"{share(value)}\n{interval(between).strip('()')}".strip()
    area = "–" if rates.auc is None else f"{rates.auc:.3f}"
    yield f"{area}\n{interval(rates.auc_interval, 3).strip('()')}".strip()


def _drug(console: Console, drug: DrugValidation) -> None:
    table = grid(f"{drug.drug}: {drug.measure} by level", "Level", "n", "Lower quartile", "Median", "Upper quartile")
    for level in drug.levels:
        quartiles = (level.quartile_1, level.median, level.quartile_3)
        table.add_row(level.level, f"{level.n:,}", *("–" if q is None else f"{q:.3g}" for q in quartiles))
    console.print(table)
    if drug.trend is not None:
        falls = f"; the median falls: {', '.join(drug.trend.falls)}" if drug.trend.falls else ""
        say(console, f"Trend over levels: Kendall's tau-b {drug.trend.tau_b:.3f}, {chance(drug.trend.p)}{falls}.")
    if drug.without_rates:
        say(console, f"No rates: {drug.without_rates}.", "yellow")
    _false(console, "False resistant", drug.false_resistant, drug.false_resistant_calls)
    _false(console, "False sensitive", drug.false_sensitive, drug.false_sensitive_calls)
    if drug.missed_findings:
        told = (
            f"{one.finding} (in {one.count} of {one.of}, and in {one.among_right} of {one.right} rightly sensitive)"
            for one in drug.missed_findings
        )
        labelled(console, "More often in false sensitive", "; ".join(told))
    _rest(console, drug)


def _false(console: Console, label: str, total: int, calls: Sequence[FalseCalls]) -> None:
    if total:
        told = "; ".join(f"{one.count} by {false_rows(one)} ({', '.join(one.samples)})" for one in calls)
        labelled(console, f"{label}, {total} in all", told)


def _rest(console: Console, drug: DrugValidation | DrugOutcome) -> None:
    for reason in drug.not_assessable:
        labelled(console, "Not assessable", f"{reason.count:,}: {reason.reason}")
    for name, bounds in (("sensitivity", drug.sensitivity_bounds), ("specificity", drug.specificity_bounds)):
        if bounds is not None:
            say(console, f"With these counted, {name} would lie from {share(bounds[0])} to {share(bounds[1])}.")
    for note in drug.notes:
        labelled(console, "Note", note)


def _comparison(console: Console, compared: RulesetComparison) -> None:
    say(console, "Beside each other, on the samples that both judge", "bold")
    for drug in compared.drugs:
        name = drug.drug if drug.drug == drug.against_drug else f"{drug.drug} and {drug.against_drug}"
        labelled(console, name, drug.said)
    if compared.over_all is not None and len(compared.drugs) > 1:
        labelled(console, "Over all", compared.over_all.said)
    for label, names in (("the first", compared.only_first), ("the second", compared.only_second)):
        if names:
            labelled(console, f"Only {label} knows", ", ".join(names))
    for note in compared.notes:
        labelled(console, "Note", f"as the second reads it: {note}")


def _outcomes(console: Console, found: OutcomeValidation) -> None:
    about = f"held against {counted(found.therapies, 'therapy', 'therapies')} of {counted(found.patients, 'patient')} "
    _heading(console, found.ruleset, about + f"in {', '.join(found.files)}")
    for drug in _shown(found.drugs, found.over_all):
        _outcome(console, drug)
    if found.against is not None and found.against_over_all is not None:
        say(console, f"The same of {found.against.name} {found.against.version} ({found.against.id})", "bold")
        for drug in _shown(found.against_drugs, found.against_over_all):
            _outcome(console, drug)
    if found.comparison is not None:
        _comparison(console, found.comparison)


def _shown(drugs: Sequence[DrugOutcome], over_all: DrugOutcome) -> list[DrugOutcome]:
    return [*drugs, over_all] if len(drugs) > 1 else list(drugs)


def _outcome(console: Console, drug: DrugOutcome) -> None:
    title = f"{drug.drug or 'All drugs'}: {counted(drug.n, 'therapy', 'therapies')}"
    table = grid(title, "Verdict", "n", "Responded", "Rate", "Median time without progression")
    for one in drug.verdicts:
        median = "–" if one.survival is None else days(one.survival.median, one.survival.median_interval)
        rate = f"{share(one.response_rate)} {interval(one.response_rate_interval)}".strip()
        table.add_row(one.words, f"{one.n:,}", f"{one.responded:,} of {one.evaluated:,}", rate, median)
    console.print(table)
    if drug.log_rank_p is not None:
        say(console, f"Log-rank test of {drug.log_rank_groups} verdicts: {chance(drug.log_rank_p)}.")
    if drug.hazard_ratio is not None:
        between = drug.hazard_ratio_interval
        limits = f" (95% interval {between[0]:.2f} to {between[1]:.2f})" if between else ""
        say(console, f"Hazard of progression where resistance was predicted: {drug.hazard_ratio:.2f} times{limits}.")
    if drug.in_rates:
        sensitivity = f"{share(drug.sensitivity)} {interval(drug.sensitivity_interval)}".strip()
        specificity = f"{share(drug.specificity)} {interval(drug.specificity_interval)}".strip()
        say(
            console,
            f"Resistance was predicted in {sensitivity} of the therapies without response (sensitivity), and none in "
            f"{specificity} of those with one (specificity).",
        )
    _rest(console, drug)
