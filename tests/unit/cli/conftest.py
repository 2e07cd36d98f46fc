"""A command run as a user or a script runs it: in this process where that shows the same, else in one of its own."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from resistab.cli import app
from resistab.domains import loading
from tests.running import RESISTAB, Result, Run

load = loading.load


@cache
def shipped(ruleset: str) -> Any:
    return load(ruleset)


def load_once(ruleset: str = "oncology", rulebase: Path | None = None, overlay: Path | None = None) -> Any:
    """As ``load``; the shipped rules once for all tests."""
    return load(ruleset, rulebase, overlay) if rulebase or overlay else shipped(ruleset)


@pytest.fixture
def run_process(tmp_path: Path) -> Run:
    """Runs the command in a process of its own, in an empty folder; whatever happens, it prints no traceback."""

    def run(*arguments: str, stdout: object = subprocess.PIPE, **environment: str) -> Result:
        done = subprocess.run(
            [*RESISTAB, *arguments],
            cwd=tmp_path,
            env=os.environ | environment,
            stdout=stdout,  # type: ignore[call-overload]
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process, in an empty folder; whatever happens, it prints no traceback."""
    monkeypatch.chdir(tmp_path)
    # What is good for a process that ends with the command is not for the one that tests.
    monkeypatch.setattr(gc, "set_threshold", lambda *numbers: None)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(loading, "load", load_once)

    def run(*arguments: str, **environment: str) -> Result:
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["resistab", *arguments])
            code: Any = 0
            try:
                app.main()
            except SystemExit as left:
                code = left.code
        done = Result(["resistab", *arguments], int(code or 0), *capsys.readouterr())
        assert "Traceback" not in done.stderr
        return done

    return run
