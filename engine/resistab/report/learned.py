"""What learned tables predict of a patient, beside the expert verdict: the models, their words, the terminal.

A prediction is never a verdict: it stands beside one, and where the two disagree both are shown with what they rest on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from resistab.core.measured import Agreement, Response
from resistab.core.model import ConfigDict, Model
from resistab.core.said import said
from resistab.report.language import concluded, concluded_words, figures, gettext, gettext_noop
from resistab.report.words import drug_words

if TYPE_CHECKING:
    from rich.console import Console

TITLE = gettext_noop("Predicted by learned tables, beside the verdicts")
ABOUT = gettext_noop(
    "Learned from measurements alone and read by no curator: a prediction is no verdict. Intervals hold 95% of samples "
    "that were held back."
)


def title() -> str:
    """What stands over the predictions."""
    return gettext(TITLE)


def about() -> str:
    """What must be known of the predictions."""
    return gettext(ABOUT)


class LearnedModel(Model):
    """Base: frozen, and refusing fields that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class LearnedPart(LearnedModel):
    """What one place of the genotype scores in the learned table and in the expert one.

    ``when`` is what the rows ask for. Both scores are on the scale of the rule set.
    """

    when: str
    learned: float
    expert: float


class LearnedPrediction(LearnedModel):
    """What a learned table predicts for one drug.

    ``predicted`` with ``low`` and ``high`` is in the unit of ``measure``, ``resistant_from`` the clinical cutoff;
    ``call`` is on which side of it the prediction falls. All but the cutoff are None where nothing is predicted, for
    ``not_predicted``. ``verdict`` is the expert rule set's, ``behind`` what carries a disagreement, the largest
    difference first. ``samples`` and ``patients`` are those that the table was learned from.
    """

    drug: str
    measure: str
    resistant_from: float
    predicted: float | None
    low: float | None
    high: float | None
    score: float | None
    call: Literal["resistant", "sensitive"] | None
    not_predicted: str
    verdict: str
    verdict_words: str
    agreement: Agreement
    reason: str
    behind: tuple[LearnedPart, ...]
    parts: tuple[LearnedPart, ...]
    samples: int
    patients: int
    r2: float


def prediction_words(prediction: LearnedPrediction) -> str:
    """What is predicted: "fold change 12 (3.1 to 46), resistant from 3"; or why nothing is."""
    if prediction.predicted is None:
        return gettext("not predicted: {reason}", reason=concluded(prediction.not_predicted))
    return gettext(
        "{measure} {value} ({low} to {high}), resistant from {cutoff}",
        measure=concluded_words(prediction.measure),
        value=figures(f"{prediction.predicted:.3g}"),
        low=figures(f"{prediction.low:.3g}"),
        high=figures(f"{prediction.high:.3g}"),
        cutoff=figures(f"{prediction.resistant_from:g}"),
    )


def part_words(part: LearnedPart) -> str:
    """One place in both tables: "103N (learned 37, expert 60)"."""
    return gettext(
        "{when} (learned {learned}, expert {expert})",
        when=part.when,
        learned=figures(f"{part.learned:g}"),
        expert=figures(f"{part.expert:g}"),
    )


def comparison_words(prediction: LearnedPrediction) -> str:
    """Whether prediction and verdict agree, and what carries a disagreement."""
    words = f"{prediction.agreement}: {prediction.reason}"
    if prediction.behind:
        words += f"; carried by {', '.join(map(part_words, prediction.behind))}"
    return words


def agreement_of(
    call: Literal["resistant", "sensitive"] | None, predicts: Response | None, words: str
) -> tuple[Agreement, str]:
    """Whether a prediction falls on the side of the verdict: anything but a full response is the side of resistance."""
    if call is None:
        return "not compared", said("nothing is predicted")
    if predicts is None:
        return "not compared", said("the verdict says nothing of the response: {state}", state=words.lower())
    agrees = (call == "resistant") == (predicts != "sensitive")
    reason = said("predicted {what}, verdict {state}", what=call, state=words.lower())
    return ("agrees" if agrees else "disagrees"), reason


def print_learned(console: Console, predictions: Sequence[LearnedPrediction]) -> None:
    """Print the predictions beside the verdicts; nothing where no table was asked for."""
    if not predictions:
        return
    from resistab.report.console import grid, plain, say

    say(console, TITLE, "bold")
    say(console, ABOUT, "dim")
    table = grid("", "Drug", "Predicted", "Verdict", "Comparison")
    for prediction in predictions:
        style = "bold red" if prediction.agreement == "disagrees" else ""
        table.add_row(
            plain(drug_words(prediction.drug), "bold"),
            plain(prediction_words(prediction)),
            plain(prediction.verdict_words),
            plain(comparison_words(prediction), style),
        )
    console.print(table)
