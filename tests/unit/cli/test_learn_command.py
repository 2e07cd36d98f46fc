"""``resistab learn``, ``resistab predict`` and ``resistab evaluate --learned`` from the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.curation.learning import learn as learning
from tests.made_phenotypes import made_samples, plain_text, stanford_text
from tests.paths import REPORTS
from tests.running import RESISTAB, Result, Run

QUICK = ("--ruleset", "hiv1", "--folds", "2", "--rows", "8", "--date", "2026-11-30")
EFV = ("learn", "--measured", "made.tsv", "--drug", "EFV", *QUICK)
VIRUS = ("--ruleset", "hiv1", "--learned", "draft")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set of a hundred patients, and a draft of efavirenz that was learned from it."""
    folder = tmp_path_factory.mktemp("made")
    samples = made_samples(100)
    (folder / "made.tsv").write_text(stanford_text(samples), "utf-8")
    (folder / "rpv.csv").write_text(plain_text(samples, "RPV"), "utf-8")
    done = subprocess.run(
        [*RESISTAB, *EFV, "-o", "draft", "--json", "efv.json"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (folder / "said.txt").write_text(done.stdout, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def beside(made: Path, tmp_path: Path) -> None:
    """What was made, in the folder in which commands run."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def one_line(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(done: Result, code: ExitCode) -> str:
    assert (done.returncode, done.stdout) == (code, "")
    return one_line(done.stderr)


# --- learn --------------------------------------------------------------------------------------------------------


def test_figures_are_for_programs(tmp_path: Path) -> None:
    found = json.loads((tmp_path / "efv.json").read_text("utf-8"))
    assert (found["drug"], found["n"], found["patients"]) == ("EFV", 100, 100)
    assert found["r2"] > 0.9
    assert found["auc"] > 0.95
    assert found["accuracy"] > 0.9
    assert found["rows"] == len(found["table"]["rows"]) <= 8
    assert found["ruleset"]["id"] == "hiv1"
    assert {"resistab", "scikit_learn"} <= found["software"].keys()


def test_a_draft_holds_tables_what_was_learned_and_a_page(tmp_path: Path) -> None:
    assert files_in(tmp_path / "draft").keys() == {
        "drugs.yaml", "genes.yaml", "ruleset.yaml", "tables/EFV.yaml", "learned/efv.yaml", "report.html",
    }  # fmt: skip


def test_the_terminal_says_what_was_learned(tmp_path: Path) -> None:
    said = one_line((tmp_path / "said.txt").read_text("utf-8"))
    assert "EFV: 100 samples of 100 patients" in said
    assert "patients held back in 2 folds: R²" in said
    assert "nothing uses it unless it is asked to" in said


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = (tmp_path / "draft" / "report.html").read_text("utf-8")
    assert "<svg" in page
    assert "EFV" in page
    assert "<script src" not in page
    assert 'href="http' not in page or 'rel="stylesheet"' not in page


def test_a_draft_passes_its_check(run: Run) -> None:
    assert run("check", "draft").returncode == 0


def test_a_draft_is_a_rule_set_to_evaluate_with(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    shutil.copytree(tmp_path / "draft", tmp_path / "rules" / "hiv1-learned")
    patient = ("--mutations", "RT:K103N", "--json", "-")
    done = run("evaluate", "--rulebase", "rules", "--ruleset", "hiv1-learned", *patient)
    assert done.returncode == 0, done.stderr
    (verdict,) = json.loads(done.stdout)["verdicts"]
    assert (verdict["drug"], verdict["verdict"]) == ("EFV", "possible_resistance")


def test_the_same_seed_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    assert run(*EFV, "-o", "again", "--json", "again.json").returncode == 0
    assert files_in(tmp_path / "again") == files_in(tmp_path / "draft")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "efv.json").read_bytes()


def test_two_drugs_are_two_tables_of_one_draft(run: Run, tmp_path: Path) -> None:
    both = ("--measured", "made.tsv", "--measured", "rpv.csv", "--drug", "EFV", "--drug", "rilpivirine")
    done = run("learn", *both, *QUICK, "-o", "both", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert [found["drug"] for found in json.loads(done.stdout)["drugs"]] == ["EFV", "RPV"]
    assert {"learned/efv.yaml", "learned/rpv.yaml", "tables/EFV.yaml", "tables/RPV.yaml"} <= files_in(
        tmp_path / "both"
    ).keys()


def test_an_existing_folder_is_left_alone(run: Run, tmp_path: Path) -> None:
    before = files_in(tmp_path / "draft")
    said = refused(run(*EFV, "-o", "draft"), ExitCode.INPUT)
    assert said == "error: draft: exists; expected a name that is free, or --overwrite"
    assert files_in(tmp_path / "draft") == before


def test_overwrite_replaces_an_earlier_draft(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draft" / "tables" / "EFV.yaml").write_text("edited", "utf-8")
    assert run(*EFV, "-o", "draft", "--overwrite").returncode == 0
    assert "edited" not in (tmp_path / "draft" / "tables" / "EFV.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", ["thesis.docx", "learned/thesis.docx", "a/b/c.yaml"])
def test_overwrite_spares_a_folder_with_anything_else(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "draft" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("years of work", "utf-8")
    said = refused(run(*EFV, "-o", "draft", "--overwrite"), ExitCode.INPUT)
    assert f"draft: holds {name} and was not made by learn" in said
    assert path.read_text("utf-8") == "years of work"


def test_overwrite_spares_a_folder_without_learned_tables(run: Run, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "draft" / "learned")
    said = refused(run(*EFV, "-o", "draft", "--overwrite"), ExitCode.INPUT)
    assert "draft: holds no learned/DRUG.yaml and was not made by learn" in said


def test_a_folder_that_cannot_be_is_said_before_learning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "learn_table", None)
    said = refused(run(*EFV, "-o", "nowhere/draft"), ExitCode.OUTPUT)
    assert "nowhere/draft: the folder" in said and "does not exist" in said


def test_a_file_in_the_way_is_left_alone(run: Run) -> None:
    said = refused(run(*EFV, "-o", "made.tsv", "--overwrite"), ExitCode.INPUT)
    assert said.startswith("error: made.tsv: is a file")


def test_too_few_patients_are_refused_with_what_is_lacking(run: Run, tmp_path: Path) -> None:
    (tmp_path / "few.tsv").write_text(stanford_text(made_samples(12)), "utf-8")
    said = refused(
        run("learn", "--measured", "few.tsv", "--drug", "EFV", *QUICK, "-o", "new", "--json", "new.json"),
        ExitCode.INPUT,
    )
    assert "few.tsv: EFV: 12 samples; expected 50: 38 are lacking" in said
    assert "patients are lacking" in said


def test_when_one_drug_is_refused_nothing_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text(plain_text(made_samples(12), "RPV"), "utf-8")
    both = ("--measured", "made.tsv", "--measured", "few.csv", "--drug", "EFV", "--drug", "RPV")
    said = refused(run("learn", *both, *QUICK, "-o", "new", "--json", "new.json"), ExitCode.INPUT)
    assert "RPV: 12 samples" in said
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.json").exists()


def test_lines_that_cannot_be_read_are_set_aside_on_demand(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "made.tsv").open("a", encoding="utf-8") as file:
        file.write("101\tP101\t2020\tlots\tResistant\tNA\tNA\tK103N\n")
    said = refused(run(*EFV, "--json", "-"), ExitCode.INPUT)
    assert "made.tsv:102: 'lots' in column 'efv' is no number" in said
    found = json.loads(run(*EFV, "--keep-going", "--json", "-").stdout)
    assert (found["n"], len(found["set_aside"])) == (100, 1)
    assert found["set_aside"][0].startswith("made.tsv:102: ")


def test_an_unknown_drug_is_refused_with_what_is_near(run: Run) -> None:
    said = refused(run("learn", "--measured", "made.tsv", "--drug", "EFW", *QUICK, "--json", "-"), ExitCode.INPUT)
    assert "unknown drug 'EFW'" in said
    assert "did you mean EFV" in said


def test_a_drug_that_was_not_measured_is_refused(run: Run) -> None:
    said = refused(run("learn", "--measured", "made.tsv", "--drug", "RPV", *QUICK, "--json", "-"), ExitCode.INPUT)
    assert "made.tsv: holds no value of RPV; expected one of EFV" in said


def test_tables_without_a_drug_of_the_rules_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(plain_text(made_samples(12), "aspirin"), "utf-8")
    said = refused(run("learn", "--measured", "other.csv", "--drug", "EFV", *QUICK, "--json", "-"), ExitCode.INPUT)
    assert "other.csv: holds no value of a drug of the rule set: it has aspirin" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--measured", "made.tsv", "--json", "-"), "--drug names what a table is to be learned for"),
        (("--measured", "made.tsv", "--drug", "EFV"), "-o names a folder for the draft"),
        (("--drug", "EFV", "--json", "-"), "Missing option '--measured'"),
        (("--measured", "made.tsv", "--drug", "EFV", "--json", "made.tsv"), "made.tsv"),
        (("--measured", "made.tsv", "--drug", "EFV", "--json", "-", "--folds", "1"), "--folds"),
        (("--measured", "made.tsv", "--drug", "EFV", "--json", "-", "--rows", "0"), "--rows"),
        (("--measured", "made.tsv", "--drug", "EFV", "--json", "-", "--seed", "-1"), "--seed"),
        (("--measured", "made.tsv", "--drug", "EFV", "--json", "-", "--reference", "my paper"), "'my paper' is none"),
        (("--measured", "made.tsv", "--drug", "EFV", "--json", "-", "--date", "tomorrow"), "--date"),
    ],
)
def test_a_wrong_command_line_is_refused(run: Run, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    before = (tmp_path / "made.tsv").read_bytes()
    assert said in refused(run("learn", "--ruleset", "hiv1", *options), ExitCode.USAGE)
    assert (tmp_path / "made.tsv").read_bytes() == before


def test_a_table_that_is_not_there_is_refused(run: Run) -> None:
    said = refused(run("learn", "--measured", "none.tsv", "--drug", "EFV", *QUICK, "--json", "-"), ExitCode.INPUT)
    assert "none.tsv" in said


def test_without_what_learns_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("sklearn", "matplotlib"):
        monkeypatch.setitem(sys.modules, package, None)
    said = refused(run(*EFV, "--json", "-"), ExitCode.USAGE)
    assert "learn: sklearn and matplotlib are not installed; pip install 'resistab[learn]' installs them" in said


@pytest.mark.parametrize("command", ["learn", "predict", "evaluate"])
def test_germline_rules_are_refused_with_the_reason(run: Run, command: str) -> None:
    options = {
        "learn": ("--measured", "made.tsv", "--drug", "codeine", "--json", "-"),
        "predict": ("--learned", "draft"),
        "evaluate": ("--learned", "draft", "--finding", "CYP2D6 *1/*4"),
    }
    said = refused(run(command, "--ruleset", "pharmacogenomics", *options[command]), ExitCode.USAGE)
    assert "what a germline genotype means for a dose is no measured resistance" in said


# --- predict ------------------------------------------------------------------------------------------------------


def test_predictions_stand_beside_the_verdict(run: Run) -> None:
    done = run("predict", *VIRUS, "--mutations", "RT:K103N", "--json", "-")
    assert done.returncode == 0, done.stderr
    (sample,) = json.loads(done.stdout)["samples"]
    (found,) = sample["predictions"]
    assert (found["drug"], found["call"], found["verdict"], found["agreement"]) == (
        "EFV", "resistant", "resistant", "agrees",
    )  # fmt: skip
    assert found["low"] < found["predicted"] < found["high"]


def test_the_terminal_shows_prediction_verdict_and_comparison(run: Run) -> None:
    done = run("predict", *VIRUS, "--mutations", "RT:K103N", COLUMNS="200")
    assert done.returncode == 0, done.stderr
    said = one_line(done.stdout)
    assert "a prediction is no verdict" in said
    assert "agrees: predicted resistant, verdict resistant" in said


def test_samples_of_a_file_are_rows_of_a_table(run: Run, tmp_path: Path) -> None:
    (tmp_path / "many.tsv").write_text("one\tRT:K103N\ntwo\tRT:none\nthree\tRT:L100V\nfour\tPR:L90M\n", "utf-8")
    done = run("predict", *VIRUS, "--mutations-file", "many.tsv", "--table", "-")
    assert done.returncode == 0, done.stderr
    rows = {row["sample"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert {name: row["call"] for name, row in rows.items()} == {
        "one": "resistant", "two": "sensitive", "three": "sensitive", "four": "",
    }  # fmt: skip
    assert {name: row["agreement"] for name, row in rows.items()} == {
        "one": "agrees", "two": "agrees", "three": "disagrees", "four": "not compared",
    }  # fmt: skip
    assert rows["three"]["carried_by"] == "100V (learned 0, expert 15)"
    assert rows["four"]["not_predicted"] == "nothing that its rows ask for was read"
    assert rows["four"]["predicted"] == ""


def test_json_and_table_may_be_asked_for_together(run: Run, tmp_path: Path) -> None:
    done = run("predict", *VIRUS, "--mutations", "RT:K103N", "--json", "p.json", "--table", "p.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert len(json.loads((tmp_path / "p.json").read_text("utf-8"))["samples"]) == 1
    assert (tmp_path / "p.csv").read_text("utf-8").startswith("sample,drug,measure,predicted")


def test_samples_that_cannot_be_read_are_set_aside_on_demand(run: Run, tmp_path: Path) -> None:
    (tmp_path / "many.tsv").write_text("one\tRT:K103N\ntwo\tRT:N103K\n", "utf-8")
    many = ("predict", *VIRUS, "--mutations-file", "many.tsv", "--table", "-")
    assert "many.tsv:2" in refused(run(*many), ExitCode.INPUT)
    assert run(*many, "--keep-going").returncode == 0


def test_a_folder_without_a_draft_is_refused(run: Run) -> None:
    patient = ("--mutations", "RT:K103N")
    said = refused(run("predict", "--ruleset", "hiv1", "--learned", "nowhere", *patient), ExitCode.INPUT)
    assert said == "error: nowhere: is no folder; expected a folder that resistab learn wrote"


def test_tables_learned_beside_other_rules_are_refused(run: Run) -> None:
    tumour = ("--tumour", "LUAD", "--finding", "EGFR L858R")
    said = refused(run("predict", "--learned", "draft", *tumour), ExitCode.INPUT)
    assert "the table of EFV was learned beside hiv1, and the rule set is oncology; expected --ruleset hiv1" in said


# --- evaluate --learned -------------------------------------------------------------------------------------------

PATIENT = ("evaluate", "--ruleset", "hiv1", "--mutations", "RT:L100V", "--date", "2026-11-30")


def test_predictions_never_change_a_report(run: Run) -> None:
    # What regimens escape by is sought for some seconds: on a busy machine two searches may differ.
    alike = (*PATIENT, "--no-options", "--json", "-")
    before = json.loads(run(*alike).stdout)
    after = json.loads(run(*alike, "--learned", "draft").stdout)
    (found,) = after.pop("learned")
    assert (found["drug"], found["agreement"]) == ("EFV", "disagrees")
    assert after == before


def test_a_report_with_predictions_keeps_its_schema(run: Run) -> None:
    schema = json.loads((REPORTS / "viral_report.schema.json").read_text("utf-8"))
    report = json.loads(run(*PATIENT, "--learned", "draft", "--json", "-").stdout)
    jsonschema.validate(report, schema)


def test_the_page_marks_a_disagreement(run: Run) -> None:
    before = run(*PATIENT, "--html", "-").stdout
    page = run(*PATIENT, "--learned", "draft", "--html", "-").stdout
    assert "Predicted by learned tables" in page
    assert "100V (learned 0, expert 15)" in page
    assert "Predicted by learned tables" not in before


def test_the_terminal_marks_a_disagreement(run: Run) -> None:
    said = one_line(run(*PATIENT, "--learned", "draft", COLUMNS="250").stdout)
    assert "disagrees: predicted sensitive, verdict" in said
    assert "carried by 100V (learned 0, expert 15)" in said


@pytest.mark.parametrize("option", ["--jsonl", "--table", "--reports"])
def test_learned_is_for_one_patient(run: Run, tmp_path: Path, option: str) -> None:
    said = refused(run(*PATIENT, "--learned", "draft", option, "out"), ExitCode.USAGE)
    assert "--learned is for --json, --html, --pdf and the terminal; predict does the same for many" in said
    assert not (tmp_path / "out").exists()


def test_evaluate_refuses_a_damaged_table(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "draft" / "learned" / "efv.yaml"
    path.write_text(path.read_text("utf-8").replace("unit: ", "unit: -"), "utf-8")
    assert "efv.yaml:6" in refused(run(*PATIENT, "--learned", "draft"), ExitCode.INPUT)
