"""What every overlay says: whose rules it is of, and which of them it takes out."""

from __future__ import annotations

import datetime
from typing import Annotated

from resistab.core.model import StringConstraints
from resistab.rulesets.models import RulebaseModel, Slug, Text


class OverlayManifest(RulebaseModel):
    """``overlay.yaml``."""

    name: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    date: datetime.date
    over: Slug


class Retired(RulebaseModel):
    """A row of the rule set that the laboratory does not use, and why."""

    id: Text
    reason: Text
