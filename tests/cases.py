"""Cases that stand in YAML beside their test."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
import yaml

_Test = TypeVar("_Test", bound=Callable[..., None])


def cases_beside(test: _Test) -> _Test:
    """Run ``test`` with each of its cases: those under its name in ``test_x.yaml`` beside ``test_x.py``.

    A case is a mapping from the arguments of the test to their values; all cases have the same arguments, in the same
    order. Raises ``ValueError`` where they have not, and ``KeyError`` where there is no such name.
    """
    path = Path(inspect.getfile(test)).with_suffix(".yaml")
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))[test.__name__]
    arguments = list(cases[0])
    if odd := [case for case in cases if list(case) != arguments]:
        raise ValueError(f"{path.name}, {test.__name__}: not the arguments {arguments}: {odd[0]}")
    return pytest.mark.parametrize(arguments, [list(case.values()) for case in cases])(test)
