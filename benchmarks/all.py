"""Runs every benchmark and prints one table of all figures; the exit status is 1 where a target is missed.

    python benchmarks/all.py [--quick] [--long] [--only NAME ...] [--mutations TABLE] [--before REVISION]
                             [--phenotypes FOLDER] [--sierralocal PYTHON [--algorithm FILE.xml]] [--json FILE]

Each script of the list below runs in a process of its own, one after another, and tells on standard error how far it
is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import Machine, Part, Report, given_file, given_program, progress, read_parts, write_json

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Script:
    """A script beside this one, and the options of this command that are handed on to it."""

    name: str
    takes: tuple[str, ...] = ()


# A new benchmark is added here: a script that calls ``figures.main``.
SCRIPTS = (
    Script("run", ("before",)),
    Script("cohort", ("long", "mutations", "cluster")),
    Script("peers", ("mutations",)),
    Script("hiv", ("sierralocal", "algorithm")),
    Script("curation"),
    Script("files"),
    Script("regimens"),
    Script("learning", ("phenotypes",)),
)


def measured(script: Script, given: argparse.Namespace, folder: Path) -> Part:
    """What a script measured, in a process of its own."""
    target = folder / f"{script.name}.json"
    command = [sys.executable, str(HERE / f"{script.name}.py"), "--json", str(target)]
    for option in ("quick", *script.takes):
        value = getattr(given, option)
        if value is True:
            command.append(f"--{option}")
        elif value:
            command += [f"--{option}", str(value)]
    finished = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if not target.exists():
        return Part(script.name, script.name, failed=f"it ended with exit status {finished.returncode} and no figures")
    (part,) = read_parts(target)
    return part


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scripts and print the table; gives the exit status."""
    names = [script.name for script in SCRIPTS]
    parser = argparse.ArgumentParser(prog="all.py", description="Run every benchmark and print one table.")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="smaller numbers and fewer rounds")
    parser.add_argument("--long", action="store_true", help="cohorts of a million tumours too")
    parser.add_argument(
        "--mutations", type=given_file, metavar="TABLE", help="a table of mutations for cohorts of tumours"
    )
    parser.add_argument("--cluster", metavar="ADDRESS", help="share each cohort among workers too")
    parser.add_argument("--before", metavar="REVISION", help="an older version to measure beside this one")
    parser.add_argument(
        "--phenotypes", type=given_file, metavar="FOLDER", help="Stanford's genotype-phenotype sets, to learn from"
    )
    parser.add_argument(
        "--sierralocal", type=given_program, metavar="PYTHON", help="the Python of an environment with sierralocal"
    )
    parser.add_argument("--algorithm", type=given_file, metavar="FILE", help="the ASI2 file for both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    given = parser.parse_args(arguments)
    machine = Machine.here()
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for script in SCRIPTS:
            if given.only is None or script.name in given.only:
                progress(f"{script.name}.py")
                parts.append(measured(script, given, Path(folder)))
    report = Report(machine, given.quick, tuple(parts))
    print(report.text())
    if given.json:
        write_json(given.json, report)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
