"""What the cases of a rule set can say, and what a domain's own cases say beside what all cases do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from resistab.core.condition import condition_text
from resistab.core.faults import Fault, nearest
from resistab.core.model import Model
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.cases import Expectation


class AnyCase(Protocol):
    """The model of a case, whatever it says of the patient."""

    @property
    def case(self) -> str:
        """What it is called."""

    @property
    def expect(self) -> Mapping[str, Expectation]:
        """What is expected, by drug."""


@dataclass(frozen=True)
class RowFacts:
    """What a case may ask of a row: its condition, whether it is in use, whether it speaks against its drug."""

    condition: str
    active: bool
    against: bool


@dataclass(frozen=True)
class RowTable:
    """A table: its name, its own rows by id, and the drugs that they hold for.

    ``shared`` are rows of other tables that hold for its drug too, by id.
    """

    name: str
    rows: Mapping[str, RowFacts]
    drugs: tuple[str, ...]
    shared: Mapping[str, RowFacts] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A case that was read: ``where`` names its file, ``line`` its first line, ``given`` is its model."""

    name: str
    where: str
    line: int | None
    genotype: Any
    given: AnyCase

    @property
    def expect(self) -> Mapping[str, Expectation]:
        """What is expected, by drug."""
        return self.given.expect


@dataclass(frozen=True)
class Difference:
    """One thing that was expected and not found, in words."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True)
class Failure:
    """What differs for one drug of a case; ``drug`` is None for what belongs to no drug.

    ``fired`` are the rows behind what was found, ``missing`` those that were expected and did not fire,
    ``unexpected`` those that fired and should not have.
    """

    drug: str | None
    differences: tuple[Difference, ...]
    fired: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()


class CaseRules(ABC):
    """A rule set as its cases see it. A domain derives its own, and gives at least its ``FILE`` and ``genotype``.

    ``FILE`` is the model of a file in ``cases/``, whose ``cases`` are models with ``case`` and ``expect``; ``COMPARED``
    are the fields of an expectation that are compared with the verdict's field of that name. An expectation may name a
    chain of rules (``through``) and words of the reason (``names``).
    """

    FILE: ClassVar[type[Model]]
    COMPARED: ClassVar[tuple[str, ...]] = ("verdict", "level", "score")

    def __init__(self, rulebase: Any, folder: Path) -> None:
        self.rulebase = rulebase
        self.folder = folder

    def tables(self) -> Iterable[RowTable]:
        """Every table; by default those of drugs, each with ``rows`` that have ``id`` and ``when``."""
        for table in self.rulebase.tables:
            rows = {
                row.id: RowFacts(condition_text(row.when), getattr(row, "status", "active") == "active", True)
                for row in table.rows
            }
            yield RowTable(table.drug, rows, (table.drug,))

    def chained_rules(self) -> Mapping[str, bool]:
        """The rules that lead from conclusion to conclusion, by id, and whether each is in use; by default none."""
        return {}

    def drug_named(self, name: str) -> str | None:
        """The name in the rule set of what a case calls a drug; None for none."""
        found = self.rulebase.drug_by_name.get(name.casefold())
        return found.name if found else None

    @abstractmethod
    def genotype(self, case: Any, source: Source, path: Path_) -> Any:
        """The patient of a case that stands at ``path``; raises ``InputError`` with every fault, each at its place."""

    def faults(self, case: Any, source: Source, path: Path_) -> Iterator[Fault]:
        """What is wrong with the fields that only this domain's cases have; by default nothing."""
        yield from ()

    def interpreted(self, interpreter: Any, case: Case) -> Any:
        """What both evaluators find; it has ``verdicts``, each with ``drug``, ``rows`` and what is compared.

        It may have only those on drugs of which the case expects something, and in ``others`` what fired of the others.
        """
        return interpreter.interpret(case.genotype)

    def kind(self, genotype: Any) -> str:
        """Genotypes of the same kind share much of the work of interpreting them; by default all are of one."""
        return ""

    def failures(self, case: Case, found: Any) -> Iterator[Failure]:
        """What differs in ``found`` that belongs to no drug; by default nothing."""
        yield from ()


def unknown(source: Source, path: Path_, kind: str, name: str, names: Iterable[str]) -> Iterator[Fault]:
    """The fault of a ``name`` that is not among ``names``, none where it is."""
    known = set(names)
    if name not in known:
        yield source.fault(path, f"unknown {kind} '{name}'", None, nearest(name, sorted(known), 1))


def listed(items: Iterable[str]) -> str:
    """What was expected or found, for people."""
    return ", ".join(items) or "none"
