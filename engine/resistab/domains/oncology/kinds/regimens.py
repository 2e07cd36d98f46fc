"""Regimens and rules for combining drugs against tumours; the parts that all domains share are in ``rulesets``."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.core.model import Field
from resistab.domains.oncology.kinds.fields import ConditionField
from resistab.rulesets.models import RulebaseModel, Text
from resistab.rulesets.regimens import Authority, BarrierFile, CombiningRule, Regimen, RegimenSetting


class TumourSetting(RegimenSetting):
    """A setting in tumours of some types, of which ``outside`` leaves some out; ``when`` are the biomarkers."""

    tumour_types: tuple[Text, ...] = Field(min_length=1)
    outside: tuple[Text, ...] = ()
    when: ConditionField | None = None


class TumourRegimen(Regimen):
    """A regimen against tumours."""

    settings: tuple[TumourSetting, ...] = Field(min_length=1)


class TumourCombiningRule(CombiningRule):
    """A rule for combining drugs, in tumours of some types or all, and where biomarkers are so."""

    tumour_types: tuple[Text, ...] = ()
    when: ConditionField | None = None


class TumourRegimenFile(RulebaseModel):
    """``regimens/GROUP.yaml``."""

    regimens: tuple[TumourRegimen, ...] = Field(min_length=1)


class TumourCombiningFile(RulebaseModel):
    """``regimens/rules/GROUP.yaml``."""

    rules: tuple[TumourCombiningRule, ...] = Field(min_length=1)


class TumourRegimens(RulebaseModel):
    """All regimens of a rule set, its rules for combining, and what it says of barriers."""

    regimens: tuple[TumourRegimen, ...] = ()
    rules: tuple[TumourCombiningRule, ...] = ()
    barriers: BarrierFile = Field(default_factory=BarrierFile)

    @property
    def authorities(self) -> Iterator[Authority]:
        """All that regimens and rules rest on."""
        for regimen in self.regimens:
            for setting in regimen.settings:
                yield from setting.authorities
        for rule in self.rules:
            yield from rule.evidence

    @property
    def drugs(self) -> frozenset[str]:
        """The drugs of regimens, and the names of drugs and classes that rules for combining have."""
        names = {name for rule in self.rules for name in rule.names}
        return frozenset(names.union(*(regimen.drugs for regimen in self.regimens)))
