"""The kinds of things a virus's rule set holds, as frozen models; the YAML files have the same fields.

The format says all that ASI2 can say, in tables that a person edits: one file for each drug, one line for each
position. ``rulebase/README.md`` describes it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from resistab.core.cached import cached_property
from resistab.core.faults import CodedError
from resistab.core.model import BeforeValidator, Field, StringConstraints, model_validator
from resistab.core.scoring import Level, Score, ScoreRange, Scoring
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import parse_residues, residues_text
from resistab.domains.virus.kinds.fields import DrugName, GeneName, Position, ResidueCondition, Residues, RuleId
from resistab.domains.virus.kinds.regimens import ViralRegimens
from resistab.rulesets.learned import Release
from resistab.rulesets.models import (
    Curation,
    HasDigest,
    RulebaseModel,
    Slug,
    Text,
)
from resistab.rulesets.regimens import RegimenPolicy

# The published schema has these; levels mean four of them.
VerdictName = Literal[
    "not_indicated", "resistant", "possible_resistance", "sensitive", "no_resistance_found", "not_assessable"
]
Sir = Literal["S", "I", "R"]


def _each_residue_once(scores: Any) -> Any:
    """Refuse keys that are written differently and name the same residues: one of the scores would be lost."""
    seen: set[tuple[str, ...]] = set()
    for key in scores if isinstance(scores, dict) else ():
        residues = parse_residues(key) if isinstance(key, str) else None
        if residues in seen:
            raise CodedError("RT213", f"the residues {residues_text(residues or ())} are given twice")
        if residues is not None:
            seen.add(residues)
    return scores


def _each_position_once(lines: Any) -> Any:
    """Refuse a position that is given as a number and as a text: one of the lines would be lost."""
    seen: set[str] = set()
    for key in lines if isinstance(lines, dict) else ():
        if str(key) in seen:
            raise CodedError("RT010", f"the position {key} is given twice")
        seen.add(str(key))
    return lines


class ViralSource(RulebaseModel):
    """Where a rule set's knowledge comes from: the algorithm, its version and date, its licence and address."""

    algorithm: Text
    version: Text
    date: datetime.date | None = None
    licence: Text | None = None
    reference: Text | None = None


class ViralLevel(Level):
    """A level of resistance: also whether it means susceptible, intermediate or resistant to ASI2 and its users."""

    verdict: Literal["resistant", "possible_resistance", "no_resistance_found"]
    sir: Sir

    @property
    def possible(self) -> bool:
        """Whether it is reported as possible resistance though it means susceptible."""
        return self.sir == "S" and self.verdict == "possible_resistance"


ViralScoring = Scoring[ViralLevel]


class ViralManifest(RulebaseModel):
    """``ruleset.yaml`` of a virus's rule set."""

    kind: Literal["virus"]
    ruleset: Slug
    name: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    date: datetime.date
    licence: Text
    description: Text
    source: ViralSource
    scoring: ViralScoring
    # Of a draft every report says that it is one.
    status: Release = "released"
    curation: Curation = Field(default_factory=Curation)
    regimens: RegimenPolicy | None = None
    # What the file it was imported from says without effect.
    without_effect: tuple[Text, ...] = ()


class ViralGene(RulebaseModel):
    """A gene, with the length of its protein where it is known, and the classes of the drugs that act on it.

    ``codons`` are those of the reference, three bases each and blanks between them: what a change of a residue costs.
    """

    symbol: GeneName
    name: Text | None = None
    length: Annotated[int, Field(ge=1)] | None = None
    drug_classes: tuple[Text, ...] = ()
    codons: Annotated[str, StringConstraints(pattern=r"^[ACGT]{3}( [ACGT]{3})*$")] | None = None

    @cached_property
    def codon_at(self) -> dict[int, str]:
        """The codon of the reference at each position, counted from 1."""
        return dict(enumerate(self.codons.split(), start=1)) if self.codons else {}


class ViralDrugClass(RulebaseModel):
    """A class of drugs."""

    name: Text
    full_name: Text | None = None


class ViralDrug(RulebaseModel):
    """A drug: abbreviation as the algorithm writes it, full name, class, other abbreviations."""

    name: DrugName
    full_name: Text | None = None
    drug_class: Text
    aliases: tuple[Text, ...] = ()


class Scored(RulebaseModel):
    """A condition and what it adds to the score."""

    when: ResidueCondition
    score: Score


class Combination(RulebaseModel):
    """An item of a score: a condition, or several of which only the largest that holds counts."""

    id: RuleId
    when: ResidueCondition | None = None
    score: Score | None = None
    largest_of: tuple[Scored, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Combination:
        single = self.when is not None and self.score is not None and not self.largest_of
        several = self.when is None and self.score is None and bool(self.largest_of)
        if not (single or several):
            raise ValueError("either 'when' and 'score', or 'largest_of'")
        return self

    @property
    def items(self) -> tuple[Scored, ...]:
        """The conditions with their scores; only the largest that holds counts."""
        if self.when is not None and self.score is not None:
            return (Scored.model_construct(when=self.when, score=self.score),)
        return self.largest_of


# At each position the scores of residues, of which only the largest counts.
Scores = Annotated[
    dict[
        Position,
        Annotated[dict[Residues, Score], Field(min_length=1), BeforeValidator(_each_residue_once)],
    ],
    BeforeValidator(_each_position_once),
]


class ScoreRule(RulebaseModel):
    """A score is the sum of its lines and combinations; the scale says which level it has."""

    scores: Scores = Field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    scale: tuple[ScoreRange, ...] = ()


class LevelRule(RulebaseModel):
    """Where the condition holds, the drug has at least this level, and the comment is given."""

    id: RuleId
    when: ResidueCondition
    level: int | None = None
    comment: RuleId | None = None


class DraftLine(RulebaseModel):
    """A change of the table that measurements ask for, and that no curator has accepted: it has no effect.

    ``score`` is what the condition would score, None where the row ``instead_of`` would no longer score it.
    ``estimate`` is the effect in the measurements in points, from ``low`` to ``high`` with 95% confidence; ``q`` the
    share of false ones to be expected among drafts that are at least as certain; ``samples`` and ``patients`` are those
    behind it.
    """

    id: RuleId
    when: ResidueCondition
    score: Score | None = None
    instead_of: RuleId | None = None
    estimate: Score
    low: Score
    high: Score
    q: Annotated[float, Field(ge=0, le=1)]
    samples: Annotated[int, Field(ge=1)]
    patients: Annotated[int, Field(ge=1)]
    created: datetime.date
    note: Text

    @model_validator(mode="after")
    def _one_form(self) -> DraftLine:
        if (self.score is None) == (self.instead_of is None):
            raise ValueError("either 'score', or the row that would go in 'instead_of'")
        return self


class ViralTable(RulebaseModel):
    """``tables/DRUG.yaml``: the scores of a drug, its rules that give a level outright, or both.

    ``further_scores`` are scores that are computed apart from the first, as ASI2 allows; the highest level counts.
    ``drafts`` wait for a curator and count for nothing.
    """

    drug: DrugName
    scores: Scores = Field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    scale: tuple[ScoreRange, ...] = ()
    further_scores: tuple[ScoreRule, ...] = ()
    rules: tuple[LevelRule, ...] = ()
    drafts: tuple[DraftLine, ...] = ()

    @property
    def file(self) -> str:
        """Where the table stands in its rule set."""
        return f"tables/{self.drug.replace('/', '')}.yaml"

    @cached_property
    def score_rules(self) -> tuple[ScoreRule, ...]:
        """Every score of the drug."""
        if not (self.scores or self.combinations):
            return self.further_scores
        own = ScoreRule.model_construct(scores=self.scores, combinations=self.combinations, scale=self.scale)
        return (own, *self.further_scores)


class Comment(RulebaseModel):
    """A comment that is given where its condition holds; ``sort`` orders comments in a report.

    Without a condition it is given only by the rules of tables that name it.
    """

    id: RuleId
    when: ResidueCondition | None = None
    text: Text
    sort: int = 1


class CommentFile(RulebaseModel):
    """``comments/GENE.yaml``."""

    gene: GeneName
    comments: tuple[Comment, ...]


class DrugAtLevel(RulebaseModel):
    """The drug has one of the levels."""

    drug: DrugName
    levels: tuple[int, ...] = Field(min_length=1)


class ResultComment(RulebaseModel):
    """A comment that is given where every drug named has one of the levels named."""

    id: RuleId
    when: tuple[DrugAtLevel, ...] = Field(min_length=1)
    text: Text
    sort: int = 1


class MutationTypes(RulebaseModel):
    """What mutations are to a class of drugs: by type, at each position the residues; others are ``Other``."""

    drug_class: Text
    types: dict[Text, dict[Position, Residues]]


class PreferredIndels(RulebaseModel):
    """Where an insertion or deletion is put that could stand at several positions, the first that fits.

    An insertion goes behind its position even if up to 6, and 6 a codon, of BLOSUM62 score are lost by it; a deletion
    starts at its position only where nothing is lost.
    """

    insertion: tuple[int, ...] = ()
    deletion: tuple[int, ...] = ()


ByPosition = dict[GeneName, dict[Position, Residues]]


class SequenceQuality(RulebaseModel):
    """``sequence_quality.yaml``: what tells a sequence of doubtful quality."""

    preferred_indels: dict[GeneName, PreferredIndels] = Field(default_factory=dict)
    apobec_signature: ByPosition = Field(default_factory=dict)
    apobec_resistance: ByPosition = Field(default_factory=dict)
    usual_residues: ByPosition = Field(default_factory=dict)


class ViralRulebase(HasDigest):
    """A whole rule set for a virus, checked; ``digest`` is the SHA-256 of its files."""

    manifest: ViralManifest
    genes: tuple[ViralGene, ...]
    sequences: dict[str, str]
    drug_classes: tuple[ViralDrugClass, ...]
    drugs: tuple[ViralDrug, ...]
    tables: tuple[ViralTable, ...]
    comments: tuple[CommentFile, ...]
    result_comments: tuple[ResultComment, ...]
    mutation_types: tuple[MutationTypes, ...]
    quality: SequenceQuality
    regimens: ViralRegimens = Field(default_factory=ViralRegimens)

    @cached_property
    def gene_of_class(self) -> dict[str, str]:
        """The gene that each class of drugs acts on."""
        return {name: gene.symbol for gene in reversed(self.genes) for name in gene.drug_classes}

    @cached_property
    def drug_by_name(self) -> dict[str, ViralDrug]:
        """Drugs by abbreviation, alias and full name, in lower case; an abbreviation beats an alias."""
        found = {drug.full_name.casefold(): drug for drug in self.drugs if drug.full_name}
        found |= {alias.casefold(): drug for drug in self.drugs for alias in drug.aliases}
        return found | {drug.name.casefold(): drug for drug in self.drugs}

    @cached_property
    def table_of(self) -> dict[str, ViralTable]:
        """Tables by drug."""
        return {table.drug: table for table in self.tables}

    @cached_property
    def row_count(self) -> int:
        """The number of rows of all tables: lines, combinations, and rules that give a level or comment outright."""
        return sum(1 for table in self.tables for _ in self.row_ids(table))

    @cached_property
    def comment_count(self) -> int:
        """The number of comments, on mutations and on results."""
        return sum(len(file.comments) for file in self.comments) + len(self.result_comments)

    def gene_of(self, drug: str) -> str:
        """The gene that a drug acts on."""
        return self.gene_of_class[self.drug_by_name[drug.casefold()].drug_class]

    def scale_of(self, rule: ScoreRule) -> tuple[ScoreRange, ...]:
        """The ranges that give a score its level."""
        return rule.scale or self.manifest.scoring.scale

    def row_ids(self, table: ViralTable) -> Iterator[str]:
        """The ids of every row of a table: lines, combinations, and rules that give a level or comment outright."""
        yield from (row for _, row, _ in self.score_items(table))
        yield from (rule.id for rule in table.rules)

    def score_items(self, table: ViralTable) -> Iterator[tuple[int, str, tuple[Scored, ...]]]:
        """Every item of a table's scores: which score it belongs to, its row's id, and its conditions.

        Of the conditions of one item only the largest that holds counts.
        """
        for number, rule in enumerate(table.score_rules):
            for position, scores in rule.scores.items():
                items = tuple(
                    Scored.model_construct(
                        when=ResidueAtom.model_construct(gene="", position=position, residues=residues, inverted=False),
                        score=score,
                    )
                    for residues, score in scores.items()
                )
                yield number, position_row_id(table.drug, position, number), items
            for combination in rule.combinations:
                yield number, combination.id, combination.items


def position_row_id(drug: str, position: int, score_rule: int = 0) -> str:
    """The permanent id of a drug's line for one position; ``score_rule`` counts the drug's scores from 0."""
    return f"{drug}-{position}" if score_rule == 0 else f"{drug}-S{score_rule + 1}-{position}"
