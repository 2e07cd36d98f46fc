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

from figures import Beside, Figure, Target, at_most, main
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
    rounds = given.rounds or (1 if given.quick else 3)
    number = PATIENTS_QUICK if given.quick else PATIENTS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder / "cache")
        new = edited(folder / "new")
        patients = folder / "patients.json"
        write_patients(patients, number)

        def median(*arguments: str, statuses: tuple[int, ...] = (0,)) -> float:
            # The first fills the cache.
            process([RESISTAB, *arguments], env, statuses)
            return statistics.median(process([RESISTAB, *arguments], env, statuses).seconds for _ in range(rounds))

        def of_rules(name: str, target: Target, *arguments: str) -> Figure:
            return Figure(f"resistab {name}", median(*arguments), "s", target=target)

        yield of_rules("check", at_most(1), "check", str(RULES), "--strict")
        yield of_rules("fmt --check", at_most(3), "fmt", "--check", str(RULES))
        yield of_rules("site", at_most(4), "site", str(RULES), "-o", str(folder / "site"))
        tests = of_rules("test, all shipped rules", at_most(20), "test", str(RULES))
        yield tests
        # Cases may say that the edit is wrong, as they should.
        changed = median("test", str(new), "--changed", str(RULES), statuses=(0, 1))
        yield Figure("resistab test --changed, a row edited", changed, "s", Beside("all shipped rules", tests.value))
        diff = ("diff", str(RULES), str(new), "--ruleset", "oncology", "--patients", str(patients))
        yield Figure(
            f"resistab diff, {number:,} patients", median(*diff), "s", target=at_most(1), smaller=number < PATIENTS
        )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, help="measurements of each kind (default 3, quick 1)")


if __name__ == "__main__":
    sys.exit(main("curation", "What curators wait for", measure, options))
