"""The shipped cases of HIV-1: all hold, every drug has both kinds, every row is named."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from resistab.curation.cases import Coverage, Judgement, case_rules, coverage, judge, read_cases, table_rows
from resistab.curation.kit.case_rules import CaseRules
from resistab.domains.loading import load
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.rulesets.find import ruleset_folder

FOLDER = ruleset_folder("hiv1")
FILES = sorted(FOLDER.glob("cases/*.yaml"))


@cache
def virus() -> ViralInterpreter:
    return load("hiv1")


@cache
def rules() -> CaseRules:
    return case_rules(FOLDER, virus().rulebase)


@cache
def judged() -> tuple[Judgement, ...]:
    return tuple(judge(rules(), virus(), case) for case in read_cases(rules()))


@cache
def covered() -> Coverage:
    return coverage(rules(), judged())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_cases_of_a_file_hold(path: Path) -> None:
    of_file = [item for item in judged() if item.case.where.endswith(f"cases/{path.name}")]
    assert of_file
    assert {item.case.name: item.failures for item in of_file if item.failures} == {}


def test_every_drug_has_rows_that_must_and_must_not_fire() -> None:
    assert covered().tables
    assert [table.drug for table in covered().tables if not (table.must_fire and table.must_not_fire)] == []


def test_every_row_is_named_by_a_case() -> None:
    assert covered().share == 1
    assert covered().active == sum(len(rows) for rows in table_rows(rules()).values())
