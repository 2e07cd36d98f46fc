"""Scores genotypes with sierra-local, in the Python where it is installed, for the benchmark beside it.

    PYTHON benchmarks/sierralocal_worker.py FOLDER [ALGORITHM.xml]

Reads requests from standard input and answers on standard output, each a line of JSON; uses nothing of resistab.
The first answer is ``{"xml", "version", "load_s"}``. To ``{"genotypes": [{gene: {position: [reference, residues]}},
...]}`` it answers ``{"score_s", "write_s", "scores": [{drug: score}, ...]}``: seconds for the scores, and for its own
report of them in JSON, which goes to FOLDER. An insertion is ``_`` and a deletion ``-``, as sierra-local has them.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sierralocal.hivdb import HIVdb
from sierralocal.jsonwriter import JSONWriter
from sierralocal.score_alg import score_drugs

# First and last residue of each gene as sierra-local counts them, and bases enough that none is called too short.
GENES = {"PR": (1, 99), "RT": (1, 560), "IN": (1, 289)}

# Position to reference, residues and the text of a report, as sierra-local's aligner hands them to its scorer.
Positions = dict[int, tuple[str, str, str]]


class Worker:
    """sierra-local with one algorithm loaded; its bundled one where ``xml`` is None."""

    def __init__(self, folder: Path, xml: str | None) -> None:
        begun = time.perf_counter()
        self.algorithm = HIVdb(asi2=xml)
        self.writer = JSONWriter(self.algorithm, None, None, None, None)
        self.target = folder / "sierralocal_genotypes.json"
        self.ready = {
            "xml": str(self.algorithm.xml_filename),
            "version": version("sierralocal"),
            "load_s": time.perf_counter() - begun,
        }

    def answer(self, genotypes: list[dict[str, Any]]) -> dict[str, Any]:
        """The times and scores for ``genotypes``."""
        given = [_positions(genotype) for genotype in genotypes]
        begun = time.perf_counter()
        results = [[score_drugs(self.algorithm, gene, found) for gene, found in one.items()] for one in given]
        scored = time.perf_counter()
        scores = [{drug: found[0] for of_gene in one for drug, found in of_gene.items()} for one in results]
        before_writing = time.perf_counter()
        self._write(given, results)
        write_s = time.perf_counter() - before_writing
        return {"score_s": scored - begun, "write_s": write_s, "scores": scores}

    def _write(self, given: list[dict[str, Positions]], results: list[list[Any]]) -> None:
        names = [f"g{number}" for number in range(len(given))]
        self.writer.write_to_json(
            str(self.target),
            names,
            results,
            [[(gene, *GENES[gene], 1, 3 * GENES[gene][1]) for gene in one] for one in given],
            [
                [
                    sorted((at, found, reference, text) for at, (reference, found, text) in of.items())
                    for of in one.values()
                ]
                for one in given
            ],
            [[3 * GENES[gene][1] for gene in one] for one in given],
            [[(0, 0) for _ in one] for one in given],
            [""] * len(given),
            dict.fromkeys(names, ""),
            {name: {gene: set() for gene in one} for name, one in zip(names, given, strict=True)},
            {name: list(one) for name, one in zip(names, given, strict=True)},
        )


def _positions(genotype: dict[str, Any]) -> dict[str, Positions]:
    return {
        gene: {int(position): (reference, found, found) for position, (reference, found) in of_gene.items()}
        for gene, of_gene in genotype.items()
    }


def _ordered(positions: Positions) -> list[tuple[int, str, str, str]]:
    return sorted((position, found, reference, text) for position, (reference, found, text) in positions.items())


def main() -> None:
    """Answer requests until standard input ends; what sierra-local prints goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        worker = Worker(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    print(json.dumps(worker.ready), flush=True)
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            answer = worker.answer(json.loads(line)["genotypes"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
