"""Measures what curators wait for: checking, testing and showing the shipped rulebase, a difference of 1,000 patients.

    python benchmarks/curation.py [--quick] [--rounds N] [--json FILE]

Whole processes, as a curator starts them, with the cache filled. The difference is that of a copy of the rules in which
one table is edited, over patients made with a fixed seed from the findings of the rule set's own cases.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Beside, Figure, at_least_one, at_most, main
from patients import write_patients
from processes import RESISTAB, RULES, environment, process

PATIENTS, PATIENTS_QUICK = 1000, 100
EDITED = "oncology/tables/egfr-tyrosine-kinase-inhibitor/osimertinib.yaml"


def edited(folder: Path) -> Path:
    """A copy of the rules in which a row of resistance has become one of reduced response."""
    shutil.copytree(RULES, folder)
    table = folder / EDITED
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("effect: resistance", "effect: reduced response", 1), encoding="utf-8")
    return folder


def measure(given: argparse.Namespace) -> Iterator[Figure]:
    """Medians of whole processes."""
    quick = given.quick
    rounds = given.rounds or (1 if quick else 3)
    number = PATIENTS_QUICK if quick else PATIENTS
    tested = RULES / "hiv1" if quick else RULES
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder / "cache")
        new = edited(folder / "new")
        patients = folder / "patients.json"
        write_patients(patients, number)

        def median(*arguments: str, filled: bool = not quick, statuses: tuple[int, ...] = (0,)) -> float:
            """Seconds; ``filled`` has a first one fill the cache."""
            command = [RESISTAB, *arguments]
            if filled:
                process(command, env, statuses)
            return statistics.median(process(command, env, statuses).seconds for _ in range(rounds))

        check = median("check", str(RULES), "--strict", filled=True)
        yield Figure("resistab check", check, "s", target=at_most(1))
        form = median("fmt", "--check", str(RULES), filled=True)
        yield Figure("resistab fmt --check", form, "s", target=at_most(3))
        site = median("site", str(RULES), "-o", str(folder / "site"))
        yield Figure("resistab site", site, "s", target=at_most(4), smaller=quick)
        tests = median("test", str(tested))
        yield Figure(f"resistab test, {tested.name}", tests, "s", target=at_most(20), smaller=quick)
        # Cases may say that the edit is wrong, as they should.
        changed = median("test", str(new), "--changed", str(RULES), statuses=(0, 1))
        beside = None if quick else Beside("all cases", tests)
        yield Figure("resistab test --changed, a row edited", changed, "s", beside)
        diff = median("diff", str(RULES), str(new), "--ruleset", "oncology", "--patients", str(patients))
        yield Figure(f"resistab diff, {number:,} patients", diff, "s", target=at_most(1), smaller=quick)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=at_least_one, help="measurements of each kind (default 3, quick 1)")


if __name__ == "__main__":
    sys.exit(main("curation", "What curators wait for", measure, options))
