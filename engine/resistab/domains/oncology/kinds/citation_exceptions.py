"""``citation_exceptions.yaml``: evidence items that the citation check cannot verify, each with the reason."""

from __future__ import annotations

from typing import Annotated, Literal

from resistab.core.model import Field, StringConstraints, model_validator
from resistab.rulesets.models import (
    Id,
    Reference,
    RulebaseModel,
    Text,
)

SOURCE_ITEM = r"^(EID\d+|SUP-\d\d|SUP[A-Z]-\d{3})$"

Aspect = Literal[
    "source",
    "reference",
    "level",
    "drug",
    "given with",
    "gene",
    "alteration",
    "direction",
    "absence",
    "tumour type",
    "statement",
    "verification",
]
"""In what an item can differ from its source; ``source``: there is none, or it was withdrawn."""


class CitationException(RulebaseModel):
    """An item that may differ from its source in the aspects named, and why that is right all the same."""

    rule: Id
    item: Annotated[str, StringConstraints(pattern=SOURCE_ITEM)] | Reference
    differs_in: tuple[Aspect, ...] = Field(min_length=1)
    reason: Text


class ShownInstead(RulebaseModel):
    """Items filed as "Does Not Support" that are more than absence: they show the opposite itself, and what."""

    shows: Text
    items: tuple[Annotated[str, StringConstraints(pattern=SOURCE_ITEM)], ...] = Field(min_length=1)


class VariantStudy(RulebaseModel):
    """A study that a benign variant cites and no list of evidence holds, since it speaks of no drug, and why."""

    reference: Reference
    reason: Text


class BrandException(RulebaseModel):
    """A brand that no label of the evidence has, or one of other drugs by a slip of a list, and why it is right."""

    brand: Text
    reason: Text


class CitationExceptions(RulebaseModel):
    """All exceptions; there are ``at_most`` so many, a number that may only be lowered.

    ``shown`` lists the items that are no absence though their source does not support its own claim,
    ``variant_studies`` the studies of benign variants that no list of evidence holds, ``brands`` the brands of drugs
    that no list bears out.
    """

    at_most: Annotated[int, Field(ge=0)]
    exceptions: tuple[CitationException, ...] = ()
    shown: tuple[ShownInstead, ...] = ()
    variant_studies: tuple[VariantStudy, ...] = ()
    brands: tuple[BrandException, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> CitationExceptions:
        seen: set[tuple[str, str]] = set()
        for exception in self.exceptions:
            key = (exception.rule, exception.item)
            if key in seen:
                raise ValueError(f"{exception.rule}, {exception.item} is excepted twice")
            seen.add(key)
        listed = [item for entry in self.shown for item in entry.items]
        if twice := next((item for item in listed if listed.count(item) > 1), None):
            raise ValueError(f"{twice} is listed twice among what was shown")
        brands = [entry.brand for entry in self.brands]
        if twice := next((brand for brand in brands if brands.count(brand) > 1), None):
            raise ValueError(f"the brand {twice} is excepted twice")
        return self
