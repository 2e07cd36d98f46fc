"""Measures what curators wait for: checking, testing and showing the shipped rulebase, a difference of 1,000 patients.

    python benchmarks/curation.py [--rounds N]

Whole processes, as a curator starts them, with the cache filled. The difference is that of a copy of the rules in which
one table is edited, over patients made with a fixed seed from the findings of the rule set's own cases.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rulebase"
PATIENTS = 1000
GENE = re.compile(r"[A-Z][A-Z0-9]+")
CHECK_LIMIT_S, FORMAT_LIMIT_S, SITE_LIMIT_S, DIFF_LIMIT_S = 1.0, 3.0, 4.0, 30.0


def cohort(path: Path) -> None:
    """Write patients who carry the findings of one or two of the cases in a tumour of the first."""
    chance = random.Random(20261122)
    cases = [
        case
        for file in sorted((RULES / "oncology" / "cases").glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]
        if case.get("findings")
    ]
    patients = []
    for number in range(PATIENTS):
        one, other = chance.choice(cases), chance.choice(cases)
        genes = {word for finding in one["findings"] for word in GENE.findall(finding)}
        apart = [finding for finding in other["findings"] if not genes & set(GENE.findall(finding))]
        findings = dict.fromkeys([*one["findings"], *(apart if number % 2 else [])])
        patients.append({"sample": f"patient-{number}", "tumour_type": one["tumour"], "findings": list(findings)})
    path.write_text(json.dumps({"patients": patients}), encoding="utf-8")


def edited(folder: Path) -> Path:
    """A copy of the rules in which a row of resistance has become one of reduced response."""
    shutil.copytree(RULES, folder)
    table = folder / "oncology" / "tables" / "egfr-tyrosine-kinase-inhibitor" / "osimertinib.yaml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("effect: resistance", "effect: reduced response", 1), encoding="utf-8")
    return folder


def seconds(command: Sequence[str], env: dict[str, str]) -> float:
    """Seconds from start to exit of a command; raises ``CalledProcessError`` where it fails."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a target is missed."""
    parser = argparse.ArgumentParser(description="Measure check, test, fmt, site and diff.")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind (default 3)")
    given = parser.parse_args(arguments)
    resistab = str(Path(sys.executable).parent / "resistab")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = os.environ | {"RESISTAB_CACHE": str(folder / "cache")}
        cohort(folder / "cohort.json")
        new = edited(folder / "new")
        commands = {
            "resistab check": [resistab, "check", str(RULES), "--strict"],
            "resistab test": [resistab, "test", str(RULES)],
            "resistab fmt --check": [resistab, "fmt", "--check", str(RULES)],
            "resistab site": [resistab, "site", str(RULES), "-o", str(folder / "site")],
            f"resistab diff, {PATIENTS:,} patients": [
                resistab, "diff", str(RULES), str(new), "--ruleset", "oncology",
                "--patients", str(folder / "cohort.json"),
            ],
        }  # fmt: skip
        limits = {
            "resistab check": CHECK_LIMIT_S,
            "resistab fmt --check": FORMAT_LIMIT_S,
            "resistab site": SITE_LIMIT_S,
            f"resistab diff, {PATIENTS:,} patients": DIFF_LIMIT_S,
        }
        missed = False
        for name, command in commands.items():
            seconds(command, env)
            median = statistics.median(seconds(command, env) for _ in range(given.rounds))
            limit = limits.get(name)
            missed = missed or (limit is not None and median >= limit)
            print(f"  {name:<36} {median:>6.2f} s" + (f"   under {limit:g} s wanted" if limit else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
