"""The words of the section *Options*, for terminal and page alike."""

from __future__ import annotations

from collections.abc import Mapping

from resistab.core.regimens import Status
from resistab.report.options.model import GeneticBarrier, Gss, RegimenInfo, RuleInfo

TITLE = "Options"
STATUS_WORDS: Mapping[Status, str] = {
    "recommended": "recommended",
    "active": "active",
    "partly_active": "partly active",
    "not_assessable": "not assessable",
    "not_active": "not active",
    "contraindicated": "contraindicated",
}
STATUS_SYMBOLS: Mapping[Status, str] = {
    "recommended": "✓",
    "active": "✓",
    "partly_active": "◐",
    "not_assessable": "?",
    "not_active": "✗",
    "contraindicated": "⛔",
}
ABOUT = (
    "Regimens that a guideline, a label or a trial names for such a patient, in this order: no broken rule, active "
    "enough for the setting, authority and line, independent targets, genetic barrier, fewer drugs. What is not known "
    "counts as not active."
)
NONE = "No regimen of this rule set is meant for such a patient."


def gss_text(gss: Gss) -> str:
    """The score, a range where something is unknown."""
    return f"{gss.low:g}" if gss.low == gss.high else f"{gss.low:g} to {gss.high:g}"


def barrier_text(barrier: GeneticBarrier | None) -> str:
    """The genetic barrier in words."""
    if barrier is None:
        return "not computed"
    return str(barrier.value) if barrier.exact else f"at least {barrier.value}"


def drugs_text(regimen: RegimenInfo) -> str:
    """The drugs of a regimen, and what else belongs to it."""
    text = " + ".join(regimen.drugs)
    return f"{text} with {regimen.together_with}" if regimen.together_with else text


def rule_text(rule: RuleInfo) -> str:
    """What a rule says, and by whom."""
    by = ", ".join(dict.fromkeys(item.authority for item in rule.authorities))
    return f"{rule.says} ({rule.id}, {by})"
