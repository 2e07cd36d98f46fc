"""The forward-chaining evaluator: durable-rules, and everything needed to use it without meeting its hazards.

No other module imports durable-rules. What the library does when nobody is looking, and what is done about it:

* its host starts timer threads that crash long loops: ``_Host._run`` starts nothing;
* sessions are never freed: every evaluation uses a fresh session and deletes it, whatever happens;
* deleting a session in which no action has ever run frees memory that was never set, and crashes: the first fact of
  every session is one that fires a rule of its own;
* rule definitions are changed on registration: they are built here and used once;
* an exception in an action is swallowed into the session's state: the state is read after every assertion;
* a fact that no rule reads is an error, inside an action a silent one: only facts that some rule reads are
  asserted, and what is derived is asserted only where a rule reads it;
* a fact asserted twice is an error, and a fact's identity is a 32-bit hash of its text that sooner or later two
  share: facts and derived symbols are asserted once, each under a number that it has for good;
* an action that took more than ten seconds by the clock on the wall, which may be set meanwhile, is abandoned with
  all that would have followed, in silence: it is given a clock that only runs forward, and the last fact of every
  session fires a rule that must be seen to run;
* numbers and strings are compared loosely: a fact holds strings only, each spelled with its type;
* more than 512 values under one node hang the compiler, and there are bounds on rules and joins: the network
  branches by group, then place, then symbol, and what is still too large is refused;
* it holds global state: there is one host and one lock, which no fork finds held by a thread that the child lacks;
* on Python 3.13 its extension only loads with lazy binding.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from resistab.core.cached import cached_property
from resistab.core.condition import Atom, ConclusionAtom
from resistab.core.horn import ALWAYS, HornUnit, Literal, Symbol, lower
from resistab.core.program import Head, Program
from resistab.core.result import NOTHING, Baseline, HeadValue, Values
from resistab.core.truth import Observation, Truth

if TYPE_CHECKING:
    from types import ModuleType

MOST_RULES = 4000
MOST_JOINS = 16
MOST_BRANCHES = 500


class ReteError(RuntimeError):
    """The forward-chaining engine failed, or was asked for more than it can hold."""


def _import_durable_engine() -> ModuleType:
    """The library's engine, imported under lazy binding, with the process's flags restored."""
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    try:
        if flags is not None:
            sys.setdlopenflags(os.RTLD_LAZY)
        from durable import engine
    except ImportError as error:
        raise ReteError(f"durable-rules cannot be loaded: {error}") from error
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    engine._unix_now = time.monotonic
    module: ModuleType = engine
    return module


# Asserted first and last in every session, see the module's text.
_START = Symbol("start", "start")
_END = Symbol("end", "end")

_lock = threading.RLock()
if hasattr(os, "register_at_fork"):
    # A fork waits until no thread is within the engine; the child finds the lock free and the engine's state whole.
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)
_host: Any = None
_sessions = 0
_names = 0


def _shared_host() -> Any:
    """The one host of the process."""
    global _host
    if _host is None:
        engine = _import_durable_engine()

        class _Host(engine.Host):  # type: ignore[name-defined, misc]
            def _run(self) -> None:
                """Start no timer threads; no rule here uses timers."""

        _host = _Host()
    return _host


def _nothing(closure: Any) -> None:
    """The action of the rule that every session begins with."""


class _Unit:
    """A Horn unit registered as a rule set; ``derived`` collects what the current session derives."""

    def __init__(self, unit: HornUnit, name: str) -> None:
        check_bounds(unit)
        self.unit, self.name = unit, name
        self.read: frozenset[Symbol] = frozenset(symbol for rule in unit.rules for symbol in rule.body)
        given = {ALWAYS, *unit.facts}
        self._first = {frozenset(rule.body) for rule in unit.rules if given.issuperset(rule.body)}
        self.derived: set[Symbol] = set()
        self.ended = False
        facts = (_START, _END, *sorted(self.read, key=lambda symbol: symbol.name))
        self.facts = {symbol: _fact(symbol) | {"id": f"f{number}"} for number, symbol in enumerate(facts)}
        definition: dict[str, Any] = {"start": {"all": [{"m_0": {"$and": _tests(_START)}}], "run": _nothing}}
        for index, rule in enumerate(unit.rules):
            tests = [{f"m_{n}": {"$and": _tests(symbol)}} for n, symbol in enumerate(rule.body)]
            definition[f"r{index}"] = {"all": tests, "run": self._action(rule.head)}
        definition["end"] = {"all": [{"m_0": {"$and": _tests(_END)}}], "run": self._end}
        _shared_host().register_rulesets({name: definition})

    def _action(self, head: Symbol) -> Callable[[Any], None]:
        fact = self.facts.get(head)

        def run(closure: Any) -> None:
            if head not in self.derived:
                self.derived.add(head)
                if fact is not None:
                    closure.assert_fact(dict(fact))

        return run

    def _end(self, closure: Any) -> None:
        self.ended = True

    def can_begin(self, facts: set[Symbol]) -> bool:
        """Whether some rule can fire from ``facts`` alone; where none can, nothing can be derived at all."""
        return any(body <= facts for body in self._first)

    def derive(self, certain: list[Symbol], uncertain: list[Symbol], session: str) -> tuple[set[Symbol], set[Symbol]]:
        """What follows from the facts ``certain``, and what follows from both lists together.

        One session does for both, since more facts never take back what Horn rules derived from fewer. Each fact
        must be read by a rule of the unit.
        """
        self.derived.clear()
        self.ended = False
        host = _shared_host()
        try:
            self._assert(host, [_START], session)
            if certain:
                self._assert(host, certain, session)
            from_certain = set(self.derived)
            if uncertain:
                self._assert(host, uncertain, session)
            self._assert(host, [_END], session)
            if not self.ended:
                raise ReteError(f"rule set {self.name} ({self.unit.name}): the engine stopped before its rules had run")
            return from_certain, set(self.derived)
        finally:
            host.delete_state(self.name, session)

    def _assert(self, host: Any, symbols: list[Symbol], session: str) -> None:
        try:
            state = host.assert_facts(self.name, [self.facts[symbol] | {"sid": session} for symbol in symbols])
        except Exception as error:
            raise ReteError(f"rule set {self.name} ({self.unit.name}): {error}") from error
        if state and "exception" in state:
            raise ReteError(f"rule set {self.name} ({self.unit.name}): {state['exception']}")


def _fact(symbol: Symbol) -> dict[str, str]:
    return {"g": f"g:{symbol.group}", "p": f"p:{symbol.place}", "s": f"s:{symbol.name}"}


def _tests(symbol: Symbol) -> list[dict[str, str]]:
    return [{key: value} for key, value in _fact(symbol).items()]


def check_bounds(unit: HornUnit) -> None:
    """Refuse, naming the unit and rule, what the engine cannot hold; raises ``ReteError``."""
    if len(unit.rules) > MOST_RULES:
        raise ReteError(f"{unit.name} has {len(unit.rules)} rules, the engine holds {MOST_RULES} in one rule set")
    branches: dict[tuple[str, ...], set[str]] = {}
    for rule in unit.rules:
        if len(rule.body) > MOST_JOINS:
            raise ReteError(f"{unit.name}, {rule.head.name}: joins {len(rule.body)} facts, the engine {MOST_JOINS}")
        for symbol in rule.body:
            path: tuple[str, ...] = ()
            for value in _fact(symbol).values():
                branches.setdefault(path, set()).add(value)
                path = (*path, value)
    for path, values in branches.items():
        if len(values) > MOST_BRANCHES:
            where = " ".join(path) or "the root"
            raise ReteError(f"{unit.name}: {len(values)} values under {where}, the engine holds {MOST_BRANCHES}")


class ReteProgram:
    """A program registered with the engine; build once, evaluate for many patients."""

    def __init__(self, program: Program) -> None:
        global _names
        with _lock:
            self.program = program
            self.units: list[_Unit] = []
            for unit in lower(program):
                _names += 1
                self.units.append(_Unit(unit, f"u{_names}"))
        self._readers = _Readers(self.units)

    def evaluate(self, observed: Mapping[Atom, Observation], since: Baseline | None = None) -> Values:
        """The value of every head of the program under ``observed``; raises ``ReteError``.

        Where ``since`` is given, only what leads to heads that read what has changed is asserted.
        """
        # What the program leaves out, since it cannot hold here, is among the stale where it could before.
        values: Values = (
            dict.fromkeys(self.program.heads, NOTHING)
            if since is None
            else {**since.values, **dict.fromkeys(since.stale, NOTHING)}
        )
        conclusions = set() if since is None else self._readers.dropped(since)
        with _lock:
            for stratum, units in self._readers.strata.items():
                reached: dict[Head, HeadValue] = {}
                if since is None:
                    for number in units:
                        _run(self.units[number], self.units[number].unit.facts, observed, values, reached)
                else:
                    stale = self._readers.reached(stratum, since.stale, conclusions)
                    for number, heads in self._readers.by_unit(stale).items():
                        _run(self.units[number], self._readers.leading_to(number, heads), observed, values, reached)
                    reached = {head: reached[head] for head in stale}
                    conclusions.update(
                        head.name
                        for head, value in reached.items()
                        if head.kind == "conclusion" and value != since.values[head]
                    )
                # Only now is the stratum complete, so that the next may negate what it holds.
                values.update(reached)
        return values


class _Readers:
    """Which facts lead to which heads, in the units as they are registered."""

    def __init__(self, units: list[_Unit]) -> None:
        self._units = units
        self.strata: dict[int, list[int]] = {}
        for number, unit in enumerate(units):
            self.strata.setdefault(unit.unit.stratum, []).append(number)
        self.strata = dict(sorted(self.strata.items()))

    @cached_property
    def _behind(self) -> list[dict[Head, tuple[dict[Symbol, None], set[Head]]]]:
        """By unit and head the facts from which the head may be derived, and the heads that stand between."""
        return [_behind(unit.unit) for unit in self._units]

    @cached_property
    def _units_of(self) -> dict[Head, tuple[int, ...]]:
        found: dict[Head, list[int]] = {}
        for number, heads in enumerate(self._behind):
            for head in heads:
                found.setdefault(head, []).append(number)
        return {head: tuple(numbers) for head, numbers in found.items()}

    @cached_property
    def _led_to(self) -> dict[int, tuple[dict[Head, set[Head]], dict[str, set[Head]]]]:
        """By stratum the heads that rest on a head there, itself too, and those that rest on a conclusion below it."""
        found: dict[int, tuple[dict[Head, set[Head]], dict[str, set[Head]]]] = {}
        for stratum, numbers in self.strata.items():
            within: dict[Head, set[Head]] = {}
            below: dict[str, set[Head]] = {}
            for number in numbers:
                unit = self._units[number].unit
                for head, (facts, heads) in self._behind[number].items():
                    for other in heads:
                        within.setdefault(other, set()).add(head)
                    for symbol in facts:
                        atom = unit.facts[symbol].atom
                        if isinstance(atom, ConclusionAtom):
                            below.setdefault(atom.id, set()).add(head)
            found[stratum] = within, below
        return found

    def dropped(self, since: Baseline) -> set[str]:
        """The conclusions that held, or may have, and of which nothing is registered here."""
        gone = (head for head in since.stale if head.kind == "conclusion" and head not in self._units_of)
        return {head.name for head in gone if since.values[head] != NOTHING}

    def reached(self, stratum: int, stale: Iterable[Head], conclusions: Iterable[str]) -> set[Head]:
        """The heads of a stratum that rest on any of these heads, and of conclusions of lower strata."""
        within, below = self._led_to[stratum]
        found: set[Head] = set()
        for head in stale:
            found.update(within.get(head, ()))
        for name in conclusions:
            found.update(below.get(name, ()))
        return found

    def by_unit(self, heads: Iterable[Head]) -> dict[int, list[Head]]:
        """The units that derive any of the heads, in their order, each with those."""
        found: dict[int, list[Head]] = {}
        for head in heads:
            for number in self._units_of[head]:
                found.setdefault(number, []).append(head)
        return dict(sorted(found.items()))

    def leading_to(self, number: int, heads: Iterable[Head]) -> dict[Symbol, Literal]:
        """The facts of a unit from which any of the heads may be derived."""
        facts = self._units[number].unit.facts
        return {symbol: facts[symbol] for head in heads for symbol in self._behind[number][head][0]}


def _behind(unit: HornUnit) -> dict[Head, tuple[dict[Symbol, None], set[Head]]]:
    """By head the facts from which its symbols may be derived, and the heads through which, itself among them."""
    bodies: dict[Symbol, list[Symbol]] = {}
    for rule in unit.rules:
        bodies.setdefault(rule.head, []).extend(rule.body)
    found: dict[Head, tuple[dict[Symbol, None], set[Head]]] = {}
    for symbol, (head, _) in unit.heads.items():
        facts, heads = found.setdefault(head, ({}, set()))
        heads.add(head)
        seen, waiting = {symbol}, [symbol]
        while waiting:
            for body in bodies.get(waiting.pop(), ()):
                if body in unit.facts:
                    facts[body] = None
                elif body not in seen:
                    seen.add(body)
                    waiting.append(body)
                    if body in unit.heads:
                        heads.add(unit.heads[body][0])
    return found


def _run(
    unit: _Unit,
    facts: Mapping[Symbol, Literal],
    observed: Mapping[Atom, Observation],
    values: Values,
    reached: dict[Head, HeadValue],
) -> None:
    """Run one unit on those of its facts that are given, and add what it says of its heads to ``reached``."""
    global _sessions
    sure, unsure = _holding(unit, facts, observed, values)
    certain: set[Symbol] = set()
    possible: set[Symbol] = set()
    if unit.can_begin({*sure, *unsure}):
        _sessions += 1
        certain, possible = unit.derive(sure, unsure, f"s{_sessions}")
    for symbol, (head, strength) in unit.unit.heads.items():
        before = reached.get(head, NOTHING)
        if symbol in possible:
            reached[head] = HeadValue(max(before.strength, strength if symbol in certain else 0.0), True)
        else:
            reached[head] = before


def _holding(
    unit: _Unit, facts: Mapping[Symbol, Literal], observed: Mapping[Atom, Observation], values: Values
) -> tuple[list[Symbol], list[Symbol]]:
    """Of the facts of ``unit`` those that certainly hold, and those that only possibly do."""
    sure, unsure = ([ALWAYS] if ALWAYS in unit.read else []), []
    for symbol, literal in facts.items():
        certain, possible = _holds(literal, observed, values)
        if certain:
            sure.append(symbol)
        elif possible:
            unsure.append(symbol)
    return sure, unsure


def _holds(literal: Literal, observed: Mapping[Atom, Observation], values: Values) -> tuple[bool, bool]:
    """Whether ``literal`` certainly holds, and whether it possibly does."""
    if isinstance(literal.atom, ConclusionAtom):
        value = values.get(Head(kind="conclusion", name=literal.atom.id), NOTHING)
        if literal.negated:
            return not value.possible, value.strength == 0
        return value.strength >= literal.strength, value.possible
    truth = observed[literal.atom].truth
    wanted = Truth.FALSE if literal.negated else Truth.TRUE
    return truth is wanted, truth is wanted or truth is Truth.UNKNOWN
