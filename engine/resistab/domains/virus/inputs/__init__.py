"""What people have of viruses, read into genotypes."""

from __future__ import annotations

import dataclasses
import datetime
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.core.completion import KnownName
    from resistab.domains.pack import Given, Member
    from resistab.domains.virus.genotype import ViralGenotype
    from resistab.domains.virus.interpreter import ViralInterpreter
    from resistab.domains.virus.kinds.models import ViralRulebase


def genotypes(interpreter: ViralInterpreter, given: Given) -> list[ViralGenotype]:
    """As ``InputsModule.genotypes``."""
    from resistab.domains.virus.inputs import given as reading

    return reading.genotypes(interpreter, given)


def cohort(interpreter: ViralInterpreter, given: Given) -> AbstractContextManager[list[ViralGenotype]]:
    """As ``InputsModule.cohort``: all of them at once."""
    return nullcontext(genotypes(interpreter, given))


def taken_on(genotype: ViralGenotype) -> datetime.date | None:
    """As ``InputsModule.taken_on``; neither sequences nor lists of mutations bear a date."""
    return None


def in_series(genotype: ViralGenotype, member: Member, rulebase: ViralRulebase) -> ViralGenotype:
    """As ``InputsModule.in_series``; no rule but those for combining drugs asks for earlier therapies."""
    placed = dataclasses.replace(genotype, sample=member.sample)
    if genotype.prior_therapies is not None or member.therapies is None:
        return placed
    # Imported here: most patients have one sample.
    from resistab.domains.virus.policy.history import therapies_of, with_therapies

    prior = with_therapies((), therapies_of(member.therapies, rulebase))
    return dataclasses.replace(placed, prior_therapies=prior)


def names(rulebase: ViralRulebase, kind: str, text: str) -> tuple[KnownName, ...]:
    """As ``InputsModule.names``; the form asks for none but those of drugs."""
    return ()
