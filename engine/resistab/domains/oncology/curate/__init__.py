"""What curators of rules on tumours have beside what all curators have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.curation.kit.case_rules import CaseRules
    from resistab.domains.oncology.kinds.models import Rulebase


def case_rules(rulebase: Rulebase, folder: Path) -> CaseRules:
    """What the cases in ``folder`` may say of a rule set."""
    from resistab.domains.oncology.curate.cases import TumourCases

    return TumourCases(rulebase, folder)
