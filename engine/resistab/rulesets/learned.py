"""A table that was learned from measurements: ``learned/DRUG.yaml`` of a draft rule set.

A value is predicted as ``intercept + unit * score``, on the scale of the measure (log10 where that is a fold or a
concentration), and kept between ``floor`` and ``ceiling``. The score is the sum over rows of the row's score times the
share in which it holds; of a position that was not read it is not known.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from resistab.core.model import Field
from resistab.rulesets.models import RulebaseModel, Text

Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]


class LearnedRow(RulebaseModel):
    """One row: what it asks for, its score, and what it rests on.

    ``low`` and ``high`` bound the score with 95% confidence (bootstrap over patients, with the rows as chosen).
    ``samples`` and ``patients`` hold what it asks for, in part or whole.
    """

    when: Text
    score: int
    low: Finite
    high: Finite
    samples: Count
    patients: Count


class LearnedError(RulebaseModel):
    """By how much measured values differ from predicted ones, on the scale of the measure.

    Of predictions ``below`` the cutoff, or not below it, 95% of the samples that were held back lie from ``low`` to
    ``high`` around the prediction.
    """

    below: bool
    low: Finite
    high: Finite
    samples: Count


class LearnedTable(RulebaseModel):
    """What was learned for one drug, and how well it predicts samples of patients that were held back.

    ``ruleset`` is the rule set beside which it was learned, ``resistant_from`` the clinical cutoff in the unit of the
    measure; ``r2`` (of log10 values where the measure is taken so), ``auc`` and ``accuracy`` at the cutoff are of the
    cross-validation by patient. ``reference`` is the publication of the measurements, as rule sets cite it; "" where
    the user names none.
    """

    drug: Text
    ruleset: Text
    measure: Text
    resistant_from: Finite
    intercept: Finite
    unit: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    floor: Finite
    ceiling: Finite
    errors: tuple[LearnedError, ...]
    samples: Count
    patients: Count
    resistant: Count
    r2: Finite
    auc: Finite
    accuracy: Finite
    folds: Count
    seed: int
    learned_on: datetime.date
    learned_from: tuple[Text, ...]
    reference: str = ""
    notes: tuple[Text, ...] = ()
    rows: tuple[LearnedRow, ...]


Release = Literal["released", "draft"]
"""Whether a rule set may be used without a word, or every report says that it is a draft."""
