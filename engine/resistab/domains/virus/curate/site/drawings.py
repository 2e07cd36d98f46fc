"""The mutation table of a virus's drug or class of drugs: what each residue counts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from resistab.core.condition import Condition, mentions, number_text
from resistab.core.scoring import ScoreRange
from resistab.curation.kit.site.mutation_table import Lane, MutationTable, Place, PlaceMark, draw_table
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.curate.site.rules import ViralRules
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.kinds.models import ViralLevel, ViralRulebase, ViralTable

# A position and the letter of a residue at it.
_Residue = tuple[int, str]
COMBINED = Lane("only with others", "not_assessable")
HELPS = Lane("more susceptible", "sensitive")


def level_style(level: ViralLevel) -> str:
    """How what has this level is drawn."""
    if level.sir == "R":
        return "resistant"
    if level.sir == "I":
        return "possible_resistance"
    return "potential" if level.possible else "no_resistance_found"


def range_words(item: ScoreRange) -> str:
    """A range of scores in words: ``30 to 59``, ``60 and more``."""
    if item.from_score is None and item.to_score is None:
        return "any score"
    if item.to_score is None:
        return f"{number_text(item.from_score or 0)} and more"
    if item.from_score is None:
        return f"up to {number_text(item.to_score)}"
    return f"{number_text(item.from_score)} to {number_text(item.to_score)}"


def draw_scores(
    rules: ViralRules, gene: str, tables: Sequence[ViralTable], href: Callable[[int, str], str]
) -> MutationTable | None:
    """What residues of ``gene`` count for the drugs of ``tables``; of several drugs the one that it counts most for.

    ``href`` says where a residue at a position leads.
    """
    levels = sorted(rules.rulebase.manifest.scoring.levels, key=lambda level: -level.level)
    lanes = [*(_level_lane(level, _one_scale(rules, tables)) for level in levels), HELPS, COMBINED]
    said = _Said({level.level: number for number, level in enumerate(levels)}, helps=len(levels))
    for table in tables:
        _collect(rules.rulebase, table, said)
    marks: dict[int, list[PlaceMark]] = defaultdict(list)
    for (position, letter), lane in sorted(said.lane.items()):
        score = said.best.get((position, letter))
        number = number_text(score).replace("-", "−") if score is not None else ""
        title = f"{_name(rules, gene, position, letter)}: {_listed(said.told[position, letter])}"
        marks[position].append(PlaceMark(lane, residues_text(letter), href(position, letter), title, number))
    for (position, letter), drugs in sorted(said.combined.items()):
        if (position, letter) not in said.lane:
            title = f"{_name(rules, gene, position, letter)}: with others, {_listed(drugs)}"
            address = rules.residue(gene, position, letter)
            marks[position].append(PlaceMark(len(lanes) - 1, f"{residues_text(letter)}+", address, title))
    places = [
        Place(
            first=position,
            last=position,
            label=str(position),
            reference=rules.reference(gene, position) or "·",
            href=rules.position(gene, position),
            marks=tuple(sorted(found, key=lambda mark: (mark.lane, -_size(mark), not mark.text.isupper(), mark.text))),
        )
        for position, found in marks.items()
    ]
    sequence = rules.rulebase.sequences.get(gene)
    return draw_table(places, lanes, len(sequence) if sequence else None)


@dataclass
class _Said:
    """What tables say of residues at positions: the lane of each and its largest score, and the drugs with scores.

    ``lane_of_level`` and ``helps`` are the numbers of the lanes; ``combined`` are drugs for which a residue counts
    with others.
    """

    lane_of_level: dict[int, int]
    helps: int
    lane: dict[_Residue, int] = field(default_factory=dict)
    best: dict[_Residue, float] = field(default_factory=dict)
    told: dict[_Residue, list[str]] = field(default_factory=lambda: defaultdict(list))
    combined: dict[_Residue, list[str]] = field(default_factory=lambda: defaultdict(list))


def _collect(rulebase: ViralRulebase, table: ViralTable, said: _Said) -> None:
    lowest = rulebase.manifest.scoring.lowest.level
    for number, _, items in rulebase.score_items(table):
        scale = rulebase.scale_of(table.score_rules[number])
        for item in items:
            alone = _alone(item.when)
            level = max((part.level for part in scale if part.holds(item.score)), default=lowest)
            for residue in alone:
                said.told[residue].append(f"{table.drug} {number_text(item.score)}")
                if residue not in said.best or abs(item.score) > abs(said.best[residue]):
                    said.best[residue] = item.score
                    said.lane[residue] = said.helps if item.score < 0 else said.lane_of_level[level]
            if not alone:
                _combine(said, item.when, table.drug)
    for rule in table.rules:
        alone = _alone(rule.when) if rule.level is not None else []
        for residue in alone:
            lane = said.lane_of_level[rule.level or 0]
            said.told[residue].append(f"{table.drug} {rulebase.manifest.scoring.by_order[rule.level or 0].name}")
            said.lane[residue] = min(said.lane.get(residue, lane), lane)
        if not alone:
            _combine(said, rule.when, table.drug)


def _alone(condition: Condition) -> list[_Residue]:
    """The residues of which any one fulfils the condition, where it says no more than that."""
    if not isinstance(condition, ResidueAtom) or condition.inverted:
        return []
    return [(condition.position, letter) for letter in condition.residues]


def _combine(said: _Said, condition: Condition, drug: str) -> None:
    for mention in mentions(condition):
        for residue in _alone(mention.atom):
            said.combined[residue].append(drug)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(texts))


def _size(mark: PlaceMark) -> float:
    return abs(float(mark.number.replace("−", "-"))) if mark.number else 0.0


def _name(rules: ViralRules, gene: str, position: int, letter: str) -> str:
    return f"{rules.reference(gene, position)}{position}{residues_text(letter)}"


def _one_scale(rules: ViralRules, tables: Sequence[ViralTable]) -> tuple[ScoreRange, ...]:
    """The scale of all the tables, empty where they have different ones or none."""
    scales = {rules.rulebase.scale_of(rule) for table in tables for rule in table.score_rules}
    return scales.pop() if len(scales) == 1 else ()


def _level_lane(level: ViralLevel, scale: Sequence[ScoreRange]) -> Lane:
    ranges = [item for item in scale if item.level == level.level]
    name = f"score {range_words(ranges[0])}" if len(ranges) == 1 else level.name
    return Lane(name, level_style(level))
