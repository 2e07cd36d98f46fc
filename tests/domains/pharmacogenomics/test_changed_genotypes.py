"""Advice that must stay, or become no lighter, when a genotype is changed, over random ones."""

from __future__ import annotations

import pytest

import resistab
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter
from tools.fuzz_verdicts import Germline, found_in


@pytest.fixture(scope="module")
def germline() -> Germline:
    interpreter = resistab.load("pharmacogenomics")
    assert isinstance(interpreter, GermlineInterpreter)
    return Germline(interpreter)


@pytest.mark.parametrize("name", ["germline-order", "germline-fewer-typed"])
def test_a_property_holds(germline: Germline, name: str) -> None:
    (prop,) = [prop for prop in germline.properties() if prop.name == name]
    assert found_in(prop, range(30)) == []
