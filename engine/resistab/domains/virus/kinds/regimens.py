"""Regimens and rules for combining antiviral drugs; the parts that all domains share are in ``rulesets``."""

from __future__ import annotations

import re

from resistab.core.model import Field
from resistab.domains.virus.kinds.fields import GeneName, ResidueCondition
from resistab.rulesets.models import RulebaseModel
from resistab.rulesets.regimens import BarrierFile, CombiningRule, Regimen, RegimenSetting


def change_named(text: str) -> tuple[str, int, str] | None:
    """Gene, position and residue of a change written as "IN G118R"; None where it is written otherwise."""
    found = re.fullmatch(r"([A-Za-z][A-Za-z0-9]*) [A-Z]?([0-9]+)([A-Z*])", text)
    return (found[1], int(found[2]), found[3]) if found else None


class ViralRegimen(Regimen):
    """A regimen against a virus."""

    settings: tuple[RegimenSetting, ...] = Field(min_length=1)


class ViralCombiningRule(CombiningRule):
    """A rule for combining drugs; ``when`` says for each gene what must be found in it."""

    when: dict[GeneName, ResidueCondition] = Field(default_factory=dict)


class ViralRegimenFile(RulebaseModel):
    """``regimens/GROUP.yaml``."""

    regimens: tuple[ViralRegimen, ...] = Field(min_length=1)


class ViralCombiningFile(RulebaseModel):
    """``regimens/rules/GROUP.yaml``."""

    rules: tuple[ViralCombiningRule, ...] = Field(min_length=1)


class ViralRegimens(RulebaseModel):
    """All regimens of a rule set, its rules for combining, and what it says of barriers."""

    regimens: tuple[ViralRegimen, ...] = ()
    rules: tuple[ViralCombiningRule, ...] = ()
    barriers: BarrierFile = Field(default_factory=BarrierFile)
