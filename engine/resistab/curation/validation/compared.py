"""Two rule sets, or two versions of one, beside each other on the same samples: which is better, and beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.curation.validation.calls import Calls, DrawnPatients
from resistab.curation.validation.model import ComparedCalls, ComparedDrug, RulesetComparison
from resistab.curation.validation.statistics import (
    ALPHA,
    area,
    area_draws,
    clustered_mcnemar,
    holm,
    mcnemar,
    middle,
    rounded,
)
from resistab.report.words import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pair = tuple[Calls, Calls]

_EXACT = "McNemar, exact"
_CLUSTERED = "McNemar with patients as clusters (Obuchowski)"


def compared(pairs: Sequence[Pair], first: str, second: str, one: str, many: str, **more: Any) -> RulesetComparison:
    """Both rule sets on each drug and over all; ``pairs`` are what each says of one drug.

    ``first`` and ``second`` are the rule sets' names, ``one`` and ``many`` what a sample is called. A drug that stands
    in several pairs, because the second has several forms of it, counts over all with the first of them.
    """
    common = [shared(*pair) for pair in pairs]
    tests = [_test(pair) for pair in common]
    adjusted = holm([max(test["p"], test["p_by_patient"] or 0.0) for test in tests])
    drugs = tuple(
        ComparedDrug(
            drug=left.drug,
            against_drug=right.drug,
            different=sum(a.predicts != b.predicts for a, b in zip(left.judgements, right.judgements, strict=True)),
            **_told([(left, right)], test, p, first, second, one, many),
        )
        for (left, right), test, p in zip(common, tests, adjusted, strict=True)
    )
    once = list({left.drug: (left, right) for left, right in reversed(common)}.values())
    over_all = None
    if once:
        p = clustered_mcnemar(_differences(once))
        test = {"p": p, "p_by_patient": p, "test": _CLUSTERED}
        pairs_of = (f"pair of {one} and drug", f"pairs of {one} and drug")
        over_all = ComparedCalls(**_told(once, test, None, first, second, *pairs_of))
    return RulesetComparison(drugs=drugs, over_all=over_all, **more)


def shared(left: Calls, right: Calls) -> Pair:
    """Those samples alone that both have, whose truth is known and of which both rule sets predict something."""
    place = {key: at for at, key in enumerate(right.keys) if right.counted[at]}
    both = [(at, place[key]) for at, key in enumerate(left.keys) if left.counted[at] and key in place]
    return left.chosen([at for at, _ in both]), right.chosen([at for _, at in both])


def _right(calls: Calls) -> NDArray[np.bool_]:
    return np.equal(calls.predicted, calls.resistant)


def _test(pair: Pair) -> dict[str, Any]:
    left, right = map(_right, pair)
    several = len(set(pair[0].patients)) < len(pair[0].patients)
    return {
        "p": mcnemar(int((left & ~right).sum()), int((right & ~left).sum())),
        "p_by_patient": clustered_mcnemar(_differences([pair])) if several else None,
        "test": _EXACT,
    }


def _differences(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Of each patient how many pairs the first alone has right, less those that the second alone has right."""
    patients = DrawnPatients(left for left, _ in pairs)
    found = np.zeros(len(patients))
    for left, right in pairs:
        kinds = patients.counts(left, _right(left) & ~_right(right), _right(right) & ~_right(left))
        found += kinds[:, 0] - kinds[:, 1]
    return found


def _told(
    pairs: Sequence[Pair], test: dict[str, Any], adjusted: float | None, first: str, second: str, one: str, many: str
) -> dict[str, Any]:
    """The fields of ``ComparedCalls``."""
    patients = DrawnPatients(left for left, _ in pairs)
    rights = [(_right(left), _right(right)) for left, right in pairs]
    cells = [
        sum(int(((a == first_right) & (b == second_right)).sum()) for a, b in rights)
        for first_right, second_right in ((True, True), (True, False), (False, True), (False, False))
    ]
    told: dict[str, Any] = {
        "n": sum(cells),
        **dict(zip(("both_right", "only_first_right", "only_second_right", "both_wrong"), cells, strict=True)),
        **test,
        "p_adjusted": adjusted,
    }
    for prefix, side in (("", 0), ("against_", 1)):
        for name, resistant in (("sensitivity", True), ("specificity", False)):
            of = [pair[side].resistant == resistant for pair in pairs]
            total = sum(int(which.sum()) for which in of)
            hits = sum(int((which & right[side]).sum()) for which, right in zip(of, rights, strict=True))
            told[f"{prefix}{name}"] = rounded(hits / total) if total else None
    ranked = [(patients.ranking(left), patients.ranking(right)) for left, right in pairs]
    areas = [area([pair[side] for pair in ranked], len(patients)) for side in (0, 1)]
    told["auc"], told["against_auc"] = areas
    told["auc_difference"] = told["auc_difference_interval"] = None
    if areas[0] is not None and areas[1] is not None:
        drawn = [area_draws([pair[side] for pair in ranked], patients.draws) for side in (0, 1)]
        told["auc_difference"] = rounded(areas[0] - areas[1])
        told["auc_difference_interval"] = middle(drawn[0] - drawn[1])
    decisive = test["p"] if adjusted is None else adjusted
    told["better_calls"] = "" if decisive >= ALPHA else first if cells[1] > cells[2] else second
    interval = told["auc_difference_interval"]
    told["better_ranking"] = (
        "" if interval is None or interval[0] <= 0 <= interval[1] else first if interval[0] > 0 else second
    )
    told["said"] = _said(told, decisive, first, second, one, many)
    return told


def _said(told: dict[str, Any], p: float, first: str, second: str, one: str, many: str) -> str:
    """Which rule set is better and whether that is beyond chance, in a sentence or two."""
    if not told["n"]:
        return f"There is no {one} of which the truth is known and both predict something."
    left, right = told["only_first_right"], told["only_second_right"]
    if not left and not right:
        calls = f"Both make the same calls of {counted(told['n'], one, many)}."
    else:
        calls = (
            f"Of {counted(told['n'], one, many)} {first} alone is right in {left:,} and {second} alone in {right:,}: "
        )
        chance = f"p = {p:.2g}" if p >= 0.0001 else "p < 0.0001"
        better = told["better_calls"]
        calls += f"{better} calls better, beyond chance ({chance})." if better else f"no more than chance ({chance})."
    if told["auc_difference"] is None:
        return calls
    if told["better_ranking"]:
        difference, (low, high) = told["auc_difference"], told["auc_difference_interval"]
        return f"{calls} {told['better_ranking']} ranks them better (AUC {difference:+.3f}, {low:+.3f} to {high:+.3f})."
    return f"{calls} They rank them alike, as far as the data tell."
