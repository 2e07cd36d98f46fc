"""What was measured of many samples, and how a genotype is told in numbers: shared by learning and validation.

Larger always means more resistant. Folds and concentrations are taken as their logarithm to base 10, shares (AUC,
viability) as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from resistab.core.faults import Fault
from resistab.core.measured import Response

if TYPE_CHECKING:
    from numpy.typing import NDArray

Bound = Literal["=", "<", ">"]
"""Whether a value is the measured one, or the assay told only that it lies below or above it."""


@dataclass(frozen=True)
class MeasureScale:
    """A kind of measurement: its name, the unit of its values, and how they become numbers to compute with.

    ``log`` says that values are positive and are taken as log10. ``least`` and ``most`` bound the others.
    """

    name: str
    unit: str
    log: bool
    least: float | None = None
    most: float | None = None

    def fault_in(self, value: float) -> str | None:
        """What is wrong with a value, None where nothing is."""
        if self.log and value <= 0:
            return "is zero or below, and has no logarithm"
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            return f"is not from {self.least:g} to {self.most:g}"
        return None

    def number(self, value: float) -> float:
        """A value as it is computed with."""
        return math.log10(value) if self.log else value

    def value(self, number: float) -> float:
        """The value that stands behind a number that is computed with."""
        return 10.0**number if self.log else number


SCALES = {
    scale.name: scale
    for scale in (
        MeasureScale("fold change", "fold", log=True),
        MeasureScale("IC50 ratio", "fold", log=True),
        MeasureScale("IC50", "as given", log=True),
        MeasureScale("ln IC50", "ln of the unit given", log=False),
        MeasureScale("AUC", "0 to 1", log=False, least=0, most=1),
        MeasureScale("viability", "0 to 1", log=False, least=0, most=1),
    )
}
"""The kinds of measurement that tables may hold, by name; of all of them larger is more resistant."""


@dataclass(frozen=True)
class MeasuredSample:
    """A sample of which something was measured: its name, whose it is, and its genotype by the rule set's domain."""

    sample: str
    patient: str
    genotype: Any
    line: int


@dataclass(frozen=True)
class Measurement:
    """One measured value of one sample under one drug.

    ``sample`` counts the samples of the data, from 0. ``call`` is the laboratory's, or follows from the cutoffs of the
    line; None without either.
    """

    sample: int
    value: float
    bound: Bound
    call: Response | None
    line: int


@dataclass(frozen=True)
class DrugMeasures:
    """All that was measured under one drug: ``drug`` as the rule set names it, on one scale."""

    drug: str
    scale: MeasureScale
    measurements: tuple[Measurement, ...]
    resistant_from: float | None = None

    @property
    def samples(self) -> tuple[int, ...]:
        """The numbers of the samples, one for each measurement."""
        return tuple(item.sample for item in self.measurements)

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The values as they are computed with, in the order of the measurements."""
        return np.array([self.scale.number(item.value) for item in self.measurements])

    @property
    def bounds(self) -> NDArray[np.int8]:
        """-1 where the true value lies below, 1 where it lies above, 0 where it was measured."""
        return np.array([{"<": -1, "=": 0, ">": 1}[item.bound] for item in self.measurements], np.int8)

    @property
    def called(self) -> NDArray[np.bool_]:
        """Where there is a call."""
        return np.array([item.call is not None for item in self.measurements], np.bool_)

    @property
    def resistant(self) -> NDArray[np.bool_]:
        """Where the call is not *sensitive*: intermediate ones stand on the side of resistance."""
        return np.array([item.call not in (None, "sensitive") for item in self.measurements], np.bool_)


@dataclass(frozen=True)
class MeasuredData:
    """A table of measurements, read: ``drugs`` by the rule set's name; ``notes`` say how things were taken.

    ``unknown_drugs`` are columns or names that the rule set does not know.
    """

    samples: tuple[MeasuredSample, ...]
    drugs: dict[str, DrugMeasures]
    notes: tuple[str, ...] = ()
    unknown_drugs: tuple[str, ...] = ()
    set_aside: tuple[Fault, ...] = ()

    def patients(self, drug: DrugMeasures) -> NDArray[np.str_]:
        """Whose each measurement of a drug is."""
        return np.array([self.samples[number].patient for number in drug.samples])

    def genotypes(self, drug: DrugMeasures) -> list[Any]:
        """The genotype behind each measurement of a drug."""
        return [self.samples[number].genotype for number in drug.samples]


@dataclass(frozen=True)
class Feature:
    """What may be a row of a learned table: a condition in the domain's own language, and where it stands in order.

    ``place`` groups features that speak of one place (a position, a gene), ``atoms`` are what it is made of, for the
    domain alone; the conditions of a pair are joined by "and".
    """

    when: str
    place: str
    order: tuple[Any, ...]
    atoms: tuple[Any, ...] = field(default=())


@dataclass(frozen=True)
class RuleJudgement:
    """What a rule set says of one sample and drug.

    ``order`` is larger the more resistant it is taken to be, None where nothing is said; ``level`` names the step that
    it falls on, ``predicts`` what response follows, ``rows`` the rows that spoke. ``reason`` says why nothing is said.
    """

    verdict: str
    level: str
    level_order: float | None
    order: float | None
    predicts: Response | None
    rows: tuple[str, ...]
    reason: str = ""

    @property
    def resistant(self) -> bool | None:
        """Whether resistance is predicted, in part or whole; None where nothing is."""
        return None if self.predicts is None else self.predicts != "sensitive"
