"""Cases of a virus's rule set: mutations, and what the algorithm says of them."""

from __future__ import annotations

from resistab.core.model import Field
from resistab.domains.virus.kinds.models import Sir, VerdictName
from resistab.rulesets.cases import CaseWithOptions, Expectation
from resistab.rulesets.models import Reference, RulebaseModel, Text


class VirusExpectation(Expectation):
    """``sir`` is the level as susceptible, intermediate or resistant."""

    verdict: VerdictName | None = None
    sir: Sir | None = None


class VirusCase(CaseWithOptions):
    """A virus's mutations as a laboratory lists them; ``comments`` are all that are given, in their order.

    No ``prior`` means that earlier treatment is not known; a drug that failed has ``failed`` behind it.
    """

    case: Text
    mutations: Text
    sequenced: tuple[Text, ...] = ()
    prior: tuple[Text, ...] | None = None
    expect: dict[Text, VirusExpectation] = Field(default_factory=dict)
    comments: tuple[Text, ...] | None = None
    source: Reference | None = None


class VirusCaseFile(RulebaseModel):
    """``cases/*.yaml`` of a virus's rule set."""

    cases: tuple[VirusCase, ...] = Field(min_length=1)
