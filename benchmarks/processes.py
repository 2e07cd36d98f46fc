"""Whole processes as the benchmarks start them, with what they took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rulebase"
RESISTAB = str(Path(sys.executable).parent / "resistab")
NOTHING = (sys.executable, "-c", "pass")
# Run by a child: the peak of memory is told of all children together, and of a child that was split off from a large
# process it is at least that process's.
_TAKEN = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
status = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, seconds, used.ru_maxrss]))
"""


class ProcessError(Exception):
    """A command that is measured has failed; with the last of what it said."""


@dataclass(frozen=True)
class Taken:
    """Seconds from start to exit, and the most memory in MB that one process of it has held."""

    seconds: float
    peak_mb: float


def environment(cache: Path) -> dict[str, str]:
    """The environment of every child: a cache of its own, and bytecode kept as in any installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"RESISTAB_CACHE": str(cache)}


def process(command: Sequence[str], env: dict[str, str], statuses: Sequence[int] = (0,)) -> Taken:
    """What ``command`` takes; raises ``ProcessError`` where its exit status is none of ``statuses``."""
    finished = subprocess.run([sys.executable, "-c", _TAKEN, *command], check=True, env=env, capture_output=True)
    status, seconds, peak = json.loads(finished.stdout)
    if status not in statuses:
        said = finished.stderr.decode(errors="replace").strip()[-500:]
        raise ProcessError(f"exit status {status} of {' '.join(command)}: {said}")
    # Linux counts in KiB, macOS in bytes.
    return Taken(seconds, peak * (1 if sys.platform == "darwin" else 1024) / 1e6)
