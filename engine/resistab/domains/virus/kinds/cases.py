"""Cases of a virus's rule set: mutations, and what the algorithm says of them."""

from __future__ import annotations

from typing import Annotated

from resistab.core.model import Field
from resistab.domains.virus.kinds.models import Sir, VerdictName
from resistab.rulesets.cases import Expectation
from resistab.rulesets.models import Reference, RulebaseModel, Text


class VirusExpectation(Expectation):
    """``sir`` is the level as susceptible, intermediate or resistant."""

    verdict: VerdictName | None = None
    sir: Sir | None = None


class VirusCase(RulebaseModel):
    """A virus's mutations as a laboratory lists them; ``comments`` are all that are given, in their order."""

    case: Text
    mutations: Text
    sequenced: tuple[Text, ...] = ()
    expect: Annotated[dict[Text, VirusExpectation], Field(min_length=1)]
    comments: tuple[Text, ...] | None = None
    source: Reference | None = None


class VirusCaseFile(RulebaseModel):
    """``cases/*.yaml`` of a virus's rule set."""

    cases: Annotated[tuple[VirusCase, ...], Field(min_length=1)]
