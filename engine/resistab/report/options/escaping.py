"""From a pack's search for escapes to what the judge of regimens asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from resistab.core.escape import Escapes, require_solver
from resistab.core.faults import ExtraMissingError
from resistab.core.said import said
from resistab.report.options.history import escapes_with_history
from resistab.report.options.patient import OptionsAsked

# So many of the smallest sets of a regimen are shown.
SETS = 5


class Search(Protocol):
    """A pack's search."""

    def escapes_of_all(
        self, genotype: Any, regimens: Sequence[Sequence[str]], seconds: float = 10.0
    ) -> Sequence[Escapes]:
        """What defeats each regimen."""
        ...


def escape_search(
    search: Callable[[], Search], genotypes: Sequence[Any], asked: OptionsAsked
) -> tuple[Callable[[Sequence[tuple[str, ...]]], Sequence[Escapes | None]] | None, tuple[str, ...]]:
    """What finds the escapes of regimens in one patient, None where none are sought; and the reason in words.

    ``genotypes`` are the patient's one, or that of the present sample and the cumulative one.
    """
    if not asked.barriers:
        return None, (said("Genetic barriers and the watch list were not computed: they were not asked for."),)
    try:
        require_solver()
    except ExtraMissingError as error:
        return None, (said("Genetic barriers and the watch list were not computed: {quoted}.", quoted=error),)

    def found(regimens: Sequence[tuple[str, ...]]) -> Sequence[Escapes]:
        of, seconds = search(), asked.seconds / len(genotypes)
        each = [of.escapes_of_all(genotype, regimens, seconds) for genotype in genotypes]
        return each[0] if len(each) == 1 else escapes_with_history(*each)

    return found, ()
