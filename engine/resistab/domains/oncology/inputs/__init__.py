"""What people have of tumours, read into genotypes."""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.core.completion import KnownName
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.inputs.streaming import Genotypes
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.pack import Given, Member


def genotypes(interpreter: TumourInterpreter, given: Given) -> list[Genotype]:
    """As ``InputsModule.genotypes``."""
    from resistab.domains.oncology.inputs import given as reading

    return reading.genotypes(interpreter, given)


def cohort(interpreter: TumourInterpreter, given: Given) -> AbstractContextManager[Genotypes]:
    """What ``genotypes`` gives, while the context lasts, as a stream where the files may hold a large cohort.

    It has a length, and one may go through it more than once. Raises on entry what ``genotypes`` raises.
    """
    from resistab.domains.oncology.inputs import streaming

    return streaming.cohort(interpreter, given)


def taken_on(genotype: Genotype) -> datetime.date | None:
    """As ``InputsModule.taken_on``."""
    return genotype.date


def in_series(genotype: Genotype, member: Member, rulebase: Rulebase) -> Genotype:
    """As ``InputsModule.in_series``; what the sample says itself of prior therapies holds."""
    # Imported here: most patients have one sample.
    from resistab.domains.oncology.policy.history import therapies_of

    placed = genotype.model_copy(update={"sample": member.sample, "date": member.on})
    if genotype.prior_therapies is not None or member.therapies is None:
        return placed
    return placed.model_copy(update={"prior_therapies": therapies_of(member.therapies, rulebase)})


def names(rulebase: Rulebase, kind: str, text: str) -> tuple[KnownName, ...]:
    """As ``InputsModule.names``: "tumours" by codes, names and what they are called beside; "panels"."""
    from resistab.domains.oncology.inputs import known_names

    find = {"tumours": known_names.tumour_names, "panels": known_names.panel_names}.get(kind)
    return () if find is None else find(rulebase, text)
