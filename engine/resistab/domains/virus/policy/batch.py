"""Scores and levels of every drug for many genotypes, as fast as a cohort needs them.

What is computed is what ``viral_verdicts`` computes, without derivations. The rules of each gene run on whole columns,
see ``core/columns``; what follows for a drug from the heads that hold is kept for the next genotype of which the same
hold.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resistab.core.columns import CODES, ColumnProgram
from resistab.core.program import Head, Program
from resistab.core.scoring import combine_scores
from resistab.core.truth import Truth
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.program import DrugProgram, ViralProgram, residue_atoms
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.kinds.models import VerdictName, ViralLevel, ViralRulebase
from resistab.domains.virus.policy.scores import (
    NO_RULES,
    Scales,
    decisive_not_read,
    given_result_comments,
    not_sequenced,
    reference_not_read,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


class BatchVerdict(NamedTuple):
    """What is concluded for one drug, by its number in the drug list.

    As ``ViralVerdict``, with the rows' ids alone. Where the verdict is not assessable for want of some positions,
    ``level`` is what those that were read come to.
    """

    drug: int
    verdict: VerdictName
    level: ViralLevel | None
    score: float | None
    rows: tuple[str, ...]
    not_assessable: tuple[str, ...] = ()


class BatchResult(NamedTuple):
    """The verdicts in the order of the drug list, and the ids of the comments that hold."""

    verdicts: tuple[BatchVerdict, ...]
    comments: tuple[str, ...]


# So many genotypes are columns of one table.
TABLE = 1024
# Verdicts that are kept for the next genotype with the same rows.
MOST_KNOWN = 200_000

# What was found in one genotype of one gene: by residues at a position, and what was read.
_Found = tuple[Sequence[ResidueFinding], GeneCoverage]


class _Part(NamedTuple):
    """What a head stands for: a part of an item of a score, or a rule that gives a level; by the row's ``place``.

    Of the parts of one row only the largest counts.
    """

    place: int
    score: int = -1
    adds: float = 0.0
    level: int | None = None


class _Gene:
    """The rules of one gene in columns; ``parts`` are those of each drug by number, ``comments`` ids, each by head."""

    def __init__(self, program: Program, parts: Mapping[int, Mapping[Head, _Part]], comments: Mapping[Head, str]):
        self.columns = ColumnProgram(program)
        self.drugs = list(parts)
        self.parts = [part for of in parts.values() for part in of.values()]
        self.comments = list(comments.values())
        # The heads drug by drug, those of comments last, and where each group ends.
        grouped = [*(list(of) for of in parts.values()), list(comments)]
        self._heads = np.array([self.columns.head_row[head] for of in grouped for head in of], np.intp)
        self._group = np.repeat(np.arange(len(grouped)), [len(of) for of in grouped])
        self._groups = len(grouped)
        self.at_position: dict[int, list[tuple[int, ResidueAtom]]] = {}
        for row, atom in enumerate(self.columns.atoms):
            if not isinstance(atom, ResidueAtom):
                raise TypeError(f"a virus's rules ask for residues only, not for {atom}")
            self.at_position.setdefault(atom.position, []).append((row, atom))
        self._true_by: dict[tuple[int, tuple[str, ...]], tuple[int, ...]] = {}
        self._unread: dict[GeneCoverage, NDArray[np.intp]] = {}

    def true_by(self, finding: ResidueFinding) -> tuple[int, ...]:
        """The rows of the atoms that hold by a finding."""
        key = finding.position, finding.residues
        rows = self._true_by.get(key)
        if rows is None:
            here = self.at_position.get(finding.position, ())
            rows = self._true_by[key] = tuple(row for row, atom in here if atom.holds_by(finding.residues))
        return rows

    def held(self, found: Sequence[_Found]) -> list[list[bytes]]:
        """Of each the heads that hold, a group for each drug and one of comments, by their numbers in the group's list.

        Of those that were read in part there is a second one, behind all others in their order, in which the reference
        is taken to be wherever nothing was read.
        """
        in_part = [place for place, (_, coverage) in enumerate(found) if coverage.ranges is not None]
        columns = len(found) + len(in_part)
        observed = np.zeros((len(self.columns.atoms), columns), np.uint8)
        for place in in_part:
            observed[self._unread_in(found[place][1]), place] = CODES[Truth.UNKNOWN]
        rows, at = array("q"), array("q")
        for column, place in enumerate((*range(len(found)), *in_part)):
            for finding in found[place][0]:
                true = self.true_by(finding)
                rows.extend(true)
                at.extend((column,) * len(true))
        observed[rows, at] = CODES[Truth.TRUE]
        # From 2 on a head is certain.
        holds = self.columns.evaluate(observed).codes[self._heads] > 1
        columns_at, heads_at = np.nonzero(holds.T)
        ends = np.searchsorted(columns_at * self._groups + self._group[heads_at], np.arange(columns * self._groups + 1))
        numbers, bounds = heads_at.astype(np.uint16).tobytes(), (ends * 2).tolist()
        cut = [numbers[start:end] for start, end in pairwise(bounds)]
        return [cut[start : start + self._groups] for start in range(0, len(cut), self._groups)]

    def _unread_in(self, coverage: GeneCoverage) -> NDArray[np.intp]:
        """The rows of the atoms that stay open unless they hold by a finding, because their position was not read."""
        if coverage not in self._unread:
            unread = [row for at, here in self.at_position.items() if not coverage.covers(at) for row, _ in here]
            self._unread[coverage] = np.array(unread, np.intp)
        return self._unread[coverage]


class BatchScorer:
    """Interprets genotypes by one rule set; build once, use for many."""

    def __init__(
        self,
        rulebase: ViralRulebase,
        program: ViralProgram,
        scales: Scales,
        decisive: Mapping[str, tuple[int, ...]],
    ) -> None:
        self.rulebase, self.scales = rulebase, scales
        self.names = [drug.name for drug in rulebase.drugs]
        self.decisive = [decisive.get(name, ()) for name in self.names]
        programs = {drug.drug: drug for drug in program.drugs}
        self.without: list[BatchVerdict] = [
            BatchVerdict(number, "not_assessable", None, None, (), not_sequenced(rulebase.gene_of(name)))
            if name in programs
            else BatchVerdict(number, "not_assessable", None, None, (), NO_RULES)
            for number, name in enumerate(self.names)
        ]
        self.rows: list[list[str]] = [[] for _ in self.names]
        # The atoms that each drug's rules ask for, by position.
        self.asked: list[dict[int, set[ResidueAtom]]] = [{} for _ in self.names]
        self.score_counts = [0] * len(self.names)
        parts: dict[str, dict[int, dict[Head, _Part]]] = {gene: {} for gene in program.by_gene}
        comments: dict[str, dict[Head, str]] = {gene: {} for gene in program.by_gene}
        for number, name in enumerate(self.names):
            if name in programs:
                drug = programs[name]
                parts[drug.gene][number] = self._parts_of(number, drug)
                comments[drug.gene] |= {rule.head: rule.comment for rule in drug.rules if rule.comment is not None}
        for comment in program.comments:
            comments[comment.gene][comment.head] = comment.id
        self.genes = {gene: _Gene(of, parts[gene], comments[gene]) for gene, of in program.by_gene.items()}
        # Verdicts by the drug and the heads that hold.
        self.known: dict[tuple[int, bytes], BatchVerdict] = {}
        # Scores and levels by the drug, what was given outright, and its scores.
        self.levels: dict[tuple[object, ...], tuple[float | None, ViralLevel]] = {}
        order = [comment.id for gene in rulebase.genes for file in rulebase.comments if file.gene == gene.symbol
                 for comment in sorted(file.comments, key=lambda comment: comment.sort)]  # fmt: skip
        self.comment_order = {id_: number for number, id_ in enumerate(order)}
        named = {condition.drug for comment in rulebase.result_comments for condition in comment.when}
        self.commented = [number for number, name in enumerate(self.names) if name in named]
        self.result_comments = sorted(rulebase.result_comments, key=lambda comment: comment.sort)

    def _parts_of(self, number: int, drug: DrugProgram) -> dict[Head, _Part]:
        """What the heads of a drug stand for; the ids of its rows, and what they ask for, are noted."""
        rows = self.rows[number]
        found: dict[Head, _Part] = {}
        self.score_counts[number] = len(drug.scores)
        for atom in (atom for when in drug.conditions for atom in residue_atoms(when)):
            self.asked[number].setdefault(atom.position, set()).add(atom)
        for score, items in enumerate(drug.scores):
            for item in items:
                found |= {part.head: _Part(len(rows), score, part.score) for part in item.parts}
                rows.append(item.row)
        for rule in drug.rules:
            if rule.level is not None:
                found[rule.head] = _Part(len(rows), level=rule.level)
                rows.append(rule.row)
        return found

    def interpret(self, genotype: ViralGenotype) -> BatchResult:
        """The verdicts and comments for one genotype; many take less time together."""
        return next(self.interpret_all([genotype]))

    def interpret_all(self, genotypes: Iterable[ViralGenotype]) -> Iterator[BatchResult]:
        """The verdicts and comments for each genotype, in their order."""
        waiting = iter(genotypes)
        while table := list(islice(waiting, TABLE)):
            yield from self._of_table(table)

    def _of_table(self, table: Sequence[ViralGenotype]) -> Iterator[BatchResult]:
        found: dict[str, list[_Found]] = {gene: [] for gene in self.genes}
        for genotype in table:
            by_gene: dict[str, list[ResidueFinding]] = {}
            for finding in genotype.findings:
                by_gene.setdefault(finding.gene, []).append(finding)
            for coverage in genotype.coverage:
                if coverage.gene in found:
                    found[coverage.gene].append((by_gene.get(coverage.gene, ()), coverage))
        held = {gene: self.genes[gene].held(of) for gene, of in found.items() if of}
        # The next of each gene, and the next of those that were read in part.
        everywhere = {gene: iter(zip(of, held[gene], strict=False)) for gene, of in found.items() if of}
        assumed = {gene: iter(of[len(found[gene]) :]) for gene, of in held.items()}
        for genotype in table:
            verdicts, told = self.without.copy(), []
            for coverage in genotype.coverage:
                if coverage.gene not in self.genes:
                    continue
                gene = self.genes[coverage.gene]
                (findings, _), holding = next(everywhere[coverage.gene])
                for drug, heads in zip(gene.drugs, holding, strict=False):
                    verdicts[drug] = self.known.get((drug, heads)) or self._verdict(gene, drug, heads)
                if coverage.ranges is not None:
                    for drug, heads in zip(gene.drugs, next(assumed[coverage.gene]), strict=False):
                        reference = self.known.get((drug, heads)) or self._verdict(gene, drug, heads)
                        verdicts[drug] = self._in_part(verdicts[drug], reference, coverage, findings)
                told += [gene.comments[number - len(gene.parts)] for number in memoryview(holding[-1]).cast("H")]
            given = sorted(dict.fromkeys(told), key=self.comment_order.__getitem__)
            yield BatchResult(tuple(verdicts), (*given, *self._on_results(verdicts)))

    def _on_results(self, verdicts: Sequence[BatchVerdict]) -> Iterator[str]:
        """The ids of the comments on levels that hold."""
        if self.result_comments:
            levels = {
                self.names[drug]: level.level
                for drug in self.commented
                if (level := verdicts[drug].level) is not None and verdicts[drug].verdict != "not_assessable"
            }
            yield from (comment.id for comment in given_result_comments(self.result_comments, levels))

    def _verdict(self, gene: _Gene, drug: int, heads: bytes) -> BatchVerdict:
        """The verdict on a drug where these heads hold."""
        parts, rows, last = gene.parts, self.rows[drug], -1
        scores: list[list[float]] = [[] for _ in range(self.score_counts[drug])]
        outright: list[int] = []
        held: list[str] = []
        # In the order of the rows; the parts of one stand together.
        for number in memoryview(heads).cast("H"):
            place, score, adds, level = parts[number]
            if level is not None:
                outright.append(level)
            elif place != last:
                scores[score].append(adds)
            else:
                scores[score][-1] = max(adds, scores[score][-1])
                continue
            held.append(rows[place])
            last = place
        totals = [combine_scores(self.scales.combine, of) for of in scores]
        key = (drug, tuple(outright), *totals)
        combined = self.levels.get(key)
        if combined is None:
            combined = self.levels[key] = self.scales.combined(self.names[drug], totals, outright)
        total, reached = combined
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        verdict = BatchVerdict(drug, reached.verdict, reached, total, tuple(held))
        self.known[drug, heads] = verdict
        return verdict

    def _in_part(
        self, verdict: BatchVerdict, assumed: BatchVerdict, coverage: GeneCoverage, findings: Iterable[ResidueFinding]
    ) -> BatchVerdict:
        """``verdict`` where its gene was read in part; ``assumed`` is that with the reference wherever it was not."""
        if verdict.level is None or verdict.level.sir != "S":
            return verdict
        missing = decisive_not_read(coverage, self.decisive[verdict.drug])
        if not missing and assumed.level is not None and assumed.level.sir != "S":
            residues = {finding.position: finding.residues for finding in findings}
            unread = [
                at
                for at, asked in sorted(self.asked[verdict.drug].items())
                if not coverage.covers(at) and not all(atom.holds_by(residues.get(at, ())) for atom in asked)
            ]
            missing = reference_not_read(coverage.gene, unread)
        return verdict._replace(verdict="not_assessable", not_assessable=missing) if missing else verdict
