"""``citation_exceptions.yaml``: evidence items that the citation check cannot verify, each with the reason."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from resistab.rulesets.models import (
    Id,
    Reference,
    RulebaseModel,
    Text,
)

Aspect = Literal[
    "source",
    "reference",
    "level",
    "drug",
    "given with",
    "gene",
    "alteration",
    "direction",
    "tumour type",
    "statement",
    "verification",
]
"""In what an item can differ from its source; ``source``: there is none, or it was withdrawn."""


class CitationException(RulebaseModel):
    """An item that may differ from its source in the aspects named, and why that is right all the same."""

    rule: Id
    item: Annotated[str, StringConstraints(pattern=r"^(EID\d+|SUP-\d\d|SUP[A-Z]-\d{3})$")] | Reference
    differs_in: tuple[Aspect, ...] = Field(min_length=1)
    reason: Text


class CitationExceptions(RulebaseModel):
    """All exceptions; there are ``at_most`` so many, a number that may only be lowered."""

    at_most: Annotated[int, Field(ge=0)]
    exceptions: tuple[CitationException, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> CitationExceptions:
        seen: set[tuple[str, str]] = set()
        for exception in self.exceptions:
            key = (exception.rule, exception.item)
            if key in seen:
                raise ValueError(f"{exception.rule}, {exception.item} is excepted twice")
            seen.add(key)
        return self
