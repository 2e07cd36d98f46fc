"""What is wrong with an input, said once per fault and all faults together.

A ``Fault`` names where it is, what was found, what was expected and, where one exists, a suggestion. A fault of a
rulebase has a code too, which ``resistab.rulesets.fault_codes`` explains.
Code that reads collects faults and raises one ``FaultsError`` at the end, so that a user mends everything in
one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from resistab.core.model import ConfigDict, Model, field_validator
from resistab.core.nearest import nearest
from resistab.core.printable import printable, shortened

__all__ = [
    "CodedError",
    "Fault",
    "FaultAt",
    "FaultsError",
    "InputError",
    "NotUnderstood",
    "OptionsError",
    "RulebaseError",
    "fault_in",
    "nearest",
    "shortened",
]

# A message longer than a screen quotes something that nobody reads.
_LONGEST = 4000
_LONGEST_QUOTE = 1000


_LONG_QUOTE = re.compile(r"'[^']{1000,}'")


def _said(text: Any) -> Any:
    """Text that may quote an input: printable, and no longer than is read."""
    if not isinstance(text, str):
        return text
    if len(text) > _LONGEST_QUOTE:
        text = _LONG_QUOTE.sub(lambda quote: f"'{shortened(quote[0][1:-1], 200)}'", text)
    return shortened(printable(shortened(text, _LONGEST)), _LONGEST)


class Fault(Model):
    """One fault of an input; ``line`` and ``column`` count from 1 and are absent where they mean nothing.

    ``code`` names the kind of fault (``RT110``); it is empty where the input is no rulebase.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    where: str
    message: str
    line: int | None = None
    column: int | None = None
    expected: str | None = None
    suggestion: str | None = None
    code: str = ""

    @field_validator("where", "message", "expected", "suggestion", mode="before")
    @classmethod
    def _readable(cls, text: Any) -> Any:
        return _said(text)

    def __str__(self) -> str:
        place = self.where
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        parts = [f"{place}: {self.message}" if place else self.message]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.suggestion:
            parts.append(f"did you mean {self.suggestion}?")
        return "; ".join(parts)


FaultAt = Callable[[str, str | None, str | None], Fault]
"""From a message, what was expected and what is suggested to a fault in its place."""


def fault_in(where: str, line: int | None = None) -> FaultAt:
    """Places a fault in a line of a file, or in what an option of the command line says."""
    return lambda message, expected, suggestion: Fault(
        where=where, line=line, message=message, expected=expected, suggestion=suggestion
    )


class NotUnderstood(Model):
    """An entry that was set aside, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    entry: str
    reason: str

    @field_validator("entry", "reason", mode="before")
    @classmethod
    def _readable(cls, text: Any) -> Any:
        return _said(text)


class FaultsError(Exception):
    """Raised with every fault found in an input; never with none."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("a FaultsError needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def as_data(self) -> list[dict[str, Any]]:
        """Every fault as plain data, as JSON has it: place, message, what was expected and suggested, code."""
        return [fault.model_dump(mode="json") for fault in self.faults]


class RulebaseError(FaultsError):
    """The rulebase is not well-formed."""


class InputError(FaultsError):
    """The patient's data cannot be understood as given."""


class OptionsError(InputError):
    """What is said of a patient does not go together, or says nothing: the options are wrong, whatever the data."""

    def __init__(self, message: str) -> None:
        super().__init__([Fault(where="", message=message)])


class ExtraMissingError(RuntimeError):
    """What was asked for needs a package that is not installed."""


class CodedError(ValueError):
    """A value that a model refuses, with the code of the fault."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)
