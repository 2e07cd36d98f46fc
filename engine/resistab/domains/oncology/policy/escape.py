"""Escape sets and genetic barrier: what would have to come to be for no drug of a regimen to be active."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resistab.core.escape import Escapes


class EscapeSearch:
    """Finds the escape sets of drugs and regimens by one rule set; make it once, ask it of many patients.

    Construction raises ``ExtraMissingError`` where clingo is not installed.
    """

    def __init__(self, interpreter: Any, limit: int = 5) -> None:
        self.interpreter, self.limit = interpreter, limit

    def escapes(self, genotype: Any, drugs: Sequence[str], seconds: float = 10.0) -> Escapes:
        """The smallest escape sets of ``drugs`` given together, at most ``limit`` of them shown."""
        return self.escapes_of_all(genotype, [drugs], seconds)[0]

    def escapes_of_all(self, genotype: Any, regimens: Sequence[Sequence[str]], seconds: float = 10.0) -> list[Escapes]:
        """The smallest escape sets of each of ``regimens``, within so many seconds for all of them."""
        raise NotImplementedError
