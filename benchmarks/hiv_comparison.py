"""Measures resistab beside sierra-local with the same algorithm, genotypes and sequences, and compares the scores."""

from __future__ import annotations

import datetime
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml
from figures import Beside, Figure, at_most, at_most_times, progress
from hiv_batch import stages
from hiv_cases import GENES, Mutation, as_fasta, as_list
from processes import ROOT

from resistab.domains.loading import load
from resistab.domains.virus.asi.reader import read_asi
from resistab.domains.virus.asi.yaml import write_ruleset_folder
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import DELETION, INSERTION
from resistab.domains.virus.inputs.fasta import read_fasta
from resistab.domains.virus.interpreter import ViralInterpreter

WORKER = Path(__file__).resolve().parent / "sierralocal_worker.py"
RULESET = "compared"
# Differences that are printed.
MOST_SHOWN = 10
# The residues beyond which sierra-local passes over a position of a sequence.
MOST_RESIDUES = 4
_AS_SIERRALOCAL = {INSERTION: "_", DELETION: "-"}


@dataclass
class Results:
    """How many scores were compared, how many differ as sierra-local is known to err, and the other differences."""

    compared: int = 0
    known: int = 0
    other: list[str] = field(default_factory=list)


@dataclass
class Comparison:
    """What was measured of both; times in ms for one genotype or sequence, ours before sierra-local's."""

    version: str
    algorithm: str
    times: dict[str, tuple[float, float]] = field(default_factory=dict)
    genotypes: Results = field(default_factory=Results)
    sequences: Results = field(default_factory=Results)


class SierraLocal:
    """sierra-local in the Python where it is installed, with one algorithm loaded, waiting for genotypes."""

    def __init__(self, python: str, folder: Path, xml: Path | None) -> None:
        command = [python, str(WORKER), str(folder), *([str(xml)] if xml else [])]
        self._log = (folder / "sierralocal.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.ready = self._read()

    def answer(self, genotypes: list[list[Mutation]]) -> dict[str, Any]:
        """The times and scores for ``genotypes``, see the worker."""
        assert self._process.stdin
        asked = [_by_gene(genotype) for genotype in genotypes]
        self._process.stdin.write(json.dumps({"genotypes": asked}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            raise SystemExit(f"sierra-local failed:\n{self._log.read()[-2000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> SierraLocal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        self._log.close()


def compare(
    python: str,
    xml: Path | None,
    genotypes: list[list[Mutation]],
    sequences: list[str],
    rounds: int,
    sequence_rounds: int,
    folder: Path,
    env: dict[str, str],
) -> Comparison:
    """Measure both in turns, and compare every score; ``xml`` is the algorithm, sierra-local's bundled one if None.

    ``folder`` takes what is written, ``env`` is the environment of the commands.
    """
    with SierraLocal(python, folder, xml) as sierra:
        path = Path(sierra.ready["xml"])
        interpreter = _imported(path, folder)
        source = interpreter.rulebase.manifest.source
        comparison = Comparison(sierra.ready["version"], f"{source.algorithm} {source.version}")
        _genotypes(comparison, sierra, interpreter, genotypes, rounds)
    fasta = folder / "sequences.fasta"
    fasta.write_text(as_fasta(sequences), encoding="utf-8")
    ours = [str(Path(sys.executable).parent / "resistab"), "evaluate", "--rulebase", str(folder), "--ruleset", RULESET]
    ours += [str(fasta), "--jsonl", str(folder / "ours.jsonl")]
    theirs = [python, "-c", "from sierralocal.main import main; main()", str(fasta), "-xml", str(path)]
    theirs += ["-o", str(folder / "theirs.json")]
    _sequences(comparison, ours, theirs, len(sequences), sequence_rounds, env | {"TMPDIR": str(folder)})
    _compare_sequences(comparison.sequences, interpreter, fasta, folder)
    return comparison


def _imported(xml: Path, folder: Path) -> ViralInterpreter:
    """The algorithm as a rule set in ``folder``, with the sequences and facts of the shipped one for its genes."""
    rulebase, _ = read_asi(xml, on=datetime.date(1970, 1, 1), ruleset=RULESET)
    target = folder / RULESET
    write_ruleset_folder(rulebase, target)
    genes = {gene.symbol for gene in rulebase.genes}
    shipped = load("hiv1").rulebase
    proteins = [f">{gene}\n{sequence}\n" for gene, sequence in shipped.sequences.items() if gene in genes]
    (target / "proteins.fasta").write_text("".join(proteins), encoding="utf-8")
    quality = yaml.safe_load((ROOT / "rulebase" / "hiv1" / "sequence_quality.yaml").read_text(encoding="utf-8"))
    kept = {name: {gene: of for gene, of in facts.items() if gene in genes} for name, facts in quality.items()}
    (target / "sequence_quality.yaml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    return load(RULESET, folder)


# --- genotypes ----------------------------------------------------------------------------------------------------


def _genotypes(
    comparison: Comparison,
    sierra: SierraLocal,
    interpreter: ViralInterpreter,
    genotypes: list[list[Mutation]],
    rounds: int,
) -> None:
    score: list[tuple[float, float]] = []
    whole: list[tuple[float, float]] = []
    for _ in range(rounds):
        theirs = sierra.answer(genotypes)
        ours = stages(interpreter, genotypes)
        score.append((ours["interpret"], theirs["score_s"]))
        whole.append((sum(ours.values()), theirs["score_s"] + theirs["write_s"]))
    comparison.times["score"] = _medians(score, len(genotypes))
    comparison.times["list_to_json"] = _medians(whole, len(genotypes))
    cases = [
        (
            f"genotype {number} ({as_list(mutations)})",
            tuple(ResidueFinding(m.gene, m.position, m.reference, m.residues, "") for m in mutations),
            scores,
        )
        for number, (mutations, scores) in enumerate(zip(genotypes, theirs["scores"], strict=True), start=1)
    ]
    _compare(comparison.genotypes, interpreter, cases, _indel_alone)


def _by_gene(genotype: Iterable[Mutation]) -> dict[str, dict[int, tuple[str, str]]]:
    genes: dict[str, dict[int, tuple[str, str]]] = {}
    for mutation in genotype:
        residues = "".join(_AS_SIERRALOCAL.get(residue, residue) for residue in mutation.residues)
        genes.setdefault(mutation.gene, {})[mutation.position] = mutation.reference, residues
    return genes


# --- sequences ----------------------------------------------------------------------------------------------------


def _sequences(
    comparison: Comparison, ours: list[str], theirs: list[str], number: int, rounds: int, env: dict[str, str]
) -> None:
    _wall(ours, env)
    times = [(_wall(ours, env), _wall(theirs, env)) for _ in range(rounds)]
    comparison.times["sequence"] = _medians(times, number)


def _wall(command: list[str], env: dict[str, str]) -> float:
    """Seconds from start to exit of a command, of which nothing is shown."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _compare_sequences(results: Results, interpreter: ViralInterpreter, fasta: Path, folder: Path) -> None:
    theirs = {
        item["inputSequence"]["header"]: {
            drug["drug"]["displayAbbr"]: drug["score"] for gene in item["drugResistance"] for drug in gene["drugScores"]
        }
        for item in json.loads((folder / "theirs.json").read_text(encoding="utf-8"))
    }
    reader = interpreter.sequence_reader()
    cases = [(record.name, reader.read(record).findings, theirs.get(record.name, {})) for record in read_fasta(fasta)]
    _compare(results, interpreter, cases, _few_residues)


# --- results ------------------------------------------------------------------------------------------------------


def _compare(
    results: Results,
    interpreter: ViralInterpreter,
    cases: Sequence[tuple[str, Sequence[ResidueFinding], dict[str, float]]],
    as_they_read: Callable[[Iterable[ResidueFinding]], list[ResidueFinding]],
) -> None:
    """Compare the scores of genotypes, each given by name, findings and their scores.

    A difference is known where our rules come to their score for the findings ``as_they_read`` them.
    """
    every = _scores(interpreter, [findings for _, findings, _ in cases])
    as_theirs = _scores(interpreter, [as_they_read(findings) for _, findings, _ in cases])
    for (name, _, theirs), ours, read_so in zip(cases, every, as_theirs, strict=True):
        if not theirs:
            results.other.append(f"{name}: no result by sierra-local")
        for drug, score in theirs.items():
            results.compared += 1
            if ours.get(drug) != score:
                if read_so.get(drug) == score:
                    results.known += 1
                else:
                    results.other.append(f"{name}, {drug}: resistab {ours.get(drug)}, sierra-local {score}")


def _scores(
    interpreter: ViralInterpreter, found: Iterable[Sequence[ResidueFinding]]
) -> Iterator[dict[str, float | None]]:
    batch, read = interpreter.batch, tuple(GeneCoverage(gene) for gene in GENES)
    genotypes = (ViralGenotype("s", tuple(findings), read) for findings in found)
    for result in batch.interpret_all(genotypes):
        yield {batch.names[verdict.drug]: verdict.score for verdict in result.verdicts}


def _indel_alone(findings: Iterable[ResidueFinding]) -> list[ResidueFinding]:
    """As sierra-local takes an insertion or deletion beside a residue: for the insertion or deletion alone."""
    return [
        ResidueFinding(
            finding.gene,
            finding.position,
            finding.reference,
            next(((indel,) for indel in (INSERTION, DELETION) if indel in finding.residues), finding.residues),
            finding.given,
        )
        for finding in findings
    ]


def _few_residues(findings: Iterable[ResidueFinding]) -> list[ResidueFinding]:
    """As sierra-local takes a sequence: positions with more than four residues passed over, indels as above."""
    return _indel_alone(finding for finding in findings if len(finding.residues) <= MOST_RESIDUES)


def _medians(times: list[tuple[float, float]], number: int) -> tuple[float, float]:
    """The medians of both in ms for each of ``number``."""
    ours, theirs = zip(*times, strict=True)
    return statistics.median(ours) * 1000 / number, statistics.median(theirs) * 1000 / number


# --- on paper -----------------------------------------------------------------------------------------------------

_FIGURES = (
    ("score", "scores of every drug, a genotype", 0.1),
    ("list_to_json", "the whole way to JSON, a genotype", 0.1),
    ("sequence", "a sequence of pol, the whole command", 0.2),
)


def comparison_figures(comparison: Comparison, few: bool) -> Iterator[Figure]:
    """The ratios, and how many scores differ; what differs and is not known to be an error is said as progress.

    Of ``few`` sequences a start takes most of the time, so that their ratio is not judged.
    """
    version = f"sierra-local {comparison.version}"
    for name, title, limit in _FIGURES:
        ours, theirs = comparison.times[name]
        said, smaller = f"{title}, {comparison.algorithm}", few and name == "sequence"
        yield Figure(said, ours, "ms", Beside(version, theirs), at_most_times(limit), smaller)
    for title, results in (("genotypes", comparison.genotypes), ("sequences", comparison.sequences)):
        for difference in results.other[:MOST_SHOWN]:
            progress(difference)
        of = f"of {results.compared:,}"
        yield Figure(f"scores of {title} that differ", len(results.other), of, target=at_most(0))
        yield Figure(f"scores of {title} where {version} is known to err", results.known, of)
