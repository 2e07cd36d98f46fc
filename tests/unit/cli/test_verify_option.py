"""``--verify``: the third evaluator beside the two, for every domain and every way to write a report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.core.verification import ClingoProgram
from tests.running import Run

TUMOUR = ("--tumour", "LUAD", "--finding", "EGFR L858R", "--finding", "EGFR T790M")
VIRUS = ("--ruleset", "hiv1", "--mutations", "RT:M184V")
GERMLINE = ("--ruleset", "pharmacogenomics", "--finding", "DPYD *1/*2A")


@pytest.mark.parametrize("patient", [TUMOUR, VIRUS, GERMLINE], ids=["tumour", "virus", "germline"])
def test_a_line_says_that_all_agree_and_no_report_changes(run: Run, patient: tuple[str, ...]) -> None:
    # What regimens escape by is sought for some seconds: on a busy machine two searches may differ.
    for option in (("--no-options", "--json"), ("--jsonl",), ("--table",)):
        plain = run("evaluate", *patient, "--date", "2026-01-01", *option, "-")
        verified = run("evaluate", *patient, "--date", "2026-01-01", *option, "-", "--verify")
        assert (verified.returncode, verified.stdout) == (ExitCode.OK, plain.stdout)
        assert plain.stderr == ""
        number = int(verified.stderr.removeprefix("verified: ").removesuffix(" rules by clingo\n"))
        assert number > 50


def test_explain_verifies_too(run: Run) -> None:
    plain = run("explain", "osimertinib", *TUMOUR)
    verified = run("explain", "osimertinib", *TUMOUR, "--verify")
    assert (verified.returncode, verified.stdout) == (ExitCode.OK, plain.stdout)
    assert verified.stderr.startswith("verified: ")


@pytest.mark.parametrize("patient", [TUMOUR, VIRUS, GERMLINE], ids=["tumour", "virus", "germline"])
@pytest.mark.parametrize("option", ["--json", "--jsonl", "--html", "--reports"])
def test_a_disagreement_is_6_and_nothing_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, patient: tuple[str, ...], option: str
) -> None:
    monkeypatch.setattr(ClingoProgram, "evaluate", lambda self, observed: {})
    done = run("evaluate", *patient, option, "out", "--verify")
    assert (done.returncode, done.stdout) == (ExitCode.ENGINE, "")
    assert done.stderr.startswith("error: no report was made: clingo disagrees with the two evaluators on ")
    assert not [path for path in Path("out").rglob("*") if path.is_file()]
    # The next command verifies only if it is asked to.
    assert run("evaluate", *patient, option, "out").returncode == ExitCode.OK


def test_each_virus_of_a_cohort_is_verified(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only those of it that the batch evaluator is checked on."""
    Path("many.tsv").write_text("".join(f"v{number}\tRT:M184V\n" for number in range(9)), encoding="utf-8")
    evaluate, asked = ClingoProgram.evaluate, []

    def counted(self: ClingoProgram, observed: dict) -> dict:  # type: ignore[type-arg]
        asked.append(self)
        return evaluate(self, observed)

    monkeypatch.setattr(ClingoProgram, "evaluate", counted)
    done = run("evaluate", "--ruleset", "hiv1", "--mutations-file", "many.tsv", "--jsonl", "-", "--verify")
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 9
    assert len(asked) >= 9


def test_without_clingo_the_command_line_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clingo", None)
    done = run("evaluate", *TUMOUR, "--json", "out", "--verify")
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    said = "--verify: clingo is not installed; pip install 'resistab[verify]' installs it"
    assert said in " ".join(done.stderr.split())
    assert not Path("out").exists()
