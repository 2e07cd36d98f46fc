"""The engine-neutral program that a rule set denotes: a finite, stratified set of clauses.

A clause says that a head (a conclusion, a row) holds where its condition holds. Conditions may negate only what
lies in lower strata. Each clause has a weight: a conclusion is as strong as the best of its clauses, and a clause
no stronger than its weakest part, so a chain never claims more than its weakest link.

Meaning: the least fixpoint, stratum by stratum, taken twice. The *certain* heads are those derived from what is
known to hold; the *possible* ones those derived when everything unknown is let hold. A head that is certain is
true, one that is not possible is false, all others are unknown. ``not x`` is certain where x is not possible, and
possible where x is not certain; it is as strong as the parts by which x fails, so that ``not not x`` is x.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from resistab.core.cached import cached_property
from resistab.core.condition import (
    Atom,
    ConclusionAtom,
    Condition,
    atoms,
    replace_atoms,
)
from resistab.core.cycles import dependencies, negative_cycles
from resistab.core.faults import Fault, RulebaseError
from resistab.core.model import ConfigDict, Model
from resistab.core.records import dataclass

# The weight of a definition, and of everything that is observed: it never weakens a chain.
FULL_WEIGHT = 1000.0


class Head(NamedTuple):
    """What a clause derives: its kind ("conclusion", or one of the domain's own), and its name among those."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Clause(Model):
    """``head`` holds where ``condition`` holds; ``id`` is the rule it comes from, ``unit`` its table or file."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kept: ClassVar[tuple[str, ...]] = ("rests_on_conclusions",)

    id: str
    unit: str
    head: Head
    condition: Condition
    weight: float

    @cached_property
    def rests_on_conclusions(self) -> bool:
        """Whether the condition asks for any conclusion."""
        return rests_on_conclusions(self.condition)


@dataclass(frozen=True)
class Readers:
    """Of one stratum: which heads the clauses derive that read an atom or a conclusion, and each head's clauses."""

    by_atom: dict[Atom, tuple[Head, ...]]
    by_conclusion: dict[str, tuple[Head, ...]]
    clauses: dict[Head, tuple[Clause, ...]]

    @classmethod
    def of(cls, stratum: Iterable[Clause]) -> Readers:
        """The readers of ``stratum``."""
        by_atom: dict[Atom, dict[Head, None]] = {}
        by_conclusion: dict[str, dict[Head, None]] = {}
        clauses: dict[Head, list[Clause]] = {}
        for clause in stratum:
            clauses.setdefault(clause.head, []).append(clause)
            for atom in atoms(clause.condition):
                if isinstance(atom, ConclusionAtom):
                    by_conclusion.setdefault(atom.id, {})[clause.head] = None
                else:
                    by_atom.setdefault(atom, {})[clause.head] = None
        return cls(
            {atom: tuple(heads) for atom, heads in by_atom.items()},
            {name: tuple(heads) for name, heads in by_conclusion.items()},
            {head: tuple(those) for head, those in clauses.items()},
        )

    def reached(self, stale: Iterable[Head], conclusions: Iterable[str]) -> dict[Head, None]:
        """Those of the heads that are of this stratum, and what rests on them or on conclusions of lower strata."""
        found: dict[Head, None] = {head: None for head in stale if head in self.clauses}
        for name in conclusions:
            found.update(dict.fromkeys(self.by_conclusion.get(name, ())))
        waiting = [head for head in found if head.kind == "conclusion"]
        while waiting:
            for head in self.by_conclusion.get(waiting.pop().name, ()):
                if head not in found:
                    found[head] = None
                    if head.kind == "conclusion":
                        waiting.append(head)
        return found


class Program(Model):
    """Clauses by stratum, lowest first."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kept: ClassVar[tuple[str, ...]] = ("heads", "observables")

    digest: str
    strata: tuple[tuple[Clause, ...], ...]

    @property
    def clauses(self) -> Iterator[Clause]:
        """Every clause, lowest stratum first."""
        for stratum in self.strata:
            yield from stratum

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """Everything that some clause derives, once."""
        return tuple(dict.fromkeys(clause.head for clause in self.clauses))

    @cached_property
    def observables(self) -> tuple[Atom, ...]:
        """Every atom that is observed rather than derived, once."""
        found = dict.fromkeys(atom for clause in self.clauses for atom in atoms(clause.condition))
        return tuple(atom for atom in found if not isinstance(atom, ConclusionAtom))

    def reading(self, changed: Iterable[Atom]) -> set[Head]:
        """The heads of the clauses that ask for any of these atoms."""
        return {head for atom in changed for of in self.readers for head in of.by_atom.get(atom, ())}

    @cached_property
    def readers(self) -> tuple[Readers, ...]:
        """What reads what, by stratum."""
        return tuple(Readers.of(stratum) for stratum in self.strata)


def sharing_atoms(strata: Iterable[tuple[Clause, ...]]) -> tuple[tuple[Clause, ...], ...]:
    """``strata`` with one object for all atoms that are equal: looking up an atom then compares no fields."""
    strata = tuple(strata)
    shared: dict[Atom, Condition] = {}
    for clause in itertools.chain.from_iterable(strata):
        for atom in atoms(clause.condition):
            shared.setdefault(atom, atom)
    return tuple(
        tuple(c.model_copy(update={"condition": replace_atoms(c.condition, shared)}) for c in stratum)
        for stratum in strata
    )


def rests_on_conclusions(condition: Condition) -> bool:
    """Whether ``condition`` asks for any conclusion."""
    return any(isinstance(atom, ConclusionAtom) for atom in atoms(condition))


def stratify(clauses: list[Clause]) -> list[tuple[Clause, ...]]:
    """``clauses`` in strata such that what a clause negates is complete in a lower stratum.

    Raises ``RulebaseError`` where a conclusion depends on its own negation; the message prints the cycle.
    """
    edges: dict[str, set[tuple[str, bool]]] = {}
    for clause in clauses:
        edges.setdefault(clause.head.name, set()).update(dependencies(clause.condition))
    _refuse_negative_cycles(clauses)
    level = dict.fromkeys(edges, 0)
    # At most len(edges) rounds: without a cycle through negation no level can exceed the number of heads.
    for _ in range(len(edges) + 1):
        for head, targets in edges.items():
            for target, negated in targets:
                level[head] = max(level[head], level.get(target, 0) + (1 if negated else 0))
    return [
        tuple(clause for clause in clauses if level[clause.head.name] == number)
        for number in sorted(set(level.values()))
    ]


def _refuse_negative_cycles(clauses: list[Clause]) -> None:
    # The loader names file and line of such a cycle; this holds for rules that come from no file.
    cycles = list(negative_cycles((clause.id, clause.head.name, clause.condition) for clause in clauses))
    if cycles:
        raise RulebaseError(
            Fault(where="mechanisms", message=cycle.message, expected=cycle.expected, code="RT401") for cycle in cycles
        )
