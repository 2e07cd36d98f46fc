"""Trying every set of up to three changes with the real interpreters agrees with the solver on 300 random patients."""

from __future__ import annotations

from functools import cache

import pytest

import resistab
from resistab.domains.oncology.policy import escape as tumour
from resistab.domains.virus.policy import escape as virus
from tests.escapes import tumour_agrees, virus_agrees

BLOCKS, PER_BLOCK = 10, 15
ALL = 10**6


@cache
def tumours() -> tumour.TumourEscapes:
    return tumour.TumourEscapes(resistab.load("oncology"), limit=ALL)


@cache
def viruses() -> virus.ViralEscapes:
    return virus.ViralEscapes(resistab.load("hiv1"), limit=ALL)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_trying_agrees_with_the_solver_on_tumours(block: int) -> None:
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        # Of a seed by which there is no drug to ask for, the next by as many is taken.
        came = "no drug"
        while came in ("no drug", "contradiction"):
            came = tumour_agrees(tumours(), seed)
            seed += BLOCKS * PER_BLOCK


@pytest.mark.parametrize("block", range(BLOCKS))
def test_trying_agrees_with_the_solver_on_viruses(block: int) -> None:
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        virus_agrees(viruses(), seed)
