"""What a comparison of a rule set's evidence with its sources comes to."""

from __future__ import annotations

from dataclasses import dataclass

from resistab.core.faults import Fault


@dataclass(frozen=True)
class EvidenceFindings:
    """What is wrong with the evidence of one rule set, and how much of it was compared.

    ``verified`` counts evidence items that are as their source has them, ``excepted`` those that a list of exceptions
    lets pass, ``references`` what is cited. ``lines`` say in words what else there is to say of it.
    """

    faults: tuple[Fault, ...]
    verified: int
    excepted: int
    references: int
    lines: tuple[str, ...] = ()
