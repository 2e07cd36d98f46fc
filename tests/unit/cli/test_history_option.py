"""Earlier samples and therapies from the command line: ``--history``, and the end of a timeline."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from resistab.cli.exit_codes import ExitCode
from tests.paths import ROOT
from tests.running import Run

HIV = ("--ruleset", "hiv1", "--seconds", "0", "--json", "-")


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    for name in ("lung_series.yaml", "lung_therapies.csv", "hiv_pol.fasta", "hiv_reads.codfreq", "germline.yaml"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    (tmp_path / "first.tsv").write_text("first\tRT:M184V, RT:K65R\n")
    (tmp_path / "second.tsv").write_text("second\tRT:K103N\n")


def said(run: Run, *arguments: str) -> dict[str, Any]:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def activities(options: dict[str, Any], drug: str) -> list[tuple[float, str]]:
    of = [item for regimen in options["regimens"] for item in regimen["activities"] if item["drug"] == drug]
    assert of
    return [(item["high"], item["because"]) for item in of]


def test_regimens_count_what_was_archived(run: Run) -> None:
    options = said(run, "regimens", "--mutations", "RT:K103N", "--history", "first.tsv", *HIV)

    assert options["archived"] == [
        {"finding": f"RT {mutation}", "sample": "first", "on": None, "fraction": None, "standing": False}
        for mutation in ("K65R", "M184V")
    ]
    assert all(high == 0 and why.startswith("with what is archived") for high, why in activities(options, "3TC"))


def test_reads_and_sequences_are_histories_too(run: Run) -> None:
    history = ("--history", "hiv_pol.fasta", "--history", "hiv_reads.codfreq", "--threshold", "10%")
    options = said(run, "regimens", "hiv_reads.codfreq", *history, *HIV)

    assert {item["sample"] for item in options["archived"]} == {"example-pol"}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time for escapes."""
    monkeypatch.setattr("resistab.domains.one_patient._SECONDS", 0.0)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time enough for the escapes that are marked; skips where there is no solver."""
    pytest.importorskip("clingo")
    monkeypatch.setattr("resistab.cli.timeline._SECONDS", 8.0)


@pytest.mark.usefixtures("hurried")
def test_a_report_has_verdicts_of_the_present_sample_alone(run: Run) -> None:
    given = ("evaluate", "lung_series.yaml", "--sample", "plasma-2026", "--json", "-")
    alone, whole = said(run, *given, "--no-options"), said(run, *given, "--history", "lung_series.yaml")

    assert alone["verdicts"] == whole["verdicts"]
    (archived,) = whole["options"]["archived"]
    assert (archived["finding"], archived["on"], archived["fraction"]) == ("EGFR T790M", "2025-03-12", 0.09)


@pytest.mark.usefixtures("hurried")
def test_terminal_and_page_mark_what_was_archived(run: Run, tmp_path: Path) -> None:
    given = ("evaluate", "lung_series.yaml", "--sample", "plasma-2026", "--history", "lung_series.yaml")
    printed = run(*given).stdout
    assert "Archived: found before, and not in this sample" in printed
    assert "2025-03-12, plasma-2025" in printed
    run(*given, "--html", "page.html")
    assert "<caption>Archived: found before, and not in this sample</caption>" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("regimens", "lung_series.yaml"), ExitCode.USAGE, "--history is for one patient"),
        (("evaluate", "lung_series.yaml"), ExitCode.USAGE, "--history is for the section Options of one patient"),
        (
            ("regimens", "lung_series.yaml", "--sample", "plasma-2025"),
            ExitCode.INPUT,
            "the sample 'plasma-2026' was taken on 2026-05-20, after the present one of 2025-03-12",
        ),
        (
            ("evaluate", "lung_series.yaml", "--sample", "plasma-2026", "--no-options"),
            ExitCode.USAGE,
            "--history is for the section Options",
        ),
        (
            ("evaluate", "germline.yaml", "--ruleset", "pharmacogenomics", "--sample", "GERMLINE-1"),
            ExitCode.USAGE,
            "--history: regimens are for tumours and viruses",
        ),
        (
            ("evaluate", "lung_series.yaml", "--sample", "plasma-2026", "--json", "lung_series.yaml"),
            ExitCode.USAGE,
            "lung_series.yaml",
        ),
    ],
)
def test_a_wrong_call_is_refused(run: Run, arguments: tuple[str, ...], code: ExitCode, text: str) -> None:
    done = run(*arguments, "--history", "lung_series.yaml")
    assert done.returncode == code
    assert text in " ".join(done.stderr.replace("│", " ").split())


def test_a_history_that_cannot_be_read_is_refused(run: Run) -> None:
    done = run("regimens", "--mutations", "RT:K103N", "--history", "no.tsv", *HIV)
    assert done.returncode == ExitCode.INPUT
    assert "no.tsv: cannot be read" in done.stderr


# --- drugs on which the disease progressed ----------------------------------------------------------------------------


def test_a_drug_of_a_virus_that_failed_is_not_active(run: Run) -> None:
    mutations = ("regimens", "--mutations", "IN:L74M", "--assayed", "RT,PR,IN")
    had = said(run, *mutations, "--prior", "EFV", *HIV)
    failed = said(run, *mutations, "--prior", "EFV failed", *HIV)

    assert all(high == 1 for high, _ in activities(had, "EFV"))
    assert set(activities(failed, "EFV")) == {(0.0, "the disease progressed on it")}


def test_a_drug_of_a_tumour_that_failed_is_not_active(run: Run) -> None:
    tumour = ("regimens", "--tumour", "LUAD", "--finding", "EGFR L858R", "--assayed", "EGFR", "--seconds", "0")
    failed = said(run, *tumour, "--prior", "osimertinib (progression)", "--json", "-")

    assert set(activities(failed, "osimertinib")) == {(0.0, "the disease progressed on it")}


# --- the end of a timeline --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("patient")
def test_a_timeline_ends_in_the_options_open_now(run: Run) -> None:
    timeline = said(run, "timeline", "lung_series.yaml", "--therapies", "lung_therapies.csv", "--json", "-")

    options = timeline["options"]
    assert [item["finding"] for item in options["archived"]] == ["EGFR T790M"]
    # With an inhibitor of MET a rule keeps it; then what was found defeats it.
    assert (0.0, "the disease progressed on it") in activities(options, "osimertinib")
    assert all(high == 0 for high, _ in activities(options, "osimertinib"))
    watched = {course["finding"]: course["watched"] for course in timeline["findings"]}
    assert watched["EGFR T790M"]["since"] == "2024-01-08"
    assert watched["EGFR T790M"]["sample"] == "plasma-2025"
    assert watched["EGFR L858R"] is None


@pytest.mark.usefixtures("patient")
def test_a_timeline_of_a_virus_marks_what_was_watched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "therapies.csv").write_text("drug,start,end,outcome\nefavirenz,2024-02-01,2024-12-01,failed\n")
    series = ("timeline", "first.tsv", "second.tsv", "--ruleset", "hiv1", "--at", "2024-01-01", "--at", "2025-01-01")
    to_files = ("--html", "page.html", "--svg", "picture.svg", "--json", "-")
    timeline = said(run, *series, "--therapies", "therapies.csv", *to_files)

    watched = {course["finding"]: course["watched"] for course in timeline["findings"]}
    assert (watched["RT K103N"]["since"], watched["RT K103N"]["sample"]) == ("2024-01-01", "second")
    assert watched["RT M184V"] is None
    assert [therapy["outcome"] for therapy in timeline["therapies"]] == ["progression"]
    assert all(high == 0 for high, _ in activities(timeline["options"], "EFV"))
    printed = " ".join(run(*series).stdout.split())
    assert "on the watch list since 2024-01-01" in printed
    assert "Archived: found before, and not in this sample" in printed
    for name in ("page.html", "picture.svg"):
        assert "RT K103N: on the watch list since 2024-01-01" in (tmp_path / name).read_text()


def test_without_a_solver_a_timeline_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clingo", None)
    timeline = said(
        run, "timeline", "first.tsv", "second.tsv", "--ruleset", "hiv1", "--at", "2024-01-01", "--at", "2025-01-01",
        "--json", "-",
    )  # fmt: skip

    assert any(note.startswith("Genetic barriers and the watch list were not") for note in timeline["options"]["notes"])
    assert {course["watched"] for course in timeline["findings"]} == {None}


def test_options_of_a_timeline_may_be_left_out(run: Run) -> None:
    assert said(run, "timeline", "lung_series.yaml", "--no-options", "--json", "-")["options"] is None


@pytest.mark.parametrize("outcome", ["better", "progression?"])
def test_an_outcome_that_is_none_is_refused(run: Run, tmp_path: Path, outcome: str) -> None:
    (tmp_path / "therapies.csv").write_text(f"drug,start,end,outcome\nosimertinib,2025-01-01,,{outcome}\n")
    done = run("timeline", "lung_series.yaml", "--therapies", "therapies.csv")
    assert done.returncode == ExitCode.INPUT
    assert f"'{outcome}' in column 'outcome' is no outcome; expected progression" in done.stderr
