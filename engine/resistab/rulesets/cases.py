"""What is expected of a rule set: the part of a case that every domain's cases have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from resistab.core.model import Field, model_validator
from resistab.core.regimens import Status
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


class OptionExpectation(RulebaseModel):
    """What is expected of one regimen; what is not given is not compared.

    ``status`` is that of the report, or ``not_listed`` where it is for other patients. ``gss`` is a number, or lowest
    and highest of a range. ``broken`` are all rules that count against it, by id, ``cautions`` and ``kept`` some of
    those that are said beside; ``active`` all its drugs that are active. It is ranked before those of ``before``.
    ``barrier`` is its genetic barrier, higher than those of ``barrier_above``. ``watch`` are changes in its escape
    sets: a gene stands for every change of it. ``names`` are words of the reasons.
    """

    status: Status | Literal["not_listed"] | None = None
    gss: float | Annotated[tuple[float, ...], Field(min_length=2, max_length=2)] | None = None
    broken: tuple[Text, ...] | None = None
    cautions: tuple[Text, ...] = ()
    kept: tuple[Text, ...] = ()
    active: tuple[Text, ...] | None = None
    before: tuple[Text, ...] = ()
    barrier: int | None = None
    barrier_above: tuple[Text, ...] = ()
    watch: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> OptionExpectation:
        if not self.model_fields_set:
            raise ValueError("nothing is expected")
        if self.status == "not_listed" and len(self.model_fields_set) > 1:
            raise ValueError("of a regimen that is not listed nothing else can be expected")
        return self

    @property
    def needs_barriers(self) -> bool:
        """Whether escapes must be sought to judge it."""
        return bool(self.barrier is not None or self.barrier_above or self.watch)


class CaseWithOptions(RulebaseModel):
    """A case that may expect something of regimens too: of one by its id or its drugs, and of the watch list.

    ``germline`` are phenotypes in the words of rules for combining, ``settings`` those that are asked for.
    """

    germline: tuple[Text, ...] = ()
    settings: tuple[Text, ...] = ()
    options: dict[Text, OptionExpectation] = Field(default_factory=dict)
    watch_list: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> CaseWithOptions:
        expect: Mapping[str, Any] = getattr(self, "expect", {})
        if not (expect or self.options or self.watch_list):
            raise ValueError("nothing is expected: expect, options or watch_list")
        return self

    @property
    def expects_options(self) -> bool:
        """Whether regimens must be judged."""
        return bool(self.options or self.watch_list)

    @property
    def needs_barriers(self) -> bool:
        """Whether escapes must be sought."""
        return bool(self.watch_list) or any(item.needs_barriers for item in self.options.values())


CASE_OPTIONS = ("germline", "settings", "options", "watch_list")
"""The fields of a case about regimens, in canonical order."""
