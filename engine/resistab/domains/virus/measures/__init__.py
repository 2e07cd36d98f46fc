"""What was measured of viruses, and their genotypes in numbers: tables are learned from it, and rules held to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from resistab.curation.kit.commented_yaml import Collection
    from resistab.curation.kit.measured.data import Feature, MeasuredData, RuleJudgement
    from resistab.curation.kit.measured.plain import ListedSample
    from resistab.domains.virus.genotype import ViralGenotype
    from resistab.domains.virus.interpreter import ViralInterpreter
    from resistab.domains.virus.kinds.models import ViralRulebase
    from resistab.rulesets.learned import LearnedTable
    from resistab.rulesets.proposals import DraftEntry, Proposal


def read(
    interpreter: ViralInterpreter, paths: Sequence[Path], keep_going: bool = False, drugs: Sequence[str] | None = None
) -> MeasuredData:
    """As ``MeasuresModule.read``."""
    from resistab.domains.virus.measures.reading import read_measured

    return read_measured(interpreter, paths, keep_going, drugs)


def genotype(interpreter: ViralInterpreter, sample: ListedSample, drugs: Sequence[str]) -> ViralGenotype:
    """As ``MeasuresModule.genotype``."""
    from resistab.domains.virus.measures.reading import plain_genotype

    return plain_genotype(interpreter, sample, drugs)


def candidates(interpreter: ViralInterpreter, drug: str, genotypes: Sequence[ViralGenotype]) -> list[Feature]:
    """As ``MeasuresModule.candidates``."""
    from resistab.domains.virus.measures.encoding import candidate_features

    return candidate_features(interpreter.rulebase.gene_of(drug), genotypes)


def values(
    interpreter: ViralInterpreter, drug: str, features: Sequence[Feature], genotypes: Sequence[ViralGenotype]
) -> NDArray[np.float64]:
    """As ``MeasuresModule.values``."""
    from resistab.domains.virus.measures.encoding import feature_values

    return feature_values(interpreter.rulebase.gene_of(drug), features, genotypes)


def disjoint(features: Sequence[tuple[Feature, float]]) -> list[tuple[Feature, float]]:
    """As ``MeasuresModule.disjoint``."""
    from resistab.domains.virus.measures.encoding import disjoint_features

    return disjoint_features(features)


def feature(text: str) -> Feature:
    """As ``MeasuresModule.feature``."""
    from resistab.domains.virus.measures.encoding import feature_of

    return feature_of(text)


def expert_rows(interpreter: ViralInterpreter, drug: str) -> list[tuple[str, Feature, float]]:
    """As ``MeasuresModule.expert_rows``."""
    from resistab.domains.virus.measures.encoding import rows_of_table

    table = interpreter.rulebase.table_of.get(drug)
    return rows_of_table(table) if table is not None else []


def threshold(rulebase: ViralRulebase) -> float:
    """As ``MeasuresModule.threshold``: the least score of a level that is not S."""
    starts = [
        level.from_score
        for level in rulebase.manifest.scoring.levels
        if level.sir != "S" and level.from_score is not None
    ]
    return min(starts, default=15.0)


def judged(interpreter: ViralInterpreter, genotypes: Sequence[ViralGenotype]) -> Iterator[Mapping[str, RuleJudgement]]:
    """As ``MeasuresModule.judged``."""
    from resistab.domains.virus.measures.judging import judgements

    return judgements(interpreter, genotypes)


def described(genotypes: Sequence[ViralGenotype], drug: str, interpreter: ViralInterpreter) -> list[str]:
    """As ``MeasuresModule.described``."""
    from resistab.domains.virus.measures.encoding import told

    return told(interpreter.rulebase.gene_of(drug), genotypes)


def level_names(rulebase: ViralRulebase) -> list[str]:
    """As ``MeasuresModule.level_names``."""
    return [level.name for level in rulebase.manifest.scoring.levels]


def level_of(rulebase: ViralRulebase, score: float) -> str:
    """As ``MeasuresModule.level_of``."""
    return rulebase.manifest.scoring.level(score).name


def drafted(rulebase: ViralRulebase, tables: Sequence[LearnedTable]) -> dict[str, str]:
    """As ``MeasuresModule.drafted``."""
    from resistab.domains.virus.measures.drafting import draft_files

    return draft_files(rulebase, tables)


def draft_entry(rulebase: ViralRulebase, proposal: Proposal, on: datetime.date) -> DraftEntry:
    """As ``MeasuresModule.draft_entry``."""
    from resistab.domains.virus.measures.proposing import entry_of

    return entry_of(rulebase, proposal, on)


def accept(rulebase: ViralRulebase, id_: str, root: Collection) -> str:
    """As ``MeasuresModule.accept``."""
    from resistab.domains.virus.measures.proposing import accepted

    return accepted(rulebase, id_, root)


def drug_of_draft(rulebase: ViralRulebase, id_: str) -> str | None:
    """As ``MeasuresModule.drug_of_draft``."""
    return next((table.drug for table in rulebase.tables if any(draft.id == id_ for draft in table.drafts)), None)
