"""Invented patients with lung cancer under gefitinib or osimertinib, and what became of them: a table to try.

    python tools/made_outcomes.py

The truth is put in: a tumour with a change that makes it resistant to the drug responds with the one chance and
progresses with the one hazard, every other tumour with the other. What ``resistab validate`` finds in the table must
agree with that, within the intervals that it tells. No patient of it lives or has lived.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import random
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "examples" / "lung_outcomes.csv"
PATIENTS = 84
SEED = 20260401

# The truth.
RESPONSE_RATE = {"sensitive": 0.75, "resistant": 0.10}
MEDIAN_DAYS = 400
HAZARD_RATIO = 4.5
# Which further change beside the driver makes the tumour resistant to which drug.
DEFEATED = {
    "": (),
    "EGFR T790M": ("gefitinib",),
    "EGFR C797S": ("osimertinib",),
    "MET amplification": ("gefitinib", "osimertinib"),
    "KRAS G12D": ("gefitinib", "osimertinib"),
}
# How often each is found.
_SHARES = (8, 5, 4, 3, 1)
_DRIVERS = ("EGFR L858R", "EGFR E746_A750del")
_ASSAYED = "EGFR, MET, KRAS, BRAF, ERBB2, PIK3CA"
# A few were tested for another gene alone.
_UNTESTED = 4
_FIRST_DAY = datetime.date(2021, 1, 11)
_CUT = datetime.date(2024, 6, 30)
# The first scan: whose tumour grew before it has not responded.
_FIRST_SCAN = 42
_COLUMNS = ("patient", "sample", "sample_date", "tumour_type", "findings", "assayed", "drug", "start", "end",
            "best_response", "progression", "last_seen")  # fmt: skip


def main() -> None:
    """Write the table."""
    TABLE.write_text(made(), encoding="utf-8")
    print(f"{TABLE}: {PATIENTS} invented patients")


def made() -> str:
    """The table as CSV; always the same."""
    dice = random.Random(SEED)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for number in range(1, PATIENTS + 1):
        writer.writerow(_line(dice, number))
    return text.getvalue()


def _line(dice: random.Random, number: int) -> list[str]:
    further = dice.choices(list(DEFEATED), _SHARES)[0]
    driver = dice.choice(_DRIVERS)
    drug = dice.choice(("gefitinib", "osimertinib"))
    kind = "resistant" if drug in DEFEATED[further] else "sensitive"
    start = _FIRST_DAY + datetime.timedelta(dice.randrange(700))
    hazard = math.log(2) / MEDIAN_DAYS * (HAZARD_RATIO if kind == "resistant" else 1)
    days = max(1, round(dice.expovariate(hazard)))
    # Those who drop out are seen for up to three years.
    last = min(_CUT, start + datetime.timedelta(dice.randrange(300, 1100)))
    progression = start + datetime.timedelta(days)
    seen = progression <= last
    # Who progresses before the first scan does not respond: of all others so many do that the rate is the true one.
    chance = RESPONSE_RATE[kind] / math.exp(-hazard * _FIRST_SCAN)
    responds = days >= _FIRST_SCAN and dice.random() < chance
    word = dice.choices(("PR", "CR"), (9, 1))[0] if responds else "PD" if seen and days < 2 * _FIRST_SCAN else "SD"
    if dice.random() < 0.04 and word == "SD":
        word = "NE"
    untested = number % (PATIENTS // _UNTESTED) == 0
    end = min(progression + datetime.timedelta(dice.randrange(1, 15)), last) if seen else None
    return [
        f"P{number:03}",
        f"P{number:03}-biopsy",
        (start - datetime.timedelta(dice.randrange(5, 40))).isoformat(),
        "LUAD",
        "none" if untested else "; ".join(part for part in (driver, further) if part),
        "ALK" if untested else _ASSAYED,
        drug,
        start.isoformat(),
        end.isoformat() if end else "",
        word,
        progression.isoformat() if seen else "",
        last.isoformat(),
    ]


if __name__ == "__main__":
    main()
