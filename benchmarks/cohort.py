"""Measures a cohort of tumours: from a MAF to a table of verdicts and to lines of JSON, beside the same one by one.

    python benchmarks/cohort.py [--quick] [--long] [--tumours N ...] [--mutations TABLE] [--cluster ADDRESS]
                                [--json FILE]

The MAF is that of ``cohort_maf.py``: twelve mutations a tumour. Whole processes, reading and writing included, with the
cache filled; one by one is ``interpret`` and the rows of the table by both evaluators, in this process, reading left
out. Memory is that of the largest of the processes. With ``--cluster`` (``local``, or a Dask scheduler) each cohort is
also shared among workers; the table must then have the same bytes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from figures import Beside, Figure, at_least, at_least_one, at_least_times, at_most, at_most_times, given_file, main
from processes import RESISTAB, environment, process

ONE_BY_ONE = 40
SIZES, SIZES_QUICK, LONG = (10_000, 100_000), (500, 2_000), 1_000_000


def one_by_one(path: Path) -> float:
    """Tumours a second, each interpreted alone by both evaluators; the first of each type are left out."""
    import resistab
    from resistab.domains.oncology.inputs import cohort
    from resistab.domains.oncology.report import leading, table_rows
    from resistab.domains.pack import Given

    interpreter = resistab.load("oncology")
    with cohort(interpreter, Given((path,))) as genotypes:
        some = list(islice(genotypes, 3 * ONE_BY_ONE))
    for genotype in some[:-ONE_BY_ONE]:
        interpreter.interpret(genotype)
    begun = time.perf_counter()
    for genotype in some[-ONE_BY_ONE:]:
        list(table_rows(leading(interpreter.interpret(genotype))))
    return ONE_BY_ONE / (time.perf_counter() - begun)


def measure(given: argparse.Namespace) -> Iterator[Figure]:
    """One by one, then each size of cohort; time per tumour is held beside that of the first size."""
    sizes = given.tumours or (*(SIZES_QUICK if given.quick else SIZES), *((LONG,) if given.long else ()))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder / "cache")
        os.environ["RESISTAB_CACHE"] = env["RESISTAB_CACHE"]
        alone = first = None
        for size in sizes:
            path, table = folder / f"{size}.maf", folder / f"{size}.csv"
            write = [sys.executable, str(Path(__file__).with_name("cohort_maf.py")), str(size), str(path)]
            subprocess.run([*write, *(["--mutations", str(given.mutations)] if given.mutations else [])], check=True)
            if alone is None:
                alone = Beside("one by one", one_by_one(path))
                yield Figure("tumours one by one, both evaluators", alone.value, "/s")
            taken = process([RESISTAB, "evaluate", str(path), "--table", str(table)], env)
            what, rate, smaller = f"{size:,} tumours", size / taken.seconds, size < SIZES[0]
            yield Figure(what, rate, "/s", target=at_least(2_000), smaller=smaller)
            yield Figure(what, rate, "/s", alone, at_least_times(200), smaller)
            yield Figure(f"{what}, memory of a process", taken.peak_mb, "MB", target=at_most(2_000), smaller=smaller)
            each = Beside(f"of {size:,}", 1e6 / rate)
            if first is None:
                first = each
                # Whole reports of a million tumours are a hundred gigabytes: those of the first size go nowhere.
                lines = process([RESISTAB, "evaluate", str(path), "--jsonl", os.devnull], env)
                yield Figure(f"{what}, whole reports", size / lines.seconds, "/s")
            else:
                name = f"{what}, time for each"
                yield Figure(name, each.value, "µs", first, at_most_times(1.2), size < SIZES[-1])
            if size >= LONG:
                yield Figure(f"{what}, time in all", taken.seconds, "s", target=at_most(600))
            if given.cluster:
                shared = folder / f"{size}-shared.csv"
                command = [RESISTAB, "evaluate", str(path), "--table", str(shared), "--cluster", given.cluster]
                rate_shared = size / process(command, env).seconds
                yield Figure(f"{what}, --cluster", rate_shared, "/s", Beside("one command", rate))
                same = shared.read_bytes() == table.read_bytes()
                yield Figure(f"{what}, --cluster: the same bytes", int(same), "of 1", target=at_least(1))
                shared.unlink()
            path.unlink()
            table.unlink()


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tumours", type=at_least_one, nargs="+", help="sizes (default 10000 100000, quick 500 2000)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="share each cohort among workers too")
    parser.add_argument("--long", action="store_true", help="a million tumours too")
    parser.add_argument("--mutations", type=given_file, metavar="TABLE", help="a table of mutations to draw from")


if __name__ == "__main__":
    sys.exit(main("cohort", "Cohorts of tumours, from a MAF to a table", measure, options))
