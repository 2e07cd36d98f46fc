"""The kinds of files that a rule set for tumours is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def read(folder: Path) -> Any:
    """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where there is none."""
    from resistab.domains.oncology.kinds.loader import read_rulebase_folder

    return read_rulebase_folder(folder)
