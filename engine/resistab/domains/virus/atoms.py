"""What a condition on a virus can ask for: residues at a position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from resistab.core.condition import Atom
from resistab.domains.virus.grammar.residues import residues_text


class ResidueAtom(Atom):
    """At a position of a viral protein one of ``residues`` was found, or, if ``inverted``, any other than these.

    ``residues`` are single characters in order, see ``residues``: amino acids, ``*`` a stop, ``i`` an insertion,
    ``d`` a deletion. ``gene`` is "" in a table, which names its gene once.
    """

    kind: Literal["residue"] = "residue"
    gene: str = ""
    position: int
    residues: tuple[str, ...]
    inverted: bool = False

    @property
    def text(self) -> str:
        gene = f"{self.gene} " if self.gene else ""
        return f"{gene}{self.position}{' other than ' if self.inverted else ''}{residues_text(self.residues)}"

    def holds_by(self, found: Iterable[str]) -> bool:
        """Whether it holds where these residues were found at its position."""
        return any((residue in self.residues) is not self.inverted for residue in found)

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,) if self.gene else ()

    @property
    def network_place(self) -> tuple[str, str]:
        return self.gene, str(self.position)
