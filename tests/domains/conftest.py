"""What every domain's tests of the terminal print with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.terminal import Printed


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Printed:
    """What a function prints in a pipe of 80 columns, or of as many as are asked for."""
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def run(function: Callable[..., None], *arguments: object, columns: int = 80) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        function(*arguments)
        return capsys.readouterr().out

    return run
