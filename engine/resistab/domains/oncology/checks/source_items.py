"""Evidence items as their sources have them, whatever file they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from resistab.domains.oncology.kinds.models import Verification

if TYPE_CHECKING:
    from resistab.curation.kit.regimen_sources import SourceRow
    from resistab.domains.oncology.checks.approvals_export import Approval

Outcome = Literal["resistance", "response"]

_OUTCOMES: dict[str, Outcome] = {
    "Resistance": "resistance",
    "Reduced Sensitivity": "resistance",
    "Reduced Response": "resistance",
    "Sensitivity/Response": "response",
}
SIGNIFICANCES = tuple(_OUTCOMES)
"""The words of a source that speak of response or resistance."""


@dataclass(frozen=True)
class SourceItem:
    """One evidence item as its source has it; ``outcome`` is None where the source speaks of neither.

    ``citation`` is empty where the source does not say whose work it is. ``supports`` says that the study supports what
    the source claims, ``supports_resistance`` that this is resistance.
    """

    id: str
    reference: str
    citation: str
    level: str
    profile: str
    drugs: tuple[str, ...]
    combined: bool
    outcome: Outcome | None
    disease: str
    statement: str
    supports: bool = True
    supports_resistance: bool = False
    verification: Verification = "full"


@dataclass(frozen=True)
class NamedLabel:
    """A label by its name, and the drugs with which a list names it: those that it is of, where ``exact``."""

    name: str
    drugs: frozenset[str]
    exact: bool = False


@dataclass(frozen=True)
class Sources:
    """Items by id (``EID229``, ``SUP-01``), the ids that were withdrawn since, what approvals say, and their rows.

    An approval has no number to cite it by: an evidence item names its label. ``regimens`` are the rows, by id, of
    lists of regimens and of rules for combining drugs; ``labels`` those that lists of other kinds name.
    """

    items: Mapping[str, SourceItem]
    withdrawn: frozenset[str] = frozenset()
    approvals: tuple[SourceItem, ...] = ()
    approval_rows: tuple[Approval, ...] = ()
    regimens: Mapping[str, SourceRow] = field(default_factory=dict)
    labels: frozenset[NamedLabel] = frozenset()

    def __or__(self, later: Sources) -> Sources:
        """Both together; an item of ``later`` takes the place of one with its id."""
        return Sources(
            {**self.items, **later.items},
            self.withdrawn | later.withdrawn,
            (*self.approvals, *later.approvals),
            (*self.approval_rows, *later.approval_rows),
            {**self.regimens, **later.regimens},
            self.labels | later.labels,
        )


def outcome_of(significance: str, supports: bool) -> Outcome | None:
    """What a study found, whether it supports the claim or speaks against it."""
    claimed = _OUTCOMES.get(significance)
    if claimed is None or supports:
        return claimed
    return "response" if claimed == "resistance" else "resistance"


def supports_resistance(significance: str, supports: bool) -> bool:
    """Whether an item counts among those that support resistance; a weaker response is no resistance."""
    return supports and significance == "Resistance"
