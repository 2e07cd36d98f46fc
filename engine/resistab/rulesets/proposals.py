"""What measurements ask of a rule set: the file that ``resistab learn --propose`` writes and ``import`` takes up."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from resistab.core.model import Field
from resistab.core.records import dataclass
from resistab.rulesets.models import RulebaseModel, Slug, Text

Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
ProposalKind = Literal["add row", "row without support"]
Format = Literal["resistab proposals 1"]
FORMAT: Format = "resistab proposals 1"


class Proposal(RulebaseModel):
    """One change of a drug's table that measurements ask for beyond chance.

    ``when`` is the condition in the language of the rule set. ``row`` and ``expert`` are the id and the score of the
    row that stands there, None where there is none yet; ``learned`` is what the learned table scores there.
    ``estimate``, ``low`` and ``high`` are the effect in points of the rule set's score with its 95% interval, ``q`` the
    share of false ones to be expected among all proposals that are at least as certain (Benjamini and Hochberg).
    ``samples`` and ``patients`` hold what is asked for, in part or whole; ``median`` is the median value of these
    samples in the unit of the measure, ``median_rest`` that of samples on the same levels of the rule set which do not
    hold it, None where there are none. ``says`` is the proposal as a sentence.
    """

    drug: Text
    kind: ProposalKind
    when: Text
    row: Text | None = None
    expert: Finite | None = None
    learned: int
    estimate: Finite
    low: Finite
    high: Finite
    q: Share
    samples: Count
    patients: Count
    measure: Text
    median: Finite
    median_rest: Finite | None = None
    says: Text

    @property
    def score(self) -> int | None:
        """The score that a new row would have, a whole number of points; None where a row would go."""
        return round(self.estimate) if self.kind == "add row" else None


class ProposalFile(RulebaseModel):
    """The proposals for one rule set, which ``digest`` names exactly, from the measurements in ``files``."""

    format: Format
    ruleset: Slug
    version: Text
    digest: Text
    files: tuple[Text, ...]
    date: datetime.date
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class DraftEntry:
    """A proposal as a draft in the table of its drug: what stands in the list ``listed``, beside its id.

    Ids begin with ``prefix``, and with that of the table's rows where it is empty; ``digits`` follow it. ``accepting``
    says what a curator does to accept the draft, in a sentence and lines of YAML.
    """

    proposal: Proposal
    listed: str
    content: dict[str, Any]
    prefix: str
    digits: int
    accepting: tuple[str, ...]
