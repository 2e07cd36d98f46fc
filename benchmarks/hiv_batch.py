"""The way of a cohort, from lists of mutations to lines of JSON, timed stage by stage."""

from __future__ import annotations

import time

from hiv_cases import Mutation, as_list

from resistab.core.faults import Fault
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.policy.batch import BatchScorer
from resistab.domains.virus.report.line_writer import LineWriter


def stages(interpreter: ViralInterpreter, genotypes: list[list[Mutation]]) -> dict[str, float]:
    """Seconds for all genotypes: ``read`` their lists, ``interpret`` them, ``write`` the lines.

    Everything that remembers is new, so that nothing is known from an earlier round.
    """
    reader = MutationReader(interpreter.rulebase)
    batch = BatchScorer(interpreter.rulebase, interpreter.program, interpreter.scales, interpreter.decisive)
    writer = LineWriter(interpreter.rulebase, None)
    lists = [as_list(genotype) for genotype in genotypes]
    started = time.perf_counter()
    read = [reader.read(text, f"g{number}", _fault_at) for number, text in enumerate(lists)]
    were_read = time.perf_counter()
    results = list(batch.interpret_all(read))
    interpreted = time.perf_counter()
    for genotype, result in zip(read, results, strict=True):
        writer.line(genotype, result)
    written = time.perf_counter()
    return {"read": were_read - started, "interpret": interpreted - were_read, "write": written - interpreted}


def read_list(reader: MutationReader, mutations: list[Mutation], sample: str) -> ViralGenotype:
    """The genotype of a list of mutations."""
    return reader.read(as_list(mutations), sample, _fault_at)


def _fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
    return Fault(where="benchmark", message=message, column=column, expected=expected, suggestion=suggestion)
