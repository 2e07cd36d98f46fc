"""Each lint of a virus's rule set, by a rule set that has this fault and no other."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.curation.kit.lints import Lint
from resistab.domains.virus.curate import lint
from resistab.domains.virus.kinds.loader import load_viral_folder
from tests.paths import SMALL_VIRUS as SMALL
from tests.rulesets import edited

ON = datetime.date(2026, 11, 22)
AZT, DTG, ATV = "tables/AZT.yaml", "tables/DTG.yaml", "tables/ATV_r.yaml"


def lints_of(folder: Path, on: datetime.date = ON) -> list[Lint]:
    return sorted(lint(load_viral_folder(folder), folder, on))


@pytest.fixture(scope="module")
def before() -> list[Lint]:
    return lints_of(SMALL)


@pytest.fixture
def changed(tmp_path, before):
    """The lints that the small rule set has after one text was put in the place of another."""

    def lints(name: str, old: str, new: str, on: datetime.date = ON) -> list[Lint]:
        folder = edited(SMALL, tmp_path / "virus", {name: (old, new)})
        return [found for found in lints_of(folder, on) if found not in before]

    return lints


def shown(lints: list[Lint]) -> list[tuple[str, str, str]]:
    return [(found.code, found.file, found.rule) for found in lints]


def test_the_small_rule_set_lacks_a_table_and_cases(before):
    assert shown(before) == [("RT619", "drugs.yaml", "DRV/r"), ("RT623", "ruleset.yaml", "small-virus")]


def test_combination_that_can_never_hold(changed):
    found = changed(AZT, "when: 67N and not 184I/V", "when: 67N and not 67N/G")
    assert shown(found) == [("RT651", AZT, "AZT-without-184")]
    assert found[0].message == "'67N and not 67G/N' never holds"


def test_rule_that_can_never_hold(changed):
    assert shown(changed(ATV, "when: 50L", "when: 50L and not 50L")) == [("RT651", "tables/ATVr.yaml", "ATV-50")]


def test_residue_under_two_keys_of_a_line(changed):
    found = changed(AZT, "{N: 15, G/H: 10, del: 30}", "{N: 15, G/N: 10, del: 30}")
    assert shown(found) == [("RT652", AZT, "AZT-67")]
    assert found[0].message == "67N has the scores 15 and 10; only 15 counts"


def test_largest_of_with_a_score_that_never_counts(changed):
    found = changed(AZT, "{when: 41L and 215A/C, score: 5}", "{when: 41L and 215F, score: 5}")
    assert shown(found) == [("RT653", AZT, "AZT-41-215")]
    assert found[0].message == "'41L and 215F' (5) never counts beside '41L and 215F/Y' (10)"


def test_largest_of_with_more_for_the_narrower_is_no_lint(changed):
    assert changed(AZT, "{when: 41L and 215A/C, score: 5}", "{when: 41L and 215F, score: 15}") == []


def test_largest_of_with_equal_scores_keeps_the_wider(changed):
    found = changed(AZT, "{when: 41L and 215A/C, score: 5}", "{when: 41L, score: 10}")
    assert [one.message for one in found] == ["'41L and 215F/Y' (10) never counts beside '41L' (10)"]


def test_largest_of_with_one_condition_twice_names_the_second(changed):
    found = changed(AZT, "{when: 41L and 215A/C, score: 5}", "{when: 215F/Y and 41L, score: 10}")
    assert [one.message for one in found] == ["'215F/Y and 41L' (10) never counts beside '41L and 215F/Y' (10)"]


def test_two_identical_combinations(changed):
    old = "  - id: AZT-without-184\n"
    found = changed(AZT, old, f"  - {{id: AZT-again, when: 67N and not 184V/I, score: 5}}\n{old}")
    assert shown(found) == [("RT654", AZT, "AZT-without-184")]
    assert found[0].message == "it holds exactly where AZT-again does, and both scores are added"


def test_rule_that_another_makes_redundant(changed):
    found = changed(ATV, "    level: 5\n", "    level: 3\n  - {id: ATV-wide, when: 50L/V, level: 3}\n")
    assert shown(found) == [("RT655", "tables/ATVr.yaml", "ATV-50")]
    assert found[0].message == "ATV-wide holds wherever it holds, and gives as much"


def test_rule_with_a_comment_of_its_own_is_not_redundant(changed):
    rules = "  - {id: DTG-wide, when: 118R/K, level: 5}\n  - id: DTG-118\n"
    assert changed(DTG, "  - id: DTG-118\n", rules) == []


def test_a_higher_level_for_the_narrower_is_not_redundant(changed):
    assert changed(ATV, "    level: 5\n", "    level: 5\n  - {id: ATV-wide, when: 50L/V, level: 3}\n") == []


def test_combination_that_holds_in_mixtures_only(changed):
    found = changed(AZT, "when: 67N and not 184I/V", "when: 67N and 67G")
    assert shown(found) == [("RT656", AZT, "AZT-without-184")]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [("41: {L: 15}", "41: {L: 0}", "AZT-41"), ("    score: 5\n", "    score: 0\n", "AZT-without-184")],
)
def test_score_of_0(changed, old, new, place):
    assert shown(changed(AZT, old, new)) == [("RT657", AZT, place)]


def test_comment_without_a_condition_that_no_rule_names(changed):
    found = changed("comments/IN.yaml", "comments:\n", "comments:\n  - {id: IN-1, text: Never given.}\n")
    assert shown(found) == [("RT658", "comments/IN.yaml", "IN-1")]


def test_comment_whose_condition_never_holds(changed):
    found = changed("comments/RT.yaml", "when: 65N/R", "when: 65N and not 65N/R")
    assert shown(found) == [("RT658", "comments/RT.yaml", "RT-65")]


def test_mutation_types_at_a_position_that_no_rule_scores(changed):
    found = changed("mutation_types.yaml", "Accessory: {67: N}", "Accessory: {67: N, 118: I, 333: E}")
    assert shown(found) == [("RT659", "mutation_types.yaml", "NRTI")]
    assert found[0].message == "no table of the class speaks of positions 118, 333"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{drug: AZT, levels: [1, 2]}", "{drug: DRV/r, levels: [1, 2]}", "DRV/r has no table"),
        ("{drug: AZT, levels: [1, 2]}", "{drug: ATV/r, levels: [2, 4]}", "ATV/r never has level 2, 4"),
    ],
)
def test_comment_on_a_result_that_cannot_be(changed, old, new, message):
    found = changed("result_comments.yaml", old, new)
    assert shown(found) == [("RT660", "result_comments.yaml", "zidovudine-kept")]
    assert found[0].message == message


def test_gene_without_drugs(changed):
    found = changed("genes.yaml", "    drug_classes: [INSTI]\n", "    drug_classes: [INSTI]\n  - symbol: CA\n")
    assert shown(found) == [("RT620", "genes.yaml", "CA")]


def test_rule_set_that_was_to_be_read_again(changed):
    found = changed("ruleset.yaml", "date: 2026-11-01\nlicence", "date: 2024-11-01\nlicence")
    assert shown(found) == [("RT609", "ruleset.yaml", "small-virus")]


def test_drugs_without_cases(changed, tmp_path):
    folder = tmp_path / "cases-too"
    shutil.copytree(SMALL, folder)
    (folder / "cases").mkdir()
    case = "cases:\n  - case: M184V\n    mutations: RT:M184V\n    expect: {3TC: {sir: R}, AZT: {sir: S, level: 1}}\n"
    (folder / "cases" / "rt.yaml").write_text(case, encoding="utf-8")
    found = [one for one in shown(lints_of(folder)) if one[0] in ("RT621", "RT622")]
    assert found == [
        ("RT622", "tables/3TC.yaml", "3TC"),
        ("RT621", "tables/ATVr.yaml", "ATV/r"),
        ("RT622", "tables/ATVr.yaml", "ATV/r"),
        ("RT621", "tables/AZT.yaml", "AZT"),
        ("RT621", "tables/DTG.yaml", "DTG"),
        ("RT622", "tables/DTG.yaml", "DTG"),
    ]
