"""Measured responses to drugs in the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from resistab.core.faults import FaultAt, InputError
from resistab.core.measured import Measure, MeasuredResponse, Response
from resistab.files.tables import Row, number_of

# A row with a drug is a response.
RESPONSE_COLUMNS: dict[str, str] = {
    "drug": "the drug whose effect was measured",
    "assay": "what it was measured in",
    "measure": "fold change, IC50 ratio or viability (0 to 1)",
    "response": "the value",
    "resistant_from": "the value from which the assay calls resistance",
    "sensitive_to": "the value up to which it calls sensitivity",
    "call": "resistant, intermediate or sensitive, if the laboratory says so",
}


@dataclass(frozen=True)
class GivenResponse:
    """A measured response to a drug, by whatever name of the drug."""

    response: MeasuredResponse
    fault_at: FaultAt


def response_of(row: Row, assays: tuple[str, ...]) -> GivenResponse:
    """The measured response that a row gives, by one of ``assays``; raises ``InputError``."""

    def one_of(column: str, allowed: tuple[str, ...], needed: bool) -> str | None:
        text = row[column]
        found = next((word for word in allowed if word.casefold() == text.casefold()), None)
        if found is None and (text or needed):
            raise InputError([row.fault(f"'{text}' in column '{column}'", f"one of {', '.join(allowed)}")])
        return found

    value = number_of(row, "response", 0)
    fields = {
        "drug": row["drug"],
        "assay": one_of("assay", assays, needed=True),
        "measure": one_of("measure", get_args(Measure), needed=value is not None),
        "value": value,
        "resistant_from": number_of(row, "resistant_from", 0),
        "sensitive_to": number_of(row, "sensitive_to", 0),
        "call": one_of("call", get_args(Response), needed=False),
    }
    response = MeasuredResponse.model_validate(fields)
    if response.value is None and response.call is None:
        raise InputError([row.fault(f"no response to {row['drug']} is given", "a value in 'response', or a call")])
    return GivenResponse(response.with_call(), row.fault_at)
