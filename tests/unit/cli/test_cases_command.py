"""``resistab test``: what it prints, and what passes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from resistab.cli import test as command
from resistab.core.faults import RulebaseError
from tests.paths import FIXTURES

CASE = """cases:
  - case: EGFR L858R with T790M
    tumour: LUAD
    findings: [EGFR L858R, EGFR T790M]
    expect:
      gefitinib: {verdict: resistant, rows: [GEF-003, GEF-001], silent: [GEF-004]}
"""
VIRUS_CASE = """cases:
  - case: M184V alone
    mutations: RT:M184V
    expect:
      3TC: {level: 5, rows: [3TC-184], silent: [3TC-65]}
"""

RuleSets = Callable[..., Path]


@pytest.fixture
def rulesets(tmp_path: Path) -> RuleSets:
    """Makes a folder of a rule set for tumours and one of a virus, with cases and a bound of coverage."""

    def made(tumours: str | None = CASE, virus: str | None = VIRUS_CASE, least: float = 0) -> Path:
        for name, cases in (("small", tumours), ("virus", virus)):
            folder = tmp_path / name
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(FIXTURES / ("small_rulebase" if name == "small" else "small_virus"), folder)
            text = (folder / "ruleset.yaml").read_text("utf-8")
            curation = f"curation: {{least_coverage: {least}}}\n"
            (folder / "ruleset.yaml").write_text(text + curation, "utf-8")
            if cases is not None:
                (folder / "cases").mkdir()
                (folder / "cases" / "some.yaml").write_text(cases, "utf-8")
        return tmp_path

    return made


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["test", *map(str, arguments)])


def document(*arguments: str | Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(run(*arguments, "--format", "json").stdout)
    return parsed


def text_of(result: Result) -> str:
    return re.sub(r"\s+", " ", result.stdout)


def test_cases_that_hold_pass(rulesets: RuleSets) -> None:
    result = run(rulesets())
    assert result.exit_code == 0
    assert "small 1.0.0: 1 case, 1 expectation, 0 cases failed" in text_of(result)
    assert "small-virus 1.0.0: 1 case, 1 expectation, 0 cases failed" in text_of(result)
    assert text_of(result).strip().endswith("passed")


def test_one_rule_set_may_be_named(rulesets: RuleSets) -> None:
    assert [each["ruleset"] for each in document(rulesets())["rulesets"]] == ["small", "small-virus"]
    assert [each["ruleset"] for each in document(rulesets() / "virus")["rulesets"]] == ["small-virus"]


def test_a_case_that_fails_is_told_with_the_rows_responsible(rulesets: RuleSets) -> None:
    wrong = CASE.replace("verdict: resistant, rows: [GEF-003, GEF-001]", "verdict: sensitive, rows: [GEF-001, GEF-005]")
    result = run(rulesets(tumours=wrong))
    assert result.exit_code == 1
    for said in (
        "FAILED small/cases/some.yaml:2: EGFR L858R with T790M",
        "verdict: expected sensitive, found resistant",
        "rows: expected GEF-001, GEF-005, found GEF-003, GEF-001",
        "GEF-003 fired, and should not: EGFR T790M",
        "GEF-005 did not fire: conclusion bypass-is-the-only-route",
        "failed: small",
    ):
        assert said in text_of(result)


def test_the_same_for_programs(rulesets: RuleSets) -> None:
    found = document(rulesets(tumours=CASE.replace("verdict: resistant", "verdict: sensitive")))
    assert found["passed"] is False
    small, virus = found["rulesets"]
    assert (small["passed"], virus["passed"]) == (False, True)
    assert small["failures"] == [
        {
            "case": "EGFR L858R with T790M",
            "file": "small/cases/some.yaml",
            "line": 2,
            "drug": "gefitinib",
            "differences": [{"what": "verdict", "expected": "sensitive", "found": "resistant"}],
            "fired": ["GEF-003", "GEF-001"],
            "missing": [],
            "unexpected": [],
        }
    ]
    # Two of ten active rows.
    coverage = small["coverage"]
    assert (coverage["active"], coverage["fired"], coverage["share"], coverage["enough"]) == (10, 2, 0.2, True)
    assert coverage["tables"][0] == {
        "drug": "gefitinib",
        "active": 4,
        "fired": 2,
        "must_fire": 1,
        "must_not_fire": 1,
        "unasked": [],
        "never": ["GEF-004", "GEF-005"],
    }


def test_rows_that_no_case_fired_are_named_by_table(rulesets: RuleSets) -> None:
    said = text_of(run(rulesets() / "small"))
    assert "2 of 10 active rows fired as a case asks (20.0%)" in said
    assert "Rows that no case fired: gefitinib: GEF-004, GEF-005" in said
    assert "Rows that fired and that no case names: osimertinib: OSI-001, OSI-002" in said


@pytest.mark.parametrize(("least", "code"), [(0.1, 0), (0.2, 0), (0.21, 1)])
def test_less_coverage_than_the_manifest_asks_for_fails(rulesets: RuleSets, least: float, code: int) -> None:
    result = run(rulesets(least=least) / "small")
    assert result.exit_code == code
    assert f"at least {least:.0%} is asked" in text_of(result)


def test_without_a_case_nothing_passes(rulesets: RuleSets) -> None:
    result = run(rulesets(tumours=None))
    assert result.exit_code == 1
    assert "small 1.0.0: no case" in text_of(result)
    assert "failed: small" in text_of(result)
    assert run(rulesets(tumours=None, virus=None)).exit_code == 1


def test_chosen_cases_are_run_alone_and_without_a_bound(rulesets: RuleSets) -> None:
    result = run(rulesets(least=0.9), "--case", "t790m", "--verbose")
    assert result.exit_code == 0
    assert "held small/cases/some.yaml:2: EGFR L858R with T790M" in text_of(result)
    assert "active rows" not in text_of(result)


def test_a_text_that_no_case_has_fails(rulesets: RuleSets) -> None:
    result = run(rulesets(), "--case", "nothing like it")
    assert result.exit_code == 1
    assert "failed: no case was run" in text_of(result)


def test_faults_of_all_rule_sets_are_told_together(rulesets: RuleSets) -> None:
    folder = rulesets(tumours=CASE.replace("GEF-004", "GEF-044"), virus=VIRUS_CASE.replace("3TC-65", "3TC-66"))
    error = run(folder).exception
    assert isinstance(error, RulebaseError)
    assert [fault.where for fault in error.faults] == ["small/cases/some.yaml", "virus/cases/some.yaml"]


def test_a_folder_without_a_rule_set_is_refused(tmp_path: Path) -> None:
    error = run(tmp_path).exception
    assert isinstance(error, RulebaseError)
    assert "holds no rule set" in str(error)
