"""What an overlay for a virus adds to a drug's table."""

from __future__ import annotations

from resistab.core.model import Field
from resistab.domains.virus.kinds.fields import DrugName
from resistab.domains.virus.kinds.models import Combination, LevelRule, Scores
from resistab.rulesets.models import RulebaseModel
from resistab.rulesets.overlay_models import Retired


class ViralOverlayTable(RulebaseModel):
    """``tables/DRUG.yaml`` of an overlay for a virus; a line needs a position without one, or whose is retired."""

    drug: DrugName
    scores: Scores = Field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    rules: tuple[LevelRule, ...] = ()
    retire: tuple[Retired, ...] = ()
