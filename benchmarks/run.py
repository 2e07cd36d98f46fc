"""Measures resistab on one tumour: start to written report, memory, interpretation in process beside an older version.

    python benchmarks/run.py [--quick] [--rounds N] [--before REVISION] [--json FILE]

Start is the whole process ``resistab evaluate FILE --json OUT``, and the same with ``--html``, as a multiple of
``python -c pass`` by the same interpreter; they take turns, so that a busy machine slows all. The medians are compared.
In process this version and the one at ``REVISION``, with its own rules, take turns on the same patients.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Beside, Figure, LeftOut, at_least_one, at_most, at_most_times, main
from patients import write_patients
from processes import NOTHING, RESISTAB, ROOT, environment, process

PATIENT = ROOT / "examples" / "melanoma_nras_q61k.yaml"
ROUNDS, ROUNDS_QUICK = 21, 3
PATIENTS, PATIENTS_QUICK = 300, 10
# The last version that worked out the whole program for each patient.
BEFORE = "6103cf3"
# Processor time in seconds of interpreting the patients of a file, each once, after one that is not measured; and of
# the first again, the median of several.
_IN_PROCESS = """
import statistics, sys, time
from pathlib import Path
import resistab
from resistab.domains.oncology.inputs.patient_file import read_patient_file
interpreter = resistab.load("oncology")
genotypes = [interpreter.assemble(given) for given in read_patient_file(Path(sys.argv[1]))]
interpreter.interpret(genotypes[0])

def spent(some):
    begun = time.process_time()
    for genotype in some:
        interpreter.interpret(genotype)
    return time.process_time() - begun

each = spent(genotypes[1:]) / len(genotypes[1:])
again = statistics.median(spent(genotypes[:1]) for _ in range(9))
print(resistab.__file__, each, again, sep="\\n")
"""


def measure_start(rounds: int, folder: Path, env: dict[str, str]) -> Iterator[Figure]:
    """Medians of starts and of the bare interpreter, taken in turns, and the most memory of a start."""
    evaluate = (RESISTAB, "evaluate", str(PATIENT))
    to = {kind: (f"--{kind}", str(folder / f"report.{kind}")) for kind in ("json", "html")}
    # What is open to the patient is computed beside the report; the start is what comes before.
    commands = [
        (*evaluate, "--no-options", *to["json"]),
        (*evaluate, "--no-options", *to["html"]),
        (*evaluate, *to["json"]),
    ]
    first = process(commands[0], env)
    for command in commands[1:]:
        process(command, env)
    taken = [[process(command, env) for command in (NOTHING, *commands)] for _ in range(rounds)]
    bare, to_json, to_html, with_options = (
        statistics.median(one.seconds for one in of) * 1000 for of in zip(*taken, strict=True)
    )
    nothing = Beside("python -c pass", bare)
    yield Figure("start to a report as JSON", to_json, "ms", nothing, at_most_times(20))
    yield Figure("start to a report as HTML", to_html, "ms", nothing)
    yield Figure("start to a report with options", with_options, "ms", nothing)
    yield Figure("start to JSON with an empty cache", first.seconds * 1000, "ms", nothing)
    yield Figure("memory of a start", max(one.peak_mb for turn in taken for one in turn), "MB")


def measure_again(rounds: int) -> Iterator[Figure]:
    """Loading the rules, and one patient again and again, by both evaluators."""
    import resistab
    from resistab.domains.oncology.inputs.patient_file import read_patient_file

    begun = time.perf_counter()
    interpreter = resistab.load("oncology")
    yield Figure("rules loaded, in process", (time.perf_counter() - begun) * 1000, "ms")
    genotype = interpreter.assemble(read_patient_file(PATIENT)[0])
    interpreter.interpret(genotype)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        interpreter.interpret(genotype)
        times.append((time.perf_counter() - begun) * 1000)
    yield Figure("an example again, in process", statistics.median(times), "ms", target=at_most(100))


def checked_out(revision: str, folder: Path) -> Path | None:
    """The engine at a revision, with its rules beside it; None where this is no checkout that has it."""
    parts = ["engine", "rulebase", "reports/templates"]
    packed = subprocess.run(["git", "-C", str(ROOT), "archive", revision, *parts], check=False, capture_output=True)
    if packed.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "engine"


def in_process(engine: Path, patients: Path, cache: Path) -> tuple[float, float]:
    """By the version in a folder, processor time in ms: of a patient when all are interpreted, and of one again."""
    env = environment(cache) | {"PYTHONPATH": str(engine)}
    command = [sys.executable, "-c", _IN_PROCESS, str(patients)]
    said = subprocess.run(command, check=True, env=env, stdout=subprocess.PIPE, text=True).stdout
    where, each, again = said.splitlines()[-3:]
    if not Path(where).is_relative_to(engine):
        raise ValueError(f"not the version in {engine} was measured, but {where}")
    return float(each) * 1000, float(again) * 1000


def measure_patients(given: argparse.Namespace, folder: Path) -> Iterator[Figure | LeftOut]:
    """Patients of many tumour types, by this version and by the one before, which take turns."""
    number = PATIENTS_QUICK if given.quick else PATIENTS
    patients = folder / "patients.json"
    write_patients(patients, number + 1)
    versions = [(ROOT / "engine", folder / "cache")]
    before = checked_out(given.before, folder / "before")
    if before is None:
        yield LeftOut(f"the version {given.before}", "this is no checkout that has it; --before names a revision")
    else:
        versions.append((before, folder / "cache before"))
    turns = [
        [in_process(engine, patients, cache) for engine, cache in versions] for _ in range(1 if given.quick else 2)
    ]
    for at, name in enumerate((f"one of {number} patients, in process", "one patient again, in process")):
        best = [min(taken[at] for taken in of) for of in zip(*turns, strict=True)]
        beside = Beside(f"version {given.before}", best[1]) if before else None
        yield Figure(name, best[0], "ms", beside, at_most_times(1 / 6) if before else None, number < PATIENTS)


def measure(given: argparse.Namespace) -> Iterator[Figure | LeftOut]:
    rounds = given.rounds or (ROUNDS_QUICK if given.quick else ROUNDS)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder / "cache")
        os.environ["RESISTAB_CACHE"] = env["RESISTAB_CACHE"]
        yield from measure_start(rounds, folder, env)
        yield from measure_again(rounds)
        yield from measure_patients(given, folder)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rounds", type=at_least_one, help=f"measurements of each kind (default {ROUNDS}, quick {ROUNDS_QUICK})"
    )
    parser.add_argument("--before", default=BEFORE, metavar="REVISION", help=f"an older version (default {BEFORE})")


if __name__ == "__main__":
    sys.exit(main("run", "One tumour", measure, options))
