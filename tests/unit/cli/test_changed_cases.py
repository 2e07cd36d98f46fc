"""``resistab test --changed``: the cases that a change can reach, no fewer, and few others."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from resistab.cli import test as command
from resistab.core.faults import RulebaseError
from resistab.curation.cases import case_rules, earlier_cases, judge, mechanism_chains
from resistab.curation.changed import reached_cases
from resistab.curation.diff.rulesets import load_ruleset
from resistab.curation.kit.case_rules import Case, CaseRules
from resistab.domains.loading import load
from resistab.domains.registry import pack_of
from tests.paths import FIXTURES
from tests.rulesets import replace_once
from tests.unit.curation.diff_states import committed, git

CASES = """cases:
  - case: gefitinib meets T790M
    tumour: LUAD
    findings: [EGFR L858R, EGFR T790M]
    expect: {gefitinib: {verdict: resistant, rows: [GEF-003, GEF-001]}}
  - case: osimertinib meets MET
    tumour: LUAD
    findings: [EGFR T790M, MET amplification]
    expect: {osimertinib: {rows: [OSI-004, OSI-001], through: [BYP-002]}}
  - case: vemurafenib meets NRAS
    tumour: MEL
    findings: [BRAF V600E, NRAS Q61K]
    expect: {vemurafenib: {verdict: resistant, rows: [VEM-002, VEM-001]}}
  - case: vemurafenib after gefitinib
    tumour: MEL
    findings: [BRAF V600E]
    assayed: [NRAS, MAP2K1]
    prior: [gefitinib]
    expect: {vemurafenib: {rows: [VEM-001]}}
"""
VIRUS_CASES = """cases:
  - case: M184V and 3TC
    mutations: RT:M184V
    expect: {3TC: {level: 5, rows: [3TC-184]}}
  - case: T215Y and AZT
    mutations: RT:T215Y
    expect: {AZT: {rows: [AZT-215]}}
  - case: comments of T215Y
    mutations: RT:T215Y
    expect: {AZT: {rows: [AZT-215]}}
    comments: []
"""
GEFITINIB, VEMURAFENIB = "tables/gefitinib.yaml", "tables/vemurafenib.yaml"
EGFR_CASES = {"gefitinib meets T790M", "osimertinib meets MET"}
BRAF_CASES = {"vemurafenib meets NRAS", "vemurafenib after gefitinib"}
# By name the file, what stands there, what it becomes, and the cases that it reaches.
EDITS = {
    "a row": (VEMURAFENIB, "when: any substitution at BRAF V600\n", "when: BRAF V600E\n", BRAF_CASES),
    "a row of the class": (GEFITINIB, "when: EGFR T790M\n", "when: EGFR T790M or EGFR C797S\n", EGFR_CASES),
    "an indication": (VEMURAFENIB, "relevant: true", "relevant: false", BRAF_CASES),
    "a rule that leads to a drug": ("mechanisms/map_kinase_pathway.yaml", "NRAS activating mutation\n",
                                    "NRAS Q61R\n", BRAF_CASES),
    "a rule that is chained": ("mechanisms/egfr_bypass.yaml", "when: EGFR T790M\n", "when: EGFR C797S\n", EGFR_CASES),
    "a set": ("alteration_sets/NRAS.yaml", "NRAS G13, any substitution at NRAS Q61", "NRAS G13", BRAF_CASES),
    "how a drug of before binds": ("drugs.yaml", "targets: [EGFR]\n    approved: true\n    nci_thesaurus: Gefitinib",
                                   "targets: [EGFR]\n    binding_modes: [covalent]\n    approved: true\n"
                                   "    nci_thesaurus: Gefitinib", {*EGFR_CASES, "vemurafenib after gefitinib"}),
    "a name of a drug": ("drugs.yaml", "aliases: [tagrisso]", "aliases: [tagrix]", set()),
    "a level": ("ruleset.yaml", "extrapolation_steps: 1", "extrapolation_steps: 2", EGFR_CASES | BRAF_CASES),
    "a tumour type": ("tumour_types.yaml", "tumour_types:\n", "tumour_types:\n  - {code: XXX, name: New}\n", None),
    "a citation": ("citations.yaml", "Greig, 2016", "Greig et al., 2016", set()),
    "a case": ("cases/some.yaml", "assayed: [NRAS, MAP2K1]", "assayed: [NRAS]", {"vemurafenib after gefitinib"}),
    "how a case is read": ("genes.yaml", "symbol: NRAS\n", "symbol: NRAS\n    aliases: [NRAS1]\n", None),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small rule sets with cases, in a folder that is a git repository."""
    root = tmp_path / "rules"
    for name, cases in (("small", CASES), ("virus", VIRUS_CASES)):
        source = FIXTURES / ("small_rulebase" if name == "small" else "small_virus")
        shutil.copytree(source, root / name)
        (root / name / "cases").mkdir()
        (root / name / "cases" / "some.yaml").write_text(cases)
    committed(tmp_path, "first")
    return root


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["test", *map(str, arguments)])


def text_of(result: Result) -> str:
    return re.sub(r"\s+", " ", result.stdout)


def ran(folder: Path, *arguments: str | Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(run(folder, "--format", "json", *arguments).stdout)
    return {each["ruleset"]: each for each in parsed["rulesets"]}


def edit(file: Path, old: str, new: str) -> None:
    """Puts ``new`` in the first place of ``old``."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def expected_of(rules: CaseRules, interpreter: Any, case: Case) -> list[tuple[Any, ...]]:
    """All that a case can expect of its drugs."""
    verdicts = {verdict.drug: verdict for verdict in rules.interpreted(interpreter, case).verdicts}
    found = [verdicts[drug] for drug in case.expect]
    return [(v.verdict, v.level, v.score, v.rows, v.reason, mechanism_chains(v)) for v in found]


def chosen(small: Path, earlier: Path) -> tuple[set[str], dict[str, int]]:
    """The cases that what changed since ``earlier`` reaches, and what changed."""
    old, new = load_ruleset(earlier), load_ruleset(small)
    rules = case_rules(small, new.rulebase)
    found = reached_cases(rules, tuple(earlier_cases(rules).values()), pack_of(small), old)
    return {case.name for case in found.cases}, dict(found.changes)


@pytest.mark.parametrize("name", list(EDITS))
def test_edit_reaches_the_cases_that_may_follow(folder: Path, tmp_path: Path, name: str) -> None:
    file, old, new, expected = EDITS[name]
    earlier = tmp_path / "earlier"
    shutil.copytree(folder / "small", earlier)
    edit(folder / "small" / file, old, new)
    names, changes = chosen(folder / "small", earlier)
    if expected is None:
        assert names and changes
    else:
        assert names == expected


@pytest.mark.parametrize("name", list(EDITS))
def test_case_that_is_left_out_has_the_same_verdict(folder: Path, tmp_path: Path, name: str) -> None:
    file, old, new, _ = EDITS[name]
    earlier = tmp_path / "earlier"
    shutil.copytree(folder / "small", earlier)
    edit(folder / "small" / file, old, new)
    names, _ = chosen(folder / "small", earlier)
    verdicts = []
    for state in (earlier, folder / "small"):
        interpreter = load(state.name, state.parent)
        rules = case_rules(state, interpreter.rulebase)
        cases = [case for case in earlier_cases(rules).values() if case.name not in names]
        failures = [judge(rules, interpreter, case).failures for case in cases]
        expected = [expected_of(rules, interpreter, case) for case in cases]
        verdicts.append(([case.name for case in cases], failures, expected))
    assert verdicts[0] == verdicts[1]


def test_edit_of_one_row_runs_its_cases_alone(folder: Path) -> None:
    replace_once(folder / "small" / VEMURAFENIB, "when: any substitution at BRAF V600\n", "when: BRAF V600E\n")
    result = run(folder, "--changed", "HEAD", "--verbose")
    assert result.exit_code == 0
    said = text_of(result)
    assert "small 1.0.0: 2 of 4 cases can be reached by what changed row VEM-001: 2 cases" in said
    assert "held small/cases/some.yaml:10: vemurafenib meets NRAS" in said
    assert "gefitinib meets T790M" not in said
    assert "active rows" not in said
    assert "small-virus 1.0.0: nothing changed, none of 3 cases need run" in said


def test_case_that_the_edit_breaks_is_found(folder: Path) -> None:
    edit(folder / "small/mechanisms/map_kinase_pathway.yaml", "when: NRAS activating mutation", "when: NRAS G12D")
    result = run(folder, "--changed", "HEAD")
    assert result.exit_code == 1
    assert "mechanism rule MAPK-001: 2 cases" in text_of(result)
    assert "FAILED small/cases/some.yaml:10: vemurafenib meets NRAS" in text_of(result)
    assert text_of(result).strip().endswith("failed: small")


def test_where_nothing_changed_nothing_is_run_and_it_passes(folder: Path) -> None:
    result = run(folder, "--changed", "HEAD")
    assert result.exit_code == 0
    assert "small 1.0.0: nothing changed, none of 4 cases need run" in text_of(result)
    assert text_of(result).strip().endswith("passed")


def test_change_that_reaches_no_case_is_named(folder: Path) -> None:
    edit(folder / "virus/tables/DTG.yaml", "level: 4", "level: 5")
    (folder / "virus/cases/some.yaml").write_text(VIRUS_CASES.replace("    comments: []\n", ""))
    committed(folder.parent, "without comments")
    edit(folder / "virus/tables/DTG.yaml", "level: 5", "level: 4")
    result = run(folder / "virus", "--changed", "HEAD")
    assert result.exit_code == 0
    assert "0 of 3 cases can be reached by what changed reaching no case: table of DTG" in text_of(result)


def test_table_of_a_virus_reaches_its_cases_and_comments(folder: Path) -> None:
    edit(folder / "virus/tables/3TC.yaml", "N: 15", "N: 20")
    found = ran(folder / "virus", "--changed", "HEAD")["small-virus"]
    assert found["changed"] == {"reached": 2, "of": 3, "changes": [{"what": "table of 3TC", "cases": 2}]}
    assert found["cases"] == 2


def test_new_case_and_changed_case_are_run(folder: Path) -> None:
    cases = CASES.replace("findings: [BRAF V600E, NRAS Q61K]", "findings: [BRAF V600E, NRAS Q61R]")
    one = "  - {case: new, tumour: MEL, findings: [BRAF V600K], expect: {vemurafenib: {fires: [VEM-001]}}}\n"
    (folder / "small/cases/some.yaml").write_text(cases + one)
    found = ran(folder / "small", "--changed", "HEAD")["small"]
    assert found["passed"]
    assert found["cases"] == 2
    assert {each["what"]: each["cases"] for each in found["changed"]["changes"]} == {"changed cases": 1, "new cases": 1}


def test_rule_set_that_was_not_there_runs_all_cases(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "virus", tmp_path / "earlier" / "virus")
    found = ran(folder, "--changed", tmp_path / "earlier")
    assert (found["small"]["cases"], found["small-virus"]["cases"]) == (4, 0)
    assert [each["what"] for each in found["small"]["changed"]["changes"]] == [
        "the rule set, which is new or of another domain"
    ]


def test_folder_and_revision_give_the_same(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "earlier")
    edit(folder / "small" / GEFITINIB, "relevant: true", "relevant: false")
    git(tmp_path, "tag", "before")
    said = [ran(folder, "--changed", each) for each in ("before", "before:rules", tmp_path / "earlier")]
    assert said[0] == said[1] == said[2]
    assert said[0]["small"]["cases"] == 2


def test_text_narrows_what_changed_reaches(folder: Path) -> None:
    edit(folder / "small" / VEMURAFENIB, "relevant: true", "relevant: false")
    found = ran(folder / "small", "--changed", "HEAD", "--case", "NRAS")["small"]
    assert (found["changed"]["reached"], found["changed"]["of"], found["cases"]) == (1, 1, 1)


def test_text_that_no_case_has_fails_with_changes_too(folder: Path) -> None:
    result = run(folder, "--changed", "HEAD", "--case", "nothing like it")
    assert result.exit_code == 1
    assert "failed: no case was run" in text_of(result)


def test_revision_that_there_is_none_is_refused(folder: Path) -> None:
    error = run(folder, "--changed", "no-such-thing").exception
    assert isinstance(error, RulebaseError)
    assert "no git revision 'no-such-thing'" in str(error)


def test_earlier_state_with_faults_is_told_as_such(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "earlier")
    edit(tmp_path / "earlier/small" / GEFITINIB, "EGFR T790M", "EGFR A790M")
    error = run(folder, "--changed", tmp_path / "earlier").exception
    assert isinstance(error, RulebaseError)
    assert str(tmp_path / "earlier") in str(error)


def test_tables_of_expectations_know_no_changes(folder: Path) -> None:
    result = run(folder, "--changed", "HEAD", "--expectations", "board.tsv")
    assert result.exit_code == 2
    assert "--changed is for the cases" in result.output


def test_coverage_is_asked_of_no_chosen_cases(folder: Path) -> None:
    with (folder / "small/ruleset.yaml").open("a") as file:
        file.write("curation: {least_coverage: 1}\n")
    result = run(folder / "small", "--changed", "HEAD")
    assert result.exit_code == 0
