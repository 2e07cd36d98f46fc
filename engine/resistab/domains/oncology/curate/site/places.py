"""Where atoms stand in the drawing of a protein."""

from __future__ import annotations

from dataclasses import dataclass

from resistab.core.condition import Atom
from resistab.domains.oncology.atoms import ChangeAtom, SiteAtom


@dataclass(frozen=True)
class Drawn:
    """How an atom stands in a mutation table: residues, position and reference as printed, and its marks' texts."""

    first: int
    last: int
    label: str
    reference: str
    marks: tuple[str, ...]


def drawn(atom: Atom) -> Drawn | None:
    """How ``atom`` stands in a mutation table; None where it has no place on the protein."""
    if isinstance(atom, ChangeAtom):
        return _drawn_change(atom)
    if not isinstance(atom, SiteAtom) or atom.first is None or atom.last is None:
        return None
    words = {"any change": "any", "substitution": "any", "mutation": "any", "deletion": "del", "insertion": "ins"}
    mark = words.get(atom.type, atom.type)
    if atom.type == "mutation" and atom.exon is None and atom.first == atom.last:
        mark = "any"
    if atom.excluded:
        mark += f" but {'/'.join(sorted(atom.excluded))}"
    label = str(atom.first) if atom.first == atom.last else f"{atom.first}–{atom.last}"
    reference = f"exon {atom.exon}" if atom.exon is not None else atom.reference
    return Drawn(atom.first, atom.last, label, reference or "·", (mark,))


def _drawn_change(atom: ChangeAtom) -> Drawn:
    change = atom.change
    if atom.residues:
        return Drawn(change.start, change.end, str(change.start), change.start_residue, atom.residues)
    label, reference = str(change.start), change.start_residue
    if change.end != change.start:
        between = "_" if change.kind == "insertion" else "–"
        label = f"{change.start}{between}{change.end}"
        reference = f"{change.start_residue}{between}{change.end_residue}"
    written = {
        "substitution": change.inserted,
        "stop gained": "*",
        "deletion": "del",
        "duplication": "dup",
        "insertion": f"ins{change.inserted}",
        "delins": f"delins{change.inserted}",
        "frame shift": "fs",
        "start lost": "start lost",
        "stop lost": "ext",
    }
    return Drawn(change.start, change.end, label, reference, (written.get(change.kind, "="),))
