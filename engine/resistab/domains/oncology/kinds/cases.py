"""Cases of a rule set for tumours: patients, and the verdicts a board expects of them."""

from __future__ import annotations

from resistab.core.model import Field
from resistab.domains.oncology.kinds.models import VerdictName
from resistab.rulesets.cases import CaseWithOptions, Expectation
from resistab.rulesets.models import Reference, RulebaseModel, Text


class TumourExpectation(Expectation):
    """``through`` is a chain of mechanism rules behind a row, the last step first; ``names`` are in the reason."""

    verdict: VerdictName | None = None
    through: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()


class TumourCase(CaseWithOptions):
    """A tumour as a patient file describes one; no ``prior`` means that earlier treatment is not known."""

    case: Text
    tumour: Text
    findings: tuple[Text, ...] = ()
    assayed: tuple[Text, ...] = ()
    prior: tuple[Text, ...] | None = None
    expect: dict[Text, TumourExpectation] = Field(default_factory=dict)
    source: Reference | None = None


class TumourCaseFile(RulebaseModel):
    """``cases/*.yaml`` of a rule set for tumours."""

    cases: tuple[TumourCase, ...] = Field(min_length=1)
