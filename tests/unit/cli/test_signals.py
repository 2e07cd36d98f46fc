"""Signals end a command without a trace: no file half-written, no traceback, the exit code by convention."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

# Writes for ever into a report, and says when it has begun.
ENDLESS = """
import sys, itertools
from pathlib import Path
import resistab.cli.app as app
from resistab.files.output import write_whole

def parts():
    yield "first"
    print("begun", file=sys.stderr, flush=True)
    for number in itertools.count():
        yield str(number)

def made_app(words):
    return lambda: write_whole(Path("report.json"), parts())

app.made_app = made_app
app.main()
"""
# What a library does that catches whatever is raised, and goes on to fail in its own way.
SWALLOWED = """
import sys, time
import resistab.cli.app as app
from resistab.core.rete import ReteError

def run():
    print("begun", file=sys.stderr, flush=True)
    try:
        time.sleep(60)
    except BaseException:
        raise ReteError("swallowed") from None

app.made_app = lambda words: run
app.main()
"""


# A shell has what it starts in the background ignore SIGINT, and nohup SIGHUP, and so would all that is started there.
HEEDED = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""


def ended(program: str, number: int, folder: Path) -> tuple[int, str]:
    """The exit code of a program that gets a signal once it has begun, and what it says then."""
    command = [sys.executable, "-c", HEEDED + program]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        process.send_signal(number)
        try:
            return process.wait(60), process.stderr.read()
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("program", [ENDLESS, SWALLOWED])
def test_a_signal_ends_a_command_without_a_trace(tmp_path: Path, number: int, program: str) -> None:
    assert ended(program, number, tmp_path) == (128 + number, "")
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    program = """
import signal, sys
import resistab.cli.app as app
signal.signal(signal.SIGHUP, signal.SIG_IGN)
app.made_app = lambda words: lambda: signal.raise_signal(signal.SIGHUP)
app.main()
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
