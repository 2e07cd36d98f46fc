"""Facts that must hold of a rule set whatever else is added to it, as ``facts.yaml`` says them.

They speak of the items of the rule set, as ``resistab diff`` names them, and of what ``resistab check`` finds, so that
every domain has them. They lie beside the rules and are no part of them.
"""

from __future__ import annotations

from typing import Annotated

from resistab.core.model import Field, Model, StringConstraints, model_validator
from resistab.rulesets.models import RulebaseModel, Text

Said = Text | float | tuple[Text, ...]
"""What a field of an item says; of a list the order means nothing."""


class CountFact(RulebaseModel):
    """How many items of a kind there are; with ``where`` only those of which each field named says just that."""

    every: Text
    where: dict[Text, Said] = Field(default_factory=dict)
    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> CountFact:
        if self.at_least is None and self.at_most is None:
            raise ValueError("neither at_least nor at_most")
        return self


class ItemFact(RulebaseModel):
    """What an item says; ``of`` is the drug or gene that it belongs to, where its id alone does not name it."""

    item: Text
    id: Text
    of: Text = ""
    says: Annotated[dict[Text, Said], Field(min_length=1)]


class FindingFact(RulebaseModel):
    """What the findings of a code are about, all of it: another one is then an error, and so is one that is gone."""

    finding: Annotated[str, StringConstraints(pattern=r"^RT\d{3}$")]
    about: tuple[Text, ...]


class FactFile(RulebaseModel):
    """``facts.yaml``."""

    counts: tuple[CountFact, ...] = ()
    items: tuple[ItemFact, ...] = ()
    findings: tuple[FindingFact, ...] = ()


FACTS = "facts.yaml"
# A fact stands on one line where it fits.
FACT_MODELS: frozenset[type[Model]] = frozenset({CountFact, ItemFact, FindingFact})
_FLOW: tuple[tuple[type[Model], str], ...] = ((CountFact, "where"), (ItemFact, "says"))
FACT_FIELDS = frozenset(_FLOW)
