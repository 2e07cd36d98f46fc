"""Which rule sets a command means that is not told which."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from resistab.rulesets.find import data_folder, default_rulesets
from tests.paths import SMALL


def test_those_of_the_checkout_that_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A curator with two checkouts changes the one at hand, whichever resistab was installed from."""
    shutil.copytree(SMALL, tmp_path / "rulebase" / "small")
    monkeypatch.chdir(tmp_path)
    assert default_rulesets().resolve() == tmp_path / "rulebase"


def test_else_the_shipped_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rulebase").mkdir()
    monkeypatch.chdir(tmp_path)
    assert default_rulesets() == data_folder("rulebase")
