"""Measured responses to drugs, which are set beside what is concluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

from resistab.core.model import ConfigDict, Model
from resistab.core.numbers import Number
from resistab.core.said import said, terms

Measure = Literal["fold change", "IC50 ratio", "viability"]
Response = Literal["resistant", "intermediate", "sensitive"]
WORDS = terms(
    "fold change",
    "IC50 ratio",
    "viability",
    "resistant",
    "intermediate",
    "sensitive",
    "agrees",
    "disagrees",
    "not compared",
)


class MeasuredResponse(Model):
    """How what was taken from the patient answered a drug in an assay.

    ``assay`` is one of those that the domain knows. ``value`` is larger the more resistant it is: a fold change or
    ratio of IC50 against a sensitive reference, or the share of what is viable, 0 to 1. ``call`` is the laboratory's,
    or follows from its cutoffs; None without either.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    drug: str
    assay: str
    measure: Measure | None = None
    value: Number | None = None
    resistant_from: Number | None = None
    sensitive_to: Number | None = None
    call: Response | None = None

    def with_call(self) -> MeasuredResponse:
        """The same with what follows from the cutoffs where the laboratory made no call itself."""
        if self.call is not None or self.value is None or self.resistant_from is None:
            return self
        sensitive_to = self.resistant_from if self.sensitive_to is None else self.sensitive_to
        call: Response = "intermediate"
        if self.value >= self.resistant_from:
            call = "resistant"
        elif self.value <= sensitive_to:
            call = "sensitive"
        return self.model_copy(update={"call": call})


Agreement = Literal["agrees", "disagrees", "not compared"]


def agreement(call: Response | None, predicts: Response | None, words: str | None) -> tuple[Agreement, str]:
    """Whether a measured response points the same way as the verdict on its drug, and why.

    ``predicts`` is the response that the verdict predicts, None where it predicts none; ``words`` say the verdict, None
    where there is none. An intermediate prediction stands on the side of resistance; an intermediate response agrees
    with it alone.
    """
    if call is None:
        return "not compared", said("no cutoff of the assay and no call of the laboratory is given")
    if words is None:
        return "not compared", said("the rule set has no table for this drug")
    predicted = words.lower()
    if predicts is None:
        return "not compared", said("nothing is predicted: {state}", state=predicted)
    if call == "intermediate":
        agrees = predicts == "intermediate"
    else:
        agrees = (call == "resistant") == (predicts != "sensitive")
    return ("agrees" if agrees else "disagrees"), said("measured {what}, predicted {state}", what=call, state=predicted)


class MeasuredComparison(Model):
    """A measured response to a drug beside what is predicted; ``agreement`` says whether both point the same way.

    They are not compared where the laboratory made no call and gave no cutoff, or nothing is predicted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    drug: str
    assay: str
    measure: Measure | None
    value: float | None
    resistant_from: float | None
    sensitive_to: float | None
    call: Response | None
    verdict: str | None
    agreement: Agreement
    reason: str


_Comparison = TypeVar("_Comparison", bound=MeasuredComparison)


def compared(
    model: type[_Comparison],
    responses: Iterable[MeasuredResponse],
    *,
    verdicts: Mapping[str, str],
    predicts: Mapping[str, Response | None],
    words: Mapping[str, str],
) -> tuple[_Comparison, ...]:
    """Each response with the verdict on its drug, and whether they agree.

    ``verdicts`` are those by drug; ``predicts`` and ``words`` say of each verdict what it predicts and its name.
    """
    found = []
    for response in responses:
        verdict = verdicts.get(response.drug)
        if verdict is None:
            agrees, reason = agreement(response.call, None, None)
        else:
            agrees, reason = agreement(response.call, predicts[verdict], words[verdict])
        told = response.model_dump() | {"verdict": verdict, "agreement": agrees, "reason": reason}
        found.append(model.model_validate(told))
    return tuple(found)
