"""Measures a cohort of tumours: from a MAF to a table of verdicts and to lines of JSON, beside the same one by one.

    python benchmarks/cohort.py [--tumours N ...] [--mutations TABLE] [--cluster ADDRESS]

The MAF is that of ``cohort_maf.py``: twelve mutations a tumour. Whole processes, reading and writing included, with the
cache filled; one by one is ``interpret`` and the rows of the table by both evaluators, in this process, reading left
out. Memory is that of the largest of the processes. With ``--cluster`` (``local``, or a Dask scheduler) each cohort is
also shared among workers; the table must then have the same bytes.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

ONE_BY_ONE = 40


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a run fails."""
    parser = argparse.ArgumentParser(description="Measure a cohort of tumours.")
    parser.add_argument("--tumours", type=int, nargs="+", default=[2_000, 10_000], help="sizes (default 2000 10000)")
    parser.add_argument("--mutations", type=Path, help="a table of mutations to draw from")
    parser.add_argument("--cluster", metavar="ADDRESS", help="share each cohort among workers too")
    given = parser.parse_args(arguments)
    binary = str(Path(sys.executable).parent / "resistab")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ["RESISTAB_CACHE"] = str(folder / "cache")
        maker = [sys.executable, str(Path(__file__).with_name("cohort_maf.py"))]
        from_table = ["--mutations", str(given.mutations)] if given.mutations else []
        alone = None
        for size in given.tumours:
            path = folder / f"{size}.maf"
            subprocess.run([*maker, str(size), str(path), *from_table], check=True)
            if alone is None:
                alone = one_by_one(path)
                print(f"  one by one, both evaluators      {alone:>8.1f} tumours a second")
            table, shared = folder / f"{size}.csv", folder / f"{size}-shared.csv"
            # Whole reports of a million tumours are a hundred gigabytes: they are made, and go nowhere.
            runs = [["--table", str(table)], ["--jsonl", os.devnull]]
            if given.cluster:
                runs.append(["--table", str(shared), "--cluster", given.cluster])
            for words in runs:
                begun = time.perf_counter()
                finished = subprocess.run([binary, "evaluate", str(path), *words], check=False)
                seconds = time.perf_counter() - begun
                if finished.returncode:
                    return 1
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                rate = size / seconds
                how = " ".join(word for word in words if not word.startswith(str(folder)))
                print(
                    f"  {size:>9,} tumours, {how} in {seconds:>7.1f} s    {rate:>8.1f} tumours a second, "
                    f"{rate / alone:.0f} times; at most {peak:.0f} MB a process"
                )
            if given.cluster and shared.read_bytes() != table.read_bytes():
                print("  the table has other bytes")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
