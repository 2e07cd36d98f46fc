"""What is told of a table that was learned: the frozen models behind the JSON, the page and the terminal."""

from __future__ import annotations

from resistab.core.model import ConfigDict, Model
from resistab.rulesets.learned import LearnedTable
from resistab.rulesets.proposals import Proposal


class LearningModel(Model):
    """Base: frozen, and refusing fields that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class LevelOfScore(LearningModel):
    """The samples, held back, whose score falls on one level: what was measured of them.

    ``lower``, ``median`` and ``upper`` are quartiles of the measured value in its unit, ``predicted`` the median of the
    predicted ones, ``resistant`` the number that are called resistant. None where the level has no sample.
    """

    level: str
    samples: int
    resistant: int
    lower: float | None
    median: float | None
    upper: float | None
    predicted: float | None


class CurvePoint(LearningModel):
    """R² of samples held back where so many patients were learned from."""

    patients: int
    r2: float


class ExpertBeside(LearningModel):
    """How the rule set's own verdicts do on the same samples: AUC of its score, and accuracy of its calls.

    ``samples`` are those with a call that the rules say something of.
    """

    ruleset: str
    version: str
    samples: int
    auc: float
    accuracy: float


class LearnedDrug(LearningModel):
    """One learned table with all that is told of it.

    ``predicted`` and ``scores`` are of each sample when its patient was held back, ``measured`` and ``bounded`` what
    was measured, all in the order of the samples; values in the unit of the measure.
    """

    table: LearnedTable
    expert: ExpertBeside | None
    levels: tuple[LevelOfScore, ...]
    curve: tuple[CurvePoint, ...]
    measured: tuple[float, ...]
    predicted: tuple[float, ...]
    scores: tuple[float, ...]
    bounded: tuple[int, ...]
    resistant: tuple[bool, ...]
    fold_r2: tuple[float, ...]

    @property
    def pairs(self) -> int:
        """The number of rows that ask for two things together."""
        return sum(" and " in row.when for row in self.table.rows)


class SoftwareUsed(LearningModel):
    """What learned, and in which version."""

    resistab: str
    scikit_learn: str


class Tested(LearningModel):
    """How many candidates for new rows, and how many expert rows, were tested for a drug."""

    drug: str
    candidates: int
    rows: int


class Learned(LearningModel):
    """What ``resistab learn`` found: a table for each drug, beside one rule set.

    ``proposals`` are the changes of the expert tables that the measurements ask for, None where nobody asked for them;
    ``tested`` says of each drug how many candidates and how many rows were tested for it.
    """

    ruleset: str
    ruleset_version: str
    ruleset_digest: str
    software: SoftwareUsed
    files: tuple[str, ...]
    drugs: tuple[LearnedDrug, ...]
    set_aside: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] | None = None
    tested: tuple[Tested, ...] = ()
