"""How the files of a rule set are laid out, and what an editor says of their fields."""

from __future__ import annotations

from resistab.core.scoring import ScoreRange
from resistab.domains.virus.kinds.cases import VirusCase, VirusExpectation
from resistab.domains.virus.kinds.models import (
    Combination,
    DrugAtLevel,
    LevelRule,
    ResultComment,
    Scored,
    ScoreRule,
    ViralDrug,
    ViralDrugClass,
    ViralLevel,
    ViralManifest,
    ViralTable,
)
from resistab.rulesets.cases import CASE_OPTIONS, OptionExpectation
from resistab.rulesets.facts import FACT_FIELDS, FACT_MODELS
from resistab.rulesets.kinds import Form

FORM = Form(
    whose="the rule set of a virus",
    # What a reader wants to know first comes first.
    field_order={
        VirusCase: (
            "case",
            "mutations",
            "sequenced",
            "prior",
            *CASE_OPTIONS[:2],
            "expect",
            "comments",
            *CASE_OPTIONS[2:],
            "source",
        ),
        VirusExpectation: ("verdict", "level", "score", "sir", "rows", "fires", "silent"),
        ViralTable: ("drug", "scores", "combinations", "scale", "further_scores", "rules", "drafts"),
    },
    flow_models=FACT_MODELS
    | {
        *(ViralLevel, ScoreRange, ViralDrugClass, ViralDrug, Combination, Scored, LevelRule, DrugAtLevel),
        *(VirusExpectation, OptionExpectation),
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
