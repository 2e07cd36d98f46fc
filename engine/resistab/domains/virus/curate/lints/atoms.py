"""How the atoms of a virus's rules are related.

At a position a set of residues was found. An atom holds where the set meets the residues that it names; one that
excludes residues holds where the set meets all others. Two different residues may stand in a mixture, so no residue
rules another out.
"""

from __future__ import annotations

from collections.abc import Iterable

from resistab.core.condition import Atom
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import ALPHABET


def residues_of(atom: ResidueAtom) -> frozenset[str]:
    """The residues any of which makes ``atom`` hold."""
    named = frozenset(atom.residues)
    return frozenset(ALPHABET) - named if atom.inverted else named


class ResidueAtoms:
    """The relations between residue atoms of one gene."""

    def neighbourhoods(self, atom: Atom) -> Iterable[object]:
        """The position that ``atom`` speaks of."""
        return (atom.position,) if isinstance(atom, ResidueAtom) else ()

    def implies(self, one: Atom, other: Atom) -> bool:
        """Whether ``other`` is certain wherever ``one`` is."""
        return (
            isinstance(one, ResidueAtom)
            and isinstance(other, ResidueAtom)
            and one.position == other.position
            and residues_of(one) <= residues_of(other)
        )

    def ruled_out_with(self, one: Atom, other: Atom) -> bool:
        """Whether ``one`` is false wherever ``other`` is: the residues it asks for are among the other's."""
        return self.implies(one, other)

    def refutes(self, one: Atom, other: Atom) -> bool:
        """Never: a mixture may hold any two residues."""
        return False

    def clash(self, one: Atom, other: Atom) -> bool:
        """Never: a mixture may hold any two residues."""
        return False
