"""Measures resistab on HIV-1: rules, lists of mutations, sequences, memory; and beside sierra-local where it is named.

    python benchmarks/hiv.py [--sierralocal PYTHON [--algorithm FILE.xml]] [--rounds N] [--json FILE]

Genotypes and sequences are made up, always the same, and no two alike. ``PYTHON`` is that of an environment in which
``pip install sierralocal`` was done; both then interpret the same genotypes and sequences by the same algorithm, take
turns, and their scores are compared. The exit status is 1 where a target is missed or a score differs.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from hiv_batch import read_list, stages
from hiv_cases import CaseMaker, as_fasta, as_list
from hiv_comparison import Comparison, compare, comparison_missed, comparison_table
from run import environment

from resistab.domains.loading import load
from resistab.domains.virus.inputs.fasta import parse_fasta
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter

RULESET = "hiv1"
ONE_PATIENT = "RT:M184V K65R, PR:L90M"
GENOTYPES, SEQUENCES, SEQUENCES_BESIDE, SEQUENCES_OF_COHORT = 5_000, 200, 100, 10_000
# sierra-local needs some ten seconds for a round of sequences.
MOST_SEQUENCE_ROUNDS = 3
# Run by the child alone: the peak memory of a process is known only when it is the only child of its parent.
_MEMORY = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

_Made = TypeVar("_Made")


def timed(what: Callable[[], _Made]) -> tuple[float, _Made]:
    """Seconds that ``what`` takes, and what it returns."""
    begun = time.perf_counter()
    made = what()
    return time.perf_counter() - begun, made


def command(*arguments: str) -> list[str]:
    """``resistab evaluate`` by the shipped rule set, as a user gives it."""
    return [str(Path(sys.executable).parent / "resistab"), "evaluate", "--ruleset", RULESET, *arguments]


def seconds_and_memory(arguments: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds from start to exit of a command, and the most memory in MB that it has held."""
    finished = subprocess.run(
        [sys.executable, "-c", _MEMORY, *arguments], check=True, env=env, capture_output=True, text=True
    )
    seconds, peak = finished.stdout.split()[-2:]
    # Linux counts in KiB, macOS in bytes.
    return float(seconds), int(peak) * (1 if sys.platform == "darwin" else 1024) / 1e6


def measure_loading(rounds: int, folder: Path) -> dict[str, float]:
    """Loading and compiling the rule set, in ms, with an empty cache and with a filled one."""
    kept = os.environ["RESISTAB_CACHE"]
    cold, warm = [], []
    for number in range(rounds):
        os.environ["RESISTAB_CACHE"] = str(folder / f"cache{number}")
        cold.append(timed(lambda: load(RULESET))[0])
        warm.append(timed(lambda: load(RULESET))[0])
    os.environ["RESISTAB_CACHE"] = kept
    batch = [timed(lambda: load(RULESET).batch)[0] for _ in range(rounds)]
    return {
        "load_cold_ms": statistics.median(cold) * 1000,
        "load_warm_ms": statistics.median(warm) * 1000,
        "load_warm_with_batch_ms": statistics.median(batch) * 1000,
    }


def measure_start(rounds: int, folder: Path, env: dict[str, str]) -> dict[str, float]:
    """One patient by the command, from start to exit, in ms and MB."""
    arguments = command("--mutations", ONE_PATIENT, "--json", str(folder / "one.json"))
    first, _ = seconds_and_memory(arguments, env | {"RESISTAB_CACHE": str(folder / "cache_of_start")})
    taken = [seconds_and_memory(arguments, env) for _ in range(rounds)]
    bare = [seconds_and_memory([sys.executable, "-c", "pass"], env)[0] for _ in range(rounds)]
    return {
        "first_start_ms": first * 1000,
        "start_ms": statistics.median(seconds for seconds, _ in taken) * 1000,
        "start_mb": max(memory for _, memory in taken),
        "python_pass_ms": statistics.median(bare) * 1000,
    }


def measure_genotypes(interpreter: ViralInterpreter, maker: CaseMaker, rounds: int) -> dict[str, float]:
    """The batch path by its stages, in µs a genotype, and the full report by both evaluators, in ms."""
    genotypes = maker.genotypes(GENOTYPES)
    taken = [stages(interpreter, genotypes) for _ in range(rounds)]
    figures = {f"{stage}_us": statistics.median(one[stage] for one in taken) * 1e6 / GENOTYPES for stage in taken[0]}
    figures["list_to_line_us"] = statistics.median(sum(one.values()) for one in taken) * 1e6 / GENOTYPES
    reader = MutationReader(interpreter.rulebase)
    some = [read_list(reader, mutations, f"g{number}") for number, mutations in enumerate(genotypes[:50])]
    figures["first_report_ms"] = timed(lambda: load(RULESET).interpret(some[0]))[0] * 1000
    interpreter.interpret(some[0])
    reports = []
    for genotype in some:
        begun = time.perf_counter()
        interpreter.interpret(genotype)
        reports.append((time.perf_counter() - begun) * 1000)
    figures["report_ms"] = statistics.median(reports)
    figures["report_slowest_ms"] = max(reports)
    return figures


def measure_sequences(interpreter: ViralInterpreter, sequences: list[str], rounds: int) -> dict[str, float]:
    """Aligning and interpreting, in ms a sequence, each round by a new reader and scorer."""
    records = parse_fasta(as_fasta(sequences), "benchmark")
    taken: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        batch = ViralInterpreter(interpreter.rulebase).batch
        started = time.perf_counter()
        reader = interpreter.sequence_reader()
        set_up = time.perf_counter()
        read = [reader.read(record) for record in records]
        aligned = time.perf_counter()
        for _ in batch.interpret_all(read):
            pass
        taken.append((set_up - started, aligned - set_up, time.perf_counter() - aligned))
    reader_s, align_s, interpret_s = (statistics.median(of) for of in zip(*taken, strict=True))
    return {
        "sequence_reader_ms": reader_s * 1000,
        "align_ms": align_s * 1000 / len(sequences),
        "interpret_sequence_ms": interpret_s * 1000 / len(sequences),
    }


def measure_cohorts(maker: CaseMaker, folder: Path, env: dict[str, str]) -> dict[str, float]:
    """10,000 lists and 10,000 sequences by the command, to JSON lines: seconds from start to exit, and MB."""
    lists, fasta = folder / "cohort.tsv", folder / "cohort.fasta"
    genotypes = maker.genotypes(SEQUENCES_OF_COHORT)
    lists.write_text("".join(f"g{n}\t{as_list(one)}\n" for n, one in enumerate(genotypes)), encoding="utf-8")
    fasta.write_text(as_fasta(maker.sequences(SEQUENCES_OF_COHORT)), encoding="utf-8")
    target = ["--jsonl", str(folder / "cohort.jsonl")]
    list_s, list_mb = seconds_and_memory(command("--mutations-file", str(lists), *target), env)
    fasta_s, fasta_mb = seconds_and_memory(command(str(fasta), *target), env)
    return {"lists_s": list_s, "lists_mb": list_mb, "sequences_s": fasta_s, "sequences_mb": fasta_mb}


def table(figures: dict[str, float], rounds: int) -> str:
    """Our own figures as a table for the terminal."""
    of = figures
    per_second = 1000 / (of["align_ms"] + of["interpret_sequence_ms"])
    cohort = SEQUENCES_OF_COHORT
    lines = [
        (
            "rules loaded and compiled",
            f"{of['load_warm_ms']:.1f} ms",
            f"with an empty cache {of['load_cold_ms']:.0f} ms",
        ),
        ("the same with the batch evaluator", f"{of['load_warm_with_batch_ms']:.1f} ms", ""),
        (
            "resistab evaluate --mutations --json",
            f"{of['start_ms']:.0f} ms",
            f"{of['start_ms'] / of['python_pass_ms']:.1f} times python -c pass, {of['start_mb']:.0f} MB; "
            f"with an empty cache {of['first_start_ms']:.0f} ms",
        ),
        (
            "one genotype, both evaluators, report",
            f"{of['report_ms']:.1f} ms",
            f"slowest {of['report_slowest_ms']:.1f} ms, the first with loading {of['first_report_ms']:.0f} ms",
        ),
        ("batch: list read", f"{of['read_us']:.0f} µs", f"{GENOTYPES} genotypes, all different"),
        (
            "batch: scores, levels and comments",
            f"{of['interpret_us']:.0f} µs",
            f"{1e6 / of['interpret_us']:,.0f} genotypes a second",
        ),
        ("batch: line of JSON written", f"{of['write_us']:.0f} µs", ""),
        (
            "batch: from list to line",
            f"{of['list_to_line_us']:.0f} µs",
            f"{1e6 / of['list_to_line_us']:,.0f} genotypes a second",
        ),
        (
            "a sequence of pol aligned",
            f"{of['align_ms']:.2f} ms",
            f"{SEQUENCES} sequences, all different",
        ),
        (
            "its scores, levels and comments",
            f"{of['interpret_sequence_ms']:.2f} ms",
            f"both: {per_second:.0f} sequences a second",
        ),
        (
            f"{cohort} lists, the whole command",
            f"{of['lists_s']:.1f} s",
            f"{cohort / of['lists_s']:,.0f} a second, {of['lists_mb']:.0f} MB",
        ),
        (
            f"{cohort} sequences, the whole command",
            f"{of['sequences_s']:.1f} s",
            f"{cohort / of['sequences_s']:,.0f} a second, {of['sequences_mb']:.0f} MB",
        ),
    ]
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    head = f"HIV-1. {machine}, medians of {rounds}"
    return "\n".join([head, *(f"  {name:<38} {value:>8}   {note}".rstrip() for name, value, note in lines)])


def measure(given: argparse.Namespace) -> tuple[dict[str, float], Comparison | None]:
    """All figures, and those beside sierra-local where it is given."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder / "cache")
        os.environ["RESISTAB_CACHE"] = env["RESISTAB_CACHE"]
        figures = measure_loading(given.rounds, folder)
        interpreter = load(RULESET)
        maker = CaseMaker(interpreter.program, interpreter.rulebase.sequences)
        figures |= measure_start(given.rounds, folder, env)
        figures |= measure_genotypes(interpreter, maker, given.rounds)
        figures |= measure_sequences(interpreter, maker.sequences(SEQUENCES), given.rounds)
        if not given.sierralocal:
            return figures | measure_cohorts(maker, folder, env), None
        comparison = compare(
            given.sierralocal,
            given.algorithm,
            maker.genotypes(GENOTYPES),
            maker.sequences(SEQUENCES_BESIDE),
            given.rounds,
            min(given.rounds, MOST_SEQUENCE_ROUNDS),
            folder,
            env,
        )
        return figures | measure_cohorts(maker, folder, env), comparison


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a target is missed or a score differs."""
    parser = argparse.ArgumentParser(description="Measure resistab on HIV-1, also beside sierra-local.")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each kind (default 5)")
    parser.add_argument("--sierralocal", metavar="PYTHON", help="the Python of an environment with sierralocal")
    parser.add_argument(
        "--algorithm", type=Path, metavar="FILE", help="the ASI2 file for both (default: the one in sierralocal)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    given = parser.parse_args(arguments)
    if given.sierralocal and shutil.which(given.sierralocal) is None:
        parser.error(f"--sierralocal: there is no program {given.sierralocal}")
    if given.algorithm and not given.algorithm.is_file():
        parser.error(f"--algorithm: there is no file {given.algorithm}")
    # As the command does; what is measured in this process would else pay for the benchmark's own objects.
    gc.set_threshold(1_000_000, 50, 50)
    figures, comparison = measure(given)
    print(table(figures, given.rounds))
    print(
        comparison_table(comparison)
        if comparison
        else "Not compared with sierra-local: --sierralocal PYTHON was not given."
    )
    if given.json:
        whole = figures | ({"beside": dataclasses.asdict(comparison)} if comparison else {})
        given.json.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    return 1 if comparison and comparison_missed(comparison) else 0


if __name__ == "__main__":
    sys.exit(main())
