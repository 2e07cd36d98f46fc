"""The engine-neutral program that a rulebase denotes: a finite, stratified set of clauses.

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
from functools import cached_property
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from resistab.core.cycles import dependencies as dependencies
from resistab.core.cycles import negative_cycles
from resistab.core.faults import Fault, RulebaseError
from resistab.domains.oncology.atoms import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    Not,
    TumourTypeAtom,
    atoms,
    replace_atoms,
)
from resistab.domains.oncology.kinds.models import Rulebase

# The weight of a definition, and of everything that is observed: it never weakens a chain.
FULL_WEIGHT = 1000.0

HeadKind = Literal["conclusion", "row", "extrapolated row", "marker", "comment"]


class Head(NamedTuple):
    """What a clause derives; ``name`` is a conclusion's or row's id, or a marker's place in its table."""

    kind: HeadKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Clause(BaseModel):
    """``head`` holds where ``condition`` holds; ``id`` is the rule it comes from, ``unit`` its table or file."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: str
    unit: str
    head: Head
    condition: Condition
    weight: float

    @cached_property
    def rests_on_conclusions(self) -> bool:
        """Whether the condition asks for any conclusion."""
        return rests_on_conclusions(self.condition)


class Program(BaseModel):
    """Clauses by stratum, lowest first."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    digest: str
    strata: tuple[tuple[Clause, ...], ...]

    @property
    def clauses(self) -> Iterator[Clause]:
        """Every clause, lowest stratum first."""
        for stratum in self.strata:
            yield from stratum

    @cached_property
    def observables(self) -> tuple[Atom, ...]:
        """Every atom that is observed rather than derived, once."""
        found = dict.fromkeys(atom for clause in self.clauses for atom in atoms(clause.condition))
        return tuple(atom for atom in found if not isinstance(atom, ConclusionAtom))


def scoped(condition: Condition, codes: tuple[str, ...], outside: tuple[str, ...] = ()) -> Condition:
    """``condition`` in tumours of one of the types ``codes`` and of none of the types ``outside``."""
    types: tuple[Condition, ...] = tuple(TumourTypeAtom(code=code) for code in codes)
    parts: list[Condition] = [types[0] if len(types) == 1 else AnyOf(of=types)]
    if outside:
        parts.append(Not(of=AnyOf(of=tuple(TumourTypeAtom(code=code) for code in outside))))
    return AllOf(of=(*parts, condition))


def marker_name(drug: str, indication: int) -> str:
    """The name of the head that says whether a drug's required marker is present under an indication."""
    return f"{drug} indication {indication + 1}"


def compile_program(rulebase: Rulebase, mechanism_weights: dict[str, float]) -> Program:
    """The program of ``rulebase``; ``mechanism_weights`` gives each mechanism rule's weight by id.

    Raises ``RulebaseError`` for a cycle through negation, with the cycle.
    """
    mechanism: list[Clause] = []
    for rule in rulebase.mechanism_rules:
        if rule.status == "active":
            mechanism.append(
                Clause(
                    id=rule.id,
                    unit="mechanisms",
                    head=Head(kind="conclusion", name=rule.concludes),
                    condition=scoped(rule.when, rule.tumour_types),
                    weight=mechanism_weights[rule.id],
                )
            )
    tables: list[Clause] = []
    for table in rulebase.tables:
        for index, indication in enumerate(table.indications):
            if indication.requires != "nothing":
                name = marker_name(table.drug, index)
                tables.append(
                    Clause(
                        id=name,
                        unit="markers",
                        head=Head(kind="marker", name=name),
                        condition=scoped(indication.requires, indication.tumour_types),
                        weight=FULL_WEIGHT,
                    )
                )
    for holder in rulebase.row_tables:
        for row in holder.rows:
            if row.status != "active":
                continue
            tables.append(
                Clause(
                    id=row.id,
                    unit=holder.name,
                    head=Head(kind="row", name=row.id),
                    condition=scoped(row.when, row.tumour_types),
                    weight=FULL_WEIGHT,
                )
            )
            if row.extrapolated_to:
                tables.append(
                    Clause(
                        id=row.id,
                        unit=holder.name,
                        head=Head(kind="extrapolated row", name=row.id),
                        condition=scoped(row.when, row.extrapolated_to, outside=row.tumour_types),
                        weight=FULL_WEIGHT,
                    )
                )
    strata = [*stratify(mechanism), tuple(tables)]
    return Program(digest=rulebase.digest, strata=_sharing_atoms(s for s in strata if s))


def _sharing_atoms(strata: Iterable[tuple[Clause, ...]]) -> tuple[tuple[Clause, ...], ...]:
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
