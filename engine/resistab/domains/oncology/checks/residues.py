"""Which of the residues that rules name were verified against the sequence of the protein."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from resistab.core.condition import Atom, atoms
from resistab.domains.oncology.atoms import ChangeAtom, PhaseAtom, SiteAtom
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.report.words import counted

Place = tuple[str, int, str]
"""A gene, a position of its protein from 1, and the residue that is named there; "" where only the position is."""


@dataclass(frozen=True)
class ResidueAccount:
    """How many places of a protein rules name, by gene: ``verified`` where its sequence is at hand, else ``listed``.

    A place is a position with the residue named there, each once. Loading a rule set refuses a residue that the
    sequence contradicts and a position beyond its end, so that what is named of a gene with a sequence is verified.
    """

    verified: Mapping[str, int]
    listed: Mapping[str, int]

    @property
    def text(self) -> str:
        """The account in words."""
        named = counted(sum(self.verified.values()), "residue")
        proteins = counted(len(self.verified), "protein")
        line = f"{named} that rules name verified against the sequences of {proteins}"
        if not self.listed:
            return line
        listed = ", ".join(f"{gene} {number}" for gene, number in self.listed.items())
        return f"{line}, {sum(self.listed.values()):,} not, for want of a sequence ({listed})"


def residue_account(rulebase: Rulebase) -> ResidueAccount:
    """The account of the residues that the rows, mechanism rules, sets and markers of a checked rule set name."""
    places = {place for condition in rulebase.live_conditions() for atom in atoms(condition) for place in _places(atom)}
    counted = Counter(gene for gene, _, _ in sorted(places))
    return ResidueAccount(
        verified={gene: number for gene, number in counted.items() if gene in rulebase.sequences},
        listed={gene: number for gene, number in counted.items() if gene not in rulebase.sequences},
    )


def _places(atom: Atom) -> Iterator[Place]:
    match atom:
        case PhaseAtom():
            yield from _places(atom.first)
            yield from _places(atom.second)
        case ChangeAtom():
            yield atom.gene, atom.change.start, atom.change.start_residue
            if atom.change.end != atom.change.start:
                yield atom.gene, atom.change.end, atom.change.end_residue
        case SiteAtom(first=int(first), last=int(last)):
            yield atom.gene, first, atom.reference
            if last != first:
                yield atom.gene, last, ""
