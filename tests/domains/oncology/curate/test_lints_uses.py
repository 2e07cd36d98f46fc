"""A drug that a table says is used, where no approval, guideline or label says so."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from resistab.domains.oncology.curate import lint
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from tests.conftest import RulebaseCopy

ON = datetime.date(2026, 11, 22)
USE = "further:\n  - drugs: [gefitinib]\n    uses:\n      - {tumour_types: [%s], basis: FDA label}\n"


def unfounded(folder: Path, code: str) -> list[tuple[str, str, str]]:
    (folder / "approvals.yaml").write_text(USE % code)
    found = lint(load_rulebase_folder(folder), folder, ON)
    return [(item.code, item.file, item.message) for item in found if item.code == "RT640" and "gef" in item.file]


def test_drug_said_to_be_used_where_nothing_says_so(small_rulebase_copy: RulebaseCopy) -> None:
    found = unfounded(small_rulebase_copy(), "MEL")
    assert found == [("RT640", "tables/gefitinib.yaml", "nothing says that gefitinib is used in NSCLC")]


@pytest.mark.parametrize("code", ["NSCLC", "LUNG", "LUAD"])
def test_use_in_the_type_above_or_below_it_suffices(small_rulebase_copy: RulebaseCopy, code: str) -> None:
    assert unfounded(small_rulebase_copy(), code) == []


def test_basis_of_the_indication_suffices(small_rulebase_copy: RulebaseCopy) -> None:
    based = {"tables/gefitinib.yaml": ("relevant: true\n", "relevant: true\n    basis: a guideline\n")}
    assert unfounded(small_rulebase_copy(replace=based), "MEL") == []


def test_rule_set_without_approvals_is_asked_for_none(small_rulebase_copy: RulebaseCopy) -> None:
    folder = small_rulebase_copy()
    found = lint(load_rulebase_folder(folder), folder, ON)
    assert [item for item in found if item.code == "RT640"] == []
