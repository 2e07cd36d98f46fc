"""The program that a virus's rule set denotes, and what a genotype says of its atoms.

Every rule is a clause of its own, so that both evaluators answer for each; which clauses form an item of a score, of
which only the largest counts, is kept beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resistab.core.condition import (
    Atom,
    Condition,
    atoms,
    replace_atoms,
)
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.kinds.models import ViralRulebase, ViralTable


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """A condition of an item, and what the item adds to the score where this is the largest that holds."""

    head: Head
    when: Condition
    score: float


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """An item of a score: of its parts only the largest that holds counts, and nothing where none holds."""

    row: str
    parts: tuple[ScoredPart, ...]


@dataclass(frozen=True, slots=True)
class OutrightRule:
    """A rule that gives a level, a comment, or both."""

    head: Head
    row: str
    when: Condition
    level: int | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class DrugProgram:
    """The rules of one drug, over one gene; ``scores`` are summed each for itself."""

    drug: str
    gene: str
    scores: tuple[tuple[ScoreItem, ...], ...]
    rules: tuple[OutrightRule, ...]

    @property
    def conditions(self) -> Iterator[Condition]:
        """The condition of every rule."""
        yield from (part.when for items in self.scores for item in items for part in item.parts)
        yield from (rule.when for rule in self.rules)


@dataclass(frozen=True, slots=True)
class CommentRule:
    """A comment and the condition under which it is given."""

    head: Head
    id: str
    gene: str
    when: Condition


@dataclass(frozen=True, slots=True)
class ViralProgram:
    """The rules of every drug, the comments, and the clauses of each gene, which stand for themselves."""

    drugs: tuple[DrugProgram, ...]
    comments: tuple[CommentRule, ...]
    by_gene: dict[str, Program]


def compile_viral_program(rulebase: ViralRulebase) -> ViralProgram:
    """The program of ``rulebase``: its drugs in the order of the drug list, those without a table left out."""
    drugs = tuple(
        _drug_program(rulebase, rulebase.table_of[drug.name])
        for drug in rulebase.drugs
        if drug.name in rulebase.table_of
    )
    comments = tuple(
        CommentRule(Head("comment", comment.id), comment.id, file.gene, of_gene(comment.when, file.gene))
        for file in rulebase.comments
        for comment in file.comments
        if comment.when is not None
    )
    clauses: dict[str, list[Clause]] = {gene.symbol: [] for gene in rulebase.genes}
    for drug in drugs:
        for item in (item for score in drug.scores for item in score):
            clauses[drug.gene] += [_clause(part.head, item.row, drug.drug, part.when) for part in item.parts]
        clauses[drug.gene] += [_clause(rule.head, rule.row, drug.drug, rule.when) for rule in drug.rules]
    for comment in comments:
        clauses[comment.gene].append(_clause(comment.head, comment.id, f"comments {comment.gene}", comment.when))
    by_gene = {gene: Program(digest=rulebase.digest, strata=(tuple(of),) if of else ()) for gene, of in clauses.items()}
    return ViralProgram(drugs, comments, by_gene)


def _drug_program(rulebase: ViralRulebase, table: ViralTable) -> DrugProgram:
    gene = rulebase.gene_of(table.drug)
    scores: list[list[ScoreItem]] = [[] for _ in table.score_rules]
    for number, row, items in rulebase.score_items(table):
        parts = tuple(
            ScoredPart(Head("row", row if len(items) == 1 else f"{row} {index}"), of_gene(item.when, gene), item.score)
            for index, item in enumerate(items, start=1)
        )
        scores[number].append(ScoreItem(row, parts))
    rules = tuple(
        OutrightRule(Head("row", rule.id), rule.id, of_gene(rule.when, gene), rule.level, rule.comment)
        for rule in table.rules
    )
    return DrugProgram(table.drug, gene, tuple(tuple(score) for score in scores), rules)


def _clause(head: Head, rule: str, unit: str, condition: Condition) -> Clause:
    return Clause(id=rule, unit=unit, head=head, condition=condition, weight=FULL_WEIGHT)


def residue_atoms(condition: Condition) -> tuple[ResidueAtom, ...]:
    """The residue atoms of ``condition``, left to right."""
    return tuple(atom for atom in atoms(condition) if isinstance(atom, ResidueAtom))


def of_gene(condition: Condition, gene: str) -> Condition:
    """``condition`` with its residues said to be those of ``gene``."""
    named: dict[Atom, Condition] = {atom: atom.model_copy(update={"gene": gene}) for atom in residue_atoms(condition)}
    return replace_atoms(condition, named)
