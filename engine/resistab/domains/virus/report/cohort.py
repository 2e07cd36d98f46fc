"""A line of a cohort read back: what it has in common with a whole report."""

from __future__ import annotations

from resistab.core.model import ConfigDict, Model
from resistab.domains.virus.kinds.models import VerdictName
from resistab.report.cohort import CohortEntry
from resistab.report.model import NotUnderstoodInfo


class _Part(Model):
    """A part of a line: of what it says only that which a cohort counts is read."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class _Named(_Part):
    id: str


class _Verdict(_Part):
    drug: str
    gene: str
    verdict: VerdictName


class ViralLine(_Part):
    """A line that was written for one genotype."""

    format: int
    ruleset: _Named
    sample: _Named
    not_understood: tuple[NotUnderstoodInfo, ...]
    verdicts: tuple[_Verdict, ...]

    def entry(self) -> CohortEntry:
        """What a cohort counts of it."""
        return CohortEntry(
            sample=self.sample.id,
            group=self.ruleset.id,
            group_name=self.ruleset.id,
            verdicts={verdict.drug: verdict.verdict for verdict in self.verdicts},
            not_understood=[(item.entry, item.reason) for item in self.not_understood],
        )
