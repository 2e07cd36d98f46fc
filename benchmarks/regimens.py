"""How long the escape sets and genetic barriers of all regimens of one patient take: at most two seconds.

    python benchmarks/regimens.py [--quick] [--json FILE]

Of each patient the time is that of one call for all regimens; the first, which sets both evaluators up, is told apart.
Processor time, the least of several runs.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from figures import Figure, at_most, main, progress

import resistab
from resistab.core.escape import Escapes
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.policy.escape import TumourEscapes
from resistab.domains.virus.policy.escape import ViralEscapes

RUNS, MOST_SECONDS = 3, 2.0
THIRD = ("DTG", "BIC", "RAL", "EVG", "CAB", "DRV/r", "ATV/r", "LPV/r", "EFV", "RPV", "DOR", "NVP", "ETR")
BACKBONES = (("TDF", "3TC"), ("TDF", "FTC"), ("ABC", "3TC"), ("AZT", "3TC"), ("3TC",), ("FTC",), ("DRV/r",), ("LEN",))
VIRUSES = ("", "RT:K103N RT:M184V", "RT:K65R RT:M184V IN:R263K", "PR:L90M PR:I84V RT:M41L RT:T215Y RT:M184V")
TUMOURS = (
    ("MEL", ["BRAF V600E"]),
    ("LUAD", ["EGFR L858R", "EGFR T790M"]),
    ("NSCLC", ["EML4::ALK"]),
    ("COAD", ["BRAF V600E"]),
    ("BRCA", ["ERBB2 amplification"]),
    ("CML", ["BCR::ABL1"]),
    ("PRAD", []),
)


def viral_regimens() -> list[tuple[str, ...]]:
    """A hundred regimens, as many as are curated."""
    pairs = ((third, *backbone) for third, backbone in itertools.product(THIRD, BACKBONES) if third not in backbone)
    return list(pairs)[:100]


def tumour_regimens(interpreter: TumourInterpreter, tumour: str) -> list[tuple[str, ...]]:
    """Every drug that is used in a tumour type by itself, and every combination with a table of its own."""
    rulebase = interpreter.rulebase
    used = [table.drug for table in rulebase.tables if rulebase.is_used(table, tumour)]
    return sorted({tuple(part.name for part in rulebase.parts_of(drug)) for drug in used})


def least_time(call: Callable[[], list[Escapes]]) -> tuple[float, float, list[Escapes]]:
    """The time of the first run, the least of the others, and what came of it."""
    times: list[float] = []
    found: list[Escapes] = []
    for _ in range(RUNS + 1):
        begun = time.process_time()
        found = call()
        times.append(time.process_time() - begun)
    return times[0], min(times[1:]), found


def of_patient(name: str, search: Any, genotype: Any, regimens: Sequence[Sequence[str]]) -> Iterator[Figure]:
    """The time of all regimens of one patient; what was found is said as progress."""
    first, least, found = least_time(lambda: search.escapes_of_all(genotype, regimens, 60.0))
    exact = sum(escapes.exact for escapes in found)
    sets = sum(len(escapes.sets) for escapes in found)
    left_out = len({failed for escapes in found for failed in escapes.disagreements})
    progress(f"{name}: {len(regimens)} regimens, {sets} sets, {exact} exact, {left_out} left out; first {first:.2f} s")
    yield Figure(f"{name}: {len(regimens)} regimens", least, "s", target=at_most(MOST_SECONDS))


def measure(given: argparse.Namespace) -> Iterator[Figure]:
    """Viruses, then tumours; of each the first alone in a quick run."""
    most = 1 if given.quick else None
    virus = resistab.load("hiv1")
    for mutations in VIRUSES[:most]:
        genotype = virus.genotype(mutations, sequenced=["PR", "RT", "IN", "CA"])
        yield from of_patient(mutations or "wild type", ViralEscapes(virus), genotype, viral_regimens())
    tumours = resistab.load("oncology")
    search = TumourEscapes(tumours)
    for tumour, findings in TUMOURS[:most]:
        genotype = tumours.genotype(tumour, findings)
        name = f"{tumour} {', '.join(findings)}".rstrip()
        yield from of_patient(name, search, genotype, tumour_regimens(tumours, tumour))


if __name__ == "__main__":
    sys.exit(main("regimens", "Escapes from a patient's regimens", measure))
