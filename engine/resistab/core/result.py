"""What an evaluator says of every head of a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resistab.core.condition import Atom
from resistab.core.program import Head
from resistab.core.truth import Observation, Truth


@dataclass(frozen=True)
class HeadValue:
    """A head's strength where it is certain (0 where it is not), and whether it is possible."""

    strength: float
    possible: bool

    @property
    def truth(self) -> Truth:
        """True where certain, false where not even possible, else unknown."""
        if self.strength > 0:
            return Truth.TRUE
        return Truth.UNKNOWN if self.possible else Truth.FALSE


# Of what is neither certain nor possible.
NOTHING = HeadValue(0.0, False)

Values = dict[Head, HeadValue]


@dataclass(frozen=True)
class Baseline:
    """An evaluation in which both evaluators agreed, of the same program under other observations.

    ``changed`` are the atoms whose truth is another now: only what reads them, through conclusions too, is evaluated
    anew, and all other heads keep their value.
    """

    values: Values
    changed: frozenset[Atom]

    @classmethod
    def beside(
        cls, values: Values, before: Mapping[Atom, Observation], now: Mapping[Atom, Observation]
    ) -> Baseline:
        """The evaluation that gave ``values`` under ``before``; ``now`` are the observations that are others."""
        return cls(values, frozenset(atom for atom, seen in now.items() if seen.truth is not before[atom].truth))

    def differing(self, values: Values) -> frozenset[Head]:
        """The heads whose value is another in ``values``."""
        before = self.values
        return frozenset(
            head for head, value in values.items() if value is not before[head] and value != before[head]
        )
