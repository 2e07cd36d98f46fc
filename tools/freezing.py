"""What the program says of every case, every example and 500 patterns of mutations of HIV, and its hashes.

A group is a stream of entries, each a name and what the program says of it: a report, a line of a cohort or a timeline
as JSON, without what changes whenever a file moves or a version is given out.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

# All that is imported of the program stands here and in the next few lines.
from resistab import load
from resistab.curation.cases import case_rules, read_cases
from resistab.rulesets.find import ruleset_folder

OPEN: dict[str, Callable[[], Any]] = {name: partial(load, name) for name in ("oncology", "hiv1", "pharmacogenomics")}
RESISTAB = (sys.executable, "-c", "from resistab.cli.start import main; main()")

ROOT = Path(__file__).resolve().parents[1]
FROZEN = ROOT / "tests" / "rules" / "frozen"
HASHES = FROZEN / "hashes.json"
PATTERNS = FROZEN / "hiv_patterns.txt"
DATE = datetime.date(2026, 1, 1)
# They change when a file moves or a version is given out, though nothing else is said of any patient.
PASSING = (("software", "version"), ("ruleset", "digest"))
MOST_NAMED = 20
PARTS = 4

EXAMPLES = (
    "evaluate examples/breast_findings.csv --jsonl -",
    "evaluate examples/cml_t315i.yaml --json -",
    "evaluate examples/cohort.json --jsonl -",
    "evaluate examples/cohort.maf --jsonl -",
    "evaluate examples/colon_kras_not_assayed.yaml --json -",
    "evaluate examples/lung_arriba.tsv --tumour LUAD --json -",
    "evaluate examples/lung_osimertinib_c797s.yaml --json -",
    "evaluate examples/lung_series.yaml --jsonl -",
    "evaluate examples/lung_star_fusion.tsv --tumour LUAD --json -",
    "evaluate examples/lung_tso500.tsv --tumour LUAD --json -",
    "evaluate examples/lung_tumour.vcf --tumour LUAD --json -",
    "evaluate examples/lung_tumour.vcf --tumour LUAD --panel foundationone-cdx --json -",
    "evaluate examples/melanoma_nras_q61k.yaml --json -",
    "evaluate examples/melanoma_phenopacket.json --json -",
    "evaluate --ruleset hiv1 examples/hiv_pol.fasta --json -",
    "evaluate --ruleset hiv1 examples/hiv_pol.fasta --jsonl -",
    "evaluate --ruleset hiv1 examples/hiv_reads.codfreq --json -",
    "evaluate --ruleset hiv1 examples/hiv_reads.codfreq --threshold 10% --json -",
    "evaluate --ruleset hiv1 examples/hiv_variants.aavf --assayed RT --json -",
    "evaluate --ruleset hiv1 --mutations-file examples/hiv_mutations.tsv --jsonl -",
    "evaluate --ruleset pharmacogenomics examples/germline.yaml --json -",
    "timeline examples/lung_series.yaml --json -",
    "timeline examples/lung_series.yaml --therapies examples/lung_therapies.csv --json -",
)

Entry = tuple[str, dict[str, Any]]


# --- what is said -----------------------------------------------------------------------------------------------------


def lasting(text: str) -> dict[str, Any]:
    """The JSON of a report without the fields of ``PASSING``; raises ``KeyError`` where it does not have them."""
    said: dict[str, Any] = json.loads(text)
    for part, field in PASSING:
        del said[part][field]
    return said


def cases(ruleset: str, part: int = 0, parts: int = 1) -> Iterator[Entry]:
    """The report of each case of a shipped rule set, by the case's name; of ``parts`` about equal parts one."""
    interpreter = OPEN[ruleset]()
    for case in read_cases(case_rules(ruleset_folder(ruleset), interpreter.rulebase)):
        # By its name, so that a case stays in its part when it moves to another file.
        if zlib.crc32(case.name.encode()) % parts == part:
            yield case.name, lasting(interpreter.interpret(case.genotype, DATE).to_json())


def examples() -> Iterator[Entry]:
    """What the commands of ``EXAMPLES`` write, line by line."""
    for command in EXAMPLES:
        for number, line in enumerate(written(*command.split()), 1):
            yield f"{command} line {number}", lasting(line)


def patterns() -> list[str]:
    """The lists of mutations of ``PATTERNS``."""
    return PATTERNS.read_text(encoding="utf-8").splitlines()


def pattern_reports() -> Iterator[Entry]:
    """The full report of each pattern of mutations."""
    interpreter = OPEN["hiv1"]()
    for pattern in patterns():
        yield pattern, lasting(interpreter.interpret(interpreter.genotype(pattern), DATE).to_json())


def pattern_lines() -> Iterator[Entry]:
    """The line of each pattern in the cohort of all of them."""
    with tempfile.TemporaryDirectory() as folder:
        cohort = Path(folder) / "cohort.tsv"
        cohort.write_text("".join(f"{p.replace(' ', '+')}\t{p}\n" for p in patterns()), encoding="utf-8")
        lines = written("evaluate", "--ruleset", "hiv1", "--mutations-file", str(cohort), "--jsonl", "-")
    for pattern, line in zip(patterns(), lines, strict=True):
        yield pattern, lasting(line)


def written(*arguments: str) -> list[str]:
    """The lines that a command writes; raises ``RuntimeError`` with its message where it fails."""
    # How much is known of what defeats regimens depends on the time that there is to search.
    command = [*RESISTAB, *arguments, "--no-options", "--date", DATE.isoformat()]
    # The code that was imported here is the one that is to run there.
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"resistab {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
    # Not splitlines(), which also divides at characters that JSON leaves as they are.
    return done.stdout.removesuffix("\n").split("\n")


# In parts, so that several processes can share them.
ONCOLOGY_CASES = tuple(f"oncology_cases_{part + 1}" for part in range(PARTS))
GROUPS: dict[str, Callable[[], Iterable[Entry]]] = {
    **{group: partial(cases, "oncology", part, PARTS) for part, group in enumerate(ONCOLOGY_CASES)},
    "hiv1_cases": partial(cases, "hiv1"),
    "pharmacogenomics_cases": partial(cases, "pharmacogenomics"),
    "examples": examples,
    "hiv1_patterns": pattern_reports,
    "hiv1_pattern_lines": pattern_lines,
}


# --- hashes -----------------------------------------------------------------------------------------------------------


def hash_of(said: dict[str, Any]) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of what is said, in one canonical form."""
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def hashes(entries: Iterable[Entry]) -> dict[str, str]:
    """The hash of each entry, by name; raises ``ValueError`` where two have one name."""
    found: dict[str, str] = {}
    for name, said in entries:
        if name in found:
            raise ValueError(f"two entries are called '{name}'")
        found[name] = hash_of(said)
    return dict(sorted(found.items()))


def recorded() -> dict[str, dict[str, str]]:
    """The hashes that were recorded, by group and entry."""
    read: dict[str, dict[str, str]] = json.loads(HASHES.read_text(encoding="utf-8"))
    return read


def complaint(group: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What to say of hashes that are not those recorded, "" where all are; no entry at all is a complaint too."""
    differing = [
        *(f"missing: {name}" for name in before if name not in now),
        *(f"new: {name}" for name in now if name not in before),
        *(f"differs: {name}" for name in before if name in now and before[name] != now[name]),
    ]
    if not before or not now:
        differing.insert(0, f"nothing to compare: {len(before)} entries recorded, {len(now)} found")
    if not differing:
        return ""
    more = len(differing) - MOST_NAMED
    return "\n".join(
        [
            f"{group}: the program does not say what was recorded (of {len(before)} entries {len(differing)} differ)",
            *(f"  {text}" for text in differing[:MOST_NAMED]),
            *([f"  and {more} more"] if more > 0 else []),
            "To see how they differ, in a checkout of the state before and in this one:",
            f"  python tools/freeze.py {group} --out FOLDER    (a folder for each)",
            f"  zdiff -U 3 BEFORE/{group}.txt.gz NOW/{group}.txt.gz",
            f"An intended change is recorded with: python tools/freeze.py {group}",
        ]
    )
