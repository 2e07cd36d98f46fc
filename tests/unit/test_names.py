"""One name for one thing: no two public classes share one, and lists kept by hand are complete."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

from resistab.core.condition import Atom, ConclusionAtom
from resistab.domains.oncology import atoms, genotype
from resistab.domains.oncology.policy import rules as tumour_rules
from resistab.domains.pharmacogenomics import policy as germline_rules
from resistab.domains.virus.policy import rules as viral_rules

ENGINE = Path(__file__).resolve().parents[2] / "engine" / "resistab"
POLICIES = {"oncology": tumour_rules, "virus": viral_rules, "pharmacogenomics": germline_rules}


def public_classes() -> dict[str, list[str]]:
    """Every public class of the package with the modules that define one of its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(ENGINE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ENGINE).as_posix())
    return found


def classes_of(module: ModuleType, base: type[Any]) -> set[type[Any]]:
    """The classes below ``base`` that ``module`` itself defines."""
    found = {item for _, item in inspect.getmembers(module, inspect.isclass) if item.__module__ == module.__name__}
    return {item for item in found if issubclass(item, base) and item is not base}


def test_no_two_public_classes_share_a_name() -> None:
    found = public_classes()
    assert len(found) > 100
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}


def test_every_atom_of_tumours_is_in_their_union() -> None:
    assert set(get_args(atoms.TumourAtom)) == classes_of(atoms, Atom) | {ConclusionAtom}


def test_every_finding_of_tumours_is_in_their_union() -> None:
    union, *_ = get_args(genotype.Finding)
    assert set(get_args(union)) == classes_of(genotype, genotype.FindingModel)


@pytest.mark.parametrize("domain", POLICIES)
def test_every_rule_of_a_policy_is_in_its_list(domain: str) -> None:
    module = POLICIES[domain]
    listed = [rule.speaks for rule in module.POLICY]
    written = {
        function
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and list(inspect.signature(function).parameters) == list(inspect.signature(listed[0]).parameters)
        and inspect.signature(function).return_annotation == inspect.signature(listed[0]).return_annotation
    }
    assert len(listed) == len(set(listed)) > 1
    assert set(listed) == written
