"""``resistab timeline`` from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from resistab.cli.exit_codes import ExitCode
from tests.paths import ROOT
from tests.running import Run

SERIES = ("lung_series.yaml", "--therapies", "lung_therapies.csv")


@pytest.fixture(autouse=True)
def examples(tmp_path: Path) -> None:
    for path in (ROOT / "examples").iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)


def test_it_prints_writes_and_draws(run: Run, tmp_path: Path) -> None:
    done = run("timeline", *SERIES, "--no-options")
    assert (done.returncode, done.stderr) == (0, "")
    assert "EGFR T790M newly detected in plasma-2025, under gefitinib" in " ".join(done.stdout.split())
    done = run("timeline", *SERIES, "--no-options", "--html", "t.html", "--svg", "t.svg", "--json", "-")
    assert json.loads(done.stdout)["samples"][0]["sample"] == "biopsy-2024"
    assert (tmp_path / "t.svg").read_text().startswith("<svg")
    assert "<svg" in (tmp_path / "t.html").read_text()


def test_a_therapy_that_began_before_is_a_prior_therapy(run: Run) -> None:
    with_it = json.loads(run("timeline", *SERIES, "--no-options", "--json", "-").stdout)
    without = json.loads(run("timeline", "lung_series.yaml", "--no-options", "--json", "-").stdout)
    assert [therapy["drug"] for therapy in with_it["therapies"]] == ["gefitinib", "osimertinib"]
    assert without["therapies"] == []


def test_files_of_one_name_are_told_apart_by_the_dates_given(run: Run) -> None:
    options = ("--tumour", "LUAD", "--at", "2025-01-10", "--at", "2026-02-11", "--no-options", "--json", "-")
    done = run("timeline", "lung_tumour.vcf", "lung_tumour.vcf", *options)
    names = [sample["sample"] for sample in json.loads(done.stdout)["samples"]]
    assert names == ["lung-tumour 2025-01-10", "lung-tumour 2026-02-11"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ("lung_tumour.vcf", "--tumour", "LUAD"),
            ExitCode.INPUT,
            "does not say when the sample 'lung-tumour' was taken",
        ),
        (
            ("lung_series.yaml", "--at", "2024-01-01", "--at", "2024-01-02"),
            ExitCode.USAGE,
            "--at is given 2 times for 1",
        ),
        (("lung_series.yaml", "--at", "soon"), ExitCode.USAGE, "--at 'soon' is no date"),
        (
            ("breast_findings.csv", "--at", "2024-01-01", "--html", "-", "--svg", "-"),
            ExitCode.USAGE,
            "are both to go to standard output",
        ),
        (("lung_series.yaml", "--therapies", "no.csv"), ExitCode.INPUT, "no.csv: cannot be read"),
    ],
)
def test_a_wrong_call_is_refused(run: Run, arguments: tuple[str, ...], code: ExitCode, said: str) -> None:
    done = run("timeline", *arguments)
    assert done.returncode == code
    assert said in " ".join(done.stderr.replace("│", " ").split())
