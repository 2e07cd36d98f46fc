"""``unused_evidence.yaml``: items of the evidence that no row rests on, each with the reason."""

from __future__ import annotations

from typing import Annotated, Literal

from resistab.core.model import Field, StringConstraints
from resistab.rulesets.models import RulebaseModel, Text

Reason = Literal[
    "not a drug",
    "laboratory compound",
    "cannot be observed",
    "no form in the language",
    "says nothing of response",
    "contradicted",
    "too unspecific",
    "no reference",
    "withdrawn",
]


ItemNumber = Annotated[str, StringConstraints(pattern=r"^(EID\d+|SUP-\d\d|SUP[A-Z]-\d{3})$")]


class UnusedItems(RulebaseModel):
    """Evidence items that no row rests on for one reason, and ``why`` it holds of them."""

    reason: Reason
    why: Text
    items: tuple[ItemNumber, ...] = Field(min_length=1)


class UnusedEvidence(RulebaseModel):
    """``unused_evidence.yaml``."""

    unused: tuple[UnusedItems, ...] = ()
