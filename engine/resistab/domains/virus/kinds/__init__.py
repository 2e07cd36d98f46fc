"""The kinds of files that a virus's rule set is made of, and from a folder of them to the rule set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resistab.domains.virus.kinds.files import FILE_KINDS
from resistab.domains.virus.kinds.models import ViralRulebase as Rulebase

if TYPE_CHECKING:
    from resistab.rulesets.folder_reader import FolderReading

__all__ = ["FILE_KINDS", "Rulebase", "overlaid", "read"]


def read(folder: Path) -> FolderReading[Rulebase]:
    """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where the folder holds no rule set."""
    # A start that finds its rules in the cache needs neither the YAML reader nor the checks.
    from resistab.domains.virus.kinds.loader import read_viral_folder

    return read_viral_folder(folder)


def overlaid(rulebase: Rulebase, folder: Path) -> Rulebase:
    """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of the overlay."""
    from resistab.domains.virus.kinds import overlay

    return overlay.overlaid(rulebase, folder)
