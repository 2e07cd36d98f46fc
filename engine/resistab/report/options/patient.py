"""What a domain says of a patient, so that regimens can be judged without knowing the domain."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from resistab.core.records import dataclass, field
from resistab.core.regimens import Range
from resistab.core.truth import Truth


@dataclass(frozen=True)
class DrugFacts:
    """A drug in this patient: its classes, how active it is and why, and what it has in common with others.

    ``verdict`` is the word of the domain, ``because`` the reason in one line. ``keys`` are what it acts on and what can
    defeat it, by which independent targets are counted; ``against`` names what it acts on, for people. ``target_modes``
    are its targets, each with how it is bound. ``citations`` are the references behind its verdict. A drug without
    ``keys`` only accompanies others; one that is ``not_indicated`` lacks the biomarker that it needs. ``failed`` says
    that the disease progressed on it, and no rule keeps it.
    """

    drug: str
    classes: tuple[str, ...]
    activity: Range
    verdict: str
    because: str
    keys: frozenset[Any] = frozenset()
    against: tuple[str, ...] = ()
    target_modes: frozenset[Any] = frozenset()
    citations: tuple[str, ...] = ()
    not_indicated: bool = False
    failed: bool = False

    def is_of(self, names: Iterable[str]) -> bool:
        """Whether one of the names is the drug's own or that of a class of it."""
        return any(name == self.drug or name in self.classes for name in names)


@dataclass(frozen=True)
class EarlierDrug:
    """A drug that the patient has had; ``failed`` says that the disease progressed on it."""

    drug: str
    classes: tuple[str, ...] = ()
    failed: bool = False
    text: str = ""

    def is_of(self, names: Iterable[str]) -> bool:
        """Whether one of the names is the drug's own or that of a class of it."""
        return any(name == self.drug or name in self.classes for name in names)


class Patient(Protocol):
    """What regimens are judged by; ``earlier`` and ``phenotypes`` are None where nothing was said of them."""

    @property
    def earlier(self) -> Sequence[EarlierDrug] | None:
        """The drugs that the patient has had."""
        ...

    @property
    def phenotypes(self) -> frozenset[str] | None:
        """The phenotypes of pharmacogenomics that are known, in its words."""
        ...

    def drugs(self, names: Sequence[str]) -> tuple[DrugFacts, ...]:
        """The drugs of a regimen, as they are in this combination."""
        ...

    def holds(self, item: Any) -> Truth:
        """Whether the biomarkers of a setting or rule are there."""
        ...

    def is_meant(self, item: Any) -> bool:
        """Whether a setting or rule is for such patients: in tumours, for this type."""
        ...

    def where(self, item: Any) -> str:
        """For which patients a setting is, in words, but for its name; "" where it is for all."""
        ...


@dataclass(frozen=True)
class EarlierSample:
    """An earlier sample of the patient, and when it was taken, None where that is not known."""

    genotype: Any
    on: datetime.date | None = None


@dataclass(frozen=True)
class OptionsAsked:
    """What is asked: settings by name, or all general ones; further combinations; how many drugs to explore.

    Escapes are sought for so many ``seconds``, and not at all without ``barriers``. ``history`` are the patient's
    earlier samples, the oldest first.
    """

    settings: tuple[str, ...] = ()
    combinations: tuple[tuple[str, ...], ...] = ()
    explore: int = 0
    phenotypes: frozenset[str] | None = field(default=None)
    seconds: float = 2.0
    barriers: bool = True
    history: tuple[EarlierSample, ...] = ()
