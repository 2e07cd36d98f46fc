"""Proposals and their files as tests hand them on."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from resistab.curation.proposal_text import proposals_text
from resistab.rulesets.proposals import FORMAT, Proposal, ProposalFile

ON = datetime.date(2026, 11, 30)


def proposal(
    drug: str, when: str, estimate: float = 12.4, row: str | None = None, expert: float | None = None
) -> Proposal:
    """A proposal with numbers that are made up."""
    return Proposal(
        drug=drug, kind="add row" if row is None else "row without support", when=when, row=row, expert=expert,
        learned=3, estimate=estimate, low=estimate - 3, high=estimate + 3, q=8e-05, samples=20, patients=17,
        measure="fold change", median=4.5, median_rest=1.25, says=f"{when} in {drug}: made up",
    )  # fmt: skip


def proposal_file(rulebase: Any, *proposals: Proposal, **changed: Any) -> ProposalFile:
    """The file of proposals for a rule set as it stands."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "ruleset": rulebase.manifest.ruleset,
        "version": rulebase.manifest.version,
        "digest": rulebase.digest,
        "files": ("made_up.csv",),
        "date": ON,
        "proposals": proposals,
    }
    return ProposalFile(**(fields | changed))


def written(path: Path, file: ProposalFile) -> Path:
    """The file as ``learn --propose`` writes it."""
    path.write_text(proposals_text(file), encoding="utf-8")
    return path
