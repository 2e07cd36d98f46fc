"""What an evaluator says of every head of a program."""

from __future__ import annotations

from collections.abc import Mapping

from resistab.core.condition import Atom
from resistab.core.program import Head, Program
from resistab.core.records import dataclass
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
# The same where they are only read.
KnownValues = Mapping[Head, HeadValue]


@dataclass(frozen=True)
class Baseline:
    """An evaluation in which both evaluators agreed, of the same program under other observations.

    ``stale`` are the heads of whose clauses some ask for what is observed otherwise now: only these, and what rests on
    them through conclusions, are evaluated anew, and all other heads keep their value.
    """

    values: KnownValues
    stale: frozenset[Head]

    @classmethod
    def beside(
        cls, program: Program, values: KnownValues, before: Mapping[Atom, Observation], now: Mapping[Atom, Observation]
    ) -> Baseline:
        """The evaluation that gave ``values`` under ``before``; ``now`` are the observations that are others."""
        changed = (atom for atom, seen in now.items() if seen.truth is not before[atom].truth)
        return cls(values, frozenset(program.reading(changed)))

    def differing(self, values: Values) -> frozenset[Head]:
        """The heads whose value is another in ``values``."""
        before = self.values
        return frozenset(head for head, value in values.items() if value is not before[head] and value != before[head])
