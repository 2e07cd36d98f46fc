"""From the rules that hold to a drug's score and level."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_condition
from resistab.core.program import Head
from resistab.core.said import said
from resistab.core.scoring import ScoreRange, combine_scores, level_in
from resistab.core.truth import Observation, Truth
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.program import DrugProgram, OutrightRule, ScoredPart, residue_atoms
from resistab.domains.virus.genotype import GeneCoverage
from resistab.domains.virus.grammar.residues import ALPHABET
from resistab.domains.virus.kinds.models import ResultComment, ViralLevel, ViralRulebase


@dataclass(frozen=True, slots=True)
class DrugScore:
    """A drug's score (None where it has none) and level, and what led to them.

    ``parts`` are the parts of items that count, each with its row; ``rules`` the outright rules that hold.
    """

    score: float | None
    level: ViralLevel
    parts: tuple[tuple[str, ScoredPart], ...]
    rules: tuple[OutrightRule, ...]


class Scales:
    """Looks up levels, for one rule set."""

    def __init__(self, rulebase: ViralRulebase) -> None:
        self.rulebase = rulebase
        self.lowest = rulebase.manifest.scoring.lowest
        self.combine = rulebase.manifest.scoring.combine
        self.of_drug: dict[str, tuple[tuple[ScoreRange, ...], ...]] = {
            table.drug: tuple(rulebase.scale_of(rule) for rule in table.score_rules) for table in rulebase.tables
        }

    def combined(self, drug: str, scores: Sequence[float], outright: Iterable[int]) -> tuple[float | None, ViralLevel]:
        """The score to report and the level: the highest that any score or rule gives, the lowest where none does."""
        reached = list(outright)
        reported: tuple[int, float] | None = None
        for scale, total in zip(self.of_drug[drug], scores, strict=True):
            # A tenth and seven tenths are eight tenths, in whatever order they were added.
            score = round(total, 9)
            level = level_in(scale, score)
            if level is not None:
                reached.append(level)
            if reported is None or (level or 0, score) > reported:
                reported = (level or 0, score)
        level_found = self.rulebase.manifest.scoring.by_order[max(reached)] if reached else self.lowest
        return (None if reported is None else reported[1]), level_found


def score_drug(drug: DrugProgram, scales: Scales, holds: Callable[[Head], bool]) -> DrugScore:
    """The score of ``drug`` where ``holds`` says which rules hold."""
    parts: list[tuple[str, ScoredPart]] = []
    scores: list[float] = []
    for items in drug.scores:
        counted: list[float] = []
        for item in items:
            held = [part for part in item.parts if holds(part.head)]
            if held:
                largest = max(held, key=lambda part: part.score)
                counted.append(largest.score)
                parts.append((item.row, largest))
        scores.append(combine_scores(scales.combine, counted))
    rules = tuple(rule for rule in drug.rules if holds(rule.head))
    score, level = scales.combined(drug.drug, scores, (rule.level for rule in rules if rule.level is not None))
    return DrugScore(score, level, tuple(parts), rules)


def given_result_comments(comments: Iterable[ResultComment], levels: dict[str, int]) -> list[ResultComment]:
    """The comments on results that hold; ``levels`` are those of the drugs that could be assessed."""
    return [
        comment
        for comment in comments
        if all(levels.get(condition.drug) in condition.levels for condition in comment.when)
    ]


def decisive_positions(drug: DrugProgram, scales: Scales) -> tuple[int, ...]:
    """The positions at which one mutation alone makes a drug other than susceptible.

    Unless they were read, nobody may say of the drug that no resistance was found.
    """
    conditions = {part.head: part.when for items in drug.scores for item in items for part in item.parts}
    conditions |= {rule.head: rule.when for rule in drug.rules}
    by_position: dict[int, dict[ResidueAtom, None]] = {}
    asking: dict[int, set[Head]] = {}
    for head, when in conditions.items():
        for atom in residue_atoms(when):
            by_position.setdefault(atom.position, {})[atom] = None
            asking.setdefault(atom.position, set()).add(head)
    nothing: dict[Atom, Observation] = {atom: _FALSE for here in by_position.values() for atom in here}
    without = {head for head, when in conditions.items() if evaluate_condition(when, nothing, {})[0]}

    def decisive(position: int) -> bool:
        here, heads = by_position[position], asking[position]
        for alone in {tuple(atom for atom in here if atom.holds_by(residue)) for residue in ALPHABET} - {()}:
            observed = nothing | dict.fromkeys(alone, _TRUE)
            held = without - heads | {head for head in heads if evaluate_condition(conditions[head], observed, {})[0]}
            if score_drug(drug, scales, held.__contains__).level.sir != "S":
                return True
        return False

    return tuple(position for position in sorted(by_position) if decisive(position))


_TRUE, _FALSE = Observation(Truth.TRUE), Observation(Truth.FALSE)


# Why a drug cannot be assessed, in words.
NO_RULES = (said("the rule set has no rules for it"),)


def not_sequenced(gene: str) -> tuple[str, ...]:
    """Why a drug cannot be assessed whose gene was not sequenced."""
    return (said("{gene} was not sequenced", gene=gene),)


def decisive_not_read(coverage: GeneCoverage, decisive: Iterable[int]) -> tuple[str, ...]:
    """The decisive positions of a gene that were not read, in words; empty where all were."""
    if coverage.ranges is None:
        return ()
    unread = [position for position in decisive if not coverage.covers(position)]
    if not unread:
        return ()
    told = said(
        "{gene} {positions} not read, where one mutation alone may mean resistance",
        gene=coverage.gene,
        positions=positions_text(unread),
    )
    return (told,)


def reference_not_read(gene: str, positions: Iterable[int]) -> tuple[str, ...]:
    """Why a drug cannot be assessed to which the reference would mean resistance at positions that were not read."""
    told = said(
        "{gene} {positions} not read, where the reference residue may mean resistance",
        gene=gene,
        positions=positions_text(list(positions)),
    )
    return (told,)


def positions_text(positions: list[int] | tuple[int, ...]) -> str:
    """Positions with neighbours drawn together: ``41, 65-70, 184``."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and position == runs[-1][-1] + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
