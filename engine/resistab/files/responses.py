"""Measured responses to drugs in the rows of a table."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from resistab.core.faults import Fault, FaultAt, InputError, fault_in, nearest
from resistab.core.measured import Measure, MeasuredResponse, Response
from resistab.core.records import dataclass

if TYPE_CHECKING:
    from resistab.files.tables import TextRow

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


@dataclass(frozen=True)
class Responses:
    """The responses of a table by the sample's name; where it names none they are of each sample, under ""."""

    where: str
    by_sample: Mapping[str, Sequence[GivenResponse]]

    def of(self, sample: str) -> list[GivenResponse]:
        """Those of one sample."""
        return [*self.by_sample.get(sample, ()), *self.by_sample.get("", ())]

    def of_strangers(self, samples: Container[str]) -> Iterator[Fault]:
        """A fault for each sample that the table names and that is none of ``samples``."""
        for name in sorted(name for name in self.by_sample if name and name not in samples):
            message = f"there is no sample '{name}'"
            yield Fault(where=self.where, message=message, expected="the name of a sample given")


NO_RESPONSES = Responses("", {})


def responses_said(measured: Iterable[MeasuredResponse]) -> Responses:
    """Responses that are no table's: they are of each sample."""
    place = fault_in("measured")
    return Responses("measured", {"": [GivenResponse(item.with_call(), place) for item in measured]})


def in_order(measured: Iterable[MeasuredResponse]) -> tuple[MeasuredResponse, ...]:
    """``measured`` in the order in which reports have them: by drug, then by assay."""
    return tuple(sorted(measured, key=lambda item: (item.drug, item.assay, item.model_dump_json())))


def read_responses(path: Path, assays: tuple[str, ...]) -> Responses:
    """The responses of a table with ``RESPONSE_COLUMNS``, and ``sample`` if it is of several.

    Raises ``InputError`` with every fault.
    """
    # Imported here: few patients come with responses.
    from resistab.files.tables import MOST_FAULTS, read_table, require

    table = read_table(path)
    require(table, "drug", "assay")
    known = ("sample", *RESPONSE_COLUMNS)
    faults = [
        Fault(
            where=table.where,
            line=table.line,
            message=f"unknown column '{name}'",
            expected="one of " + ", ".join(known),
            suggestion=nearest(name, known),
        )
        for name in table.columns
        if name and name not in known
    ]
    by_sample: dict[str, list[GivenResponse]] = {}
    try:
        for row in table.rows:
            try:
                by_sample.setdefault(row["sample"], []).append(response_of(row, assays))
            except InputError as error:
                faults.extend(error.faults)
    except InputError as error:
        faults.extend(error.faults)
    if not by_sample and not faults:
        message = "holds column names and no response"
        faults.append(Fault(where=table.where, line=table.line, message=message, expected="a row for each response"))
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    return Responses(table.where, by_sample)


def response_of(row: TextRow, assays: tuple[str, ...]) -> GivenResponse:
    """The measured response that a row gives, by one of ``assays``; raises ``InputError``."""
    from resistab.files.tables import number_of

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
