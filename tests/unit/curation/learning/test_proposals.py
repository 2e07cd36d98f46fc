"""What measurements ask to change in an expert table, where it is known what each mutation does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import resistab
from resistab.curation.learning.proposals import Proposed, effects, proposals_for
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder
from resistab.rulesets.learned import LearnedTable
from tests.unit.curation.learning.invented import invented

# 103N has a row, 98G one that these folds do not bear out; 135L has none and does much, 39A and 211Q do nothing.
EFFECTS = {"RT:K103N": 1.3, "RT:I135L": 0.8, "RT:Y188L": 1.5}
SHARES = {"RT:K103N": 0.3, "RT:I135L": 0.1, "RT:Y188L": 0.1, "RT:A98G": 0.15, "RT:T39A": 0.2, "RT:R211Q": 0.1}
PASSENGERS = {"RT:V35M": "RT:K103N"}


@pytest.fixture(scope="module")
def hiv1() -> Any:
    return resistab.load("hiv1")


def proposed(hiv1: Any, path: Path, drug: str = "EFV", rows: tuple[Any, ...] = ()) -> Proposed:
    """The proposals, in points of 0.03 each: 15 points are a fold of nearly 3."""
    pack = pack_of(ruleset_folder("hiv1"))
    measured = pack.measures.read(hiv1, [path])
    table = LearnedTable.model_construct(drug=drug, unit=0.03, rows=rows)
    return proposals_for(pack, hiv1, measured, measured.drugs[drug], table)


@pytest.fixture(scope="module")
def found(hiv1: Any, tmp_path_factory: pytest.TempPathFactory) -> Proposed:
    return proposed(hiv1, invented(tmp_path_factory.mktemp("data") / "efv.csv", EFFECTS, SHARES, PASSENGERS))


def test_a_mutation_that_matters_is_proposed(found: Proposed) -> None:
    (added,) = [one for one in found.proposals if one.kind == "add row"]
    assert added.when == "135L" and added.row is None and added.expert is None
    assert added.low < 0.8 / 0.03 < added.high and added.q < 0.001
    assert added.score == round(added.estimate)


def test_it_tells_samples_patients_and_medians(found: Proposed) -> None:
    added = next(one for one in found.proposals if one.when == "135L")
    assert 20 < added.patients < added.samples < 50
    assert added.median_rest is not None and added.median > 3 * added.median_rest
    assert added.says.startswith(f"135L has no row for EFV, and in {added.samples} samples")


def test_a_passenger_of_a_known_mutation_is_not(found: Proposed) -> None:
    assert found.candidates >= 4
    assert "35M" not in {one.when for one in found.proposals}


def test_a_row_whose_mutation_does_nothing_is_listed(found: Proposed) -> None:
    (idle,) = [one for one in found.proposals if one.kind == "row without support"]
    assert (idle.row, idle.when, idle.expert, idle.score) == ("EFV-98", "98G", 10, None)
    assert idle.high < 5 and idle.q < 0.05


def test_rows_that_bear_out_are_not_listed(found: Proposed) -> None:
    assert not {"EFV-103", "EFV-188"} & {one.row for one in found.proposals}


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_values_ask_for_no_row(hiv1: Any, tmp_path: Path, seed: int) -> None:
    path = invented(tmp_path / "efv.csv", EFFECTS, SHARES, PASSENGERS, seed=seed, shuffled=True)
    assert [one.when for one in proposed(hiv1, path).proposals if one.kind == "add row"] == []


def test_the_same_measurements_give_the_same(hiv1: Any, tmp_path: Path, found: Proposed) -> None:
    path = invented(tmp_path / "again.csv", EFFECTS, SHARES, PASSENGERS)
    assert proposed(hiv1, path) == found


def test_few_patients_are_no_reason(hiv1: Any, tmp_path: Path) -> None:
    rare = {**SHARES, "RT:I135L": 0.008}
    path = invented(tmp_path / "efv.csv", EFFECTS, rare, PASSENGERS)
    assert path.read_text("utf-8").count("I135L") in range(1, 5)
    assert "135L" not in {one.when for one in proposed(hiv1, path).proposals}


def test_an_effect_below_a_step_is_not_proposed(hiv1: Any, tmp_path: Path) -> None:
    small = {**EFFECTS, "RT:I135L": 0.09}
    path = invented(tmp_path / "efv.csv", small, SHARES, PASSENGERS, patients=800)
    assert "135L" not in {one.when for one in proposed(hiv1, path).proposals}


def test_a_mutation_that_makes_susceptible_is_proposed(hiv1: Any, tmp_path: Path) -> None:
    path = invented(tmp_path / "efv.csv", {**EFFECTS, "RT:I135L": -0.6}, SHARES, PASSENGERS)
    (added,) = [one for one in proposed(hiv1, path).proposals if one.kind == "add row"]
    assert added.when == "135L" and added.high < 0 and (added.score or 0) < 0


def test_what_only_a_ceiling_shows_is_not_known(hiv1: Any, tmp_path: Path) -> None:
    """135L is seen at the most that the assay tells alone, always behind 103N: its effect is unknown."""
    path = invented(
        tmp_path / "efv.csv", {"RT:K103N": 2.5}, {"RT:K103N": 0.4, "RT:T39A": 0.2}, {"RT:I135L": "RT:K103N"}
    )
    lines = path.read_text("utf-8").splitlines()
    capped = [lines[0]]
    for line in lines[1:]:
        *rest, value, cutoff = line.split(",")
        capped.append(",".join([*rest, "100" if float(value) > 100 else value, cutoff]))
    path.write_text("\n".join(capped) + "\n", "utf-8")
    assert proposed(hiv1, path).proposals == ()


def test_errors_are_those_of_leaving_patients_out() -> None:
    """CR3 in closed form is the jackknife that fits anew without each patient, up to its centre."""
    chance = np.random.default_rng(3)
    patients = np.array([f"p{number // 2}" for number in range(60)])
    x = (chance.random((60, 2)) < 0.4).astype(float)
    y = x @ np.array([1.0, -0.5]) + chance.normal(0, 0.3, 60)
    found = effects(x, y, patients)
    design = np.column_stack([np.ones(60), x])
    whole = np.linalg.lstsq(design, y, rcond=None)[0]
    np.testing.assert_allclose(found.estimate, whole[1:], rtol=1e-9)
    moved = [
        np.linalg.lstsq(design[patients != one], y[patients != one], rcond=None)[0] - whole for one in set(patients)
    ]
    expected = np.sqrt(np.sum(np.array(moved) ** 2, axis=0))[1:]
    np.testing.assert_allclose(found.error, expected, rtol=1e-6)


def test_columns_that_are_alike_have_no_effect_of_their_own() -> None:
    chance = np.random.default_rng(4)
    one = (chance.random(50) < 0.4).astype(float)
    found = effects(np.column_stack([one, one]), one + chance.normal(0, 0.1, 50), np.array([str(n) for n in range(50)]))
    assert np.isnan(found.estimate).all() and np.isnan(found.error).all()
