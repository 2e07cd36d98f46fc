"""What was measured of tumours, and their genotypes in numbers: tables are learned from it, and rules held to it."""

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
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.rulesets.learned import LearnedTable
    from resistab.rulesets.proposals import DraftEntry, Proposal


def read(
    interpreter: TumourInterpreter, paths: Sequence[Path], keep_going: bool = False, drugs: Sequence[str] | None = None
) -> MeasuredData:
    """As ``MeasuresModule.read``."""
    from resistab.domains.oncology.measures.reading import read_measured

    return read_measured(interpreter, paths, keep_going, drugs)


def genotype(interpreter: TumourInterpreter, sample: ListedSample, drugs: Sequence[str]) -> Genotype:
    """As ``MeasuresModule.genotype``; what was assayed does not follow from the drugs, the line must say it."""
    from resistab.domains.oncology.measures.reading import plain_genotype

    return plain_genotype(interpreter, sample)


def candidates(interpreter: TumourInterpreter, drug: str, genotypes: Sequence[Genotype]) -> list[Feature]:
    """As ``MeasuresModule.candidates``; what a tumour shows may bear on any drug."""
    from resistab.domains.oncology.measures.encoding import candidate_features

    return candidate_features(interpreter.rulebase, genotypes)


def values(
    interpreter: TumourInterpreter, drug: str, features: Sequence[Feature], genotypes: Sequence[Genotype]
) -> NDArray[np.float64]:
    """As ``MeasuresModule.values``: 1 where a feature holds, 0 where it does not, not a number where that is open."""
    from resistab.domains.oncology.measures.encoding import feature_values

    return feature_values(interpreter.rulebase, features, genotypes)


def disjoint(features: Sequence[tuple[Feature, float]]) -> list[tuple[Feature, float]]:
    """As ``MeasuresModule.disjoint``: as they are, in their order; rows for tumours may hold within each other."""
    return sorted(features, key=lambda item: item[0].order)


def feature(text: str) -> Feature:
    """As ``MeasuresModule.feature``."""
    from resistab.domains.oncology.measures.encoding import feature_of

    return feature_of(text)


def expert_rows(interpreter: TumourInterpreter, drug: str) -> list[tuple[str, Feature, float]]:
    """As ``MeasuresModule.expert_rows``; positive where a row says resistance, negative where it says response."""
    from resistab.domains.oncology.measures.encoding import rows_of_drug

    return rows_of_drug(interpreter, drug)


def threshold(rulebase: Rulebase) -> float:
    """As ``MeasuresModule.threshold``: the least score of a level whose verdict is possible resistance or more."""
    starts = [
        level.from_score
        for level in rulebase.manifest.scoring.levels
        if level.verdict != "no_resistance_found" and level.from_score is not None
    ]
    return min(starts, default=10.0)


def judged(interpreter: TumourInterpreter, genotypes: Sequence[Genotype]) -> Iterator[Mapping[str, RuleJudgement]]:
    """As ``MeasuresModule.judged``; *not indicated* predicts resistance, see ``measures/judging.py``."""
    from resistab.domains.oncology.measures.judging import judgements

    return judgements(interpreter, genotypes)


def described(genotypes: Sequence[Genotype], drug: str, interpreter: TumourInterpreter) -> list[str]:
    """As ``MeasuresModule.described``."""
    from resistab.domains.oncology.measures.encoding import told

    return told(genotypes)


def level_names(rulebase: Rulebase) -> list[str]:
    """As ``MeasuresModule.level_names``: *sensitive* below the levels of the scores, *not indicated* above them."""
    from resistab.domains.oncology.measures.judging import names_of_levels

    return names_of_levels(rulebase)


def level_of(rulebase: Rulebase, score: float) -> str:
    """As ``MeasuresModule.level_of``."""
    return rulebase.manifest.scoring.level(score).name


def drafted(rulebase: Rulebase, tables: Sequence[LearnedTable]) -> dict[str, str]:
    """As ``MeasuresModule.drafted``: an overlay, whose rows have no effect while they are drafts."""
    from resistab.domains.oncology.measures.drafting import draft_files

    return draft_files(rulebase, tables)


def draft_entry(rulebase: Rulebase, proposal: Proposal, on: datetime.date) -> DraftEntry:
    """As ``MeasuresModule.draft_entry``."""
    from resistab.domains.oncology.measures.proposing import entry_of

    return entry_of(rulebase, proposal, on)


def accept(rulebase: Rulebase, id_: str, root: Collection) -> str:
    """As ``MeasuresModule.accept``; a draft for tumours becomes active by a curator's hand."""
    from resistab.domains.oncology.measures.proposing import accepted

    return accepted(rulebase, id_)


def drug_of_draft(rulebase: Rulebase, id_: str) -> str | None:
    """As ``MeasuresModule.drug_of_draft``."""
    return next(
        (table.drug for table in rulebase.tables if any(row.id == id_ and row.status == "draft" for row in table.rows)),
        None,
    )
