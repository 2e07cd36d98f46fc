"""What curators of a virus's rules have beside what all curators have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.curation.kit.case_rules import CaseRules
    from resistab.domains.virus.kinds.models import ViralRulebase


def case_rules(rulebase: ViralRulebase, folder: Path) -> CaseRules:
    """What the cases in ``folder`` may say of a rule set."""
    from resistab.domains.virus.curate.cases import VirusCases

    return VirusCases(rulebase, folder)
