"""``resistab serve``: what it refuses before it listens, and that no other command pays for it."""

from __future__ import annotations

import builtins
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.server.settings import ServerSettings, is_loopback
from tests.running import Run


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ServerSettings]]:
    """What would have been listened with."""
    listening = pytest.importorskip("resistab.server.listening", reason="uvicorn is not installed")
    found: list[ServerSettings] = []

    def listen(settings: ServerSettings, tell: Any) -> None:
        found.append(settings)
        tell(8000)

    monkeypatch.setattr(listening, "listen", listen)
    yield found


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "here.example", ""])
def test_another_address_is_refused(run: Run, listened: list[ServerSettings], host: str) -> None:
    done = run("serve", "--host", host)
    assert done.returncode == ExitCode.USAGE and "--allow-remote" in done.stderr
    assert listened == []


def test_another_address_is_warned_of(run: Run, listened: list[ServerSettings]) -> None:
    done = run("serve", "--host", "0.0.0.0", "--allow-remote", "--name", "here.example")
    assert done.returncode == ExitCode.OK
    assert "warning: whoever reaches 0.0.0.0 can ask, and patient data crosses the network openly" in done.stderr
    assert listened[0].is_called("here.example") and not listened[0].is_called("there.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_this_machine_is_listened_to(run: Run, listened: list[ServerSettings], host: str) -> None:
    done = run("serve", "--host", host, "--port", "0")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    shown = f"[{host}]" if ":" in host else host
    assert done.stdout == f"resistab can be asked at http://{shown}:8000/ until Ctrl-C\n"
    assert is_loopback(host)


def test_bounds_are_options(run: Run, listened: list[ServerSettings]) -> None:
    assert run("serve", "--most", "5", "--seconds", "10", "--workers", "1", "--ruleset", "hiv1").returncode == 0
    (settings,) = listened
    assert (settings.most_bytes, settings.seconds, settings.workers) == (5_000_000, 10, 1)
    assert settings.rulesets == ("hiv1",)


@pytest.mark.parametrize("said", [("--port", "70000"), ("--most", "0"), ("--seconds", "0"), ("--workers", "0")])
def test_a_bound_that_is_none_is_refused(run: Run, listened: list[ServerSettings], said: tuple[str, str]) -> None:
    assert run("serve", *said).returncode == ExitCode.USAGE and listened == []


def test_an_unknown_rule_set_is_refused(run: Run) -> None:
    pytest.importorskip("resistab.server.listening", reason="uvicorn is not installed")
    done = run("serve", "--ruleset", "oncologie")
    assert done.returncode == ExitCode.RULEBASE and "did you mean oncology?" in done.stderr


def test_an_overlay_is_of_one_rule_set(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("resistab.server.listening", reason="uvicorn is not installed")
    done = run("serve", "--overlay", str(tmp_path))
    assert done.returncode == ExitCode.USAGE and "give --ruleset with it" in done.stderr


def test_without_the_extra_it_says_how_to_install_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def without(name: str, *given: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "uvicorn":
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return plain(name, *given, **named)

    for name in [name for name in sys.modules if name.startswith(("uvicorn", "resistab.server.listening"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    done = run("serve")
    assert done.returncode == ExitCode.USAGE
    assert "serve: uvicorn is not installed; pip install 'resistab[serve]' installs it" in " ".join(done.stderr.split())


def test_no_other_command_imports_a_server() -> None:
    code = """
import sys
sys.argv = ["resistab", "drugs", "--ruleset", "pharmacogenomics"]
from resistab.cli.start import main
try:
    main()
except SystemExit:
    pass
from resistab.cli.app import made_app
made_app([])
print([name for name in sys.modules if name.partition(".")[0] in ("fastapi", "starlette", "uvicorn", "pebble")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
