"""Verdicts of the plain form: what a domain concludes of a drug that has nothing to say beyond it."""

from __future__ import annotations

from resistab.core.derivation import EvidenceItem, Step
from resistab.core.verdict import ResultModel


class PlainContribution(ResultModel):
    """A row that holds: what it says (``effect``) and counts, why, on whose evidence, and how it came to hold.

    ``overlay`` names the laboratory's overlay that it came from, if any.
    """

    row: str
    overlay: str | None
    condition: str
    effect: str
    score: float
    reason: str
    findings: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    derivation: Step


class PlainVerdict(ResultModel):
    """What is concluded for one drug; ``decided_by`` names the rule of the domain's policy that spoke,
    or the level.

    ``level``, ``level_name`` and ``score`` are None where nothing can be said: ``not_assessable`` holds what would
    have had to be known. ``left_open`` are the rows that could not be decided.
    """

    drug: str
    drug_class: str
    verdict: str
    level: int | None
    level_name: str | None
    score: float | None
    decided_by: str
    reason: str
    rows: tuple[str, ...]
    citations: tuple[str, ...]
    not_assessable: tuple[str, ...]
    contributions: tuple[PlainContribution, ...]
    left_open: tuple[str, ...]
