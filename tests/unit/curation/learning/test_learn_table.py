"""From measurements to a table with the account of it: cutoff, ceiling, refusals, and made-up data of known truth."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import resistab
from resistab.core.faults import InputError
from resistab.core.measured import Response
from resistab.curation.kit.measured.data import SCALES, Bound, DrugMeasures, MeasuredData, MeasuredSample, Measurement
from resistab.curation.learning.fitting import FitSettings
from resistab.curation.learning.learn import cutoff_of, learn_table, refuse_too_few, steps_of_learning, with_ceiling
from resistab.curation.learning.model import LearnedDrug
from resistab.domains.registry import pack_named
from tests.made_phenotypes import CEILING, made_samples, stanford_text

ON = datetime.date(2026, 11, 30)
FEW_FOLDS = FitSettings(folds=3)
R: Response = "resistant"
S: Response = "sensitive"
I: Response = "intermediate"  # noqa: E741


def drug_of(
    values: Sequence[float],
    calls: Sequence[Response | None],
    bounds: Sequence[Bound] = (),
    cutoff: float | None = None,
    scale: str = "fold change",
) -> DrugMeasures:
    """So many values, each of a sample of its own."""
    items = [
        Measurement(number, value, bounds[number] if bounds else "=", call, number + 2)
        for number, (value, call) in enumerate(zip(values, calls, strict=True))
    ]
    return DrugMeasures("EFV", SCALES[scale], tuple(items), cutoff)


def measured_of(drug: DrugMeasures, patients: Sequence[str] | None = None) -> MeasuredData:
    names = patients or [f"P{number}" for number in range(len(drug.measurements))]
    samples = tuple(MeasuredSample(str(number), name, None, number + 2) for number, name in enumerate(names))
    return MeasuredData(samples, {drug.drug: drug})


def lacking(drug: DrugMeasures, patients: Sequence[str] | None = None, folds: int = 5) -> list[str]:
    with pytest.raises(InputError) as error:
        refuse_too_few(measured_of(drug, patients), drug, folds, "made.tsv")
    return [str(fault) for fault in error.value.faults]


def test_a_stated_cutoff_is_taken_without_a_word() -> None:
    assert cutoff_of(drug_of([1, 20], [S, R], cutoff=10)) == (1.0, None)


def test_the_cutoff_is_the_least_value_called_resistant() -> None:
    cutoff, said = cutoff_of(drug_of([1, 2.9, 10, 50, 0.01], [S, S, R, R, None]))
    assert cutoff == pytest.approx(1.0)
    assert said is not None and "10, is the least value that is called resistant" in said


def test_intermediate_calls_are_on_the_side_of_resistance() -> None:
    assert cutoff_of(drug_of([1, 10, 100], [S, I, R]))[0] == pytest.approx(1.0)


def test_where_calls_overlap_most_fall_on_their_side() -> None:
    # From 10 on: six of seven are right; the sample of 20 is called susceptible.
    cutoff, said = cutoff_of(drug_of([1, 1, 1, 10, 20, 30, 40], [S, S, S, R, S, R, R]))
    assert cutoff == pytest.approx(1.0)
    assert said is not None and "the calls overlap" in said and "(6 of 7)" in said


def test_a_largest_value_that_many_share_is_a_ceiling() -> None:
    drug = drug_of([1] * 45 + [100] * 5, [S] * 45 + [R] * 5)
    bounds, said = with_ceiling(drug)
    assert bounds.tolist() == [0] * 45 + [1] * 5
    assert said is not None and said.startswith("5 samples (10%) share the largest value, 100")
    assert not drug.bounds.any()


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1.0] * 46 + [100.0] * 4, "fold change"),
        ([1.0] * 600 + [100.0] * 5, "fold change"),
        ([0.5] * 45 + [1.0] * 5, "AUC"),
    ],
    ids=["four samples", "less than a hundredth", "no logarithm"],
)
def test_a_largest_value_of_few_or_of_a_share_is_none(values: list[float], scale: str) -> None:
    assert with_ceiling(drug_of(values, [None] * len(values), scale=scale)) == (pytest.approx(0), None)


def test_bounds_that_were_told_are_kept_beside_the_ceiling() -> None:
    drug = drug_of([0.1] + [1] * 44 + [100] * 5, [S] * 45 + [R] * 5, ["<"] + ["="] * 49)
    assert with_ceiling(drug)[0].tolist() == [-1] + [0] * 44 + [1] * 5


@pytest.mark.parametrize(("kind", "resistant"), [("resistant", 4), ("susceptible", 56)])
def test_too_few_of_a_kind_are_refused_by_number(kind: str, resistant: int) -> None:
    (said,) = lacking(drug_of([1] * 60, [R] * resistant + [S] * (60 - resistant)))
    assert said == (
        f"made.tsv: EFV: 4 {kind} samples of 4 patients; expected samples of 10 patients that are {kind}: "
        "6 patients are lacking"
    )


@pytest.mark.parametrize(("call", "absent"), [(R, "susceptible"), (S, "resistant")])
def test_one_class_alone_is_refused(call: Response, absent: str) -> None:
    (said,) = lacking(drug_of([1] * 60, [call] * 60))
    assert f"EFV: 0 {absent} samples of 0 patients" in said
    assert "10 patients are lacking" in said


def test_everything_that_is_lacking_is_said_at_once() -> None:
    said = lacking(drug_of([1] * 10, [R] * 5 + [S] * 5), [f"P{number % 3}" for number in range(10)])
    assert [line.split("; ")[0] for line in said] == [
        "made.tsv: EFV: 5 resistant samples of 3 patients",
        "made.tsv: EFV: 5 susceptible samples of 3 patients",
        "made.tsv: EFV: 10 samples",
        "made.tsv: EFV: 3 patients cannot be parted into 5 folds",
    ]
    assert "50: 40 are lacking" in said[2]


def test_patients_count_and_not_samples() -> None:
    said = lacking(drug_of([1] * 60, [R] * 30 + [S] * 30), ["P1"] * 30 + [f"P{number}" for number in range(2, 32)])
    assert said[0].startswith("made.tsv: EFV: 30 resistant samples of 1 patient;")


def test_without_any_call_a_cutoff_is_asked_for() -> None:
    (said,) = lacking(drug_of([1] * 60, [None] * 60))
    assert "EFV: no value is called resistant or sensitive" in said
    assert "resistant_from" in said


def test_fewer_patients_than_folds_are_refused() -> None:
    patients = [f"P{number % 20}" for number in range(60)]
    (said,) = lacking(drug_of([1] * 60, [R, S] * 30), patients, folds=20 + 1)
    assert "20 patients cannot be parted into 21 folds" in said


@pytest.fixture(scope="module")
def hiv1() -> Any:
    return resistab.load("hiv1")


@pytest.fixture(scope="module")
def measured(hiv1: Any, tmp_path_factory: pytest.TempPathFactory) -> MeasuredData:
    path = tmp_path_factory.mktemp("made") / "made.tsv"
    path.write_text(stanford_text(made_samples()), "utf-8")
    found: MeasuredData = pack_named("virus").measures.read(hiv1, [path])
    return found


def learned(hiv1: Any, measured: MeasuredData, settings: FitSettings = FEW_FOLDS, **more: Any) -> LearnedDrug:
    return learn_table(
        pack_named("virus"), hiv1, measured, measured.drugs["EFV"],
        files=["made.tsv"], seed=1, settings=settings, on=ON, **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(hiv1: Any, measured: MeasuredData) -> LearnedDrug:
    return learned(hiv1, measured)


def test_patients_held_back_are_predicted_well(made: LearnedDrug) -> None:
    assert made.table.r2 > 0.95
    assert made.table.auc > 0.98
    assert made.table.accuracy > 0.95


def test_rows_are_the_mutations_that_count(made: LearnedDrug) -> None:
    rows = {row.when: row for row in made.table.rows}
    assert {"103N", "181C", "190A"} <= set(rows)
    # 135T is a polymorphism: it was put in without effect.
    assert [when for when in rows if "135" in when] == []
    assert rows["103N"].score > rows["190A"].score > rows["181C"].score > 0


def test_the_pair_that_was_put_in_is_a_row(made: LearnedDrug) -> None:
    (row,) = [row for row in made.table.rows if row.when == "65R and 184V"]
    assert row.low < row.high < 0


def test_a_ceiling_makes_no_pair_of_what_reaches_it(made: LearnedDrug) -> None:
    # 103N and 190A together go beyond the 100 that the assay tells, and not because of each other.
    assert [row.when for row in made.table.rows if row.when == "103N and 190A"] == []


def test_scores_are_worth_what_was_put_in(made: LearnedDrug) -> None:
    worth = {row.when: row.score * made.table.unit for row in made.table.rows}
    assert worth["181C"] == pytest.approx(0.6, abs=0.1)
    assert worth["190A"] == pytest.approx(0.9, abs=0.1)
    assert worth["103N"] == pytest.approx(1.6, abs=0.1)


def test_rows_say_how_many_samples_and_patients_hold_them(made: LearnedDrug) -> None:
    holding = sum("K103N" in sample.mutations for sample in made_samples())
    (row,) = [row for row in made.table.rows if row.when == "103N"]
    assert (row.samples, row.patients) == (holding, holding)


def test_the_table_says_how_it_was_learned(made: LearnedDrug) -> None:
    table = made.table
    assert (table.drug, table.ruleset, table.measure) == ("EFV", "hiv1", "fold change")
    assert (table.samples, table.patients, table.folds, table.seed) == (160, 160, 3, 1)
    assert (table.learned_from, table.learned_on) == (("made.tsv",), ON)
    assert table.ceiling == pytest.approx(np.log10(CEILING))


def test_cutoff_and_ceiling_are_said(made: LearnedDrug) -> None:
    notes = "\n".join(made.table.notes)
    assert "is the least value that is called resistant" in notes
    assert "share the largest value, 100" in notes


def test_levels_add_up_to_the_samples(made: LearnedDrug) -> None:
    assert sum(level.samples for level in made.levels) == made.table.samples
    assert sum(level.resistant for level in made.levels) == made.table.resistant


def test_what_was_measured_rises_with_the_level(made: LearnedDrug) -> None:
    medians = [level.median for level in made.levels if level.median is not None]
    assert len(medians) > 2
    assert medians == sorted(medians)


def test_the_learning_curve_ends_at_the_r2(made: LearnedDrug) -> None:
    assert made.curve[-1].r2 == made.table.r2
    # Of 107, 107 and 106 patients a quarter, half, three quarters and all, on average.
    assert [point.patients for point in made.curve] == [27, 54, 80, 107]


def test_each_fold_has_an_r2(made: LearnedDrug) -> None:
    assert len(made.fold_r2) == 3
    assert min(made.fold_r2) > 0.9


def test_the_expert_table_is_judged_on_the_same_samples(made: LearnedDrug) -> None:
    assert made.expert is not None
    assert (made.expert.ruleset, made.expert.samples) == ("hiv1", 160)


def test_errors_hold_most_of_the_samples_held_back(made: LearnedDrug) -> None:
    for error in made.table.errors:
        assert error.low < 0 < error.high
    assert sum(error.samples for error in made.table.errors) == 160


def test_steps_are_told_as_announced(hiv1: Any, measured: MeasuredData) -> None:
    told: list[None] = []
    learned(hiv1, measured, FitSettings(folds=2, pairs=False), step=lambda: told.append(None))
    assert len(told) == steps_of_learning(2)


def test_the_same_seed_gives_the_same_table(hiv1: Any, measured: MeasuredData, made: LearnedDrug) -> None:
    assert learned(hiv1, measured) == made


def test_samples_without_any_change_give_no_table(hiv1: Any, measured: MeasuredData) -> None:
    empty = dataclasses.replace(measured.samples[0].genotype, findings=())
    samples = tuple(dataclasses.replace(sample, genotype=empty) for sample in measured.samples)
    with pytest.raises(InputError, match="no sample has a change that a row could ask for"):
        learned(hiv1, dataclasses.replace(measured, samples=samples))


def test_changes_that_all_samples_have_give_no_table(hiv1: Any, measured: MeasuredData) -> None:
    alike = hiv1.genotype("RT:M41L, T215Y")
    samples = tuple(dataclasses.replace(sample, genotype=alike) for sample in measured.samples)
    with pytest.raises(InputError, match="of no change that the samples have a difference follows"):
        learned(hiv1, dataclasses.replace(measured, samples=samples))
