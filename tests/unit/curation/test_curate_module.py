"""Every pack gives what ``CurateModule`` describes."""

from __future__ import annotations

import inspect
import pkgutil

import pytest

from resistab.curation.kit.plain import Plain
from resistab.domains.pack import CurateModule, Pack
from resistab.domains.registry import packs

FUNCTIONS = {
    name: list(inspect.signature(function).parameters)[1:]
    for name, function in inspect.getmembers(CurateModule, inspect.isfunction)
    if not name.startswith("_")
}
# What a domain has only where it has evidence to compare.
OF_EVIDENCE = {"read_evidence", "check_evidence"}
# What it has only where tables can say what is expected of its patients.
OF_EXPECTATIONS = {"read_expectations", "expectation_judge"}
# What every domain says of itself.
OWN = {"case_rules", *OF_EVIDENCE, *OF_EXPECTATIONS}


def given(functions: object) -> dict[str, list[str]]:
    return {
        name: list(inspect.signature(getattr(functions, name)).parameters)
        for name in FUNCTIONS
        if hasattr(functions, name)
    }


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_a_pack_gives_every_function_with_its_parameters(pack: Pack) -> None:
    without = OF_EVIDENCE if "--evidence" in pack.cannot else set()
    without |= OF_EXPECTATIONS if "--expectations" in pack.cannot else set()
    assert given(pack.curate) == {name: names for name, names in FUNCTIONS.items() if name not in without}


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_no_module_stands_in_the_place_of_a_function(pack: Pack) -> None:
    # Importing such a module would bind its name in the package.
    paths = getattr(pack.curate, "__path__", ())
    assert not {module.name for module in pkgutil.iter_modules(paths)} & FUNCTIONS.keys()


def test_the_plain_form_gives_all_that_is_not_a_domain_s_own() -> None:
    methods = {name: names[1:] for name, names in given(Plain).items()}
    assert methods == {name: names for name, names in FUNCTIONS.items() if name not in OWN}


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_every_kind_of_item_has_words_of_its_own(pack: Pack) -> None:
    kinds = pack.curate.item_kinds()
    assert kinds and len({kind.one for kind in kinds.values()}) == len(kinds)
    assert any(kind.row for kind in kinds.values())
