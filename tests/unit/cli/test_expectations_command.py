"""``resistab test --expectations``: what it makes of tables of what others expect, and which it cannot read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from resistab.cli import test as command
from resistab.core.faults import InputError
from resistab.domains.oncology.curate.expectations import read_expectations
from tests.paths import FIXTURES, SMALL

COLUMNS = ("tumour", "findings", "assayed", "drug", "expected", "basis", "source", "prior_therapies", "strength")
ROW = {
    "tumour": "LUAD",
    "findings": "EGFR L858R; EGFR T790M",
    "assayed": "EGFR",
    "drug": "gefitinib",
    "expected": "resistant",
}


def table(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, name: str = "board.tsv") -> Path:
    """A table of lines, each ``ROW`` but for what is given."""
    file = folder / name
    lines = [columns, *(tuple((ROW | row).get(column, "") for column in columns) for row in rows)]
    file.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return file


def run(file: Path, *arguments: str | Path, path: Path = SMALL) -> Result:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    said = ["test", path, "--expectations", file, *arguments]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(argument) for argument in said])


def document(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


WRONG = {"expected": "sensitive|no_resistance_found", "basis": "a guideline"}
REASSURING = {"findings": "EGFR L858R", "expected": "resistant|possible_resistance", "prior_therapies": "none"}


def test_table_passes_where_every_line_is_right(tmp_path: Path) -> None:
    result = run(table(tmp_path, {}, {"expected": "possible_resistance|resistant", "drug": "Gefitinib"}))

    assert result.exit_code == 0
    assert "board.tsv: 2 of 2 right (100.0%), 0 falsely reassuring, 0 other" in result.stdout
    assert result.stdout.endswith("passed\n")


def test_line_that_is_not_right_is_told_with_its_basis(tmp_path: Path) -> None:
    result = run(table(tmp_path, {}, WRONG | {"prior_therapies": "erlotinib|carboplatin", "drug": "erlotinib"}))

    assert result.exit_code == 1
    assert "board.tsv:3: other: LUAD, EGFR L858R; EGFR T790M, after erlotinib, carboplatin: erlotinib" in result.stdout
    assert "basis: a guideline" in result.stdout
    assert ":2:" not in result.stdout


def test_right_lines_are_told_where_all_is_asked_for(tmp_path: Path) -> None:
    result = run(table(tmp_path, {}), "--verbose")

    assert "board.tsv:2: right: LUAD, EGFR L858R; EGFR T790M: gefitinib" in result.stdout
    assert "expected resistant, found resistant" in result.stdout


def test_reassuring_verdict_that_nobody_expects_fails_the_table(tmp_path: Path) -> None:
    result = run(table(tmp_path, {}, REASSURING), "--least-right", "0", "--format", "json")

    (file,) = document(result)["files"]
    assert result.exit_code == 1
    assert (file["right"], file["falsely_reassuring"], file["other"], file["passed"]) == (1, 1, 0, False)
    assert file["judged"] == [
        {
            "line": 3,
            "kind": "falsely_reassuring",
            "patient": "LUAD, EGFR L858R, untreated",
            "drug": "gefitinib",
            "expected": ["resistant", "possible_resistance"],
            "found": "sensitive",
            "reason": None,
        }
    ]


@pytest.mark.parametrize(("least", "code"), [("0.5", 0), ("0.51", 1), ("1", 1)])
def test_share_that_must_be_right_can_be_chosen(tmp_path: Path, least: str, code: int) -> None:
    assert run(table(tmp_path, {}, WRONG | {"drug": "erlotinib"}), "--least-right", least).exit_code == code


@pytest.mark.parametrize("least", ["-0.1", "1.1", "nan"])
def test_share_is_from_0_to_1(tmp_path: Path, least: str) -> None:
    result = run(table(tmp_path, {}), f"--least-right={least}")

    assert result.exit_code == 2
    assert "is no share from 0 to 1" in result.output


def test_share_is_for_tables_alone() -> None:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)

    result = CliRunner().invoke(app, ["test", str(SMALL), "--least-right", "0.5"])

    assert (result.exit_code, "--least-right is for --expectations" in result.output) == (2, True)


def test_unknown_drug_and_unreadable_finding_are_other_and_named(tmp_path: Path) -> None:
    file = table(tmp_path, {"drug": "gefitnib"}, {"findings": "EGFR Q999999X"})
    result = run(file, "--format", "json")

    (found,) = document(result)["files"]
    assert [item["found"] for item in found["judged"]] == [None, None]
    assert found["other"] == 2
    assert found["judged"][0]["reason"] == "the rule set has no table of 'gefitnib'; did you mean gefitinib?"
    assert "Q999999" in found["judged"][1]["reason"]


def test_lines_can_be_narrowed_by_their_text(tmp_path: Path) -> None:
    file = table(tmp_path, {}, WRONG | {"drug": "erlotinib"})

    assert "1 of 1 right" in run(file, "--case", "gefitinib").stdout
    assert run(file, "--case", "nothing").stdout.endswith("failed: no line was compared\n")


def test_each_table_is_counted_for_itself(tmp_path: Path) -> None:
    other = table(tmp_path, WRONG, name="other.tsv")
    result = run(table(tmp_path, {}), "--expectations", other)

    assert result.exit_code == 1
    assert "board.tsv: 1 of 1 right" in result.stdout
    assert "other.tsv: 0 of 1 right" in result.stdout


def test_rule_set_of_which_tables_cannot_speak_is_refused(tmp_path: Path) -> None:
    result = run(table(tmp_path, {}), path=FIXTURES / "small_virus")

    assert result.exit_code == 2
    assert "tables of expectations speak of tumours" in result.output


# --- tables that cannot be read -----------------------------------------------------------------------------------


def faults(*files: Path) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_expectations(files)
    return [str(fault) for fault in raised.value.faults]


def test_only_the_columns_that_are_needed_must_be_there(tmp_path: Path) -> None:
    ((line,),) = read_expectations([table(tmp_path, {}, columns=COLUMNS[:5])])

    assert (line.patient, line.verdicts, line.remarks) == ("LUAD, EGFR L858R; EGFR T790M", ("resistant",), ())
    (missing,) = faults(table(tmp_path, {}, columns=("tumour", "findings", "drug")))
    assert "board.tsv:1: has no column assayed, expected; expected tab-separated columns" in missing


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"tumour": ""}, "tumour is empty; expected a value"),
        ({"drug": ""}, "drug is empty; expected a value"),
        ({"expected": ""}, "expected is empty; expected a value"),
        ({"expected": "resistant|sensitve"}, "unknown verdict 'sensitve'; expected one of"),
    ],
)
def test_line_that_says_too_little_is_named(tmp_path: Path, row: dict[str, str], said: str) -> None:
    (found,) = faults(table(tmp_path, {}, row))

    assert f"board.tsv:3: {said}" in found


def test_line_that_was_cut_off_is_named(tmp_path: Path) -> None:
    file = table(tmp_path, {})
    file.write_text(file.read_text() + "LUAD\tEGFR L858R\n")

    assert faults(file) == [f"{file}:3: has 2 columns; expected 9"]


def test_lines_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    (found,) = faults(table(tmp_path, {}, {"expected": "sensitive"}))

    assert found.endswith(":3: expects otherwise of the same patient and drug than line 2; expected resistant")


def test_faults_of_all_tables_are_told_before_any_is_judged(tmp_path: Path) -> None:
    bad = table(tmp_path, {"drug": ""}, {"tumour": ""}, name="bad.tsv")
    absent, empty = tmp_path / "absent.tsv", table(tmp_path, name="empty.tsv")

    found = faults(table(tmp_path, {}), bad, absent, empty)

    assert [fault.removeprefix(f"{tmp_path}/").split(";")[0] for fault in found] == [
        "bad.tsv:2: drug is empty",
        "bad.tsv:3: tumour is empty",
        "absent.tsv: cannot be read: No such file or directory",
        "empty.tsv: holds no line",
    ]


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "board.tsv"
    file.write_bytes(b"tumour\n\xff\n")

    (found,) = faults(file)
    assert "is not text in UTF-8; expected a table of expectations" in found


def test_table_of_another_system_is_read(tmp_path: Path) -> None:
    file = table(tmp_path, {"prior_therapies": "None", "findings": "t(15;17); EGFR L858R"})
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    ((line,),) = read_expectations([file])
    assert line.patient == "LUAD, t(15;17); EGFR L858R, untreated"
