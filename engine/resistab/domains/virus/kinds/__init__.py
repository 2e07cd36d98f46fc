"""The kinds of files that a virus's rule set is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def read(folder: Path) -> Any:
    """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where there is none."""
    from resistab.domains.virus.kinds.loader import read_viral_folder

    return read_viral_folder(folder)
