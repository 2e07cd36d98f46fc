"""A drug's table as ``resistab show`` shows it: what holds of the drug, and its rows, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ShownRow:
    """One row: its condition, where it holds and what it does, as short texts.

    ``gene`` and ``residue`` are the first that the condition names, "" and None where it names none. ``evidence`` is
    the best level of what supports it, ``references`` how many there are. ``of`` is the class of drugs whose row it is.
    """

    id: str
    condition: str
    effect: str
    status: str = "active"
    gene: str = ""
    residue: int | None = None
    tumour_types: tuple[str, ...] = ()
    evidence: str = ""
    references: int = 0
    of: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A drug with its table: ``file`` from the rule set's folder on, None where the domain does not say it.

    ``about`` is what holds of the drug as a whole: a label and a text each. ``files`` are those of the classes whose
    rows hold for the drug too, by class.
    """

    drug: str
    classes: tuple[str, ...]
    file: str | None
    about: tuple[tuple[str, str], ...]
    rows: tuple[ShownRow, ...]
    files: tuple[tuple[str, str], ...] = ()


def in_order(rows: Iterable[ShownRow]) -> tuple[ShownRow, ...]:
    """By gene, then by residue; rows of a gene without a residue after the others, those without a gene last."""
    return tuple(
        sorted(rows, key=lambda row: (not row.gene, row.gene, row.residue is None, row.residue or 0, bool(row.of)))
    )
