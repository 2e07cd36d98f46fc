"""Verdicts on antivirals that must stay, or become no better, when a genotype is changed, over random ones."""

from __future__ import annotations

import pytest

import resistab
from resistab.domains.virus.interpreter import ViralInterpreter
from tools.fuzz_verdicts import Viruses, found_in


@pytest.fixture(scope="module")
def viruses() -> Viruses:
    interpreter = resistab.load("hiv1")
    assert isinstance(interpreter, ViralInterpreter)
    return Viruses(interpreter)


@pytest.mark.parametrize("name", ["virus-order", "virus-irrelevant", "virus-fewer-read", "virus-spellings"])
def test_a_property_holds(viruses: Viruses, name: str) -> None:
    (prop,) = [prop for prop in viruses.properties() if prop.name == name]
    assert found_in(prop, range(15)) == []
