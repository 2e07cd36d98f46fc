"""What is expected of a rule set: the part of a case that every domain's cases have."""

from __future__ import annotations

from resistab.core.model import model_validator
from resistab.rulesets.models import RulebaseModel, Text

# The folder of a rule set in which its cases lie; they are no part of the rules and do not count in the digest.
FOLDER = "cases"


class Expectation(RulebaseModel):
    """What is expected for one drug; what is not given is not compared."""

    verdict: str | None = None
    level: int | None = None
    score: float | None = None
    rows: tuple[Text, ...] | None = None
    fires: tuple[Text, ...] = ()
    silent: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Expectation:
        if not self.model_fields_set:
            raise ValueError("nothing is expected")
        if self.rows is not None and self.fires:
            raise ValueError("rows are all that fire, so that fires has nothing to add")
        return self

    @property
    def must_fire(self) -> tuple[str, ...]:
        """The rows that must fire."""
        return self.rows or self.fires
