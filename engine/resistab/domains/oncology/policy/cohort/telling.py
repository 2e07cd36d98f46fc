"""What is to be said of a drug in a tumour among many: what a table says, unless more is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.reads import NotedInferred
from resistab.domains.oncology.policy.verdicts import Summary, summary_of

NOT_SHOWN = Summary("", None, False, "", (), shown=False)


@dataclass(frozen=True)
class ToldOf:
    """What is said of a drug: of a table its line, for a report ``more``.

    ``fired`` are the rows with each finding on which they did, ``citations`` the references behind it. In the texts of
    ``sorted`` findings stand in the order of their texts.
    """

    summary: Summary
    more: str = ""
    fired: tuple[tuple[str, str], ...] = ()
    citations: tuple[str, ...] = ()
    sorted: tuple[str, ...] = ()


class CohortTelling:
    """What a table says of a drug.

    With ``derived`` contributions have their derivation. ``further`` are names under which something is said besides.
    """

    derived = False
    # So much that was said is remembered in all.
    most = 400_000
    further: tuple[str, ...] = ()

    def __init__(self, prepared: PreparedRules) -> None:
        self.prepared = prepared

    def of_drug(self, drug: Judged) -> ToldOf:
        """What is said of a drug; nothing where nobody gives it in such tumours and no row fired."""
        return ToldOf(summary_of(drug) if drug.is_used or drug.contributions else NOT_SHOWN)

    def of_further(self, name: str, inferred: NotedInferred) -> ToldOf:
        """What is said under one of the names of ``further``."""
        raise KeyError(name)
