"""What every domain's verdicts have in common, whatever else they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from resistab.core.model import ConfigDict, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resistab.core.derivation import Step


class ResultModel(Model):
    """Base of everything that is concluded: frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FiredRow(Protocol):
    """A row of a drug's table that holds; ``overlay`` names the overlay that it came from, if any."""

    @property
    def row(self) -> str: ...
    @property
    def overlay(self) -> str | None: ...
    @property
    def condition(self) -> str: ...
    @property
    def findings(self) -> Sequence[str]: ...
    @property
    def derivation(self) -> Step: ...


class DrugVerdict(Protocol):
    """What is concluded for one drug; ``verdict`` is one of the names that the domain declares.

    ``level`` is None where the verdict rests on no level, ``score`` where there is none. ``reason`` is the strongest,
    in one line; ``not_assessable`` says what would have had to be known; ``citations`` are the references behind it.
    """

    @property
    def drug(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def level(self) -> int | None: ...
    @property
    def level_name(self) -> str | None: ...
    @property
    def score(self) -> float | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def rows(self) -> Sequence[str]: ...
    @property
    def citations(self) -> Sequence[str]: ...
    @property
    def not_assessable(self) -> Sequence[str]: ...
    @property
    def contributions(self) -> Sequence[FiredRow]: ...
