"""Each lint of regimens and of rules for combining, by a rule set that has this fault and no other."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from resistab.domains.virus.curate import lint
from resistab.domains.virus.kinds.loader import load_viral_folder
from tests.domains.virus.curate.regimen_files import REGIMENS, RULES, with_regimens

ON = datetime.date(2026, 11, 30)


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    return with_regimens(tmp_path / "virus")


def warnings(ruleset: Path) -> list[tuple[str, str, str]]:
    found = lint(load_viral_folder(ruleset), ruleset, ON)
    return [(one.code, one.rule, one.message) for one in found if one.code in ("RT636", "RT637", "RT638")]


def test_regimens_as_they_are(ruleset: Path) -> None:
    assert not warnings(ruleset)


def test_drug_of_regimens_without_a_table(ruleset: Path) -> None:
    (ruleset / "regimens/insti.yaml").write_text(REGIMENS.replace("[DTG, 3TC]", "[DTG, DRV/r]"), encoding="utf-8")
    message = "DRV/r has no table, so that its activity in REG-INSTI-001 is not known"
    assert warnings(ruleset) == [("RT636", "DRV/r", message)]


def test_setting_that_no_regimen_has(ruleset: Path) -> None:
    manifest = (ruleset / "ruleset.yaml").read_text(encoding="utf-8")
    more = manifest.replace("least_gss: 2}]", "least_gss: 2}, {setting: switch}]")
    (ruleset / "ruleset.yaml").write_text(more, encoding="utf-8")
    assert warnings(ruleset) == [("RT637", "switch", "no active regimen is for the setting 'switch'")]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("together: [[3TC], [3TC]]", "what it asks for together is one drug"),
        ("together: [[3TC], [AZT]]\n    number: 1", "it asks for 2 drugs together, and for 1 at most"),
        ("drugs: [DTG]\n    only: [NRTI]", "DTG is none of the drugs that it allows"),
        ("drugs: [3TC]\n    unless: [[NRTI]]", "what it asks for always lifts it"),
        ("drugs: [3TC]\n    partners: [[NRTI]]", "what it asks for always is a partner"),
    ],
)
def test_rule_for_combining_that_can_never_apply(ruleset: Path, new: str, reason: str) -> None:
    (ruleset / "regimens/rules/all.yaml").write_text(RULES.replace("together: [[AZT], [3TC]]", new), encoding="utf-8")
    assert warnings(ruleset) == [("RT638", "CMB-HIV-001", f"it can never apply: {reason}")]


def test_review_of_a_regimen_that_is_overdue(ruleset: Path) -> None:
    later = datetime.date(2032, 1, 1)
    found = {(one.code, one.file, one.rule) for one in lint(load_viral_folder(ruleset), ruleset, later)}
    assert {("RT609", "regimens", "REG-INSTI-001"), ("RT609", "regimens/rules", "CMB-HIV-001")} <= found
