"""The words of the section *Options*, for terminal and page alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resistab.core.regimens import Status
from resistab.core.said import lists
from resistab.report.language import concluded_words, english, figures, gettext, gettext_noop
from resistab.report.options.model import (
    DrugActivity,
    EarlierFinding,
    GeneticBarrier,
    Gss,
    Overcoming,
    RegimenInfo,
    RuleInfo,
)
from resistab.report.words import drug_words, percent

TITLE = gettext_noop("Options")
STATUS_WORDS: Mapping[Status, str] = {
    "recommended": gettext_noop("recommended"),
    "active": gettext_noop("active"),
    "partly_active": gettext_noop("partly active"),
    "not_assessable": gettext_noop("not assessable"),
    "not_active": gettext_noop("not active"),
    "contraindicated": gettext_noop("contraindicated"),
}
STATUS_SYMBOLS: Mapping[Status, str] = {
    "recommended": "✓",
    "active": "✓",
    "partly_active": "◐",
    "not_assessable": "?",
    "not_active": "✗",
    "contraindicated": "⛔",
}
STATUS_TONES: Mapping[Status, str] = {
    "recommended": "green",
    "active": "blue",
    "partly_active": "amber",
    "not_assessable": "violet",
    "not_active": "red",
    "contraindicated": "red",
}
# So much a first page shows.
MOST_LEADING, MOST_WATCHED = 8, 15
ARCHIVED = gettext_noop("Archived: found before, and not in this sample")
ABOUT = gettext_noop(
    "Regimens that a guideline, a label or a trial names for such a patient, in this order: no broken rule, active "
    "enough for the setting, authority and line, independent targets, genetic barrier, fewer drugs. What is not known "
    "counts as not active."
)
# Who names regimens, as rule sets write it.
AUTHORITIES = lists("label ({place})", "label ({place}) {year}", "trial {year}", "study {year}", "guideline {year}")
NONE = gettext_noop("No regimen of this rule set is meant for such a patient.")


def worded(message: str) -> str:
    """One of the messages of this module in the language that is spoken."""
    return gettext(message)


def status_words(status: Status) -> str:
    """A status as it stands in a sentence."""
    return gettext(STATUS_WORDS[status])


def gss_text(gss: Gss) -> str:
    """The score, a range where something is unknown."""
    return _range(gss.low, gss.high)


def _range(low: float, high: float) -> str:
    lowest, highest = figures(f"{low:g}"), figures(f"{high:g}")
    return lowest if low == high else gettext("{low} to {high}", low=lowest, high=highest)


def barrier_text(barrier: GeneticBarrier | None) -> str:
    """The genetic barrier in words."""
    if barrier is None:
        return gettext("not computed")
    return str(barrier.value) if barrier.exact else gettext("at least {value}", value=barrier.value)


def drugs_text(regimen: RegimenInfo) -> str:
    """The drugs of a regimen as people know them, and what else belongs to it."""
    text = " + ".join(map(drug_words, regimen.drugs))
    return gettext("{drugs} with {other}", drugs=text, other=regimen.together_with) if regimen.together_with else text


def rule_text(rule: RuleInfo) -> str:
    """What a rule says, and by whom."""
    by = ", ".join(dict.fromkeys(item.authority for item in rule.authorities))
    return f"{english(rule.says)} ({rule.id}, {by})"


def activity_text(activity: DrugActivity) -> str:
    """How active a drug is, from 0 to 1."""
    return _range(activity.low, activity.high)


def last_found(item: EarlierFinding) -> str:
    """When it was last found, and in which sample."""
    return f"{item.on}, {item.sample}" if item.on else item.sample


def share_found(item: EarlierFinding) -> str:
    """How much of it there was."""
    return "–" if item.fraction is None else percent(item.fraction)


def what_it_counts(item: EarlierFinding) -> str:
    """What it counts for."""
    return gettext("as found: it is inherited") if item.standing else gettext("against drugs alone")


def setting_text(setting: str) -> str:
    """A setting by its name, and in brackets for which patients it is."""
    name, bracket, where = setting.partition(" (")
    return concluded_words(name) + bracket + where


def authority_text(authority: str) -> str:
    """Who names a regimen, and whether that was superseded."""
    return concluded_words(authority)


def leading_rows(regimens: Sequence[RegimenInfo]) -> list[RegimenInfo]:
    """The regimens that a first page shows: those that may be given, and what must not be."""
    shown = [one for one in regimens if one.status in ("recommended", "active")][:MOST_LEADING]
    against = [one for one in regimens if one.status == "contraindicated"]
    return [*(shown or list(regimens[:MOST_LEADING])), *against]


def overcome_together(items: Sequence[Overcoming]) -> list[tuple[list[str], Overcoming]]:
    """What overcomes resistance, once for all drugs that are resistant by the same and overcome by the same."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[list[str], Overcoming]] = {}
    for item in items:
        found.setdefault((item.findings, item.overcome_by), ([], item))[0].append(drug_words(item.drug))
    return list(found.values())


def common_cautions(regimens: Sequence[RegimenInfo]) -> list[tuple[RuleInfo, list[str]]]:
    """The rules to mind, each with the drugs of the regimens that it is about, the commonest first."""
    found: dict[str, tuple[RuleInfo, list[str]]] = {}
    for regimen in regimens:
        for rule in regimen.cautions:
            found.setdefault(rule.id, (rule, []))[1].append(drugs_text(regimen))
    return sorted(found.values(), key=lambda item: (-len(item[1]), item[0].id))


def remaining(regimens: Sequence[RegimenInfo]) -> list[RegimenInfo]:
    """The regimens that a first page leaves to the details."""
    shown = {one.id for one in leading_rows(regimens)}
    return [one for one in regimens if one.id not in shown]


def tally(regimens: Sequence[RegimenInfo]) -> str:
    """How many regimens have each status."""
    found = {status: sum(one.status == status for one in regimens) for status in STATUS_WORDS}
    return ", ".join(f"{number} {status_words(status)}" for status, number in found.items() if number)
