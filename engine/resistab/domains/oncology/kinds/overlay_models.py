"""What an overlay for tumours adds to a drug's table."""

from __future__ import annotations

from resistab.domains.oncology.kinds.models import Indication, Row
from resistab.rulesets.models import RulebaseModel, Text
from resistab.rulesets.overlay_models import Retired


class OverlayTable(RulebaseModel):
    """``tables/DRUG.yaml`` of an overlay for tumours; a drug without a table needs its ``indications``."""

    drug: Text
    indications: tuple[Indication, ...] = ()
    rows: tuple[Row, ...] = ()
    retire: tuple[Retired, ...] = ()
