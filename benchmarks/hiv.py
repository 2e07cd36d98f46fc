"""Measures resistab on HIV-1: rules, lists of mutations, sequences, memory; and beside sierra-local where it is named.

    python benchmarks/hiv.py [--quick] [--sierralocal PYTHON [--algorithm FILE.xml]] [--rounds N] [--json FILE]

Genotypes and sequences are made up, always the same, and no two alike. ``PYTHON`` is that of an environment in which
``pip install sierralocal`` was done; both then interpret the same genotypes and sequences by the same algorithm, take
turns, and their scores are compared. The exit status is 1 where a target is missed or a score differs.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from figures import Beside, Figure, LeftOut, at_least_one, at_most, at_most_times, given_file, given_program, main
from hiv_batch import read_list, stages
from hiv_cases import CaseMaker, as_fasta, as_list
from hiv_comparison import compare, comparison_figures
from processes import NOTHING, RESISTAB, environment, process

from resistab.domains.loading import load
from resistab.domains.virus.inputs.fasta import parse_fasta
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter

RULESET = "hiv1"
ONE_PATIENT = "RT:M184V K65R, PR:L90M"
# What targets are for.
COHORT = 10_000
# sierra-local needs some ten seconds for a round of sequences.
MOST_SEQUENCE_ROUNDS = 3


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How many of each are measured."""

    rounds: int = 5
    genotypes: int = 5_000
    sequences: int = 200
    sequences_beside: int = 100
    cohort: int = COHORT


QUICK = Sizes(2, 500, 30, 10, 1_000)

_Made = TypeVar("_Made")


def timed(what: Callable[[], _Made]) -> tuple[float, _Made]:
    """Seconds that ``what`` takes, and what it returns."""
    begun = time.perf_counter()
    made = what()
    return time.perf_counter() - begun, made


def command(*arguments: str) -> list[str]:
    """``resistab evaluate`` by the shipped rule set, as a user gives it."""
    return [RESISTAB, "evaluate", "--ruleset", RULESET, *arguments]


def measure_loading(rounds: int, folder: Path) -> Iterator[Figure]:
    """Loading and compiling the rule set, with an empty cache and with a filled one."""
    kept = os.environ["RESISTAB_CACHE"]
    cold, warm = [], []
    for number in range(rounds):
        os.environ["RESISTAB_CACHE"] = str(folder / f"cache{number}")
        cold.append(timed(lambda: load(RULESET))[0])
        warm.append(timed(lambda: load(RULESET))[0])
    os.environ["RESISTAB_CACHE"] = kept
    batch = [timed(lambda: load(RULESET).batch)[0] for _ in range(rounds)]
    for what, times in (("", warm), (", with an empty cache", cold), (", with the batch evaluator", batch)):
        yield Figure(f"rules loaded, in process{what}", statistics.median(times) * 1000, "ms")


def measure_start(rounds: int, folder: Path, env: dict[str, str]) -> Iterator[Figure]:
    """One patient by the command, from start to exit, beside the bare interpreter, in turns."""
    arguments = command("--mutations", ONE_PATIENT, "--json", str(folder / "one.json"))
    first = process(arguments, env | {"RESISTAB_CACHE": str(folder / "cache_of_start")}).seconds
    process(arguments, env)
    taken = [(process(NOTHING, env), process(arguments, env)) for _ in range(rounds)]
    bare, start = (statistics.median(one.seconds for one in of) * 1000 for of in zip(*taken, strict=True))
    nothing = Beside("python -c pass", bare)
    yield Figure("start to a report as JSON", start, "ms", nothing, at_most_times(20))
    yield Figure("start to JSON with an empty cache", first * 1000, "ms", nothing)
    yield Figure("memory of a start", max(one.peak_mb for _, one in taken), "MB")


def measure_genotypes(interpreter: ViralInterpreter, maker: CaseMaker, sizes: Sizes) -> Iterator[Figure]:
    """The batch path by its stages, and the full report by both evaluators."""
    genotypes = maker.genotypes(sizes.genotypes)
    taken = [stages(interpreter, genotypes) for _ in range(sizes.rounds)]
    in_us = 1e6 / sizes.genotypes
    for stage, what in (("read", "list read"), ("interpret", "interpreted"), ("write", "line of JSON written")):
        yield Figure(f"a cohort's genotype: {what}", statistics.median(one[stage] for one in taken) * in_us, "µs")
    whole = statistics.median(sum(one.values()) for one in taken) * in_us
    yield Figure("a cohort's genotype: from list to line", whole, "µs")
    reader = MutationReader(interpreter.rulebase)
    some = [read_list(reader, mutations, f"g{number}") for number, mutations in enumerate(genotypes[:50])]
    first = timed(lambda: load(RULESET).interpret(some[0]))[0]
    yield Figure("one genotype, rules loaded and full report", first * 1000, "ms")
    interpreter.interpret(some[0])
    reports = [timed(lambda genotype=genotype: interpreter.interpret(genotype))[0] * 1000 for genotype in some]
    yield Figure("one genotype, both evaluators, full report", statistics.median(reports), "ms")
    yield Figure(f"the same, slowest of {len(some)}", max(reports), "ms")


def measure_sequences(interpreter: ViralInterpreter, sequences: list[str], rounds: int) -> Iterator[Figure]:
    """Aligning and interpreting, each round by a new reader and scorer."""
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
    yield Figure("a sequence of pol: reader set up, once", reader_s * 1000, "ms")
    yield Figure("a sequence of pol: aligned", align_s * 1000 / len(sequences), "ms")
    yield Figure("a sequence of pol: interpreted", interpret_s * 1000 / len(sequences), "ms")


def measure_cohorts(maker: CaseMaker, cohort: int, folder: Path, env: dict[str, str]) -> Iterator[Figure]:
    """Lists and sequences by the command, to JSON lines, from start to exit."""
    lists, fasta = folder / "cohort.tsv", folder / "cohort.fasta"
    genotypes = maker.genotypes(cohort)
    lists.write_text("".join(f"g{n}\t{as_list(one)}\n" for n, one in enumerate(genotypes)), encoding="utf-8")
    fasta.write_text(as_fasta(maker.sequences(cohort)), encoding="utf-8")
    for kind, given, limit in (("lists", ("--mutations-file", str(lists)), 3), ("sequences", (str(fasta),), 15)):
        taken = process(command(*given, "--jsonl", str(folder / "cohort.jsonl")), env)
        what = f"{cohort:,} {kind}, the whole command"
        yield Figure(what, taken.seconds, "s", target=at_most(limit), smaller=cohort < COHORT)
        yield Figure(f"{cohort:,} {kind}, memory of a process", taken.peak_mb, "MB")


def measure(given: argparse.Namespace) -> Iterator[Figure | LeftOut]:
    """All figures, and those beside sierra-local where it is given."""
    # As the command does; what is measured in this process would else pay for the benchmark's own objects.
    gc.set_threshold(1_000_000, 50, 50)
    sizes = QUICK if given.quick else Sizes()
    if given.rounds:
        sizes = dataclasses.replace(sizes, rounds=given.rounds)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder / "cache")
        os.environ["RESISTAB_CACHE"] = env["RESISTAB_CACHE"]
        yield from measure_loading(sizes.rounds, folder)
        interpreter = load(RULESET)
        maker = CaseMaker(interpreter.program, interpreter.rulebase.sequences)
        yield from measure_start(sizes.rounds, folder, env)
        yield from measure_genotypes(interpreter, maker, sizes)
        yield from measure_sequences(interpreter, maker.sequences(sizes.sequences), sizes.rounds)
        yield from measure_cohorts(maker, sizes.cohort, folder, env)
        if not given.sierralocal:
            yield LeftOut("sierra-local", "--sierralocal PYTHON was not given")
            return
        yield from comparison_figures(
            compare(
                given.sierralocal,
                given.algorithm,
                maker.genotypes(sizes.genotypes),
                maker.sequences(sizes.sequences_beside),
                sizes.rounds,
                min(sizes.rounds, MOST_SEQUENCE_ROUNDS),
                folder,
                env,
            ),
            few=given.quick,
        )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=at_least_one, help="measurements of each kind (default 5, quick 2)")
    parser.add_argument(
        "--sierralocal", type=given_program, metavar="PYTHON", help="the Python of an environment with sierralocal"
    )
    parser.add_argument(
        "--algorithm", type=given_file, metavar="FILE", help="the ASI2 file for both (default: the one in sierralocal)"
    )


if __name__ == "__main__":
    sys.exit(main("hiv", "HIV-1", measure, options))
