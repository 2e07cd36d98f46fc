"""What people have of germline genotypes, read."""

from __future__ import annotations

import dataclasses
import datetime
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.core.completion import KnownName
    from resistab.domains.pack import Given, Member
    from resistab.domains.pharmacogenomics.genotype import GermlineGenotype
    from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter
    from resistab.domains.pharmacogenomics.kinds import GermlineRulebase


def genotypes(interpreter: GermlineInterpreter, given: Given) -> list[GermlineGenotype]:
    """As ``InputsModule.genotypes``."""
    from resistab.domains.pharmacogenomics.inputs import patients

    return patients.genotypes(interpreter.rulebase, given)


def cohort(interpreter: GermlineInterpreter, given: Given) -> AbstractContextManager[list[GermlineGenotype]]:
    """As ``InputsModule.cohort``: all of them at once."""
    return nullcontext(genotypes(interpreter, given))


def taken_on(genotype: GermlineGenotype) -> datetime.date | None:
    """As ``InputsModule.taken_on``."""
    return genotype.taken


def in_series(genotype: GermlineGenotype, member: Member, rulebase: GermlineRulebase) -> GermlineGenotype:
    """As ``InputsModule.in_series``; no rule asks for earlier therapies."""
    return dataclasses.replace(genotype, sample=member.sample, taken=member.on)


def names(rulebase: GermlineRulebase, kind: str, text: str) -> tuple[KnownName, ...]:
    """As ``InputsModule.names``; the form asks for none but those of drugs."""
    return ()
