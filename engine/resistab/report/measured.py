"""Measured responses beside the predicted ones, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resistab.report.language import concluded_words, figures, gettext
from resistab.report.words import drug_words

if TYPE_CHECKING:
    from rich.console import Console

    from resistab.core.measured import MeasuredComparison


def measured_words(measured: MeasuredComparison) -> str:
    """What was measured: "fold change 12 (resistant from 5), organoid"."""
    parts = []
    if measured.measure is not None and measured.value is not None:
        bounds = []
        if measured.resistant_from is not None:
            bounds.append(gettext("resistant from {cutoff}", cutoff=figures(f"{measured.resistant_from:g}")))
        if measured.sensitive_to is not None:
            bounds.append(gettext("sensitive to {cutoff}", cutoff=figures(f"{measured.sensitive_to:g}")))
        value = f"{concluded_words(measured.measure)} {figures(f'{measured.value:g}')}"
        parts.append(value + (f" ({', '.join(bounds)})" if bounds else ""))
    return ", ".join([*parts, concluded_words(measured.assay)])


def print_measured(console: Console, comparisons: Sequence[MeasuredComparison]) -> None:
    """Print what was measured and whether it agrees; nothing where nothing was."""
    if not comparisons:
        return
    from resistab.report.console import grid, plain

    console.print()
    table = grid("Measured beside predicted", "Drug", "Measured", "Comparison")
    for measured in comparisons:
        style = "bold red" if measured.agreement == "disagrees" else ""
        drug, what = plain(drug_words(measured.drug), "bold"), plain(measured_words(measured))
        table.add_row(drug, what, plain(f"{measured.agreement}: {measured.reason}", style))
    console.print(table)
