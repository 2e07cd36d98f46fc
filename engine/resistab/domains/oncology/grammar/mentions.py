"""What a condition speaks of: the atoms that speak for it, and the genes and signatures that these name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resistab.domains.oncology.atoms import (
    AllOf,
    AnyOf,
    Atom,
    ChangeAtom,
    Condition,
    CountOf,
    FusionAtom,
    LossAtom,
    NamedSetAtom,
    Not,
    PhaseAtom,
    SiteAtom,
    StateAtom,
    WildTypeAtom,
    atoms,
)


@dataclass(frozen=True)
class Mention:
    """An atom that must or may hold where the condition does; ``combined``: it does not do so alone."""

    atom: Atom
    combined: bool


def mentions(condition: Condition, combined: bool = False) -> Iterator[Mention]:
    """The atoms of ``condition`` that speak for it, left to right: those that it denies are left out."""
    match condition:
        case Not():
            return
        case AllOf(of=parts):
            for part in parts:
                yield from mentions(part, combined or len(parts) > 1)
        case AnyOf(of=parts):
            for part in parts:
                yield from mentions(part, combined)
        case CountOf(at_least=least, of=parts):
            if least:
                for part in parts:
                    yield from mentions(part, combined or least > 1)
        case PhaseAtom(first=first, second=second):
            yield Mention(condition, combined)
            yield Mention(first, True)
            yield Mention(second, True)
        case _:
            yield Mention(condition, combined)


def every_atom(condition: Condition) -> Iterator[Atom]:
    """Every atom of ``condition``, denied ones too, and the two changes of which a phase is stated."""
    for atom in atoms(condition):
        yield atom
        if isinstance(atom, PhaseAtom):
            yield from (atom.first, atom.second)


def subjects(atom: Atom) -> tuple[str, ...]:
    """The genes or signatures that an atom speaks of."""
    match atom:
        case ChangeAtom() | SiteAtom() | NamedSetAtom() | WildTypeAtom() | LossAtom():
            return (atom.gene,)
        case StateAtom():
            return (atom.subject,)
        case FusionAtom():
            return atom.genes
        case PhaseAtom():
            return (atom.first.gene,)
    return ()


def condition_subjects(condition: Condition) -> tuple[str, ...]:
    """The genes and signatures of every atom, denied ones too, each once."""
    return tuple(dict.fromkeys(subject for atom in atoms(condition) for subject in subjects(atom)))
