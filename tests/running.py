"""How a command is started, and what comes of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

RESISTAB = [sys.executable, "-c", "from resistab.cli.start import main; main()"]
Result = subprocess.CompletedProcess[str]
Run = Callable[..., Result]
