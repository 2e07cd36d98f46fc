"""Measures the evaluators beside their peers: the same program, patient by patient, in clingo and in CLIPS.

    python benchmarks/peers.py [--patients N] [--json FILE]

The patients are those of the shipped oncology cases. What is observed of each is made once, and given to all in turns;
their processor time is summed. Each must find the same value of every head; the exit status is 1 where one does not.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resistab.core.agreement import evaluate_agreed
from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import Program
from resistab.core.result import Values
from resistab.core.truth import Observation
from resistab.curation.cases import case_rules, read_cases
from resistab.domains.loading import load
from resistab.domains.oncology.compile.scoped import ScopedRules
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.rulesets.find import ruleset_folder

PATIENTS = 200

Evaluate = Callable[[Observer, Mapping[Atom, Observation]], Values]


@dataclass
class Contender:
    """An evaluator with what it took: ``setup`` once, ``times`` for each patient, in seconds of processor time."""

    name: str
    evaluate: Evaluate
    setup: float = 0.0
    times: list[float] = field(default_factory=list)
    differing: int = 0

    @property
    def rate(self) -> float:
        """Patients a second."""
        return len(self.times) / sum(self.times)


def set_up(name: str, make: Callable[[], Evaluate]) -> Contender:
    """The contender that ``make`` makes."""
    begun = time.process_time()
    evaluate = make()
    return Contender(name, evaluate, time.process_time() - begun)


def clingo_evaluator(program: Program) -> Evaluate:
    from resistab.core.verification import ClingoProgram

    ground = ClingoProgram(program)
    return lambda observer, observed: ground.evaluate(observed)


def clips_evaluator(program: Program) -> Evaluate:
    from clips_program import ClipsProgram

    built = ClipsProgram(program)
    return lambda observer, observed: built.evaluate(observed)


def contenders(interpreter: TumourInterpreter, genotypes: Sequence[Genotype]) -> list[Contender]:
    """Our evaluators and those of the peers that are installed."""
    program = interpreter.program
    rules = ScopedRules(program)

    def chained() -> Evaluate:
        # What is set up for a tumour type when it first comes is set up now.
        for genotype in genotypes:
            rules.for_patient(Observer(genotype, interpreter.rulebase))
        return lambda observer, observed: rules.for_patient(observer).evaluate(observed)

    found = [
        set_up("forward chaining (durable-rules)", chained),
        set_up("fixpoint", lambda: lambda observer, observed: evaluate_by_fixpoint(program, observed)),
        set_up(
            "both, compared", lambda: lambda observer, observed: evaluate_agreed(rules.for_patient(observer), observed)
        ),
    ]
    for name, module, package, make in (
        ("clingo", "clingo", "clingo", clingo_evaluator),
        ("CLIPS (clipspy)", "clips", "clipspy", clips_evaluator),
    ):
        if importlib.util.find_spec(module) is None:
            print(f"skipped {name}: it is not installed (pip install {package})", file=sys.stderr)
        else:
            found.append(set_up(name, lambda make=make: make(program)))
    return found


def chosen(interpreter: TumourInterpreter, number: int) -> list[Genotype]:
    """So many of the cases' genotypes, evenly over all."""
    rules = case_rules(ruleset_folder("oncology"), interpreter.rulebase)
    found = [case.genotype for case in read_cases(rules)]
    return found[:: max(1, len(found) // number)][:number]


def measure(interpreter: TumourInterpreter, genotypes: Sequence[Genotype]) -> list[Contender]:
    """All contenders with their times, over all patients; one round before that is not measured."""
    found = contenders(interpreter, genotypes)
    for measured, patients in ((False, genotypes[:3]), (True, genotypes)):
        for number, genotype in enumerate(patients):
            observer = Observer(genotype, interpreter.rulebase)
            observed = observe_all(interpreter.program.observables, observer)
            expected = evaluate_by_fixpoint(interpreter.program, observed)
            # Whoever comes first finds the caches cold.
            turn = number % len(found)
            for one in found[turn:] + found[:turn]:
                begun = time.process_time()
                values = one.evaluate(observer, observed)
                spent = time.process_time() - begun
                if measured:
                    one.times.append(spent)
                    differences = [head for head in expected if values.get(head) != expected[head]]
                    one.differing += bool(differences)
                    for head in differences[:3]:
                        print(
                            f"{one.name} differs on {genotype.sample}: {head} {values.get(head)}, not {expected[head]}",
                            file=sys.stderr,
                        )
    return found


def table(found: Sequence[Contender], rules: int, patients: int) -> str:
    """What was measured, for the terminal."""
    head = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    lines = [f"{head}: {rules} clauses, {patients} patients, one by one; processor time"]
    for one in found:
        lines.append(
            f"  {one.name:<34} {one.rate:8.1f} patients/s, {1000 / one.rate:7.1f} ms each, slowest"
            f" {max(one.times) * 1000:7.1f} ms, set up once {one.setup:6.2f} s, differing {one.differing}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where any evaluator finds other values."""
    parser = argparse.ArgumentParser(description="Measure the evaluators beside clingo and CLIPS.")
    parser.add_argument("--patients", type=int, default=PATIENTS, help=f"how many patients (default {PATIENTS})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    given = parser.parse_args(arguments)
    if given.patients < 1:
        parser.error("--patients must be at least 1")
    interpreter = load("oncology")
    genotypes = chosen(interpreter, given.patients)
    found = measure(interpreter, genotypes)
    print(table(found, sum(map(len, interpreter.program.strata)), len(genotypes)))
    if given.json:
        figures = {
            one.name: {"patients_per_second": one.rate, "setup_s": one.setup, "differing": one.differing}
            for one in found
        }
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 1 if any(one.differing for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
