"""The list of the kinds of files that a virus's rule set is made of."""

from __future__ import annotations

from resistab.core.scoring import ScoreRange
from resistab.domains.virus.kinds.cases import VirusCaseFile, VirusExpectation
from resistab.domains.virus.kinds.models import (
    Combination,
    CommentFile,
    DrugAtLevel,
    LevelRule,
    MutationTypes,
    ResultComment,
    Scored,
    ScoreRule,
    SequenceQuality,
    ViralDrug,
    ViralDrugClass,
    ViralGene,
    ViralLevel,
    ViralManifest,
    ViralTable,
)
from resistab.domains.virus.kinds.overlay_models import ViralOverlayTable
from resistab.rulesets.facts import FACT_FIELDS, FACT_MODELS, FACTS, FactFile
from resistab.rulesets.kinds import FileKind, Form
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


FORM = Form(
    whose="the rule set of a virus",
    # What a reader wants to know first comes first.
    field_order={
        VirusExpectation: ("verdict", "level", "score", "sir", "rows", "fires", "silent"),
        ViralTable: ("drug", "scores", "combinations", "scale", "further_scores", "rules"),
    },
    flow_models=FACT_MODELS
    | {
        *(ViralLevel, ScoreRange, ViralDrugClass, ViralDrug, Combination, Scored, LevelRule, DrugAtLevel),
        VirusExpectation,
    },
    flow_fields=FACT_FIELDS | {(ResultComment, "when")},
    flow_lines=frozenset({(ViralTable, "scores"), (ScoreRule, "scores")}),
    block_fields=frozenset({(ViralManifest, "without_effect")}),
    help={
        "id": "Permanent, and never given again",
        "largest_of": "Of these only the largest that holds counts",
        "scale": "From scores to levels; both bounds belong to the range",
    },
)

FILE_KINDS = (
    FileKind("virus-ruleset", "ruleset.yaml", ViralManifest, FORM, required=True),
    FileKind("virus-genes", "genes.yaml", ViralGeneFile, FORM, required=True),
    FileKind("virus-drugs", "drugs.yaml", ViralDrugFile, FORM, required=True),
    FileKind("virus-result-comments", "result_comments.yaml", ResultCommentFile, FORM),
    FileKind("virus-mutation-types", "mutation_types.yaml", MutationTypeFile, FORM),
    FileKind("virus-sequence-quality", "sequence_quality.yaml", SequenceQuality, FORM),
    FileKind("virus-table", "tables/*.yaml", ViralTable, FORM, overlay=ViralOverlayTable),
    FileKind("virus-comments", "comments/*.yaml", CommentFile, FORM),
    FileKind("virus-sequences", "*.fasta", None, FORM),
    FileKind("virus-facts", FACTS, FactFile, FORM, rules=False),
    FileKind("virus-cases", "cases/*.yaml", VirusCaseFile, FORM, rules=False),
)
