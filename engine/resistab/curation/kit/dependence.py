"""What verdicts depend on: the pieces of a rule set, and which of them the verdict on each drug may follow from.

Of two states of a rule set this tells which verdicts a change can reach. It may say too much, and never too little:
what a verdict may depend on in either state counts, and what belongs to no drug every verdict depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from resistab.core.cached import cached_property
from resistab.curation.kit.case_rules import Case


def _nothing(case: Case) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Dependence:
    """One state of a rule set: its ``pieces`` by what they are called in messages, and what needs which.

    ``drugs`` are the pieces that the verdict on a drug may follow from, ``every`` those that any verdict may, and
    ``of_case`` those that a case needs beside the verdicts that it expects.
    """

    pieces: Mapping[str, Any]
    drugs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    every: frozenset[str] = frozenset()
    of_case: Callable[[Case], Iterable[str]] = _nothing


@dataclass(frozen=True)
class Reach:
    """What differs between two states of a rule set, and what follows from it."""

    old: Dependence
    new: Dependence

    @cached_property
    def changed(self) -> frozenset[str]:
        """The pieces that one state has and the other has not, or has otherwise."""
        missing = object()
        before, after = self.old.pieces, self.new.pieces
        return frozenset(
            name for name in {*before, *after} if not _same(before.get(name, missing), after.get(name, missing))
        )

    def reaching(self, case: Case) -> list[str]:
        """Those of the changed pieces from which what the case expects may follow, in the order of their names."""
        return sorted(self.changed & {name for state in (self.old, self.new) for name in _needed(state, case)})


def _same(one: Any, other: Any) -> bool:
    return one is other or bool(one == other)


def _needed(state: Dependence, case: Case) -> Iterator[str]:
    yield from state.every
    if getattr(case.given, "expects_options", False):
        # A regimen is ranked among all, by the verdicts on all their drugs.
        yield from state.pieces
    yield from state.of_case(case)
    for drug in case.expect:
        yield from state.drugs.get(drug, ())


def fields_beside(rulebase: Any, handled: Iterable[str]) -> dict[str, Any]:
    """The fields of a rule set but those that are ``handled``, by name: no new field is forgotten."""
    left_out = {*handled, "digest", "overlay"}
    return {
        name.replace("_", " "): getattr(rulebase, name) for name in type(rulebase).model_fields if name not in left_out
    }


def judging_manifest(manifest: Any) -> Any:
    """What of a manifest may decide a verdict: all but its version, regimens, and what it says to curators."""
    return {name: getattr(manifest, name) for name in type(manifest).model_fields if name not in _OF_ITSELF}


def of_regimens(rulebase: Any) -> dict[str, Any]:
    """What regimens are judged by, which no verdict follows from."""
    return {"regimens": rulebase.regimens, "settings of regimens": rulebase.manifest.regimens}


_OF_ITSELF = frozenset(("version", "date", "name", "description", "licence", "curation", "source", "regimens"))
