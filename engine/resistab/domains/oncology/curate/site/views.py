"""Rows, mechanism rules and their evidence as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from resistab.curation.kit.site.model import Link, Pieces
from resistab.curation.kit.site.reviews import Review


@dataclass(frozen=True)
class SourcedEvidenceView:
    """One evidence item of a rule."""

    level: str
    against: bool
    reference: Link
    short: str
    source: str
    studied_in: Link
    given_with: tuple[str, ...]
    drug: Link | None
    statement: str


@dataclass(frozen=True)
class RuleView:
    """A row of a drug's table or a mechanism rule.

    ``of`` is the drug or the conclusion it speaks for. ``says`` is the effect of a row; ``style`` how it is drawn.
    ``counts`` is its score or tier, ``reasons`` how it came about. ``newest`` is the year of the newest evidence,
    "" where no citation tells, ``overlay`` the name of the laboratory's overlay that it came from.
    """

    id: str
    anchor: str
    href: str
    of: Link
    status: str
    when: Pieces
    tumour_types: tuple[Link, ...]
    extrapolated_to: tuple[Link, ...]
    says: str
    style: str
    mechanism: Link
    counts: str
    reasons: tuple[str, ...]
    group: str
    note: str
    evidence: tuple[SourcedEvidenceView, ...]
    created: str
    review: Review
    reviewers: tuple[str, ...]
    retired: str
    replaced_by: tuple[Link, ...]
    newest: str = ""
    overlay: str = ""

    @property
    def active(self) -> bool:
        """Whether the rule is used: drafts and retired rules are not."""
        return self.status == "active"
