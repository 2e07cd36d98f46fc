"""Verdicts and their derivations, as they are reported."""

from __future__ import annotations

from typing import Literal

from resistab.core.derivation import EvidenceItem, Step
from resistab.core.evidence import EvidenceLevel
from resistab.core.measured import MeasuredComparison
from resistab.core.verdict import ResultModel
from resistab.domains.oncology.genotype import Assay
from resistab.domains.oncology.kinds.models import Effect, VerdictName

MarkerStatus = Literal["present", "required and absent", "undecided", "none needed"]


class Contribution(ResultModel):
    """A row that fired for a drug; ``overlay`` names the laboratory's overlay that it came from, if any.

    ``minor_clone`` says that it holds in a minor clone of the tumour. ``same_residue`` names the substitutions of the
    row where the patient has another at their codon, so that it counts as an extrapolation; it is "" otherwise.
    ``binding_mode`` is how the drug binds, where the row is another drug's on what defeats that.
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
    same_residue: str = ""
    binding_mode: str = ""
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
    """What is concluded for one drug.

    ``decided_by`` names the rule of the policy that spoke, or the level. ``level`` is None where the verdict
    rests on none. ``approval`` says on what it rests that the drug is used, or which approval was withdrawn.
    """

    drug: str
    drug_classes: tuple[str, ...]
    relevant: bool
    verdict: VerdictName
    decided_by: str
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
    approval: str = ""


class DrugWithoutRules(ResultModel):
    """A drug that is used in the tumour type and of which the rule set has no table.

    ``approval`` says by whom it is approved and since when, ``needs`` the biomarkers of which one suffices.
    """

    drug: str
    approval: str
    needs: tuple[str, ...] = ()


class MeasuredInfo(MeasuredComparison):
    """A measured response to a drug beside what is predicted; ``agreement`` says whether both point the same way.

    They are not compared where the laboratory made no call and gave no cutoff, or nothing is predicted.
    """

    assay: Assay
    verdict: VerdictName | None
