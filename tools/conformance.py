"""Compares what resistab says of HIV genotypes with the published results of the same algorithms.

    python tools/conformance.py FOLDER [--every N]

``FOLDER`` holds algorithms in ASI2 (``HIVDB_10.2.xml``), mutation patterns with their published scores and levels
(``patterns-INSTI.json``), and results of Stanford's interpreter for whole genotypes (``expected/HIVDB_10.2.json.gz``).
Each algorithm is imported, written as YAML and loaded from there. Every value is compared, none excepted: for all
genotypes by the batch evaluator, for a sample by the forward-chaining engine and the fixpoint computation together.
The exit status is 1 where anything differs, and where nothing could be compared.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from resistab.core.faults import Fault, FaultsError
from resistab.domains.loading import load
from resistab.domains.virus.asi.reader import read_asi
from resistab.domains.virus.asi.yaml import write_ruleset_folder
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder

# Of the genotypes that only the batch evaluator sees, every so many are given to the other two as well.
SAMPLE_EVERY = 10
PATTERNS_ALGORITHM = "HIVDB_10.2"
# Differences that are printed of each comparison.
MOST_SHOWN = 5

COMMENTS = "comments"

# A drug's score, level and SIR; under COMMENTS the ids of those that hold, in order.
Result = Mapping[str, tuple[object, ...]]


@dataclass(frozen=True)
class Case:
    """A genotype and what is published of it; ``published`` names each value that is compared."""

    genotype: ViralGenotype
    published: Result


@dataclass
class Agreement:
    """How many values were compared and how many agreed; ``differences`` describes those that did not."""

    what: str
    by: str
    genotypes: int = 0
    values: int = 0
    agreed: int = 0
    differences: list[str] = field(default_factory=list)

    def compare(self, case: Case, found: Result) -> None:
        """Compare what is published of one genotype: of each drug score, level and SIR; the comments as one value."""
        self.genotypes += 1
        for name, published in case.published.items():
            values = 1 if name == COMMENTS else len(published)
            self.values += values
            if found.get(name) == published:
                self.agreed += values
            else:
                self.differences.append(
                    f"{case.genotype.sample}, {name}: published {published}, found {found.get(name)}"
                )


def compare(folder: Path, shipped: ViralInterpreter | None = None, every: int = SAMPLE_EVERY) -> list[Agreement]:
    """Every comparison that the files in ``folder`` allow; ``shipped`` is compared where its algorithm is published.

    Of the genotypes one in ``every`` is interpreted by the forward-chaining engine and the fixpoint computation too.
    """
    agreements: list[Agreement] = []
    with tempfile.TemporaryDirectory() as scratch:
        algorithms = {path.name.removesuffix(".json.gz") for path in (folder / "expected").glob("*.json.gz")}
        if any(folder.glob("patterns-*.json")):
            algorithms.add(PATTERNS_ALGORITHM)
        for name in sorted(algorithms):
            interpreter = _imported(folder / f"{name}.xml", Path(scratch) / name)
            agreements += _algorithm(folder, name, interpreter, name, every, with_comments=True)
            source = shipped.rulebase.manifest.source if shipped else None
            if shipped and source and f"{source.algorithm}_{source.version}" == name:
                # Its comments are its own.
                agreements += _algorithm(folder, name, shipped, "shipped hiv1", every, with_comments=False)
    return agreements


def _imported(path: Path, folder: Path) -> ViralInterpreter:
    """An interpreter for an algorithm in ASI2 that went through our own format."""
    rulebase, _ = read_asi(path, on=datetime.date(1970, 1, 1))
    write_ruleset_folder(rulebase, folder)
    return ViralInterpreter(load_viral_folder(folder))


def _algorithm(
    folder: Path, name: str, interpreter: ViralInterpreter, title: str, every: int, with_comments: bool
) -> Iterator[Agreement]:
    if (folder / "expected" / f"{name}.json.gz").is_file():
        cases = list(genotype_cases(folder / "expected" / f"{name}.json.gz", interpreter, with_comments))
        yield from _both(f"{title}: genotypes", cases, interpreter, every)
    if name == PATTERNS_ALGORITHM:
        for path in sorted(folder.glob("patterns-*.json")):
            drug_class = path.stem.removeprefix("patterns-")
            cases = list(pattern_cases(path, interpreter))
            yield from _both(f"{title}: {drug_class} patterns", cases, interpreter, every)


def _both(title: str, cases: Sequence[Case], interpreter: ViralInterpreter, every: int) -> Iterator[Agreement]:
    whole = Agreement(title, "batch")
    found = batch_results(interpreter, [case.genotype for case in cases])
    for case, result in zip(cases, found, strict=True):
        whole.compare(case, result)
    yield whole
    sample = Agreement(title, f"both evaluators, 1 in {every}")
    for case in cases[::every]:
        sample.compare(case, whole_result(interpreter, case.genotype))
    yield sample


# --- what is published --------------------------------------------------------------------------------------------


def genotype_cases(path: Path, interpreter: ViralInterpreter, with_comments: bool) -> Iterator[Case]:
    """The genotypes of a file of ``expected/``; a level that is null is the lowest, as Sierra reports it."""
    lowest = interpreter.rulebase.manifest.scoring.lowest
    reader = MutationReader(interpreter.rulebase)
    for item in json.loads(gzip.decompress(path.read_bytes()))["lists"]:
        published: dict[str, tuple[object, ...]] = {}
        for drugs in item["result"].values():
            for drug, (score, level, sir) in drugs.items():
                published[drug] = (score, lowest.level, lowest.sir) if level is None else (score, level, sir)
        if with_comments:
            ids = [comment.removeprefix("RC:") for of_gene in item["comments"].values() for comment in of_gene]
            published[COMMENTS] = tuple(sorted(ids))
        text = " ".join(f"{gene}:{' '.join(listed)}" for gene, listed in item["genotype"].items() if listed)
        yield Case(_read(reader, text, item["id"], list(item["genotype"])), published)


def pattern_cases(path: Path, interpreter: ViralInterpreter) -> Iterator[Case]:
    """The patterns of a file of mutation patterns, with the score and level of every drug."""
    reader = MutationReader(interpreter.rulebase)
    for item in json.loads(path.read_text(encoding="utf-8")):
        published = {
            drug: (item[f"{drug} Score"], level, interpreter.rulebase.manifest.scoring.by_order[level].sir)
            for drug, level in ((key.removesuffix(" Level"), item[key]) for key in item if key.endswith(" Level"))
        }
        pattern = item["pattern"]
        yield Case(_read(reader, f"{item['gene']}:{pattern.replace(',', ' ')}", pattern, [item["gene"]]), published)


def _read(reader: MutationReader, text: str, sample: str, genes: list[str]) -> ViralGenotype:
    def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
        return Fault(where=sample, column=column, message=message, expected=expected, suggestion=suggestion)

    return reader.read(text, sample, fault_at, genes=genes)


# --- what is found ------------------------------------------------------------------------------------------------


def batch_results(interpreter: ViralInterpreter, genotypes: Iterable[ViralGenotype]) -> Iterator[Result]:
    """What the batch evaluator finds in each."""
    batch = interpreter.batch
    for result in batch.interpret_all(genotypes):
        found: dict[str, tuple[object, ...]] = {
            batch.names[verdict.drug]: (verdict.score, verdict.level.level, verdict.level.sir)
            for verdict in result.verdicts
            if verdict.level is not None
        }
        yield found | {COMMENTS: tuple(sorted(result.comments))}


def whole_result(interpreter: ViralInterpreter, genotype: ViralGenotype) -> Result:
    """What the forward-chaining engine and the fixpoint computation find together."""
    concluded = interpreter.conclude(genotype)
    found: dict[str, tuple[object, ...]] = {
        verdict.drug: (verdict.score, verdict.level, verdict.sir) for verdict in concluded.verdicts
    }
    return found | {COMMENTS: tuple(sorted(comment.id for comment in concluded.comments))}


# --- on the command line ------------------------------------------------------------------------------------------


def table(agreements: Iterable[Agreement]) -> str:
    """The comparisons as a table, and the first differences of each."""
    lines = [f"{'compared':<30} {'by':<28} {'genotypes':>9} {'values':>8} {'agree':>8}"]
    for item in agreements:
        lines.append(f"{item.what:<30} {item.by:<28} {item.genotypes:>9} {item.values:>8} {item.agreed:>8}")
        lines += [f"    {difference}" for difference in item.differences[:MOST_SHOWN]]
        if len(item.differences) > MOST_SHOWN:
            lines.append(f"    and {len(item.differences) - MOST_SHOWN} more")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None, out: Callable[[str], Any] = print) -> int:
    """Compare and print; the exit status is 1 where anything differs or nothing was compared."""
    parser = argparse.ArgumentParser(description="Compare resistab with published results for HIV.")
    parser.add_argument("folder", type=Path, help="the folder with algorithms, patterns and expected results")
    parser.add_argument(
        "--every", type=int, default=SAMPLE_EVERY, help="how many genotypes there are to each that both evaluators see"
    )
    given = parser.parse_args(arguments)
    begun = datetime.datetime.now()
    try:
        agreements = (
            compare(given.folder, cast(ViralInterpreter, load("hiv1")), max(given.every, 1))
            if given.folder.is_dir()
            else []
        )
    except FaultsError as error:
        out(str(error))
        return 1
    if not agreements or not all(item.values for item in agreements):
        out(f"{given.folder}: nothing to compare")
        return 1
    out(table(agreements))
    differing = sum(item.values - item.agreed for item in agreements)
    values = sum(item.values for item in agreements)
    out(f"{values} values compared in {(datetime.datetime.now() - begun).total_seconds():.0f} s, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
