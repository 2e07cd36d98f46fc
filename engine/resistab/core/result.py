"""What an evaluator says of every head of a program."""

from __future__ import annotations

from resistab.core.program import Head
from resistab.core.records import dataclass
from resistab.core.truth import Truth


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
