"""Which of the residues that rules name were verified against the sequence of the protein."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from resistab.core.condition import Atom, ConclusionAtom, atoms
from resistab.domains.oncology.atoms import (
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    QualifiedAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
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
    known = tumour_atom(atom)
    match known:
        case PhaseAtom():
            yield from _places(known.first)
            yield from _places(known.second)
        case QualifiedAtom():
            yield from _places(known.alteration)
        case ChangeAtom():
            yield known.gene, known.change.start, known.change.start_residue
            if known.change.end != known.change.start:
                yield known.gene, known.change.end, known.change.end_residue
        case SiteAtom():
            if known.first is not None and known.last is not None:
                yield known.gene, known.first, known.reference
                if known.last != known.first:
                    yield known.gene, known.last, ""
        case NamedSetAtom() | WildTypeAtom() | LossAtom() | StateAtom() | FusionAtom():
            return
        case HistologyAtom() | PriorTherapyAtom() | TumourTypeAtom() | ConclusionAtom():
            return
        case _:
            assert_never(known)
