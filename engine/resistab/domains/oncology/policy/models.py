"""Verdicts and their derivations, as they are reported."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from resistab.domains.oncology.kinds.models import Effect, EvidenceLevel

VerdictName = Literal[
    "not_indicated", "resistant", "possible_resistance", "sensitive", "no_resistance_found", "not_assessable"
]
MarkerStatus = Literal["present", "required and absent", "undecided", "none needed"]
TruthName = Literal["true", "false", "unknown"]


class ResultModel(BaseModel):
    """Base: frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class EvidenceItem(ResultModel):
    """One evidence item; ``studied_in`` is an OncoTree code, ``drug`` the drug studied where it was another."""

    reference: str
    citation: str
    url: str
    level: EvidenceLevel
    direction: Literal["supports", "against"]
    studied_in: str
    studied_in_name: str
    drug: str | None
    given_with: tuple[str, ...]
    statement: str
    source: str | None


class Step(ResultModel):
    """A condition as it was evaluated: its text, its truth, and what made it so.

    ``findings`` are the patient's findings behind an atom; ``rules`` the mechanism rules behind a conclusion;
    ``parts`` the parts of a compound condition.
    """

    text: str
    truth: TruthName
    findings: tuple[str, ...] = ()
    parts: tuple[Step, ...] = ()
    rules: tuple[MechanismStep, ...] = ()


class MechanismStep(ResultModel):
    """A mechanism rule that led to a conclusion; ``weight`` is None for a definition, which weighs nothing."""

    rule: str
    conclusion: str
    explanation: str
    mechanism: str
    weight: float | None
    evidence: tuple[EvidenceItem, ...]
    condition: Step


class Contribution(ResultModel):
    """A row that fired for a drug; ``overlay`` names the laboratory's overlay that it came from, if any.

    ``minor_clone`` says that it holds in a minor clone of the tumour.
    """

    row: str
    overlay: str | None
    condition: str
    effect: Effect
    mechanism: str
    score: float
    score_reasons: tuple[str, ...]
    evidence_level: EvidenceLevel | None
    tier: str | None
    extrapolated: bool
    disputed: bool
    findings: tuple[str, ...]
    minor_clone: bool = False
    note: str | None
    derivation: Step
    evidence: tuple[EvidenceItem, ...]


class Marker(ResultModel):
    """The response-marker axis: what is required, whether it is there, and the best tier of the markers found."""

    required: str | None
    status: MarkerStatus
    tier: str | None


class Undecided(ResultModel):
    """Rows of resistance that could not be decided, and what would have had to be assayed for it."""

    rows: tuple[str, ...]
    loci: tuple[str, ...]


class Verdict(ResultModel):
    """What is concluded for one drug. ``level`` is None where the verdict rests on no level."""

    drug: str
    drug_classes: tuple[str, ...]
    relevant: bool
    verdict: VerdictName
    level: int | None
    level_name: str | None
    score: float
    reason: str
    marker: Marker
    rows: tuple[str, ...]
    citations: tuple[str, ...]
    not_assessable: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    undecided: Undecided
    conflicts: tuple[str, ...]
