"""A validation as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.curation.validation.model import MeasuredValidation, OutcomeValidation
from resistab.curation.validation.plots import levels_plot, survival_plot
from resistab.curation.validation.words import chance, days, interval, share
from resistab.report.page import page_environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from resistab.report.words import Vocabulary

TEMPLATE = "validation.html.j2"


def render(found: MeasuredValidation | OutcomeValidation, vocabulary: Vocabulary) -> str:
    """``found`` as HTML that needs no other file, no script and no network; verdicts in their domain's words."""
    if isinstance(found, MeasuredValidation):
        plots = {drug.drug: levels_plot(drug) for drug in found.drugs}
        against = {drug.drug: levels_plot(drug, "against") for drug in found.against_drugs}
    else:
        shown = (*found.drugs, found.over_all)
        plots = {drug.drug: survival_plot(drug, vocabulary.tones) for drug in shown}
        against = {drug.drug: survival_plot(drug, vocabulary.tones, "against") for drug in found.against_drugs}
    return (
        _environment()
        .get_template(TEMPLATE)
        .render(
            found=found,
            plots=plots,
            against_plots=against,
            symbols=vocabulary.symbols,
            tones=vocabulary.tones,
        )
    )


@functools.cache
def _environment() -> Environment:
    environment = page_environment()
    environment.globals.update(chance=chance, days=days, interval=interval, share=share)
    return environment
