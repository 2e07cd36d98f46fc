"""``--cluster``: workers of a Dask scheduler write what one machine writes, or nothing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.core.agreement import HeadsDisagreeError
from resistab.core.program import Head
from resistab.domains.cluster import client, worker
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter
from tests.paths import EXAMPLES
from tests.running import Run

TUMOURS = (str(EXAMPLES / "lung_osimertinib_c797s.yaml"),)
VIRUSES = ("--ruleset", "hiv1", "--mutations-file", str(EXAMPLES / "hiv_mutations.tsv"))
GERMLINE = ("--ruleset", "pharmacogenomics", str(EXAMPLES / "germline.yaml"))
OTHER = "0" * 64


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers, which are threads of this process and so share its memory."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster.scheduler_address


def said(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("cohort", [TUMOURS, VIRUSES, GERMLINE], ids=["tumours", "viruses", "germline"])
def test_workers_write_the_same_bytes(run: Run, tmp_path: Path, scheduler: str, cohort: tuple[str, ...]) -> None:
    written = []
    for number, shared in enumerate([(), ("--cluster", scheduler, "--partitions", "memory://parts")]):
        targets = [tmp_path / f"{number}.{kind}" for kind in ("csv", "jsonl")]
        options = ("--date", "2026-01-01", "--table", str(targets[0]), "--jsonl", str(targets[1]))
        done = run("evaluate", *cohort, *options, *shared)
        assert (done.returncode, done.stdout, done.stderr) == (ExitCode.OK, "", "")
        written.append([target.read_bytes() for target in targets])
    assert written[0] == written[1]
    assert all(written[0])


def test_in_parquet_too(run: Run, tmp_path: Path, scheduler: str) -> None:
    alone, shared = tmp_path / "alone.parquet", tmp_path / "shared.parquet"
    assert run("evaluate", *VIRUSES, "--table", str(alone)).returncode == 0
    assert run("evaluate", *VIRUSES, "--table", str(shared), "--cluster", scheduler).returncode == 0
    assert alone.read_bytes() == shared.read_bytes()


def test_parts_are_removed(run: Run, tmp_path: Path, scheduler: str) -> None:
    parts = tmp_path / "parts"
    assert run("evaluate", *VIRUSES, "--table", "-", "--cluster", scheduler, "--partitions", str(parts)).returncode == 0
    assert not list(parts.iterdir())


def test_what_is_set_aside_is_named_last(run: Run, tmp_path: Path, scheduler: str) -> None:
    listed = tmp_path / "viruses.tsv"
    listed.write_text("a\tRT:M184V\nb\tnonsense\nc\tPR:L90M\n", encoding="utf-8")
    patients = ("--ruleset", "hiv1", "--mutations-file", str(listed), "--keep-going", "--table", "-")
    plain, shared = run("evaluate", *patients), run("evaluate", *patients, "--cluster", scheduler)
    assert (shared.returncode, shared.stdout, shared.stderr) == (ExitCode.OK, plain.stdout, plain.stderr)


def test_a_worker_with_other_rules_is_refused(run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_digest_of", lambda folder, overlay: OTHER)
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", scheduler)
    assert (done.returncode, done.stdout) == (ExitCode.RULEBASE, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"rule set 'hiv1' has digest {OTHER} there, and digest " in done.stderr


def test_so_is_one_that_comes_later(run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_loaded", None)
    monkeypatch.setattr(worker, "_digest_here", lambda rules: rules.digest)
    monkeypatch.setattr(worker, "_folders", lambda rules: iter(()))
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", scheduler)
    assert done.returncode == ExitCode.RULEBASE
    assert "a worker: rule set 'hiv1' has digest" in done.stderr


def test_a_worker_without_such_rules_is_refused(run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_folders", lambda rules: iter(()))
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", scheduler)
    assert done.returncode == ExitCode.RULEBASE
    assert "rule set 'hiv1' is not found there, and digest " in done.stderr


def test_a_worker_of_another_version_is_refused(run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "__version__", "0.0.1")
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", scheduler)
    assert done.returncode == ExitCode.ENGINE
    assert "has resistab 0.0.1, and " in done.stderr


def test_a_worker_that_sees_no_parts_is_refused(run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.PartsFolder, "has", lambda place, name: False)
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", scheduler)
    assert done.returncode == ExitCode.ENGINE
    assert "name with --partitions a place that all workers see" in done.stderr


def test_a_disagreement_is_6_and_names_the_sample(
    run: Run, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpret = GermlineInterpreter.interpret

    def differing(self: GermlineInterpreter, genotype: object, *others: object) -> object:
        if getattr(genotype, "sample", "") == "patient-2":
            raise HeadsDisagreeError([(Head("row", "some-row"), None, None)])
        return interpret(self, genotype, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(GermlineInterpreter, "interpret", differing)
    second = tmp_path / "second.yaml"
    second.write_text((EXAMPLES / "germline.yaml").read_text("utf-8").replace("GERMLINE-1", "patient-2"), "utf-8")
    done = run("evaluate", *GERMLINE, str(second), "--table", str(tmp_path / "out.csv"), "--cluster", scheduler)
    assert done.returncode == ExitCode.ENGINE
    assert "sample 'patient-2': the two evaluators disagree" in done.stderr
    assert list(tmp_path.iterdir()) == [second]


def test_what_else_fails_on_a_worker_is_6(run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> object:
        raise KeyError("sample")

    monkeypatch.setattr(GermlineInterpreter, "interpret", broken)
    done = run("evaluate", *GERMLINE, "--table", "-", "--cluster", scheduler)
    assert done.returncode == ExitCode.ENGINE
    assert "a worker failed: KeyError: 'sample'" in done.stderr


@pytest.mark.parametrize("module", ["distributed", "fsspec", "pyarrow.parquet"])
def test_without_the_extra_it_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", "local")
    assert done.returncode == ExitCode.USAGE
    assert "pip install 'resistab[cluster]' installs it" in said(done.stderr)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--table", "-", "--partitions", "parts"), "--partitions goes with --cluster"),
        (("--cluster", "local"), "--cluster goes with --table and --jsonl"),
        (("--cluster", "local", "--json", "-"), "--cluster goes with --table and --jsonl; --json cannot be shared"),
        (("--cluster", "local", "--table", "-", "--reports", "r"), "--reports cannot be shared"),
        (("--cluster", "local", "--table", "-", "--verify"), "--verify cannot be shared"),
        (("--cluster", "", "--table", "-"), "--cluster '' is no address"),
        (("--cluster", "local", "--table", "-", "--partitions", "nowhere://a"), "Protocol not known: nowhere"),
        (("--cluster", "local", "--table", "-", "--partitions", ""), "--partitions '' is no place"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, options: tuple[str, ...], message: str) -> None:
    done = run("evaluate", *VIRUSES, *options)
    assert done.returncode == ExitCode.USAGE
    assert message in said(done.stderr)


def test_a_place_that_cannot_be_written_is_5(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", "local", "--partitions", str(tmp_path / "file" / "a"))
    assert done.returncode == ExitCode.OUTPUT
    assert "cannot be written" in done.stderr


def test_where_no_scheduler_answers_it_is_6(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_ANSWERS", 0.3)
    done = run("evaluate", *VIRUSES, "--table", "-", "--cluster", "tcp://127.0.0.1:1")
    assert done.returncode == ExitCode.ENGINE
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in done.stderr
