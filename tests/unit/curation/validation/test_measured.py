"""Verdicts beside measured resistance: small tables worked out by hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resistab.core.faults import InputError
from resistab.curation.validation.measured import labels, validated
from resistab.curation.validation.model import DrugValidation, ValidatedRuleset
from tests.unit.curation.validation.tables import COLUMNS, ROWS, side, written


def only(path: Path) -> DrugValidation:
    (drug,) = validated(side(path), None, [path]).drugs
    return drug


def test_rates_follow_from_the_two_by_two_table(tmp_path: Path) -> None:
    drug = only(written(tmp_path))
    assert (drug.true_resistant, drug.false_sensitive) == (2, 1)
    assert (drug.true_sensitive, drug.false_resistant) == (1, 1)
    assert drug.sensitivity == pytest.approx(2 / 3, abs=1e-6)
    assert drug.specificity == 0.5
    assert drug.positive_predictive_value == pytest.approx(2 / 3, abs=1e-6)
    assert drug.negative_predictive_value == 0.5


def test_the_area_orders_by_level_and_score(tmp_path: Path) -> None:
    # Resistant are K103N twice and V179D, sensitive none and Y181C: of six pairs V179D below Y181C alone is wrong.
    assert only(written(tmp_path)).auc == pytest.approx(5 / 6, abs=1e-6)


def test_levels_have_their_quartiles(tmp_path: Path) -> None:
    levels = {level.level: level for level in only(written(tmp_path)).levels}
    high = levels["High-Level Resistance"]
    assert (high.n, high.median, high.quartile_1, high.bounds) == (2, 75, 62.5, 1)
    assert (levels["Low-Level Resistance"].n, levels["Low-Level Resistance"].median) == (0, None)


def test_false_calls_name_the_rows_behind_them(tmp_path: Path) -> None:
    drug = only(written(tmp_path))
    (resistant,), (sensitive,) = drug.false_resistant_calls, drug.false_sensitive_calls
    assert (resistant.rows, resistant.samples) == (("EFV-181",), ("s5",))
    assert "181C" in resistant.conditions[0]
    assert (sensitive.rows, sensitive.samples) == (("EFV-179",), ("s3",))


def test_what_false_sensitive_samples_have_is_found(tmp_path: Path) -> None:
    rows = [f"r{n},r{n},RT:V179D,EFV,fold change,9,3" for n in range(4)]
    rows += [f"w{n},w{n},RT:none,EFV,fold change,1,3" for n in range(6)]
    (found,) = only(written(tmp_path, rows)).missed_findings
    assert (found.finding, found.count, found.of, found.among_right, found.right) == ("179D", 4, 4, 0, 6)


def test_without_cutoff_or_call_there_are_levels_alone(tmp_path: Path) -> None:
    rows = [row.rsplit(",", 1)[0] + "," for row in ROWS]
    drug = only(written(tmp_path, rows))
    assert (drug.in_rates, drug.sensitivity, drug.auc) == (0, None, None)
    assert "neither a cutoff nor calls" in drug.without_rates
    assert drug.trend is not None and drug.trend.n == 5


def test_one_kind_alone_gives_what_can_be_said(tmp_path: Path) -> None:
    drug = only(written(tmp_path, ROWS[:3]))
    assert (drug.specificity, drug.auc) == (None, None)
    assert drug.sensitivity == pytest.approx(2 / 3, abs=1e-6)
    assert any("all samples in the rates are resistant" in note for note in drug.notes)


def test_what_is_not_assessable_is_counted_apart(tmp_path: Path) -> None:
    rows = [f"{row},{assayed}" for row, assayed in zip(ROWS, ["RT", "RT", "PR", "RT", "RT"], strict=True)]
    rows[2] = rows[2].replace("RT:V179D", "none")
    drug = only(written(tmp_path, rows, f"{COLUMNS},assayed"))
    assert [(one.reason, one.count) for one in drug.not_assessable] == [("RT was not sequenced", 1)]
    assert drug.sensitivity == 1.0
    assert drug.sensitivity_bounds == pytest.approx((2 / 3, 1.0), abs=1e-6)
    assert drug.specificity_bounds is None


def test_intermediate_stands_on_the_side_of_resistance(tmp_path: Path) -> None:
    path = written(tmp_path, ["s1,p1,RT:K103N,EFV,2,intermediate"], "sample,patient,mutations,drug,value,call")
    assert only(path).true_resistant == 1


def test_samples_of_one_patient_are_told_of(tmp_path: Path) -> None:
    rows = [row.replace(",p2,", ",p1,") for row in ROWS]
    drug = only(written(tmp_path, rows))
    assert drug.patients == 4
    assert drug.sensitivity_interval_by_patient is not None
    assert "5 samples are of 4 patients" in drug.notes[0]


def test_over_all_counts_pairs_of_sample_and_drug(tmp_path: Path) -> None:
    rows = [*ROWS, *(row.replace("EFV", "NVP") for row in ROWS)]
    path = written(tmp_path, rows)
    whole = validated(side(path), None, [path]).over_all
    assert (whole.n, whole.samples, whole.patients, whole.drugs, whole.in_rates) == (10, 5, 5, 2, 10)
    assert "bootstrap" in whole.interval_method


def test_only_what_is_asked_for_is_validated(tmp_path: Path) -> None:
    path = written(tmp_path, [*ROWS, *(row.replace("EFV", "NVP") for row in ROWS)])
    assert [drug.drug for drug in validated(side(path, drugs=["NVP"]), None, [path]).drugs] == ["NVP"]


def test_a_drug_without_values_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(InputError, match="no value of NVP was measured; expected one of the drugs that were: EFV"):
        side(path, drugs=["EFV", "NVP"])


def test_a_rule_set_beside_itself_is_no_better(tmp_path: Path) -> None:
    path = written(tmp_path)
    own = side(path)
    compared = validated(own, own, [path]).comparison
    assert compared is not None
    (drug,) = compared.drugs
    assert (drug.n, drug.both_right, drug.both_wrong, drug.different, drug.p) == (5, 3, 2, 0, 1.0)
    assert (drug.better_calls, drug.better_ranking, drug.auc_difference_interval) == ("", "", (0.0, 0.0))
    assert drug.said.startswith("Both make the same calls of 5 samples.")


def test_versions_of_one_rule_set_are_told_apart() -> None:
    one = ValidatedRuleset(id="a", name="A", version="1", digest="0" * 64)
    assert labels(one, one.model_copy(update={"version": "2"})) == ("a 1", "a 2")
    assert labels(one, one.model_copy(update={"digest": "1" * 64})) == ("a (00000000)", "a, other (11111111)")


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_order_of_lines_changes_nothing(tmp_path: Path, dice: random.Random) -> None:
    rows = [*ROWS, "s6,p1,RT:K103N L100I,EFV,fold change,90,3", "s7,p4,RT:V179D,EFV,fold change,0.9,3"]
    before = only(written(tmp_path, rows))
    dice.shuffle(rows)
    assert only(written(tmp_path, rows)) == before
