"""From what each row that holds contributes to a score, from the score to a level, from the level to a verdict.

    scoring:
      combine: sum
      levels:
        - {level: 1, name: Susceptible, to: 9, verdict: no_resistance_found}
        - {level: 5, name: High-Level Resistance, from: 60, verdict: resistant}

What stands above the verdict of a level is the domain's policy: a list of named rules in their order, of which the
first that has something to say speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Generic, Literal, TypeVar

from resistab.core.cached import cached_property
from resistab.core.model import ConfigDict, Field, Model, StringConstraints
from resistab.core.records import dataclass

Score = Annotated[float, Field(allow_inf_nan=False)]
_Level = TypeVar("_Level", bound="Level")
_Case = TypeVar("_Case")
_Said = TypeVar("_Said")

# The name of what decides where no rule of the policy speaks.
BY_LEVEL = "level"


class ScoringModel(Model):
    """Base: frozen, and refusing fields that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, serialize_by_alias=True)


class ScoreRange(ScoringModel):
    """The scores from ``from`` to ``to``, both included, have this level; a bound that is missing is open."""

    from_score: Score | None = Field(default=None, alias="from")
    to_score: Score | None = Field(default=None, alias="to")
    level: int

    def holds(self, score: float) -> bool:
        """Whether ``score`` lies in the range."""
        above = self.from_score is None or score >= self.from_score
        return above and (self.to_score is None or score <= self.to_score)


class Level(ScoringModel):
    """One of the ordered levels: its name, the scores that have it, and the verdict that it means.

    Both bounds are included, and one that is missing is open. A level without bounds is given outright, or by a scale
    of a table's own.
    """

    level: int
    name: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    from_score: Score | None = Field(default=None, alias="from")
    to_score: Score | None = Field(default=None, alias="to")
    verdict: str


class Scoring(ScoringModel, Generic[_Level]):
    """``scoring`` of a manifest: how contributions combine, and what scores mean.

    ``combine`` says whether contributions are added, or the largest decides. ``default_level`` is that of a drug whose
    score no range holds; where it is missing it is the lowest.
    """

    combine: Literal["sum", "max"]
    levels: tuple[_Level, ...] = Field(min_length=1)
    default_level: int | None = None

    @cached_property
    def by_order(self) -> dict[int, _Level]:
        """Levels by their order."""
        return {level.level: level for level in self.levels}

    @cached_property
    def lowest(self) -> _Level:
        """The level of a drug whose score no range holds."""
        if self.default_level is not None:
            return self.by_order[self.default_level]
        return min(self.levels, key=lambda level: level.level)

    @cached_property
    def scale(self) -> tuple[ScoreRange, ...]:
        """The ranges of the levels that have bounds, in the order of the levels."""
        return tuple(
            ScoreRange.model_construct(from_score=level.from_score, to_score=level.to_score, level=level.level)
            for level in self.levels
            if level.from_score is not None or level.to_score is not None
        )

    @cached_property
    def levels_of_verdicts(self) -> dict[str, tuple[int, ...]]:
        """The levels that mean each verdict, lowest first."""
        found: dict[str, list[int]] = {}
        for level in sorted(self.levels, key=lambda level: level.level):
            found.setdefault(level.verdict, []).append(level.level)
        return {verdict: tuple(levels) for verdict, levels in found.items()}

    def level(self, score: float) -> _Level:
        """The level of ``score``: the highest whose range holds it, the lowest of all where none does."""
        order = level_in(self.scale, score)
        return self.lowest if order is None else self.by_order[order]

    def combined(self, contributions: Iterable[tuple[str, float]]) -> float:
        """The scores of ``contributions`` combined, of each group only the largest; 0 of none."""
        groups: dict[str, float] = {}
        for group, score in contributions:
            groups[group] = max(groups.get(group, score), score)
        return combine_scores(self.combine, groups.values())


# Named here, the class can be found again by what is kept of a rule set between starts.
PlainScoring = Scoring[Level]


def level_in(scale: Sequence[ScoreRange], score: float) -> int | None:
    """The level that a scale gives to a score, the highest of several; None where no range holds it."""
    return max((item.level for item in scale if item.holds(score)), default=None)


def combine_scores(how: Literal["sum", "max"], scores: Iterable[float]) -> float:
    """``scores`` added, or the largest of them; 0 of none."""
    return sum(scores, 0.0) if how == "sum" else max(scores, default=0.0)


@dataclass(frozen=True)
class PolicyRule(Generic[_Case, _Said]):
    """A named rule of a domain's policy; ``speaks`` gives what it says of a case, None where it has nothing to say."""

    name: str
    speaks: Callable[[_Case], _Said | None]


def first_to_speak(rules: Iterable[PolicyRule[_Case, _Said]], case: _Case) -> tuple[str, _Said] | None:
    """The name of the first rule that speaks and what it says; None where none does, so that the level decides."""
    for rule in rules:
        said = rule.speaks(case)
        if said is not None:
            return rule.name, said
    return None
