"""The words that reports translate are those that rule sets may hold: a new one of a table is a new one here."""

from __future__ import annotations

from typing import get_args

from resistab.domains.oncology.grammar.loci import LOCUS_KINDS
from resistab.domains.oncology.kinds.models import Effect, Mechanism
from resistab.domains.oncology.policy.vocabulary import EFFECTS, KINDS, MECHANISMS


def test_every_mechanism_can_be_translated() -> None:
    assert set(MECHANISMS) == set(get_args(Mechanism))


def test_every_effect_can_be_translated() -> None:
    assert set(EFFECTS) == set(get_args(Effect))


def test_every_kind_of_locus_can_be_translated() -> None:
    assert set(LOCUS_KINDS) <= set(KINDS)
