"""Measured responses to drugs beside what is predicted."""

from __future__ import annotations

from typing import Literal, cast

from resistab.core.measured import MeasuredResponse
from resistab.domains.oncology.genotype import Assay, Genotype
from resistab.domains.oncology.policy.models import Verdict, VerdictName
from resistab.domains.oncology.report import VERDICTS
from resistab.domains.oncology.report.model import MeasuredInfo

_RESISTANT: frozenset[VerdictName] = frozenset({"resistant", "possible_resistance"})
_SENSITIVE: frozenset[VerdictName] = frozenset({"sensitive", "no_resistance_found"})


def compared(genotype: Genotype, verdicts: tuple[Verdict, ...]) -> tuple[MeasuredInfo, ...]:
    """Each measured response with the verdict on its drug, and whether they agree.

    *Possible resistance* stands on the side of resistance; an intermediate response agrees with it alone.
    """
    by_drug = {verdict.drug: verdict.verdict for verdict in verdicts}
    return tuple(_compared(response, by_drug.get(response.drug)) for response in genotype.measured)


def _compared(response: MeasuredResponse, verdict: VerdictName | None) -> MeasuredInfo:
    agreement, reason = _agreement(response, verdict)
    return MeasuredInfo(
        drug=response.drug,
        assay=cast(Assay, response.assay),
        measure=response.measure,
        value=response.value,
        resistant_from=response.resistant_from,
        sensitive_to=response.sensitive_to,
        call=response.call,
        verdict=verdict,
        agreement=agreement,
        reason=reason,
    )


def _agreement(
    response: MeasuredResponse, verdict: VerdictName | None
) -> tuple[Literal["agrees", "disagrees", "not compared"], str]:
    if response.call is None:
        return "not compared", "no cutoff of the assay and no call of the laboratory is given"
    if verdict is None:
        return "not compared", "the rule set has no table for this drug"
    predicted = VERDICTS.words[verdict].lower()
    if verdict not in _RESISTANT | _SENSITIVE:
        return "not compared", f"nothing is predicted: {predicted}"
    if response.call == "intermediate":
        agrees = verdict == "possible_resistance"
    else:
        agrees = (response.call == "resistant") == (verdict in _RESISTANT)
    return ("agrees" if agrees else "disagrees"), f"measured {response.call}, predicted {predicted}"
