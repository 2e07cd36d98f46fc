"""Lowering: conditions become Horn rules over plain symbols, which is all the forward-chaining engine is asked to do.

Negation is pushed inwards until it stands before single atoms and conclusions of lower strata; their negations are
symbols of their own that are asserted as facts. Disjunctions, alteration sets and counts get auxiliary symbols.
Where a condition rests on conclusions, one rule is made for each strength that a conclusion can have, so that a
head is derived at every strength up to that of its weakest link.
"""

from __future__ import annotations

import itertools
from typing import assert_never

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
    atoms,
)
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, rests_on_conclusions
from resistab.core.records import dataclass, field

# The engine joins at most 16 facts in one rule; longer conjunctions are chained.
LONGEST_BODY = 8
# How units begin that derive conclusions.
MECHANISMS = "mechanisms"


@dataclass(frozen=True)
class Symbol:
    """A proposition; ``group`` and ``place`` only spread symbols over the engine's network."""

    name: str
    group: str
    place: str = ""


# Holds always; the body of a rule that asks for nothing ("at least 0 of").
ALWAYS = Symbol("always", "always")


@dataclass(frozen=True)
class HornRule:
    """``head`` follows from all of ``body``."""

    head: Symbol
    body: tuple[Symbol, ...]


@dataclass(frozen=True)
class HornUnit:
    """The rules of one stratum and one unit (the mechanisms, or one drug's table).

    ``facts`` maps each input symbol to the literal it stands for; ``heads`` each output symbol to the head and
    the strength at which it is derived.
    """

    name: str
    stratum: int
    rules: tuple[HornRule, ...]
    facts: dict[Symbol, Literal]
    heads: dict[Symbol, tuple[Head, float]]


@dataclass(frozen=True)
class Literal:
    """An atom or its negation; for a conclusion, at which strength it is asked for (0: at any)."""

    atom: Atom
    negated: bool
    strength: float = 0.0


@dataclass
class _Unit:
    name: str
    stratum: int
    rules: dict[HornRule, None] = field(default_factory=dict)
    facts: dict[Symbol, Literal] = field(default_factory=dict)
    heads: dict[Symbol, tuple[Head, float]] = field(default_factory=dict)
    made: dict[tuple[Condition, bool, float], Symbol] = field(default_factory=dict)
    auxiliaries: int = 0


def lower(program: Program) -> tuple[HornUnit, ...]:
    """The Horn units of ``program``, lowest stratum first."""
    strengths = sorted({c.weight for c in program.clauses if c.head.kind == "conclusion"} | {FULL_WEIGHT}, reverse=True)
    units: list[HornUnit] = []
    for number, stratum in enumerate(program.strata):
        here: dict[str, _Unit] = {}
        local = {clause.head.name for clause in stratum if clause.head.kind == "conclusion"}
        # Conclusions of a stratum that rest on each other go together, whatever files they come from.
        together = _resting_on_each_other(stratum, local)
        for clause in stratum:
            mechanisms = clause.head.kind == "conclusion"
            name = f"{MECHANISMS} {together[clause.head.name]}" if mechanisms else clause.unit
            unit = here.setdefault(name, _Unit(name, number))
            _Lowering(unit, local, strengths).clause(clause)
        units.extend(
            HornUnit(name=f"{u.name} {number}", stratum=number, rules=tuple(u.rules), facts=u.facts, heads=u.heads)
            for u in here.values()
        )
    return tuple(units)


def _resting_on_each_other(stratum: tuple[Clause, ...], local: set[str]) -> dict[str, str]:
    """For each conclusion of a stratum one that stands for all that rest on it, or on which it rests."""
    above = {name: name for name in local}

    def top(name: str) -> str:
        while above[name] != name:
            name = above[name]
        return name

    for clause in stratum:
        if clause.head.kind == "conclusion":
            for atom in atoms(clause.condition):
                if isinstance(atom, ConclusionAtom) and atom.id in local:
                    above[top(atom.id)] = top(clause.head.name)
    return {name: top(name) for name in local}


class _Lowering:
    """Lowers the clauses of one unit; ``local`` are the conclusions derived in the same stratum."""

    def __init__(self, unit: _Unit, local: set[str], strengths: list[float]) -> None:
        self.unit, self.local, self.strengths = unit, local, strengths

    def clause(self, clause: Clause) -> None:
        # Beyond the clause's own weight a stronger body derives nothing more.
        enough = min(strength for strength in self.strengths if strength >= clause.weight)
        for strength in [s for s in self.strengths if s <= enough] if clause.rests_on_conclusions else [FULL_WEIGHT]:
            head = self.head_symbol(clause.head, min(strength, clause.weight))
            self.rule(head, self.literals(clause.condition, False, strength))
        if clause.head.kind == "conclusion":
            for higher, lower in itertools.pairwise(self.strengths):
                # What holds strongly holds weakly too.
                self.rule(self.head_symbol(clause.head, lower), (self.head_symbol(clause.head, higher),))

    def head_symbol(self, head: Head, strength: float) -> Symbol:
        symbol = Symbol(f"{head.kind} {head.name} at {strength:g}", head.kind, head.name)
        self.unit.heads[symbol] = (head, strength)
        return symbol

    def rule(self, head: Symbol, body: tuple[Symbol, ...]) -> None:
        body = tuple(dict.fromkeys(body)) or (ALWAYS,)
        while len(body) > LONGEST_BODY:
            joined = Symbol("all " + " & ".join(s.name for s in body[:LONGEST_BODY]), "all", head.name)
            self.unit.rules[HornRule(joined, body[:LONGEST_BODY])] = None
            body = (joined, *body[LONGEST_BODY:])
        self.unit.rules[HornRule(head, body)] = None

    def literals(self, condition: Condition, negated: bool, strength: float) -> tuple[Symbol, ...]:
        """Symbols that together mean ``condition`` (or its negation)."""
        if isinstance(condition, AllOf) and not negated:
            return tuple(s for part in condition.of for s in self.literals(part, False, strength))
        if isinstance(condition, AnyOf) and negated:
            return tuple(s for part in condition.of for s in self.literals(part, True, strength))
        if isinstance(condition, Not):
            return self.literals(condition.of, not negated, strength)
        return (self.symbol(condition, negated, strength),)

    def symbol(self, condition: Condition, negated: bool, strength: float) -> Symbol:
        """One symbol that means ``condition`` (or its negation)."""
        if isinstance(condition, Not):
            return self.symbol(condition.of, not negated, strength)
        if not rests_on_conclusions(condition):
            strength = FULL_WEIGHT
        key = (condition, negated, strength)
        if key in self.unit.made:
            return self.unit.made[key]
        match condition:
            case AllOf(of=parts) | AnyOf(of=parts):
                symbol = self.auxiliary()
                self.unit.made[key] = symbol
                if isinstance(condition, AllOf) != negated:
                    self.rule(symbol, self.literals(condition, negated, strength))
                else:
                    for part in parts:
                        self.rule(symbol, self.literals(part, negated, strength))
            case CountOf():
                symbol = self.count(condition, negated, strength)
            case ConclusionAtom():
                symbol = self.conclusion(condition, negated, strength)
            case Atom():
                symbol = self.fact(Literal(condition, negated))
            case _:
                assert_never(condition)
        self.unit.made[key] = symbol
        return symbol

    def auxiliary(self) -> Symbol:
        self.unit.auxiliaries += 1
        number = self.unit.auxiliaries
        return Symbol(f"aux {number}", "aux", str(number // 100))

    def conclusion(self, atom: ConclusionAtom, negated: bool, strength: float) -> Symbol:
        if atom.id in self.local:
            if negated or not self.unit.name.startswith(MECHANISMS):
                raise ValueError(f"{self.unit.name} asks for conclusion {atom.id}, which is of the same stratum")
            return Symbol(f"conclusion {atom.id} at {strength:g}", "conclusion", atom.id)
        return self.fact(Literal(atom, negated, 0.0 if negated else strength))

    def fact(self, literal: Literal) -> Symbol:
        name = literal.atom.text
        if literal.strength:
            name += f" at {literal.strength:g}"
        group, place = literal.atom.network_place
        symbol = Symbol(("not " if literal.negated else "is ") + name, group, place)
        self.unit.facts[symbol] = literal
        return symbol

    def count(self, condition: CountOf, negated: bool, strength: float) -> Symbol:
        """Count by a chain of symbols "of the first i parts at least j hold"."""
        least, most, total = condition.at_least or 0, condition.at_most, len(condition.of)
        symbol = self.auxiliary()
        self.unit.made[(condition, negated, strength)] = symbol
        if negated:
            # not between least and most: too few hold (so many do not), or too many hold
            if least > 0:
                self.rule(symbol, (self.at_least(condition.of, total - least + 1, True, strength),))
            if most is not None and most < total:
                self.rule(symbol, (self.at_least(condition.of, most + 1, False, strength),))
            return symbol
        body_parts = []
        if least > 0:
            body_parts.append(self.at_least(condition.of, least, False, strength))
        if most is not None and most < total:
            body_parts.append(self.at_least(condition.of, total - most, True, strength))
        self.rule(symbol, tuple(body_parts))
        return symbol

    def at_least(self, parts: tuple[Condition, ...], number: int, negated: bool, strength: float) -> Symbol:
        """A symbol for "at least ``number`` of ``parts`` hold" (or: do not hold)."""
        if number <= 0:
            return ALWAYS
        self.unit.auxiliaries += 1
        identity = f"count {self.unit.auxiliaries}"

        def reached(seen: int, held: int) -> Symbol:
            return Symbol(f"{identity}: {held} of {seen}", "count", identity)

        for seen, part in enumerate(parts, start=1):
            literal = self.literals(part, negated, strength)
            for held in range(1, min(seen, number) + 1):
                if held <= seen - 1:
                    self.rule(reached(seen, held), (reached(seen - 1, held),))
                previous = (reached(seen - 1, held - 1),) if held > 1 else ()
                self.rule(reached(seen, held), (*previous, *literal))
        return reached(len(parts), number)
