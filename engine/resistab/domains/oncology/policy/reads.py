"""Which observations, values and coverage a verdict was read from: where none of them differs, it is the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from resistab.core.condition import Atom
from resistab.core.program import Head
from resistab.core.records import dataclass, field
from resistab.core.result import HeadValue
from resistab.core.truth import Observation
from resistab.domains.oncology.genotype import ChangeFinding
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.kinds.models import Row
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.clonality import Clonality
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.prepared import Codon, DrugRules

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


@dataclass
class Reads:
    """By what was read, the drugs whose verdict rests on it, in the order in which it was read first.

    The first of each two is what is observed or derived as everything is, the second where all that was not assayed is
    taken as absent. ``coverage`` are the subjects of which it was asked whether they were assayed. ``among_findings``
    is what was looked up among all findings. ``strengths`` are heads of which only that was asked.
    """

    observed: dict[Atom, set[str]] = field(default_factory=dict)
    closed_observed: dict[Atom, set[str]] = field(default_factory=dict)
    values: dict[Head, set[str]] = field(default_factory=dict)
    strengths: dict[Head, set[str]] = field(default_factory=dict)
    closed_values: dict[Head, set[str]] = field(default_factory=dict)
    coverage: dict[str, set[str]] = field(default_factory=dict)
    among_findings: set[str] = field(default_factory=set)


class _Noted(Mapping[_Key, _Value]):
    """``items``; each key that is looked up is noted in ``known`` as one that ``drug`` rests on."""

    def __init__(self, items: Mapping[_Key, _Value], known: dict[_Key, set[str]], drug: str) -> None:
        self._items, self._known, self._drug = items, known, drug

    def __getitem__(self, key: _Key) -> _Value:
        self._known.setdefault(key, set()).add(self._drug)
        return self._items[key]

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class _NotedObserver(Observer):
    """An observer of which each subject is noted that it is asked about."""

    def __init__(self, of: Observer, reads: Reads, drug: str) -> None:
        self.__dict__.update(of.__dict__)
        self._of, self._noted, self._drug = of, reads, drug

    def covers(self, subject: str, kind: LocusKind, first: int | None = None, last: int | None = None) -> bool:
        """As of any observer."""
        self._noted.coverage.setdefault(subject, set()).add(self._drug)
        return super().covers(subject, kind, first, last)

    def observe(self, atom: Atom) -> Observation:
        """As of any observer."""
        self._noted.observed.setdefault(atom, set()).add(self._drug)
        # What an observation rests on is in it.
        return self._of.observe(atom)


class NotedClones(Mapping[int, Clonality]):
    """The clonality of findings; those that were asked for are noted, whether there is any or not."""

    def __init__(self, items: Mapping[int, Clonality]) -> None:
        self._items = items
        self.asked: dict[int, None] = {}

    def __getitem__(self, key: int) -> Clonality:
        self.asked[key] = None
        return self._items[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


@dataclass(frozen=True)
class NotedInferred(Inferred):
    """What was inferred, read for one drug; ``of`` is the same for all."""

    clones: NotedClones = field(default_factory=lambda: NotedClones({}))

    of: Inferred | None = None
    reads: Reads = field(default_factory=Reads)
    drug: str = ""

    def seen(self, atom: Atom) -> Observation:
        """As of any."""
        assert self.of is not None
        self.reads.observed.setdefault(atom, set()).add(self.drug)
        return self.of.seen(atom)

    def strength(self, head: Head) -> float:
        """As of any."""
        assert self.of is not None
        self.reads.strengths.setdefault(head, set()).add(self.drug)
        return self.of.strength(head)

    def open_resting(self, rules: DrugRules, in_part: bool) -> list[Row]:
        """As of any."""
        assert self.of is not None
        self.reads.among_findings.add("found in part" if in_part else "found")
        return self.of.open_resting(rules, in_part)

    @property
    def resistance_mutations(self) -> Mapping[str, frozenset[int]]:
        """As of any."""
        assert self.of is not None
        self.reads.among_findings.add("resistance_mutations")
        return self.of.resistance_mutations

    @property
    def in_sets(self) -> Mapping[str, frozenset[int]]:
        """As of any."""
        assert self.of is not None
        self.reads.among_findings.add("in_sets")
        return self.of.in_sets

    @property
    def where_drugs_bind(self) -> Mapping[str, tuple[tuple[int, ChangeFinding], ...]]:
        """As of any."""
        assert self.of is not None
        self.reads.among_findings.add("where_drugs_bind")
        return self.of.where_drugs_bind

    @property
    def substituted_codons(self) -> Mapping[Codon, tuple[int, ...]]:
        """As of any."""
        assert self.of is not None
        self.reads.among_findings.add("substituted_codons")
        return self.of.substituted_codons


def noting(inferred: Inferred, reads: Reads, drug: str) -> NotedInferred:
    """What was ``inferred``, so that all that is read of it for a drug is noted in ``reads``."""
    values: Mapping[Head, HeadValue] = inferred.values
    return NotedInferred(
        genotype=inferred.genotype,
        observer=_NotedObserver(inferred.observer, reads, drug),
        observed=_Noted(inferred.observed, reads.observed, drug),
        values=_Noted(values, reads.values, drug),
        closed_observed=_Noted(inferred.closed_observed, reads.closed_observed, drug),
        closed_values=_Noted(inferred.closed_values, reads.closed_values, drug),
        clones=NotedClones(inferred.clones),
        of=inferred,
        reads=reads,
        drug=drug,
    )
