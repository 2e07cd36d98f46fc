"""What rules say of samples beside the truth, as arrays; and how often the two agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.curation.validation.model import Bounds, NotAssessed
from resistab.curation.validation.statistics import (
    Ranking,
    area,
    area_draws,
    draws,
    middle,
    quotients,
    ranking,
    rounded,
    share_interval,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.curation.kit.measured.data import RuleJudgement

BY_PATIENT = "percentile bootstrap of patients, 1,000 draws"
WILSON = "Wilson, each sample counted as independent"
_RATES = ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value")


@dataclass(frozen=True)
class Calls:
    """The samples of one drug, entry by entry: what is true of each, and what the rules say.

    ``keys`` tell samples apart, so that those of two rule sets can be paired. ``truth`` is whether a sample is
    resistant, None where nobody called it. ``judgements`` hold what the rules say.
    """

    drug: str
    keys: tuple[Hashable, ...]
    names: tuple[str, ...]
    patients: tuple[str, ...]
    truth: tuple[bool | None, ...]
    judgements: tuple[RuleJudgement, ...]

    @cached_property
    def called(self) -> NDArray[np.bool_]:
        """Of which samples the truth is known."""
        return np.array([one is not None for one in self.truth], np.bool_)

    @cached_property
    def resistant(self) -> NDArray[np.bool_]:
        """Which samples are known to be resistant."""
        return np.array([bool(one) for one in self.truth], np.bool_)

    @cached_property
    def judged(self) -> NDArray[np.bool_]:
        """Of which samples the rules predict something."""
        return np.array([one.resistant is not None for one in self.judgements], np.bool_)

    @cached_property
    def predicted(self) -> NDArray[np.bool_]:
        """Of which samples the rules predict resistance."""
        return np.array([bool(one.resistant) for one in self.judgements], np.bool_)

    @cached_property
    def order(self) -> NDArray[np.float64]:
        """How resistant each sample is taken to be, not a number where that is not said."""
        return np.array([np.nan if one.order is None else one.order for one in self.judgements], np.float64)

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Which samples go into rates."""
        return self.called & self.judged

    @cached_property
    def ranked(self) -> NDArray[np.bool_]:
        """Which samples go into the area under the curve."""
        return self.called & np.isfinite(self.order)

    def chosen(self, which: Sequence[int]) -> Calls:
        """The same with these entries alone, in this order."""
        return Calls(
            self.drug,
            tuple(self.keys[at] for at in which),
            tuple(self.names[at] for at in which),
            tuple(self.patients[at] for at in which),
            tuple(self.truth[at] for at in which),
            tuple(self.judgements[at] for at in which),
        )

    def not_assessed(self) -> tuple[NotAssessed, ...]:
        """Why samples have no verdict that predicts anything, the commonest reason first."""
        reasons = Counter(
            one.reason or one.verdict.replace("_", " ") for one in self.judgements if one.resistant is None
        )
        ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        return tuple(NotAssessed(reason=reason, count=count) for reason, count in ordered)


class DrawnPatients:
    """The patients behind calls, each with a number, and how often each is drawn."""

    def __init__(self, calls: Iterable[Calls]) -> None:
        self.names = sorted({patient for one in calls for patient in one.patients})
        self._number = {name: number for number, name in enumerate(self.names)}
        self.draws = draws(len(self.names)) if self.names else np.zeros((0, 0))

    def __len__(self) -> int:
        return len(self.names)

    def numbers(self, calls: Calls, which: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The number of the patient of each chosen entry."""
        chosen = (name for name, wanted in zip(calls.patients, which, strict=True) if wanted)
        return np.array([self._number[name] for name in chosen], np.intp)

    def ranking(self, calls: Calls) -> Ranking:
        """How the order of the rules parts resistant samples from sensitive ones."""
        of = calls.ranked
        return ranking(calls.order[of], calls.resistant[of], self.numbers(calls, of), len(self))

    def counts(self, calls: Calls, *which: NDArray[np.bool_]) -> NDArray[np.float64]:
        """How many entries each patient has of each kind: patients by kinds."""
        found = np.zeros((len(self), len(which)))
        for kind, of in enumerate(which):
            np.add.at(found[:, kind], self.numbers(calls, of), 1)
        return found


def kinds(calls: Calls) -> tuple[NDArray[np.bool_], ...]:
    """Which entries are true resistant, false resistant, true sensitive and false sensitive calls."""
    of, true, said = calls.counted, calls.resistant, calls.predicted
    return of & true & said, of & ~true & said, of & ~true & ~said, of & true & ~said


def rates_of(calls: Sequence[Calls], patients: DrawnPatients, by_patient: bool) -> dict[str, Any]:
    """The fields of ``CallRates`` over all of these.

    ``by_patient`` asks for intervals of rates from the bootstrap of patients, as where a sample counts under several
    drugs; else they are Wilson's.
    """
    counts = np.array([[of.sum() for of in kinds(one)] for one in calls], np.int64).reshape(-1, 4).sum(axis=0)
    true_resistant, false_resistant, true_sensitive, false_sensitive = map(int, counts)
    told: dict[str, Any] = {
        "in_rates": int(counts.sum()),
        "true_resistant": true_resistant,
        "false_resistant": false_resistant,
        "true_sensitive": true_sensitive,
        "false_sensitive": false_sensitive,
        "interval_method": BY_PATIENT if by_patient else WILSON,
        "auc_interval_method": BY_PATIENT,
    }
    shares = {
        "sensitivity": (true_resistant, true_resistant + false_sensitive),
        "specificity": (true_sensitive, true_sensitive + false_resistant),
        "positive_predictive_value": (true_resistant, true_resistant + false_resistant),
        "negative_predictive_value": (true_sensitive, true_sensitive + false_sensitive),
    }
    several = by_patient or len(patients) < sum(len(one.keys) for one in calls)
    drawn = _drawn_rates(calls, patients) if several and counts.sum() else {}
    for name in _RATES:
        count, of = shares[name]
        told[name] = rounded(count / of) if of else None
        if not of:
            told[f"{name}_interval"] = None
        else:
            told[f"{name}_interval"] = drawn[name] if by_patient else share_interval(count, of)
    for name, resistant in (("sensitivity", True), ("specificity", False)):
        told[f"{name}_interval_by_patient"] = drawn.get(name) if shares[name][1] else None
        unjudged = sum(int((one.called & ~one.judged & (one.resistant == resistant)).sum()) for one in calls)
        count, of = shares[name]
        told[f"{name}_bounds"] = (
            (rounded(count / (of + unjudged)), rounded((count + unjudged) / (of + unjudged))) if unjudged else None
        )
    rankings = [patients.ranking(one) for one in calls]
    told["auc"] = area(rankings, len(patients))
    told["auc_interval"] = None if told["auc"] is None else middle(area_draws(rankings, patients.draws))
    return told


def _drawn_rates(calls: Sequence[Calls], patients: DrawnPatients) -> dict[str, Bounds | None]:
    counts = np.zeros((len(patients), 4))
    for one in calls:
        counts += patients.counts(one, *kinds(one))
    tp, fp, tn, fn = (patients.draws @ counts).T
    parts = {
        "sensitivity": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "positive_predictive_value": (tp, tp + fp),
        "negative_predictive_value": (tn, tn + fn),
    }
    return {name: middle(quotients(count, of)) for name, (count, of) in parts.items()}
