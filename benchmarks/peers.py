"""Measures the evaluators one by one, and the same program and observations in columns, in clingo and in CLIPS.

    python benchmarks/peers.py [--quick] [--patients N] [--mutations TABLE] [--json FILE]

The patients are those of the shipped oncology cases. What is observed of each is made once, and given to all in turns;
their processor time is summed. In columns the same observations are repeated to as many columns as a cohort has at
once. Each must find the same value of every head. A cohort by the whole command stands beside them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from cohort_maf import write_cohort
from figures import Beside, Figure, LeftOut, at_least_one, at_least_times, at_most, given_file, main, progress
from processes import RESISTAB, environment, process

from resistab.core.agreement import evaluate_agreed
from resistab.core.columns import CODES, ColumnProgram
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
from resistab.domains.oncology.policy.cohort.evaluator import TABLE
from resistab.rulesets.find import ruleset_folder

PATIENTS, PATIENTS_QUICK = 200, 20
COHORT, COHORT_QUICK = 10_000, 500
COLUMN_ROUNDS, COLUMN_ROUNDS_QUICK = 5, 1
# So much is copied to see how fast memory is; more than any cache holds.
COPIED_BYTES = 2**28
PEERS = (("clingo", "clingo", "clingo"), ("CLIPS", "clips", "clipspy"))

# What is observed of each patient.
Observed = Mapping[Atom, Observation]

Evaluate = Callable[[Observer, Observed], Values]


@dataclass
class Rated:
    """What an evaluator took: seconds of processor time for a patient each; and on how many it differs."""

    times: list[float] = field(default_factory=list)
    differing: int = 0

    @property
    def rate(self) -> float:
        """Patients a second."""
        return len(self.times) / sum(self.times)


@dataclass
class Contender(Rated):
    """An evaluator of one patient at a time, and the seconds of processor time that it takes once."""

    name: str = field(kw_only=True)
    evaluate: Evaluate = field(kw_only=True)
    setup: float = field(kw_only=True)


def set_up(name: str, make: Callable[[], Evaluate]) -> Contender:
    """The contender that ``make`` makes."""
    begun = time.process_time()
    evaluate = make()
    return Contender(name=name, evaluate=evaluate, setup=time.process_time() - begun)


def clingo_evaluator(program: Program) -> Evaluate:
    from resistab.core.verification import ClingoProgram

    ground = ClingoProgram(program)
    return lambda observer, observed: ground.evaluate(observed)


def clips_evaluator(program: Program) -> Evaluate:
    from clips_program import ClipsProgram

    built = ClipsProgram(program)
    return lambda observer, observed: built.evaluate(observed)


def contenders(interpreter: TumourInterpreter, genotypes: Sequence[Genotype]) -> Iterator[Contender | LeftOut]:
    """Our evaluators and those of the peers that are installed."""
    program = interpreter.program
    rules = ScopedRules(program)

    def chained() -> Evaluate:
        # What is set up for a tumour type when it first comes is set up now.
        for genotype in genotypes:
            rules.for_patient(Observer(genotype, interpreter.rulebase))
        return lambda observer, observed: rules.for_patient(observer).evaluate(observed)

    def both() -> Evaluate:
        return lambda observer, observed: evaluate_agreed(rules.for_patient(observer), observed)

    yield set_up("forward chaining", chained)
    yield set_up("fixpoint", lambda: lambda observer, observed: evaluate_by_fixpoint(program, observed))
    yield set_up("both, compared", both)
    for (name, module, package), make in zip(PEERS, (clingo_evaluator, clips_evaluator), strict=True):
        if importlib.util.find_spec(module) is None:
            yield LeftOut(name, f"it is not installed (pip install {package})")
        else:
            yield set_up(name, lambda make=make: make(program))


def chosen(interpreter: TumourInterpreter, number: int) -> list[Genotype]:
    """So many of the cases' genotypes, evenly over all."""
    rules = case_rules(ruleset_folder("oncology"), interpreter.rulebase)
    found = [case.genotype for case in read_cases(rules)]
    return found[:: max(1, len(found) // number)][:number]


def compared(name: str, genotype: Genotype, values: Values, expected: Values) -> bool:
    """Whether an evaluator differs on a patient; on which heads is said as progress."""
    differences = [head for head in expected if values.get(head) != expected[head]]
    for head in differences[:3]:
        progress(f"{name} differs on {genotype.sample}: {head} {values.get(head)}, not {expected[head]}")
    return bool(differences)


def one_by_one(
    interpreter: TumourInterpreter, genotypes: Sequence[Genotype], found: list[Contender]
) -> tuple[list[Observed], list[Values]]:
    """Time all contenders over all patients; one round before that is not measured.

    Gives what was observed of each patient, and the values that the fixpoint finds.
    """
    all_observed: list[Observed] = []
    all_values: list[Values] = []
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
                    one.differing += compared(one.name, genotype, values, expected)
            if measured:
                all_observed.append(observed)
                all_values.append(expected)
    return all_observed, all_values


def in_columns(
    program: Program, genotypes: Sequence[Genotype], observed: list[Observed], expected: list[Values], rounds: int
) -> tuple[Rated, Rated]:
    """The evaluator of columns on these observations: alone, and with the columns made of them each time."""
    evaluator = ColumnProgram(program)
    alone, made = Rated(), Rated()
    repeated = [observed[number % len(observed)] for number in range(TABLE)]
    for _ in range(rounds):
        begun = time.process_time()
        table = np.array([[CODES[seen[atom].truth] for atom in evaluator.atoms] for seen in repeated], np.uint8)
        table = np.ascontiguousarray(table.T)
        ready = time.process_time()
        found = evaluator.evaluate(table)
        done = time.process_time()
        alone.times.append((done - ready) / TABLE)
        made.times.append((done - begun) / TABLE)
    for number, genotype in enumerate(genotypes):
        codes = found.codes[:, number].tolist()
        values = {head: found.values[code] for head, code in zip(found.heads, codes, strict=True)}
        alone.differing += compared("columns", genotype, values, expected[number])
    return alone, made


def memory_rate() -> float:
    """Bytes a second that are read and written when much is copied; the fastest of a few."""
    source = np.ones(COPIED_BYTES, np.uint8)
    target = np.zeros_like(source)
    times = []
    for _ in range(5):
        begun = time.process_time()
        np.copyto(target, source)
        times.append(time.process_time() - begun)
    return 2 * COPIED_BYTES / min(times)


def whole_command(tumours: int, mutations: Path | None, folder: Path) -> float:
    """Tumours a second of a cohort, from a MAF to a table, start included."""
    env = environment(folder / "cache")
    # The cache is filled by a few.
    for number in (10, tumours):
        write_cohort(folder / "cohort.maf", number, mutations)
        command = [RESISTAB, "evaluate", str(folder / "cohort.maf"), "--table", str(folder / "table.csv")]
        seconds = process(command, env).seconds
    return tumours / seconds


def measure(given: argparse.Namespace) -> Iterator[Figure | LeftOut]:
    """All contenders one by one, then columns and a cohort beside the peers among them."""
    patients = given.patients or (PATIENTS_QUICK if given.quick else PATIENTS)
    tumours = COHORT_QUICK if given.quick else COHORT
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["RESISTAB_CACHE"] = str(Path(scratch) / "cache")
        interpreter = load("oncology")
        program = interpreter.program
        genotypes = chosen(interpreter, patients)
        found: list[Contender] = []
        for one in contenders(interpreter, genotypes):
            if isinstance(one, LeftOut):
                yield one
            else:
                found.append(one)
        observed, expected = one_by_one(interpreter, genotypes, found)
        for one in found:
            yield Figure(f"{one.name}, one by one", one.rate, "/s")
            if one.setup > 0.01:
                yield Figure(f"{one.name}, set up once", one.setup, "s")
        peers = [Beside(one.name, one.rate) for one in found if one.name in {name for name, _, _ in PEERS}]
        rounds = COLUMN_ROUNDS_QUICK if given.quick else COLUMN_ROUNDS
        alone, made = in_columns(program, genotypes, observed, expected, rounds)
        for peer in peers:
            yield Figure(f"columns alone, {TABLE} patients at once", alone.rate, "/s", peer, at_least_times(100))
        for peer in peers:
            yield Figure("columns, made of observations too", made.rate, "/s", peer)
        # Each patient has to be read once and written once, a byte for each atom and head.
        bound = memory_rate() / (len(program.observables) + len(program.heads))
        yield Figure("columns alone", alone.rate, "/s", Beside("bound of memory", bound))
        differing = sum(one.differing for one in (*found, alone))
        compared_to = (len(found) + 1) * len(genotypes)
        yield Figure("patients on whom an evaluator differs", differing, f"of {compared_to:,}", target=at_most(0))
        rate = whole_command(tumours, given.mutations, Path(scratch))
        for peer in peers:
            yield Figure(f"a cohort of {tumours:,} tumours, MAF to table", rate, "/s", peer)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--patients", type=at_least_one, help=f"how many patients (default {PATIENTS}, quick {PATIENTS_QUICK})"
    )
    parser.add_argument("--mutations", type=given_file, metavar="TABLE", help="a table of mutations for the cohort")


if __name__ == "__main__":
    sys.exit(main("peers", "The program, beside clingo and CLIPS", measure, options))
