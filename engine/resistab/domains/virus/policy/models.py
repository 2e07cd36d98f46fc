"""Verdicts on antiviral drugs, as they are reported."""

from __future__ import annotations

from resistab.core.derivation import Step
from resistab.core.verdict import ResultModel
from resistab.domains.virus.kinds.models import Sir, VerdictName


class ViralContribution(ResultModel):
    """A row that holds: what it adds to the score, or the level it gives outright.

    ``condition`` is the part of the row that counts; ``findings`` are the mutations behind it. ``overlay`` names the
    laboratory's overlay that the row came from, if any.
    """

    row: str
    overlay: str | None
    condition: str
    score: float | None
    level: int | None
    findings: tuple[str, ...]
    derivation: Step


class OpenRow(ResultModel):
    """A row that could not be decided, and the positions that would have had to be read for it."""

    row: str
    condition: str
    score: float | None
    level: int | None
    positions: tuple[int, ...]


class ViralVerdict(ResultModel):
    """What is concluded for one drug.

    ``decided_by`` names the rule of the policy that spoke, or the level. ``level`` is None where the verdict rests on
    no level; ``score`` is None where the rule set gives the drug no score. ``not_read`` are the positions that some
    rule of the drug asks for and that were not read.
    """

    drug: str
    full_name: str | None
    drug_class: str
    gene: str
    verdict: VerdictName
    decided_by: str
    level: int | None
    level_name: str | None
    sir: Sir | None
    score: float | None
    reason: str
    rows: tuple[str, ...]
    citations: tuple[str, ...]
    not_assessable: tuple[str, ...]
    contributions: tuple[ViralContribution, ...]
    left_open: tuple[OpenRow, ...]
    not_read: tuple[int, ...]


class GivenComment(ResultModel):
    """A comment of the rule set that holds for this genotype; ``gene`` is None for one on the result itself."""

    id: str
    gene: str | None
    text: str


class MutationType(ResultModel):
    """What a mutation is to a class of drugs: Major, Accessory, …, or Other."""

    drug_class: str
    type: str
