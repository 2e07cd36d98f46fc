"""``resistab validate`` as it is typed: what it writes, and what it refuses with which exit code."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from resistab.rulesets.find import ruleset_folder
from tests.paths import EXAMPLES, SMALL_VIRUS
from tests.running import Run
from tests.unit.curation.validation.tables import COLUMNS, ROWS, written
from tests.unit.curation.validation.test_survival import COLUMNS as OUTCOME_COLUMNS
from tests.unit.curation.validation.test_survival import ROWS as OUTCOME_ROWS

HIV = ("--ruleset", "hiv1")


def said(text: str) -> str:
    return " ".join(text.split())


def test_json_has_the_figures_of_each_drug(run: Run, tmp_path: Path) -> None:
    done = run("validate", "--measured", str(written(tmp_path)), *HIV, "--json", "-")
    assert done.returncode == 0
    (drug,) = json.loads(done.stdout)["drugs"]
    assert (drug["drug"], drug["n"], drug["specificity"]) == ("EFV", 5, 0.5)
    assert (drug["auc"], drug["sensitivity"]) == pytest.approx((5 / 6, 2 / 3), abs=1e-6)


def test_a_terminal_shows_rates_levels_and_false_calls(run: Run, tmp_path: Path) -> None:
    done = run("validate", "--measured", str(written(tmp_path)), *HIV)
    assert done.returncode == 0
    text = said(done.stdout)
    for part in ("EFV 5 66.7%", "EFV: fold change by level", "tau-b", "False resistant, 1 in all: 1 by EFV-181"):
        assert part in text


def test_outcomes_show_responses_and_times(run: Run, tmp_path: Path) -> None:
    done = run("validate", "--outcomes", str(written(tmp_path, OUTCOME_ROWS, OUTCOME_COLUMNS)), *HIV)
    assert done.returncode == 0
    assert "Resistant 3 1 of 3 33.3%" in said(done.stdout)
    assert "Log-rank test of 2 verdicts: p = 0.025" in done.stdout


def test_outcomes_may_be_held_against_two_rule_sets(run: Run, tmp_path: Path) -> None:
    table = str(written(tmp_path, OUTCOME_ROWS, OUTCOME_COLUMNS))
    done = run("validate", "--outcomes", table, *HIV, "--against", "hiv1", "--json", "-")
    (drug,) = json.loads(done.stdout)["comparison"]["drugs"]
    assert (drug["n"], drug["both_right"], drug["p"]) == (6, 4, 1.0)


def test_a_page_and_json_are_written_together(run: Run, tmp_path: Path) -> None:
    table = str(written(tmp_path))
    done = run("validate", "--measured", table, *HIV, "--html", "out.html", "--json", "out.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Do the rules hold?" in Path("out.html").read_text(encoding="utf-8")
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["kind"] == "measured"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An older state of the rule set, in which 181C counts nothing against efavirenz."""
    folder = tmp_path / "old"
    shutil.copytree(ruleset_folder("hiv1"), folder / "hiv1", ignore=shutil.ignore_patterns("cases"))
    table = folder / "hiv1" / "tables" / "EFV.yaml"
    text = table.read_text(encoding="utf-8")
    assert "181: {C/I/V: 30, F/G/S: 15}" in text
    table.write_text(text.replace("181: {C/I/V: 30,", "181: {I/V: 30,"), encoding="utf-8")
    return folder


def test_an_older_state_may_stand_beside_the_rule_set(run: Run, tmp_path: Path, old: Path) -> None:
    table = str(written(tmp_path))
    done = run("validate", "--measured", table, *HIV, "--against-rulebase", str(old), "--json", "-")
    found = json.loads(done.stdout)
    (drug,) = found["comparison"]["drugs"]
    assert (drug["specificity"], drug["against_specificity"]) == (0.5, 1.0)
    assert (drug["only_first_right"], drug["only_second_right"], drug["different"]) == (0, 1, 1)
    assert found["ruleset"]["digest"] != found["against"]["digest"]


def test_what_another_rule_set_cannot_read_is_told_as_its_own(run: Run, tmp_path: Path) -> None:
    table = str(written(tmp_path))
    folder = str(SMALL_VIRUS.parent)
    done = run("validate", "--measured", table, *HIV, "--against", SMALL_VIRUS.name, "--against-rulebase", folder)
    assert done.returncode == 3
    assert "holds no value of a drug of the rule set: it has EFV" in said(done.stderr)
    assert "as small reads it" in said(done.stderr) or "reads it" in said(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either --measured or --outcomes"),
        (("--measured", "t.csv", "--outcomes", "t.csv"), "give either --measured or --outcomes"),
        (("--measured", "t.csv", "--ruleset", "pharmacogenomics"), "no measured resistance"),
        (("--measured", "t.csv", *HIV, "--against", "pharmacogenomics"), "no measured resistance"),
        (("--measured", "t.csv", *HIV, "--against", "oncology"), "it is no rule set for viruses"),
        (("--measured", "t.csv", *HIV, "--drug", "EFW"), "--drug: unknown drug 'EFW'; did you mean EFV?"),
        (("--measured", "t.csv", *HIV, "--json", "t.csv"), "--json t.csv is a file that is read"),
    ],
)
def test_a_wrong_command_line_is_refused(run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    written(tmp_path, name="t.csv")
    done = run("validate", *arguments)
    assert done.returncode == 2
    assert message in said(done.stderr.replace("│", " "))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "s1,p1,RT:A103N,EFV,fold change,50,3",
            "table.csv:2: 'RT:A103N': RT has K at 103, not A; did you mean RT:K103",
        ),
        ("s1,p1,RT:none,EFV,fold change,0,3", "table.csv:2: '0' in column 'value' is zero or below"),
        ("s1,p1,RT:none,EFV,fold change,-1,3", "table.csv:2: '-1' in column 'value' is zero or below"),
        ("s1,p1,RT:none,EFV,fold change,high,3", "table.csv:2: 'high' in column 'value' is no number"),
        ("s1,p1,RT:none,EFV,fold,1,3", "table.csv:2: 'fold' in column 'measure'; expected one of fold change"),
        ("s1,p1,RT:none,aspirin,fold change,1,3", "holds no value of a drug of the rule set: it has aspirin; expected"),
    ],
)
def test_faulty_data_are_told_with_their_line(run: Run, tmp_path: Path, row: str, message: str) -> None:
    done = run("validate", "--measured", str(written(tmp_path, [row])), *HIV)
    assert done.returncode == 3
    assert message in said(done.stderr)


def test_all_faults_of_a_table_come_at_once(run: Run, tmp_path: Path) -> None:
    rows = [ROWS[0].replace("50", "x"), ROWS[1].replace(">100", "0"), ROWS[2].replace("fold change", "folds")]
    done = run("validate", "--measured", str(written(tmp_path, rows)), *HIV)
    assert [line.split(": ")[1].rsplit(":")[-1] for line in done.stderr.splitlines()] == ["2", "3", "4"]


def test_a_drug_that_was_not_measured_is_told(run: Run, tmp_path: Path) -> None:
    done = run("validate", "--measured", str(written(tmp_path)), *HIV, "--drug", "EFV", "--drug", "NVP")
    assert done.returncode == 3
    assert "no value of NVP was measured" in said(done.stderr)


def test_a_page_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    done = run("validate", "--measured", str(written(tmp_path)), *HIV, "--html", "nowhere/out.html")
    assert done.returncode == 5
    assert "does not exist" in done.stderr


@pytest.mark.parametrize(
    ("package", "option", "more"),
    [("scipy", "--measured", ()), ("lifelines", "--outcomes", ()), ("matplotlib", "--measured", ("--html", "x.html"))],
)
def test_a_missing_package_names_the_extra(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, option: str, more: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    done = run("validate", option, str(written(tmp_path)), *HIV, *more)
    assert done.returncode == 2
    text = said(done.stderr.replace("│", " "))
    assert f"{package} is not installed" in text and "resistab[validate]" in text


def test_without_a_page_nothing_needs_to_be_drawn(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "lifelines", None)
    assert run("validate", "--measured", str(written(tmp_path)), *HIV).returncode == 0


def test_lines_may_be_set_aside(run: Run, tmp_path: Path) -> None:
    rows = [*OUTCOME_ROWS, OUTCOME_ROWS[0].replace("EFV", "EFW").replace("p1,s1", "p9,s9")]
    table = str(written(tmp_path, rows, OUTCOME_COLUMNS))
    assert run("validate", "--outcomes", table, *HIV).returncode == 3
    done = run("validate", "--outcomes", table, *HIV, "--keep-going")
    assert done.returncode == 0
    # A long path is broken where the terminal ends.
    assert "Setaside" in (text := "".join(done.stdout.split())) and "table.csv:8:unknowndrug'EFW'" in text


def test_columns_are_those_that_the_documentation_names() -> None:
    from resistab.curation.validation.outcomes import COLUMNS as KNOWN

    page = (EXAMPLES.parent / "docs" / "validation.md").read_text(encoding="utf-8")
    assert [name for name in KNOWN if f"`{name}`" not in page] == []
    assert COLUMNS.startswith("sample,patient")
