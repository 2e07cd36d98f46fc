"""What was learned, for a person in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from resistab.curation.proposal_text import diff_lines
from resistab.report.words import capital, counted

if TYPE_CHECKING:
    from resistab.curation.learning.model import Learned, LearnedDrug


def learned_lines(learned: Learned, folder: str | None) -> Iterator[str]:
    """What was learned, and where the draft is, where one was written."""
    for drug in learned.drugs:
        yield from _drug_lines(drug)
        yield ""
    if learned.proposals is not None:
        for tested in learned.tested:
            own = [one for one in learned.proposals if one.drug == tested.drug]
            yield (
                f"{tested.drug}: {counted(len(own), 'change')} of the expert table proposed, of "
                f"{counted(tested.candidates, 'candidate')} and {counted(tested.rows, 'row')} that were tested"
            )
            yield from (f"  {line}" for line in diff_lines(own))
        yield ""
    for line in learned.set_aside:
        yield f"set aside: {line}"
    if folder is None:
        return
    rows = sum(len(drug.table.rows) for drug in learned.drugs)
    yield (
        f"{folder}: a draft with {counted(rows, 'row')} of {counted(len(learned.drugs), 'drug')}, and report.html; "
        "nothing uses it unless it is asked to"
    )


def _drug_lines(drug: LearnedDrug) -> Iterator[str]:
    table = drug.table
    yield (
        f"{table.drug}: {table.samples:,} samples of {table.patients:,} patients, {table.resistant:,} called "
        f"resistant; {counted(len(table.rows), 'row')}{f', {drug.pairs} of them pairs' if drug.pairs else ''}"
    )
    yield (
        f"  patients held back in {table.folds} folds: R² {table.r2:.3f}, AUC {table.auc:.3f}, "
        f"accuracy {table.accuracy:.3f} at {table.measure} {table.resistant_from:g}"
    )
    if drug.expert:
        expert = drug.expert
        yield (
            f"  the expert table ({expert.ruleset} {expert.version}) on {expert.samples:,} of them: "
            f"AUC {expert.auc:.3f}, accuracy {expert.accuracy:.3f}"
        )
    yield from (f"  {capital(note)}." for note in table.notes)
