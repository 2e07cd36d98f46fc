"""What every domain has in common: an interpreter, from what is given to a genotype and from that to a report."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any


class Interpreter(ABC):
    """One rule set, compiled once, applied to patients.

    Genotypes and reports are models of the domain. Interpretation raises ``DisagreementError`` where the two evaluators
    differ, and ``ReteError`` where the forward-chaining engine fails or its bounds are passed.
    """

    rulebase: Any

    @abstractmethod
    def genotype(self, *args: Any, **kwargs: Any) -> Any:
        """A genotype from texts as people write them; raises ``InputError`` with every fault."""

    @abstractmethod
    def infer(self, genotype: Any) -> Any:
        """Everything that both evaluators derive."""

    @abstractmethod
    def interpret(self, genotype: Any, on: datetime.date | None = None) -> Any:
        """The report for one genotype; ``on`` is the date it is to bear."""
