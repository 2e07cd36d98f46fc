"""``resistab check``: what is checked under a path, how it is printed, and what the exit status says."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from resistab.cli.check import register
from resistab.core.faults import RulebaseError
from resistab.curation.check import Finding, all_codes, check_path, check_ruleset
from resistab.curation.check_formats import as_sarif, github_line, text_line
from resistab.domains.loading import load_rules
from tests.paths import FIXTURES

ON = datetime.date(2026, 11, 22)
TABLE = "small_rulebase/tables/gefitinib.yaml"
FAULTY = Finding("RT111", "error", "a/tables/x.yaml", 10, 11, "unknown gene 'ERBB1'", "a symbol", "EGFR", "Write it.")


@pytest.fixture
def rulesets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two rule sets, which is the current folder."""
    for name in ("small_rulebase", "small_virus"):
        shutil.copytree(FIXTURES / name, tmp_path / name)
    # Without it, a drug of the small virus has no table, which is a warning.
    drugs = tmp_path / "small_virus" / "drugs.yaml"
    drugs.write_text(drugs.read_text().replace("  - name: DRV/r\n    full_name: darunavir/r\n    drug_class: PI\n", ""))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    app = typer.Typer(rich_markup_mode=None)

    # With one command alone, typer would not ask for its name.
    @app.callback()
    def _all() -> None: ...

    register(app)
    return CliRunner().invoke(app, ["check", *arguments])


def misspell(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- what is checked --------------------------------------------------------------------------------------------


def test_faults_of_every_rule_set_are_found_in_one_run(rulesets: Path) -> None:
    misspell(rulesets / TABLE, "EGFR T790M", "EGFR A790M")
    misspell(rulesets / "small_virus/tables/3TC.yaml", "drug: 3TC", "drug: 3CT")

    errors = [f for f in check_path(rulesets, ON).findings if f.severity == "error"]

    assert [(f.code, Path(f.where).parent.parent.name) for f in errors] == [
        ("RT203", "small_rulebase"),
        ("RT112", "small_virus"),
    ]


def test_findings_stand_in_the_order_of_files_and_lines(rulesets: Path) -> None:
    table = rulesets / TABLE
    table.write_text(table.read_text().replace("[NSCLC]", "[NSCCL]"))
    misspell(rulesets / "small_rulebase/drugs.yaml", "CHEMBL", "chembl")

    found = [(f.where, f.line) for f in check_ruleset(rulesets / "small_rulebase")]

    assert found == sorted(found, key=lambda place: (place[0], place[1] or 0))
    assert len(found) > 2


def test_lint_stands_at_the_row_it_speaks_of(rulesets: Path) -> None:
    table = rulesets / TABLE
    misspell(table, "when: EGFR T790M", "when: EGFR T790M and not EGFR T790M")
    before = table.read_text().partition(" and not EGFR T790M")[0].splitlines()
    line = max(number for number, text in enumerate(before, start=1) if text.startswith("  - id:"))

    (finding,) = [f for f in check_ruleset(rulesets / "small_rulebase") if f.code == "RT601"]

    assert (finding.where, finding.line, finding.column) == (str(table), line, 9)


def test_lint_of_a_virus_stands_at_the_line_of_its_position(rulesets: Path) -> None:
    table = rulesets / "small_virus/tables/3TC.yaml"
    misspell(table, "184: {I/V: 60}", "184: {I/V: 0}")
    line = next(n for n, text in enumerate(table.read_text().splitlines(), start=1) if "184:" in text)

    (finding,) = [f for f in check_ruleset(rulesets / "small_virus") if f.code == "RT657"]

    assert (finding.where, finding.line) == (str(table), line)


def test_rule_set_is_named_by_its_folder_or_the_one_above(rulesets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rulesets / "small_virus")

    assert check_path(Path(), ON).rulesets == 1
    assert check_path(Path(".."), ON).rulesets == 2


@pytest.mark.parametrize("name", ["tables/extra.yml", "table/AZT.yaml", "drug.yaml"])
def test_file_that_nothing_reads_is_a_warning(rulesets: Path, name: str) -> None:
    file = rulesets / "small_virus" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("drug: AZT\n")

    found = [f for f in check_ruleset(rulesets / "small_virus") if f.severity == "warning"]

    assert [(f.code, f.where) for f in found] == [("RT013", str(file))]


def test_cases_beside_the_rules_are_no_stray_files(rulesets: Path) -> None:
    (rulesets / "small_virus" / "cases").mkdir()
    (rulesets / "small_virus" / "cases" / "all.yaml").write_text("cases: []\n")

    assert "RT013" not in {f.code for f in check_ruleset(rulesets / "small_virus")}


@pytest.mark.parametrize("folder", ["", "no/such/folder"])
def test_nothing_to_check_is_an_error(tmp_path: Path, folder: str) -> None:
    result = check_path(tmp_path / folder, ON)

    assert [f.code for f in result.findings] == ["RT001"]
    assert not result.passed(strict=False)


def test_rule_set_of_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "of-bacteria").mkdir()
    (tmp_path / "of-bacteria" / "ruleset.yaml").write_text("kind: zoo\n")

    (finding,) = check_ruleset(tmp_path / "of-bacteria", ON)

    assert (finding.code, finding.where) == ("RT014", f"{tmp_path}/of-bacteria/ruleset.yaml")


def test_folder_with_tables_and_without_a_manifest_is_an_error(rulesets: Path) -> None:
    (rulesets / "small_virus" / "ruleset.yaml").unlink()

    errors = [f for f in check_path(rulesets, ON).findings if f.severity == "error"]

    assert [(f.code, f.where) for f in errors] == [("RT001", str(rulesets / "small_virus"))]


def test_condition_in_parts_is_taken_in_our_own_json_alone(small: Any) -> None:
    again = type(small).model_validate_json(small.model_dump_json())

    assert again.tables == small.tables


def test_unreadable_file_is_said_with_all_other_faults(rulesets: Path) -> None:
    misspell(rulesets / TABLE, "EGFR T790M", "EGFR A790M")
    (rulesets / "small_rulebase/tables/more.yaml").mkdir()

    with pytest.raises(RulebaseError) as raised:
        load_rules(rulesets / "small_rulebase")

    assert {(fault.where, fault.code) for fault in raised.value.faults} == {
        (TABLE, "RT203"),
        ("small_rulebase/tables/more.yaml", "RT002"),
    }


def test_unreadable_file_that_no_model_reads_is_told_too(rulesets: Path) -> None:
    (rulesets / "small_rulebase/symbols.txt").unlink()
    (rulesets / "small_rulebase/symbols.txt").mkdir()

    with pytest.raises(RulebaseError, match=r"^small_rulebase/symbols.txt: cannot be read: Is a directory$"):
        load_rules(rulesets / "small_rulebase")


# --- the command ------------------------------------------------------------------------------------------------


def test_sound_rule_sets_pass_and_it_is_said_what_was_checked(rulesets: Path) -> None:
    result = run(".", "--notes")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == [
        "2 rule sets, 25 files, 37 rows checked: 0 errors, 1 warning, 6 notes",
        "10 residues that rules name verified against the sequences of 4 proteins",
    ]


def test_notes_are_counted_and_shown_only_when_asked(rulesets: Path) -> None:
    lines = run(".").stdout.splitlines()
    assert lines[-1] == ("2 rule sets, 25 files, 37 rows checked: 0 errors, 1 warning, 6 notes (--notes shows them)")
    assert [line.split()[1] for line in lines[:-1]] == ["warning"]
    asked = run(".", "--notes").stdout.splitlines()
    assert [line.split()[1] for line in asked].count("note") == 6
    assert len(json.loads(run(".", "--format", "json").stdout)) == 7


def test_residues_without_a_sequence_are_counted_and_listed(rulesets: Path) -> None:
    # MET has no sequence in the small rule set: two positions, one of them named twice.
    misspell(rulesets / TABLE, "EGFR T790M", "any of (EGFR T790M, MET D1228N, MET D1228V, MET Y1230C)")
    result = run(".", "--notes")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "10 residues that rules name verified against the sequences of 4 proteins, "
        "2 not, for want of a sequence (MET 2)"
    )


def test_fault_is_printed_with_code_place_and_suggestion(rulesets: Path) -> None:
    misspell(rulesets / TABLE, "EGFR T790M", "ERBB1 T790M")

    result = run(".")

    assert result.exit_code == 4
    expected = "error RT111 unknown gene 'ERBB1'; expected an HGNC symbol of genes.yaml; did you mean EGFR?"
    (line,) = [line for line in result.stdout.splitlines() if "RT111" in line]
    assert line.startswith(f"{TABLE}:")
    assert line.endswith(expected)


def test_warning_fails_only_where_it_is_asked_to(rulesets: Path) -> None:
    (rulesets / "small_virus" / "drug.yaml").write_text("drug: AZT\n")

    assert run("small_virus").exit_code == 0
    assert run("small_virus", "--strict").exit_code == 4


def test_note_fails_nothing(rulesets: Path) -> None:
    # A strict run fails on the one warning, that EGFR has no note; the notes beside it fail nothing.
    genes = rulesets / "small_rulebase" / "genes.yaml"
    misspell(genes, "symbol: EGFR\n", "symbol: EGFR\n    resistance: A second mutation of the kinase.\n")
    assert run("small_rulebase", "--strict").exit_code == 0


def test_json_is_a_list_of_findings_with_the_summary_beside(rulesets: Path) -> None:
    misspell(rulesets / TABLE, "EGFR T790M", "ERBB1 T790M")

    result = run("small_rulebase", "--format", "json")

    (finding,) = json.loads(result.stdout)
    assert finding["code"] == "RT111"
    assert finding["file"] == TABLE
    assert finding["suggestion"] == "EGFR"
    assert "1 rule set" in result.stderr


def test_code_is_explained() -> None:
    result = run("--explain", "rt203")

    assert result.exit_code == 0
    assert result.stdout.startswith("RT203: a reference residue that the protein does not have (error)\n")
    assert "How to mend it: " in result.stdout


def test_unknown_code_is_a_wrong_command_line() -> None:
    result = run("--explain", "RT999")

    assert result.exit_code == 2
    assert "unknown code 'RT999'" in result.stderr


# --- formats ----------------------------------------------------------------------------------------------------


def test_text_has_file_line_column_severity_and_code_first() -> None:
    assert text_line(FAULTY) == (
        "a/tables/x.yaml:10:11: error RT111 unknown gene 'ERBB1'; expected a symbol; did you mean EGFR?"
    )


def test_annotation_of_github_names_file_line_and_code() -> None:
    assert github_line(FAULTY) == (
        "::error file=a/tables/x.yaml,line=10,col=11,title=RT111::"
        "unknown gene 'ERBB1'; expected a symbol; did you mean EGFR?"
    )


def test_no_file_can_end_or_begin_an_annotation() -> None:
    finding = Finding("RT013", "note", "a,b:c%.yaml", None, None, "100 %\n::error::no\r")

    assert github_line(finding) == "::notice file=a%2Cb%3Ac%25.yaml,title=RT013::100 %25%0A::error::no%0D"


def test_sarif_has_what_version_2_1_0_requires() -> None:
    """The properties and values that the specification requires, checked one by one."""
    log = json.loads(
        as_sarif([FAULTY, Finding("RT004", "error", "/a b/é.yaml", None, None, "is missing")], all_codes())
    )

    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run_,) = log["runs"]
    driver = run_["tool"]["driver"]
    assert driver["name"] == "resistab check"
    assert [rule["id"] for rule in driver["rules"]] == list(all_codes())
    for rule in driver["rules"]:
        assert set(rule) == {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"}
        assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription", "help"))
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
    assert run_["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    for result in run_["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
    placed, whole = (result["locations"][0]["physicalLocation"] for result in run_["results"])
    assert placed == {"artifactLocation": {"uri": "a/tables/x.yaml"}, "region": {"startLine": 10, "startColumn": 11}}
    assert whole == {"artifactLocation": {"uri": "file:///a%20b/%C3%A9.yaml"}}


def test_sarif_of_a_clean_rule_set_is_a_log_without_results(rulesets: Path) -> None:
    log = json.loads(run("small_virus", "--format", "sarif").stdout)

    assert all(result["level"] == "note" for result in log["runs"][0]["results"])
