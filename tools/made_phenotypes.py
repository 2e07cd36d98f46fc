"""Writes examples/hiv_phenotypes.csv: invented phenotypes of HIV-1 under efavirenz, made from a truth told here.

    python tools/made_phenotypes.py [-o FILE]

The examples of learning follow them. No isolate and no patient is real. The folds come from the scores below, in which
three things differ from the rules on purpose: one change that no rule knows raises the fold (``UNKNOWN``), one that
always goes with K103N does nothing (``PASSENGER``), and one that the rules score does nothing (``WITHOUT_EFFECT``).
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

SEED, PATIENTS = 20261130, 420
# log10 of the fold change that each brings.
TRUTH = {"K103N": 1.35, "L100I": 1.1, "K101E": 0.5, "Y181C": 0.55, "Y188L": 1.9, "G190A": 1.0, "P225H": 0.6,
         "K238T": 0.45, "M230L": 0.9}  # fmt: skip
UNKNOWN, PASSENGER, WITHOUT_EFFECT = ("D177E", 0.75), "L283I", "V108I"
# Changes without any effect, as they differ from patient to patient.
POLYMORPHISMS = ("K122E", "I135T", "S162C", "R211K", "V245M")
SHARE = {"K103N": 0.3, "V108I": 0.12, "D177E": 0.13}
SPREAD, CUTOFF, CEILING = 0.18, 3.0, 200.0


def isolate(draw: random.Random) -> tuple[list[str], float]:
    """The mutations of an invented isolate, and the log10 of its fold change."""
    found = {name for name in (*TRUTH, UNKNOWN[0], WITHOUT_EFFECT) if draw.random() < SHARE.get(name, 0.07)}
    found |= {name for name in POLYMORPHISMS if draw.random() < 0.3}
    if "K103N" in found and draw.random() < 0.8:
        found.add(PASSENGER)
    value = sum(TRUTH.get(name, 0.0) for name in found) + (UNKNOWN[1] if UNKNOWN[0] in found else 0.0)
    return sorted(found, key=lambda name: int(name[1:-1])), value + draw.gauss(0, SPREAD)


def table() -> str:
    """The plain table; every eighth patient has two isolates."""
    draw = random.Random(SEED)
    lines = ["sample,patient,mutations,drug,measure,value,resistant_from"]
    number = 0
    for patient in range(1, PATIENTS + 1):
        for _ in range(2 if patient % 8 == 0 else 1):
            number += 1
            mutations, value = isolate(draw)
            fold = 10**value
            told = f">{CEILING:g}" if fold > CEILING else f"{float(f'{fold:.2g}'):g}"
            lines.append(
                f"made-{number},patient-{patient},{' '.join(mutations) or 'none'},EFV,fold change,{told},{CUTOFF:g}"
            )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Write invented phenotypes with a known truth.")
    place = Path(__file__).resolve().parent.parent / "examples" / "hiv_phenotypes.csv"
    parser.add_argument("-o", "--output", type=Path, default=place)
    output = parser.parse_args().output
    output.write_text(table(), encoding="utf-8", newline="\n")
    print(f"{output}: invented isolates of {PATIENTS} patients", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
