"""What is wrong with a virus's rule set although it is well-formed."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator

from resistab.core.condition import AllOf, Condition, atoms, condition_text, number_text
from resistab.curation.kit.entailment import Reasoner
from resistab.curation.kit.lints import Lint, overdue_since
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.checks.score_ranges import reach
from resistab.domains.virus.curate.lints.atoms import ResidueAtoms
from resistab.domains.virus.curate.lints.codes import finding
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.kinds.models import (
    Combination,
    LevelRule,
    ScoreRule,
    ViralRulebase,
    ViralTable,
    position_row_id,
)
from resistab.report.words import counted


def viral_lints(rulebase: ViralRulebase, on: datetime.date) -> Iterator[Lint]:
    """Everything that is wrong with the rule set, in no particular order."""
    for table in rulebase.tables:
        yield from _Table(table).lints()
    yield from _comments(rulebase)
    yield from _lists(rulebase)
    months = rulebase.manifest.curation.review_months
    due = overdue_since(rulebase.manifest.date, months)
    if due < on:
        text = f"the rule set is of {rulebase.manifest.date}, and was to be read again by {due}"
        yield finding("RT609", "ruleset.yaml", rulebase.manifest.ruleset, text)


def _conditions(table: ViralTable) -> Iterator[Condition]:
    for rule in table.score_rules:
        yield from (item.when for combination in rule.combinations for item in combination.items)
    yield from (rule.when for rule in table.rules)


class _Table:
    def __init__(self, table: ViralTable) -> None:
        self.table, self.file = table, table.file
        found = (atom for condition in _conditions(table) for atom in atoms(condition))
        self.reasoner = Reasoner(found, ResidueAtoms())

    def lints(self) -> Iterator[Lint]:
        for number, rule in enumerate(self.table.score_rules):
            yield from self.lines(number, rule)
            for combination in rule.combinations:
                yield from self.combination(combination)
            yield from self.identical(rule)
        yield from self.rules()
        if self.table.drafts:
            ids = ", ".join(draft.id for draft in self.table.drafts)
            waits = "waits" if len(self.table.drafts) == 1 else "wait"
            yield finding(
                "RT661", self.file, self.table.drug, f"{counted(len(self.table.drafts), 'draft')} {waits}: {ids}"
            )

    def lines(self, number: int, rule: ScoreRule) -> Iterator[Lint]:
        for position, scores in rule.scores.items():
            row = position_row_id(self.table.drug, position, number)
            for residues, score in scores.items():
                if score == 0:
                    yield finding("RT657", self.file, row, f"{position}{residues_text(residues)} scores 0")
            for (one, low), (other, high) in itertools.combinations(scores.items(), 2):
                shared = residues_text(set(one) & set(other))
                if shared:
                    kept = number_text(max(low, high))
                    both = f"{number_text(low)} and {number_text(high)}"
                    text = f"{position}{shared} has the scores {both}; only {kept} counts"
                    yield finding("RT652", self.file, row, text)

    def combination(self, combination: Combination) -> Iterator[Lint]:
        for item in combination.items:
            if self.reasoner.impossible(item.when):
                text = f"'{condition_text(item.when)}' never holds"
                yield finding("RT651", self.file, combination.id, text)
            elif item.score == 0:
                yield finding("RT657", self.file, combination.id, f"'{condition_text(item.when)}' scores 0")
            yield from self.mixture(combination.id, item.when)
        for index, item in enumerate(combination.items):
            for place, other in enumerate(combination.items):
                # Of two that are equal in everything the second is the one too many.
                counts = other.score > item.score or (
                    other.score == item.score and self.first(combination, place, index)
                )
                if place != index and counts and self.possibly_entails(item.when, other.when):
                    text = (
                        f"'{condition_text(item.when)}' ({number_text(item.score)}) never counts beside "
                        f"'{condition_text(other.when)}' ({number_text(other.score)})"
                    )
                    yield finding("RT653", self.file, combination.id, text)
                    break

    def first(self, combination: Combination, one: int, other: int) -> bool:
        """Whether of two items with one score ``one`` is to stay: the wider, of equals the earlier."""
        items = combination.items
        return one < other or not self.reasoner.entails(items[one].when, items[other].when)

    def possibly_entails(self, one: Condition, other: Condition) -> bool:
        return not self.reasoner.impossible(one) and self.reasoner.entails(one, other)

    def mixture(self, row: str, condition: Condition) -> Iterator[Lint]:
        if not isinstance(condition, AllOf):
            return
        named = [part for part in condition.of if isinstance(part, ResidueAtom) and not part.inverted]
        for one, other in itertools.combinations(named, 2):
            if one.position == other.position and set(one.residues).isdisjoint(other.residues):
                yield finding("RT656", self.file, row, f"'{condition_text(condition)}' holds in mixtures only")
                return

    def identical(self, rule: ScoreRule) -> Iterator[Lint]:
        single = [item for item in rule.combinations if item.when is not None]
        for one, other in itertools.combinations(single, 2):
            assert one.when is not None
            assert other.when is not None
            if not self.reasoner.impossible(one.when) and self.reasoner.equivalent(one.when, other.when):
                text = f"it holds exactly where {one.id} does, and both scores are added"
                yield finding("RT654", self.file, other.id, text)

    def rules(self) -> Iterator[Lint]:
        possible: list[LevelRule] = []
        for rule in self.table.rules:
            if self.reasoner.impossible(rule.when):
                yield finding("RT651", self.file, rule.id, f"'{condition_text(rule.when)}' never holds")
            else:
                possible.append(rule)
                yield from self.mixture(rule.id, rule.when)
        for index, rule in enumerate(possible):
            for place, other in enumerate(possible):
                if (
                    place == index
                    or not _gives_as_much(other, rule)
                    or not self.reasoner.entails(rule.when, other.when)
                ):
                    continue
                mutual = _gives_as_much(rule, other) and self.reasoner.entails(other.when, rule.when)
                if not mutual or place < index:
                    text = f"{other.id} holds wherever it holds, and gives as much"
                    yield finding("RT655", self.file, rule.id, text)
                    break


def _gives_as_much(one: LevelRule, other: LevelRule) -> bool:
    level = other.level is None or (one.level is not None and one.level >= other.level)
    return level and other.comment in (None, one.comment)


# --- comments -----------------------------------------------------------------------------------------------------


def _comments(rulebase: ViralRulebase) -> Iterator[Lint]:
    named = {rule.comment for table in rulebase.tables for rule in table.rules}
    for file in rulebase.comments:
        conditions = [comment.when for comment in file.comments if comment.when is not None]
        reasoner = Reasoner((atom for condition in conditions for atom in atoms(condition)), ResidueAtoms())
        for comment in file.comments:
            where = f"comments/{file.gene}.yaml"
            if comment.id in named:
                continue
            if comment.when is None:
                yield finding("RT658", where, comment.id, "it has no condition, and no rule names it")
            elif reasoner.impossible(comment.when):
                yield finding("RT658", where, comment.id, f"'{condition_text(comment.when)}' never holds")
    for result in rulebase.result_comments:
        for condition in result.when:
            possible = _levels(rulebase, condition.drug)
            if possible.isdisjoint(condition.levels):
                levels = ", ".join(map(str, condition.levels))
                text = f"{condition.drug} never has level {levels}" if possible else f"{condition.drug} has no table"
                yield finding("RT660", "result_comments.yaml", result.id, text)


def _levels(rulebase: ViralRulebase, drug: str) -> set[int]:
    """The levels that a drug may have; empty where it has no table."""
    table = rulebase.table_of.get(drug)
    if table is None:
        return set()
    found = {rulebase.manifest.scoring.lowest.level} | {rule.level for rule in table.rules if rule.level is not None}
    for rule in table.score_rules:
        lowest, highest = reach(rule)
        for item in rulebase.scale_of(rule):
            above = item.from_score is None or item.from_score <= highest
            if above and (item.to_score is None or item.to_score >= lowest):
                found.add(item.level)
    return found


# --- lists --------------------------------------------------------------------------------------------------------


def _lists(rulebase: ViralRulebase) -> Iterator[Lint]:
    for drug in rulebase.drugs:
        if drug.name not in rulebase.table_of:
            yield finding("RT619", "drugs.yaml", drug.name, f"{drug.name} has no table")
    genes = {rulebase.gene_of(table.drug) for table in rulebase.tables}
    if silent := [gene.symbol for gene in rulebase.genes if gene.symbol not in genes]:
        text = f"no table is of a drug that acts on {', '.join(silent)}"
        yield finding("RT620", "genes.yaml", silent[0], text)
    for types in rulebase.mutation_types:
        of_class = {drug.name for drug in rulebase.drugs if drug.drug_class == types.drug_class}
        scored = {
            position for table in rulebase.tables if table.drug in of_class for position in _positions(table)
        }  # fmt: skip
        unscored = sorted({position for positions in types.types.values() for position in positions} - scored)
        if unscored:
            listed = ", ".join(map(str, unscored))
            text = f"no table of the class speaks of position{'s' if len(unscored) > 1 else ''} {listed}"
            yield finding("RT659", "mutation_types.yaml", types.drug_class, text)


def _positions(table: ViralTable) -> Iterator[int]:
    for rule in table.score_rules:
        yield from rule.scores
    for condition in _conditions(table):
        yield from (atom.position for atom in atoms(condition) if isinstance(atom, ResidueAtom))
