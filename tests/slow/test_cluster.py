"""A cohort is shared among processes, and one is killed in the middle: its part is done again, and nothing changes.

The workers are those of a Dask scheduler on this machine, the command is a process of its own.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import pytest

from benchmarks.cohort_maf import PER_TUMOUR, write_cohort
from resistab.cli.exit_codes import ExitCode
from tests.paths import EXAMPLES
from tests.running import RESISTAB

# What is worked out for each type anew on each worker is most of the work.
TYPES = ("LUAD", "SKCM", "COAD")
TUMOURS = 200


def evaluated(*arguments: str) -> None:
    done = subprocess.run([*RESISTAB, "evaluate", *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def maf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cohort") / "cohort.maf"
    write_cohort(path, TUMOURS)
    head, *rows = path.read_text("utf-8").splitlines()
    typed = [f"{row.rpartition(chr(9))[0]}\t{TYPES[n // PER_TUMOUR % len(TYPES)]}" for n, row in enumerate(rows)]
    path.write_text("\n".join((head, *typed)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def client() -> Iterator[Any]:
    """A client of a scheduler with two processes."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def wait_for(run: subprocess.Popen[str], true: Callable[[], Any]) -> Any:
    while run.poll() is None:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError(f"it ended before: {run.communicate()}")


def test_a_worker_killed_in_the_middle_changes_nothing(maf: Path, tmp_path: Path, client: Any) -> None:
    alone, shared, parts = tmp_path / "alone.csv", tmp_path / "shared.csv", tmp_path / "parts"
    evaluated(str(maf), "--table", str(alone))
    before = client.run(os.getpid)
    options = ("--cluster", client.scheduler.address, "--partitions", str(parts))
    with subprocess.Popen(
        [*RESISTAB, "evaluate", str(maf), "--table", str(shared), *options], stderr=subprocess.PIPE, text=True
    ) as run:
        # Some are done, and some are under way.
        wait_for(run, lambda: list(parts.glob("*/rows-*.parquet")))
        worker = wait_for(run, lambda: next((one for one, tasks in client.processing().items() if tasks), None))
        os.kill(before[worker], signal.SIGKILL)
        assert run.communicate()[1] == ""
    assert run.returncode == 0
    assert shared.read_bytes() == alone.read_bytes()
    # Another has come in its place.
    client.wait_for_workers(2)
    assert before[worker] not in client.run(os.getpid).values()
    assert not list(parts.iterdir())


def test_where_the_scheduler_is_lost_the_run_says_so(maf: Path, tmp_path: Path) -> None:
    told, parts = tmp_path / "scheduler.json", tmp_path / "parts"
    dask, told_in = [sys.executable, "-m", "dask"], ("--no-dashboard", "--scheduler-file", str(told))
    listening = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *told_in]
    with (
        subprocess.Popen(listening, stderr=DEVNULL) as scheduler,
        subprocess.Popen([*dask, "worker", "--nthreads", "1", *told_in], stderr=DEVNULL, cwd=tmp_path) as worker,
    ):
        while not (told.exists() and told.read_text("utf-8").endswith("}")):
            time.sleep(0.02)
        shared = ("--cluster", json.loads(told.read_text("utf-8"))["address"], "--partitions", str(parts))
        words = [*RESISTAB, "evaluate", str(maf), "--table", str(tmp_path / "out.csv"), *shared]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as run:
            wait_for(run, lambda: list(parts.glob("*/genotypes-*.parquet")))
            scheduler.kill()
            said = run.communicate()[1]
        worker.terminate()
    assert said.startswith("error: no report was made: the scheduler at tcp://127.0.0.1:")
    assert len(said.splitlines()) == 1
    assert run.returncode == ExitCode.ENGINE
    assert not (tmp_path / "out.csv").exists() and not list(parts.iterdir())


def test_an_interruption_ends_all_and_leaves_nothing(maf: Path, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    words = [
        "evaluate",
        str(maf),
        "--table",
        str(tmp_path / "out.csv"),
        "--cluster",
        "local",
        "--partitions",
        str(parts),
    ]
    # What a shell starts in the background ignores SIGINT, and so would what is started from there.
    run = subprocess.Popen(
        [*RESISTAB, *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(run, lambda: list(parts.glob("*/genotypes-*.parquet")))
    # As a terminal does it: the workers are told too.
    os.killpg(run.pid, signal.SIGINT)
    assert run.communicate()[1] == ""
    assert run.returncode == 128 + signal.SIGINT
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]
    assert not list(parts.iterdir())


def test_processes_of_this_machine_write_the_same(maf: Path, tmp_path: Path) -> None:
    for name, patients in (
        ("tumours.parquet", (str(maf),)),
        ("viruses.csv", ("--ruleset", "hiv1", str(EXAMPLES / "hiv_pol.fasta"))),
    ):
        alone, shared = tmp_path / f"alone-{name}", tmp_path / f"shared-{name}"
        evaluated(*patients, "--table", str(alone))
        evaluated(*patients, "--table", str(shared), "--cluster", "local")
        assert alone.read_bytes() == shared.read_bytes()


def test_no_log_of_a_worker_names_a_patient(maf: Path, tmp_path: Path, client: Any) -> None:
    evaluated(str(maf), "--table", str(tmp_path / "out.csv"), "--cluster", client.scheduler.address)
    logs = repr((client.get_worker_logs(), client.get_scheduler_logs(), client.get_events()))
    samples = {line.split("\t")[3] for line in maf.read_text("utf-8").splitlines()[1:]}
    assert len(samples) == TUMOURS
    assert not [sample for sample in samples if sample in logs]
