"""Outcomes by verdict: response rates and times, beside what is worked out by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from resistab.curation.validation.model import DrugOutcome, OutcomeValidation
from resistab.curation.validation.outcomes import read_outcomes
from resistab.curation.validation.survival import survival, validated
from tests.paths import EXAMPLES
from tests.unit.curation.validation.tables import opened, written
from tools import made_outcomes

COLUMNS = "patient,sample,mutations,drug,start,best_response,progression,last_seen"
ROWS = (
    "p1,s1,RT:K103N,EFV,2020-01-01,not suppressed,2020-01-31,",
    "p2,s2,RT:K103N,EFV,2020-01-01,not suppressed,2020-02-10,",
    "p3,s3,RT:K103N,EFV,2020-01-01,suppressed,2020-04-01,",
    "p4,s4,RT:none,EFV,2020-01-01,suppressed,2020-12-31,",
    "p5,s5,RT:none,EFV,2020-01-01,suppressed,,2021-01-01",
    "p6,s6,RT:none,EFV,2020-01-01,not suppressed,2020-08-01,",
)


def outcomes(folder: Path, *rows: str) -> OutcomeValidation:
    pack, interpreter = opened()
    return validated(pack, interpreter, read_outcomes(pack, interpreter, written(folder, rows, COLUMNS)))


def only(folder: Path, *rows: str) -> DrugOutcome:
    (drug,) = outcomes(folder, *rows).drugs
    return drug


def test_kaplan_and_meier_of_five_patients() -> None:
    # Events at 10, 30 and 50, censored at 20 and 40: 4/5, then times 2/3, then times 0/1.
    found = survival([(10, True), (20, False), (30, True), (40, False), (50, True)])
    assert found is not None
    at = dict(zip(found.days, found.share, strict=True))
    assert (at[10], at[20], at[30], at[50]) == pytest.approx((0.8, 0.8, 0.8 * 2 / 3, 0.0), abs=1e-6)
    assert (found.events, found.median) == (3, 50)
    assert dict(zip(found.days, found.at_risk, strict=True))[30] == 3


def test_a_median_may_not_be_reached() -> None:
    found = survival([(10, True), (20, False), (30, False)])
    assert found is not None and found.median is None


def test_response_rates_stand_by_verdict_in_order(tmp_path: Path) -> None:
    drug = only(tmp_path, *ROWS)
    assert [(one.verdict, one.responded, one.evaluated) for one in drug.verdicts] == [
        ("resistant", 1, 3),
        ("no_resistance_found", 2, 3),
    ]


def test_resistance_is_held_against_no_response(tmp_path: Path) -> None:
    drug = only(tmp_path, *ROWS)
    assert (drug.true_resistant, drug.false_sensitive, drug.true_sensitive, drug.false_resistant) == (2, 1, 2, 1)


def test_log_rank_of_six_patients(tmp_path: Path) -> None:
    # At each event those expected of the resistant: 3/6, 2/5, 1/4, then none are left: 1.15, where 3 were seen.
    # Variance 1/4 + 6/25 + 3/16 = 0.6775, chi-squared (3 - 1.15)² / 0.6775 = 5.052.
    assert only(tmp_path, *ROWS).log_rank_p == pytest.approx(0.0246, abs=1e-4)


def test_times_that_do_not_overlap_give_no_ratio(tmp_path: Path) -> None:
    assert only(tmp_path, *ROWS).hazard_ratio is None


def test_one_verdict_alone_gives_no_test(tmp_path: Path) -> None:
    drug = only(tmp_path, *ROWS[:3])
    assert (drug.log_rank_p, drug.log_rank_groups) == (None, 1)


def test_who_was_not_evaluated_is_in_no_rate(tmp_path: Path) -> None:
    drug = only(tmp_path, *ROWS[:5], ROWS[5].replace("not suppressed", "NE"))
    assert [(one.n, one.evaluated, one.not_evaluated) for one in drug.verdicts] == [(3, 3, 0), (3, 2, 1)]


def test_therapies_of_one_patient_are_told_of(tmp_path: Path) -> None:
    drug = only(tmp_path, *ROWS[:5], ROWS[5].replace("p6", "p5").replace("2020-01-01", "2019-01-01"))
    assert drug.patients == 5
    assert "6 therapies are of 5 patients" in drug.notes[0]


def test_the_order_of_lines_changes_nothing(tmp_path: Path) -> None:
    assert only(tmp_path, *reversed(ROWS)) == only(tmp_path, *ROWS)


# --- the example ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lung() -> OutcomeValidation:
    pack, interpreter = opened("oncology")
    table = read_outcomes(pack, interpreter, EXAMPLES / "lung_outcomes.csv")
    return validated(pack, interpreter, table)


def test_the_example_is_what_its_program_makes() -> None:
    assert (EXAMPLES / "lung_outcomes.csv").read_text(encoding="utf-8") == made_outcomes.made()


def test_the_rules_find_who_was_made_resistant(lung: OutcomeValidation) -> None:
    """The verdicts on the invented patients are the hidden truth, but for those who were not tested."""
    with (EXAMPLES / "lung_outcomes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    resistant = sum(
        any(row["drug"] in made_outcomes.DEFEATED[part] for part in row["findings"].split("; ")[1:]) for row in rows
    )
    untested = sum(row["assayed"] == "ALK" for row in rows)
    found = {one.verdict: one.n for one in lung.over_all.verdicts}
    assert found == {"resistant": resistant, "sensitive": len(rows) - resistant - untested, "not_assessable": untested}


@pytest.mark.parametrize("kind", ["resistant", "sensitive"])
def test_response_rates_cover_the_truth(lung: OutcomeValidation, kind: str) -> None:
    (one,) = (one for one in lung.over_all.verdicts if one.verdict == kind)
    assert one.response_rate_interval is not None
    low, high = one.response_rate_interval
    assert low <= made_outcomes.RESPONSE_RATE[kind] <= high


def test_the_hazard_ratio_covers_the_truth(lung: OutcomeValidation) -> None:
    assert lung.over_all.hazard_ratio_interval is not None
    low, high = lung.over_all.hazard_ratio_interval
    assert low <= made_outcomes.HAZARD_RATIO <= high


def test_the_log_rank_test_sees_the_difference(lung: OutcomeValidation) -> None:
    assert all(drug.log_rank_p is not None and drug.log_rank_p < 0.001 for drug in lung.drugs)
