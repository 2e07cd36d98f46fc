"""Patients with tumours, made with a fixed seed from the findings of the shipped cases."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import yaml
from processes import RULES

RECEPTORS = {"ER": "ESR1", "PR": "PGR", "HER2": "ERBB2"}


def write_patients(path: Path, number: int) -> None:
    """Write so many who carry the findings of one or two of the cases in a tumour of the first."""
    chance = random.Random(20261122)
    cases = [
        case
        for file in sorted((RULES / "oncology" / "cases").glob("*.yaml"))
        for case in yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["cases"]
        if case.get("findings")
    ]
    patients = []
    for at in range(number):
        one, other = chance.choice(cases), chance.choice(cases)
        genes = {gene for finding in one["findings"] for gene in _genes(finding)}
        apart = [finding for finding in other["findings"] if genes.isdisjoint(_genes(finding))]
        findings = dict.fromkeys([*one["findings"], *(apart if at % 2 else [])])
        patients.append({"sample": f"patient-{at}", "tumour_type": one["tumour"], "findings": list(findings)})
    path.write_text(json.dumps({"patients": patients}), encoding="utf-8")


def _genes(finding: str) -> set[str]:
    """The genes that a finding names, receptors by that of their protein."""
    return {RECEPTORS.get(word, word) for word in re.findall("[A-Z][A-Za-z0-9]+", finding)}
