"""Two rule sets beside each other: counts and tests beside what is worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from resistab.curation.kit.measured.data import RuleJudgement
from resistab.curation.validation.calls import Calls
from resistab.curation.validation.compared import compared
from resistab.domains.virus.measures.reading import drugs_meant

TRUTH = (True, True, True, False, False, False)


def calls(said: str, drug: str = "EFV", patients: str = "abcdef", truth: tuple[bool | None, ...] = TRUTH) -> Calls:
    """Calls of six samples: R, S, or ? where nothing is predicted."""
    responses: dict[str, Any] = {"R": "resistant", "S": "sensitive", "?": None}
    judgements = tuple(
        RuleJudgement(word, word, None, None if word == "?" else float(word == "R"), responses[word], ())
        for word in said
    )
    names = tuple(str(number) for number in range(len(said)))
    return Calls(drug, names, names, tuple(patients), truth, judgements)


def beside(*pairs: tuple[Calls, Calls]) -> Any:
    return compared(pairs, "one", "other", "sample", "samples", only_first=(), only_second=(), notes=())


def test_the_four_cells_are_counted() -> None:
    (drug,) = beside((calls("RRSSSR"), calls("RSSSRS"))).drugs
    cells = (drug.both_right, drug.only_first_right, drug.only_second_right, drug.both_wrong)
    assert cells == (2, 2, 1, 1)
    assert drug.p == 1.0
    assert (drug.sensitivity, drug.against_sensitivity) == pytest.approx((2 / 3, 1 / 3), abs=1e-6)
    assert (drug.specificity, drug.against_specificity) == pytest.approx((2 / 3, 2 / 3), abs=1e-6)


def test_areas_are_subtracted() -> None:
    # The first: 2 of 3 resistant and 1 of 3 sensitive are called R: 4 wins, 4 ties of 9 pairs. The second orders all.
    (drug,) = beside((calls("RRSSSR"), calls("RRRSSS"))).drugs
    assert (drug.auc, drug.against_auc) == pytest.approx((6 / 9, 1.0), abs=1e-6)
    assert drug.auc_difference == pytest.approx(-1 / 3, abs=1e-6)


def test_only_samples_that_both_judge_are_compared() -> None:
    (drug,) = beside((calls("RR?SSS"), calls("?RRSSS"))).drugs
    assert drug.n == 4


def test_what_nobody_called_is_not_compared() -> None:
    truth = (True, None, True, False, False, None)
    (drug,) = beside((calls("RRRSSS", truth=truth), calls("RRRSSS", truth=truth))).drugs
    assert drug.n == 4


def test_one_is_better_only_beyond_chance() -> None:
    few = beside((calls("RRRSSS"), calls("SSSSSS"))).drugs[0]
    many = beside((calls("RRRSSS" * 4, patients="abcdefghijklmnopqrstuvwx", truth=TRUTH * 4),
                   calls("SSSSSS" * 4, patients="abcdefghijklmnopqrstuvwx", truth=TRUTH * 4))).drugs[0]  # fmt: skip
    assert (few.better_calls, few.p) == ("", 0.25)
    assert (many.better_calls, many.p) == ("one", 0.0004883)
    assert "one calls better, beyond chance (p = 0.00049)" in many.said


def test_over_all_patients_are_the_clusters() -> None:
    # Twelve pairs of one patient: (12)² / 12² = 1, one degree of freedom, though each pair alone would be clear.
    pair = (
        calls("RRRSSS" * 4, patients="a" * 24, truth=TRUTH * 4),
        calls("SSSSSS" * 4, patients="a" * 24, truth=TRUTH * 4),
    )
    assert beside(pair).over_all.p == pytest.approx(0.3173, abs=1e-4)


def test_samples_of_one_patient_prove_nothing() -> None:
    truth = TRUTH * 4
    one, other = (calls(said * 4, patients="a" * 24, truth=truth) for said in ("RRRSSS", "SSSSSS"))
    (drug,) = beside((one, other)).drugs
    assert (drug.p, drug.p_by_patient, drug.better_calls) == (0.0004883, 0.3173, "")


def test_further_forms_of_a_drug_count_once_over_all() -> None:
    found = beside((calls("RRRSSS"), calls("RRRSSS", "EFV_QD")), (calls("RRRSSS"), calls("SSSSSS", "EFV_BID")))
    assert [drug.against_drug for drug in found.drugs] == ["EFV_QD", "EFV_BID"]
    assert (found.over_all.n, found.over_all.both_right) == (6, 6)


def test_nothing_in_common_is_said() -> None:
    (drug,) = beside((calls("??????"), calls("RRRSSS"))).drugs
    assert (drug.n, drug.auc, drug.said) == (
        0, None, "There is no sample of which the truth is known and both predict something.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DRV", ("DRV/r_QD", "DRV/r_BID")),
        ("drv/r_qd", ("DRV/r_QD",)),
        ("ATV", ("ATV/r",)),
        ("EFV", ("EFV",)),
        ("X", ()),
    ],
)
def test_a_measured_drug_is_each_form_that_a_rule_set_knows(name: str, meant: tuple[str, ...]) -> None:
    drugs = [SimpleNamespace(name=one) for one in ("DRV/r_QD", "DRV/r_BID", "ATV/r", "EFV")]
    rulebase: Any = SimpleNamespace(drugs=drugs, drug_by_name={drug.name.casefold(): drug for drug in drugs})
    assert drugs_meant(rulebase, name) == meant
