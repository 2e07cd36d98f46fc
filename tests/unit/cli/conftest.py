"""The command in a process of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.running import RESISTAB, Result, Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
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
