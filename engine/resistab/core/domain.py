"""What every domain has in common: an interpreter, from what is given to a genotype and from that to a report."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resistab.core.condition import Atom
    from resistab.core.program import Program
    from resistab.core.result import Values
    from resistab.core.truth import Observation
    from resistab.core.verification import Verifier


class Interpreter(ABC):
    """One rule set, compiled once, applied to patients.

    Genotypes and reports are models of the domain. Interpretation raises ``DisagreementError`` where the two evaluators
    differ, and ``ReteError`` where the forward-chaining engine fails or its bounds are passed. Where there is a
    ``verifier``, whatever they agree in is verified by it too, which raises ``VerificationError``.
    """

    rulebase: Any
    verifier: Verifier | None = None

    @abstractmethod
    def genotype(self, *args: Any, **kwargs: Any) -> Any:
        """A genotype from texts as people write them; raises ``InputError`` with every fault."""

    def verified(self, program: Program, observed: Mapping[Atom, Observation], values: Values) -> Values:
        """``values``, which the two evaluators found of a whole program; raises ``VerificationError``."""
        if self.verifier is not None:
            self.verifier.verify(program, observed, values)
        return values

    @abstractmethod
    def infer(self, genotype: Any) -> Any:
        """Everything that both evaluators derive."""

    @abstractmethod
    def interpret(self, genotype: Any, on: datetime.date | None = None) -> Any:
        """The report for one genotype; ``on`` is the date it is to bear."""
