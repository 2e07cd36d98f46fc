"""The list of the kinds of files that a virus's rule set is made of."""

from __future__ import annotations

from resistab.domains.virus.kinds.models import (
    CommentFile,
    MutationTypes,
    ResultComment,
    SequenceQuality,
    ViralDrug,
    ViralDrugClass,
    ViralGene,
    ViralManifest,
    ViralTable,
)
from resistab.rulesets.kinds import FileKind, Later
from resistab.rulesets.models import RulebaseModel


class ViralGeneFile(RulebaseModel):
    """``genes.yaml`` of a virus."""

    genes: tuple[ViralGene, ...]


class ViralDrugFile(RulebaseModel):
    """``drugs.yaml`` of a virus."""

    drug_classes: tuple[ViralDrugClass, ...]
    drugs: tuple[ViralDrug, ...]


class ResultCommentFile(RulebaseModel):
    """``result_comments.yaml``."""

    result_comments: tuple[ResultComment, ...]


class MutationTypeFile(RulebaseModel):
    """``mutation_types.yaml``."""

    mutation_types: tuple[MutationTypes, ...]


def _later(module: str, name: str) -> Later:
    return Later(f"resistab.domains.virus.kinds.{module}", name)


FORM = _later("form", "FORM")
FILE_KINDS = (
    FileKind("virus-ruleset", "ruleset.yaml", ViralManifest, FORM, required=True),
    FileKind("virus-genes", "genes.yaml", ViralGeneFile, FORM, required=True),
    FileKind("virus-drugs", "drugs.yaml", ViralDrugFile, FORM, required=True),
    FileKind("virus-result-comments", "result_comments.yaml", ResultCommentFile, FORM),
    FileKind("virus-mutation-types", "mutation_types.yaml", MutationTypeFile, FORM),
    FileKind("virus-sequence-quality", "sequence_quality.yaml", SequenceQuality, FORM),
    FileKind(
        "virus-table", "tables/*.yaml", ViralTable, FORM, in_overlay=_later("overlay_models", "ViralOverlayTable")
    ),
    FileKind("virus-comments", "comments/*.yaml", CommentFile, FORM),
    FileKind("virus-regimens", "regimens/*.yaml", _later("regimens", "ViralRegimenFile"), FORM),
    FileKind("virus-combining-rules", "regimens/rules/*.yaml", _later("regimens", "ViralCombiningFile"), FORM),
    FileKind("virus-barriers", "barriers.yaml", Later("resistab.rulesets.regimens", "BarrierFile"), FORM),
    FileKind(
        "virus-unused-regimens", "unused_regimens.yaml", Later("resistab.rulesets.regimens", "UnusedRegimenFile"), FORM
    ),
    FileKind(
        "virus-unverified-citations",
        "unverified_citations.yaml",
        Later("resistab.rulesets.regimens", "UnverifiedCitations"),
        FORM,
    ),
    FileKind("virus-sequences", "*.fasta", None, FORM),
    FileKind("virus-learned", "learned/*.yaml", Later("resistab.rulesets.learned", "LearnedTable"), FORM, rules=False),
    FileKind("virus-facts", "facts.yaml", Later("resistab.rulesets.facts", "FactFile"), FORM, rules=False),
    FileKind("virus-cases", "cases/*.yaml", _later("cases", "VirusCaseFile"), FORM, rules=False),
)
