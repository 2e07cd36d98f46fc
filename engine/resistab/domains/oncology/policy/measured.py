"""Measured responses to drugs beside what is predicted."""

from __future__ import annotations

from typing import cast

from resistab.core.measured import MeasuredResponse, agreement
from resistab.domains.oncology.genotype import Assay, Genotype
from resistab.domains.oncology.policy.models import MeasuredInfo, Verdict, VerdictName
from resistab.domains.oncology.policy.vocabulary import VERDICTS


def compared(genotype: Genotype, verdicts: tuple[Verdict, ...]) -> tuple[MeasuredInfo, ...]:
    """Each measured response with the verdict on its drug, and whether they agree."""
    by_drug = {verdict.drug: verdict.verdict for verdict in verdicts}
    return tuple(_compared(response, by_drug.get(response.drug)) for response in genotype.measured)


def _compared(response: MeasuredResponse, verdict: VerdictName | None) -> MeasuredInfo:
    if verdict is None:
        agrees, reason = agreement(response.call, None, None)
    else:
        said = VERDICTS.by_name[verdict]
        agrees, reason = agreement(response.call, said.predicts, said.words)
    return MeasuredInfo(
        drug=response.drug,
        assay=cast(Assay, response.assay),
        measure=response.measure,
        value=response.value,
        resistant_from=response.resistant_from,
        sensitive_to=response.sensitive_to,
        call=response.call,
        verdict=verdict,
        agreement=agrees,
        reason=reason,
    )
