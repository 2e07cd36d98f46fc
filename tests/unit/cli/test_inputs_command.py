"""Files of every kind from the command line, and what is said beside them."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from resistab.cli.exit_codes import ExitCode
from tests.paths import ROOT
from tests.running import Run


@pytest.fixture(autouse=True)
def examples(tmp_path: Path) -> None:
    for path in (ROOT / "examples").iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    (tmp_path / "two.csv").write_text("sample,alteration\nA,EGFR L858R\nB,KRAS G12C\n")
    (tmp_path / "one.csv").write_text("alteration\nEGFR L858R\n")


def report(done_stdout: str) -> dict:  # type: ignore[type-arg]
    return json.loads(done_stdout)


def test_a_vcf_with_its_panel(run: Run) -> None:
    done = run("evaluate", "lung_tumour.vcf", "--tumour", "LUAD", "--panel", "foundationone-cdx", "--json", "-")
    made = report(done.stdout)
    assert made["sample"]["read_as"] == "VCF 4.2, consequences by VEP, GRCh38"
    assert made["sample"]["specimen"] == "tissue"
    assert [caution.partition(" (")[0] for caution in made["cautions"]] == [
        "Variants failing filters or not called, with a curated association: EGFR L858R"
    ]
    assert made["sample"]["records"] == {
        "total": 6, "known": 4, "unknown": 0, "partly": 0, "set_aside": 0,
        "passed_over": {"FILTER weak_evidence": 1, "synonymous": 1},
    }  # fmt: skip


def test_without_a_panel_the_report_begins_with_a_caution(run: Run) -> None:
    done = run("evaluate", "lung_tumour.vcf", "--tumour", "LUAD")
    text = " ".join(done.stdout.split())
    assert text.index("Caution: What was assayed was not said") < text.index("Findings:")
    assert text.count("What was assayed was not said") == 1


def test_one_report_for_each_sample_and_one_table(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", "cohort.maf", "--reports", "out", "--table", "verdicts.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "colon-1.html", "colon-1.json", "melanoma-1.html", "melanoma-1.json",
    ]  # fmt: skip
    with (tmp_path / "verdicts.csv").open(newline="") as file:
        verdicts = {(row["sample"], row["drug"]): row["verdict"] for row in csv.DictReader(file)}
    assert verdicts["colon-1", "cetuximab"] == "resistant"
    assert verdicts["melanoma-1", "vemurafenib"] == "resistant"


def test_what_is_said_beside_a_file(run: Run, tmp_path: Path) -> None:
    options = ("--tumour", "LUAD", "--specimen", "CTDNA", "--limit-of-detection", "0.001", "--tumour-fraction", "0.3")
    made = report(
        run("evaluate", "one.csv", *options, "--prior", "none", "--assayed", "EGFR, KRAS", "--json", "-").stdout
    )
    sample = made["sample"]
    assert (sample["specimen"], sample["limit_of_detection"], sample["tumour_fraction"]) == ("ctDNA", 0.001, 0.3)
    assert sample["prior_therapies"] == []
    assert "counts as absent" in made["cautions"][0]


def test_measured_responses_are_of_each_sample_or_the_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("drug,assay,measure,response,resistant_from\nTagrisso,organoid,fold change,12,5\n")
    lines = run("evaluate", "two.csv", "--tumour", "LUAD", "--measured", "m.csv", "--jsonl", "-").stdout.splitlines()
    assert [report(line)["measured"][0]["agreement"] for line in lines] == ["disagrees", "agrees"]
    (tmp_path / "m.csv").write_text("sample,drug,assay,call\nB,osimertinib,organoid,resistant\n")
    lines = run("evaluate", "two.csv", "--tumour", "LUAD", "--measured", "m.csv", "--jsonl", "-").stdout.splitlines()
    assert [len(report(line)["measured"]) for line in lines] == [0, 1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("one.csv",), ExitCode.INPUT, "error: one.csv: does not say the tumour type of 'sample'; expected --tumour"),
        (("two.csv",), ExitCode.INPUT, "error: two.csv: does not say the tumour type of 2 samples; expected --tumour"),
        (
            ("melanoma_nras_q61k.yaml", "--tumour", "LUAD"),
            ExitCode.INPUT,
            "error: --tumour: 'LUAD' is given, and the file says MEL of",
        ),
        (("two.csv", "--tumour", "LUAD", "--sample", "C"), ExitCode.INPUT, "error: two.csv: has no sample 'C'; expected one of A, B"),  # noqa: E501
        (("two.csv", "--tumour", "LUAD", "--json", "-"), ExitCode.USAGE, "use --jsonl or --reports for several"),
        (("one.csv", "--tumour", "LUAD", "--specimen", "blood"), ExitCode.USAGE, "is neither tissue nor ctDNA"),
        (("one.csv", "--tumour", "LUAD", "--tumour-fraction", "5"), ExitCode.USAGE, "is no fraction from 0 to 1"),
        (("one.csv", "--tumour", "LUAD", "--panel", "x"), ExitCode.INPUT, "error: --panel: there is no panel and no file 'x'"),  # noqa: E501
        (("one.csv", "--tumour", "LUAD", "--measured", "one.csv"), ExitCode.INPUT, "one.csv: holds findings beside responses"),  # noqa: E501
        (("one.csv", "--tumour", "LUAD", "--reports", "one.csv"), ExitCode.OUTPUT, "one.csv: cannot be made"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused_and_nothing_is_written(
    run: Run,
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: ExitCode,
    said: str,
) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    done = run("evaluate", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert {path.name for path in tmp_path.iterdir()} - before <= {"cache"}


def test_no_name_of_a_patient_goes_where_it_was_not_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("sample,alteration\nSecret Name,EGFR L858R\n")
    done = run("evaluate", "p.csv", "--tumour", "LUAD", "--table", "t.csv")
    assert (done.stdout, done.stderr) == ("", "")
    cache = (
        [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] if (tmp_path / "cache").is_dir() else []
    )
    assert not any(b"Secret" in path.read_bytes() for path in cache)
