"""Scores and levels of every drug for one genotype after another, as fast as a cohort needs them.

What is computed is what ``viral_verdicts`` computes, without derivations. The lines of a table depend on one position
each and are looked up by the residues found there; what joins several positions is tested only where a bit is set
without which it cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from resistab.core.condition import Condition
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.bits import ResidueBits, Test, set_bits
from resistab.domains.virus.compile.program import DrugProgram, ScoreItem, ViralProgram, residue_atoms
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


# Verdicts that are kept for the next genotype with the same rows.
MOST_KNOWN = 200_000

# What a finding adds to a score: the score's number, the drug's, the row's place among the drug's rows, how much.
_Addition = tuple[int, int, int, float]


@dataclass(frozen=True, slots=True)
class _Line:
    """An item of a score that looks at one position: the bits of its parts, and what each adds."""

    score: int
    drug: int
    place: int
    parts: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A part of an item that looks at several positions, an outright rule, or a comment (``drug`` is then -1).

    ``item`` numbers the items; of those parts that hold only the largest counts.
    """

    test: Test
    drug: int = -1
    place: int = 0
    item: int = -1
    score: int = -1
    adds: float = 0.0
    level: int | None = None
    comment: str | None = None


@dataclass(slots=True)
class _Gene:
    bits: ResidueBits
    drugs: list[int] = field(default_factory=list)
    lines: dict[int, list[_Line]] = field(default_factory=dict)
    by_lead: dict[int, list[_Rule]] = field(default_factory=dict)
    leads: int = 0
    always: list[_Rule] = field(default_factory=list)
    looked_up: dict[tuple[int, tuple[str, ...]], tuple[int, tuple[_Addition, ...]]] = field(default_factory=dict)

    def add(self, rule: _Rule, condition: Condition) -> None:
        lead = self.bits.lead(condition)
        if lead:
            self.by_lead.setdefault(lead, []).append(rule)
            self.leads |= lead
        else:
            self.always.append(rule)

    def look_up(self, finding: ResidueFinding) -> tuple[int, tuple[_Addition, ...]]:
        """The atoms that hold by a finding, and what the lines of every drug add by it; kept in ``looked_up``."""
        held = self.bits.of_finding(finding)
        additions = []
        for line in self.lines.get(finding.position, ()):
            adds = [score for bit, score in line.parts if held & bit]
            if adds:
                additions.append((line.score, line.drug, line.place, max(adds)))
        found = self.looked_up[finding.position, finding.residues] = held, tuple(additions)
        return found


class _Tally:
    """What holds for one genotype: the sum of each score, and of each drug the rows and the highest level outright."""

    __slots__ = ("comments", "fired", "outright", "totals")

    def __init__(self, scores: int, drugs: int) -> None:
        self.totals = [0.0] * scores
        self.fired: list[list[int]] = [[] for _ in range(drugs)]
        self.outright: list[int | None] = [None] * drugs
        self.comments: list[str] = []

    def add(self, gene: _Gene, findings: list[ResidueFinding], unread: int = 0) -> None:
        """Add what one gene's findings add; ``unread`` are the atoms that may hold where nothing was read."""
        totals, fired, outright = self.totals, self.fired, self.outright
        sure, looked_up = 0, gene.looked_up
        for finding in findings:
            held, additions = looked_up.get((finding.position, finding.residues)) or gene.look_up(finding)
            sure |= held
            for score, drug, place, adds in additions:
                totals[score] += adds
                fired[drug].append(place)
        perhaps = sure | unread
        rules = list(gene.always)
        for bit in set_bits(sure & gene.leads):
            rules += gene.by_lead[bit]
        largest: dict[int, _Rule] = {}
        for rule in rules:
            if not rule.test(sure, perhaps):
                continue
            if rule.item >= 0:
                if rule.item not in largest or rule.adds > largest[rule.item].adds:
                    largest[rule.item] = rule
                continue
            if rule.level is not None:
                before = outright[rule.drug]
                outright[rule.drug] = rule.level if before is None else max(before, rule.level)
                fired[rule.drug].append(rule.place)
            if rule.comment is not None:
                self.comments.append(rule.comment)
        for rule in largest.values():
            totals[rule.score] += rule.adds
            fired[rule.drug].append(rule.place)


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
        self.without: list[BatchVerdict] = [
            BatchVerdict(number, "not_assessable", None, None, (), not_sequenced(rulebase.gene_of(name)))
            for number, name in enumerate(self.names)
        ]
        self.rows: list[list[str]] = [[] for _ in self.names]
        # The atoms that each drug's rules ask for, as bits by position.
        self.asked: list[dict[int, int]] = [{} for _ in self.names]
        # The numbers of each drug's scores.
        self.scores: list[slice] = [slice(0, 0) for _ in self.names]
        self.score_count = self.item_count = 0
        self.levels: dict[tuple[float | None, ...], tuple[VerdictName, ViralLevel, float | None]] = {}
        # Verdicts by the drug, its scores, the highest level given outright and the rows that hold.
        self.known: dict[tuple[float | None, ...], BatchVerdict] = {}
        self.genes: dict[str, _Gene] = {}
        for symbol, clauses in program.by_gene.items():
            conditions = [clause.condition for clause in clauses.clauses]
            self.genes[symbol] = _Gene(
                ResidueBits(atom for condition in conditions for atom in residue_atoms(condition))
            )
        programs = {drug.drug: drug for drug in program.drugs}
        for number, name in enumerate(self.names):
            if name in programs:
                self._add_drug(number, programs[name])
            else:
                self.without[number] = BatchVerdict(number, "not_assessable", None, None, (), NO_RULES)
        for comment in program.comments:
            gene = self.genes[comment.gene]
            gene.add(_Rule(gene.bits.test(comment.when), comment=comment.id), comment.when)
        order = [comment.id for gene in rulebase.genes for file in rulebase.comments if file.gene == gene.symbol
                 for comment in sorted(file.comments, key=lambda comment: comment.sort)]  # fmt: skip
        self.comment_order = {id_: number for number, id_ in enumerate(order)}
        named = {condition.drug for comment in rulebase.result_comments for condition in comment.when}
        self.commented = [number for number, name in enumerate(self.names) if name in named]
        self.result_comments = sorted(rulebase.result_comments, key=lambda comment: comment.sort)

    def _add_drug(self, number: int, drug: DrugProgram) -> None:
        gene = self.genes[drug.gene]
        gene.drugs.append(number)
        asked = self.asked[number]
        for atom in (atom for when in drug.conditions for atom in residue_atoms(when)):
            asked[atom.position] = asked.get(atom.position, 0) | gene.bits.bit_of[atom]
        first = self.score_count
        self.score_count += len(drug.scores)
        self.scores[number] = slice(first, self.score_count)
        for score, items in enumerate(drug.scores, start=first):
            for item in items:
                self._add_item(gene, number, score, item)
        for rule in drug.rules:
            if rule.level is not None:
                self.rows[number].append(rule.row)
            place = len(self.rows[number]) - 1
            test = gene.bits.test(rule.when)
            gene.add(_Rule(test, number, place, level=rule.level, comment=rule.comment), rule.when)

    def _add_item(self, gene: _Gene, drug: int, score: int, item: ScoreItem) -> None:
        place = len(self.rows[drug])
        self.rows[drug].append(item.row)
        atoms = [part.when for part in item.parts if isinstance(part.when, ResidueAtom)]
        if len(atoms) == len(item.parts) and len({atom.position for atom in atoms}) == 1:
            parts = tuple((gene.bits.bit_of[atom], part.score) for atom, part in zip(atoms, item.parts, strict=True))
            gene.lines.setdefault(atoms[0].position, []).append(_Line(score, drug, place, parts))
            return
        self.item_count += 1
        for part in item.parts:
            test = gene.bits.test(part.when)
            gene.add(_Rule(test, drug, place, self.item_count, score, part.score), part.when)

    def interpret(self, genotype: ViralGenotype) -> BatchResult:
        """The verdicts and comments for one genotype."""
        by_gene: dict[str, list[ResidueFinding]] = {}
        for finding in genotype.findings:
            by_gene.setdefault(finding.gene, []).append(finding)
        tally = _Tally(self.score_count, len(self.names))
        verdicts = self.without.copy()
        for coverage in genotype.coverage:
            gene = self.genes.get(coverage.gene)
            if gene is None:
                continue
            findings = by_gene.get(coverage.gene, [])
            if coverage.ranges is None:
                tally.add(gene, findings)
                for drug in gene.drugs:
                    verdicts[drug] = self._verdict(drug, tally)
                continue
            tally.add(gene, findings, gene.bits.unread(coverage))
            with_reference = _Tally(self.score_count, len(self.names))
            with_reference.add(gene, findings)
            for drug in gene.drugs:
                verdict = self._verdict(drug, tally)
                assumed = self._verdict(drug, with_reference)
                verdicts[drug] = self._in_part(verdict, assumed, coverage, findings)
        given = sorted(dict.fromkeys(tally.comments), key=self.comment_order.__getitem__)
        if self.result_comments:
            levels = {
                self.names[drug]: level.level
                for drug in self.commented
                if (level := verdicts[drug].level) is not None and verdicts[drug].verdict != "not_assessable"
            }
            given += [comment.id for comment in given_result_comments(self.result_comments, levels)]
        return BatchResult(tuple(verdicts), tuple(given))

    def _verdict(self, drug: int, tally: _Tally) -> BatchVerdict:
        scores, outright, places = tally.totals[self.scores[drug]], tally.outright[drug], tally.fired[drug]
        # Flat, since nested tuples are slow to hash; how many scores a drug has is fixed.
        key = (drug, outright, *scores, *places)
        verdict = self.known.get(key)
        if verdict is None:
            of_scores = key[: 2 + len(scores)]
            combined = self.levels.get(of_scores)
            if combined is None:
                given = [] if outright is None else [outright]
                score, level = self.scales.combined(self.names[drug], tuple(scores), given)
                combined = self.levels[of_scores] = level.verdict, level, score
            rows = self.rows[drug]
            places.sort()
            verdict = BatchVerdict(drug, *combined, tuple([rows[place] for place in places]))
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[key] = verdict
        return verdict

    def _in_part(
        self, verdict: BatchVerdict, assumed: BatchVerdict, coverage: GeneCoverage, findings: list[ResidueFinding]
    ) -> BatchVerdict:
        """``verdict`` where its gene was read in part; ``assumed`` is that with the reference wherever it was not."""
        if verdict.level is None or verdict.level.sir != "S":
            return verdict
        missing = decisive_not_read(coverage, self.decisive[verdict.drug])
        if not missing and assumed.level is not None and assumed.level.sir != "S":
            bits = self.genes[coverage.gene].bits
            held = {finding.position: bits.of_finding(finding) for finding in findings}
            asked = sorted(self.asked[verdict.drug].items())
            unread = [at for at, wanted in asked if wanted & ~held.get(at, 0) and not coverage.covers(at)]
            missing = reference_not_read(coverage.gene, unread)
        return verdict._replace(verdict="not_assessable", not_assessable=missing) if missing else verdict
