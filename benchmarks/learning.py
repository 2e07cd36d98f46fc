"""How well learned tables predict patients held back, beside a plain baseline, and how long learning takes.

    python benchmarks/learning.py --phenotypes FOLDER [--quick] [--json FILE]

FOLDER holds Stanford's public genotype-phenotype sets (INI.tsv, NNRTI.tsv, NRTI.tsv, PI.tsv). The baseline is the lasso
on single residues seen in five isolates, log10 fold, five folds by patient; a table with integer scores may lose 0.02
of R² against it, and of integrase inhibitors none.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Beside, Figure, LeftOut, at_least, at_most, main, progress
from processes import RESISTAB, environment, process

# R² of the baseline by drug, and the file that holds the drug.
BASELINE = {
    "RAL": ("INI", 0.362), "EVG": ("INI", 0.496), "DTG": ("INI", 0.114), "EFV": ("NNRTI", 0.867),
    "NVP": ("NNRTI", 0.783), "ETR": ("NNRTI", 0.676), "RPV": ("NNRTI", 0.549), "3TC": ("NRTI", 0.900),
    "ABC": ("NRTI", 0.833), "AZT": ("NRTI", 0.810), "TDF": ("NRTI", 0.666), "ATV": ("PI", 0.882),
    "DRV": ("PI", 0.854), "LPV": ("PI", 0.917), "NFV": ("PI", 0.867),
}  # fmt: skip
INTEGRASE = ("RAL", "EVG", "DTG")
MAY_LOSE, MOST_ROWS, MOST_SECONDS = 0.02, 60, 60.0
QUICK = ("DTG", "RPV")


def options(parser: argparse.ArgumentParser) -> None:
    """The option of this script."""
    parser.add_argument("--phenotypes", type=Path, metavar="FOLDER", help="Stanford's genotype-phenotype sets")


def measure(given: argparse.Namespace) -> Iterator[Figure | LeftOut]:
    """Each drug by a command of its own, as a curator would."""
    if given.phenotypes is None:
        yield LeftOut("learned tables", "--phenotypes names no folder with Stanford's genotype-phenotype sets")
        return
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder) / "cache")
        for drug, (file, baseline) in BASELINE.items():
            if given.quick and drug not in QUICK:
                continue
            target = Path(folder) / f"{drug}.json"
            table = str(given.phenotypes / f"{file}.tsv")
            command = [RESISTAB, "learn", "--measured", table, "--drug", drug, "--ruleset", "hiv1"]
            taken = process([*command, "--json", str(target)], env)
            found = json.loads(target.read_text(encoding="utf-8"))
            progress(f"{drug}: {found['rows']} rows, {found['pairs']} pairs, AUC {found['auc']}")
            least = baseline if drug in INTEGRASE else baseline - MAY_LOSE
            yield Figure(
                f"{drug}: R²", found["r2"], "", beside=Beside("the lasso alone", baseline), target=at_least(least)
            )
            yield Figure(f"{drug}: rows", found["rows"], "rows", target=at_most(MOST_ROWS))
            yield Figure(f"{drug}: learned in", taken.seconds, "s", target=at_most(MOST_SECONDS))


if __name__ == "__main__":
    sys.exit(main("learning", "Tables learned from phenotypes", measure, options))
