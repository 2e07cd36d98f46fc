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
        self._strata = sorted({unit.unit.stratum for unit in self.units})
        self._readers = _UnitReaders(self.units)

    def evaluate(self, observed: Mapping[Atom, Observation], since: Baseline | None = None) -> Values:
        """The value of every head of the program under ``observed``; raises ``ReteError``.

        Where ``since`` is given, only the units that read what has changed are run.
        """
        values: Values = dict.fromkeys(self.program.heads, NOTHING) if since is None else dict(since.values)
        conclusions: set[str] = set()
        with _lock:
            for stratum in self._strata:
                if since is None:
                    chosen = self.units
                else:
                    chosen = [self.units[i] for i in self._readers.reading(since.changed, conclusions)]
                reached: dict[Head, HeadValue] = {}
                for unit in chosen:
                    if unit.unit.stratum == stratum:
                        _run(unit, observed, values, reached)
                if since is not None:
                    conclusions.update(
                        head.name
                        for head, value in reached.items()
                        if head.kind == "conclusion" and value != since.values[head]
                    )
                # Only now is the stratum complete, so that the next may negate what it holds.
                values.update(reached)
        return values


class _UnitReaders:
    """Which units, by number, read an atom or a conclusion; of units that derive the same head all do if one does."""

    def __init__(self, units: list[_Unit]) -> None:
        together: dict[Head, set[int]] = {}
        for number, unit in enumerate(units):
            for head, _ in unit.unit.heads.values():
                together.setdefault(head, set()).add(number)
        self._by_atom: dict[Atom, set[int]] = {}
        self._by_conclusion: dict[str, set[int]] = {}
        for number, unit in enumerate(units):
            beside = {number}.union(*(together[head] for head, _ in unit.unit.heads.values()))
            for literal in unit.unit.facts.values():
                if isinstance(literal.atom, ConclusionAtom):
                    self._by_conclusion.setdefault(literal.atom.id, set()).update(beside)
                else:
                    self._by_atom.setdefault(literal.atom, set()).update(beside)

    def reading(self, changed: Iterable[Atom], conclusions: Iterable[str]) -> list[int]:
        """The units that read any of these atoms and conclusions, in their order."""
        found: set[int] = set()
        for atom in changed:
            found.update(self._by_atom.get(atom, ()))
        for name in conclusions:
            found.update(self._by_conclusion.get(name, ()))
        return sorted(found)


def _run(unit: _Unit, observed: Mapping[Atom, Observation], values: Values, reached: dict[Head, HeadValue]) -> None:
    """Run one unit, and add what it says of its heads to ``reached``."""
    global _sessions
    sure, unsure = _holding(unit, observed, values)
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


def _holding(unit: _Unit, observed: Mapping[Atom, Observation], values: Values) -> tuple[list[Symbol], list[Symbol]]:
    """The facts of ``unit`` that certainly hold, and those that only possibly do."""
    sure, unsure = ([ALWAYS] if ALWAYS in unit.read else []), []
    for symbol, literal in unit.unit.facts.items():
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
