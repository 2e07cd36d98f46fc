"""The kinds of files that a rule set for tumours is made of, and from a folder of them to the rule set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resistab.domains.oncology.kinds.files import FILE_KINDS
from resistab.domains.oncology.kinds.models import Rulebase

if TYPE_CHECKING:
    from resistab.rulesets.folder_reader import FolderReading

__all__ = ["FILE_KINDS", "Rulebase", "overlaid", "read"]


def read(folder: Path) -> FolderReading[Rulebase]:
    """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where the folder holds no rule set."""
    # A start that finds its rules in the cache needs neither the YAML reader nor the checks.
    from resistab.domains.oncology.kinds.loader import read_rulebase_folder

    return read_rulebase_folder(folder)


def overlaid(rulebase: Rulebase, folder: Path) -> Rulebase:
    """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of the overlay."""
    from resistab.domains.oncology.kinds import overlay

    return overlay.overlaid(rulebase, folder)
