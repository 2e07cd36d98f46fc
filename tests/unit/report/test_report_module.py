"""Every pack gives what ``ReportModule`` describes."""

from __future__ import annotations

import inspect
import pkgutil

import pytest

from resistab.domains.pack import Pack, ReportModule
from resistab.domains.registry import packs

FUNCTIONS = {
    name: list(inspect.signature(function).parameters)[1:]
    for name, function in inspect.getmembers(ReportModule, inspect.isfunction)
    if not name.startswith("_")
}


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_a_pack_gives_every_function_with_its_parameters(pack: Pack) -> None:
    wanted = {name: names for name, names in FUNCTIONS.items() if name not in pack.cannot}
    given = {
        name: list(inspect.signature(getattr(pack.report, name)).parameters)
        for name in wanted
        if hasattr(pack.report, name)
    }
    assert given == wanted
    assert pack.report.TABLE_COLUMNS[0] == "sample" and pack.report.GROUPS.one


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_no_module_stands_in_the_place_of_a_function(pack: Pack) -> None:
    # Importing such a module would bind its name in the package.
    paths = getattr(pack.report, "__path__", ())
    assert not {module.name for module in pkgutil.iter_modules(paths)} & FUNCTIONS.keys()


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_verdicts_differ_in_words_and_symbols(pack: Pack) -> None:
    vocabulary = pack.report.VERDICTS
    count = len(vocabulary.verdicts)
    assert count == len(set(vocabulary.words.values())) == len(set(vocabulary.symbols.values())) > 1
