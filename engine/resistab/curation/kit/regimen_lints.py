"""What is wrong with regimens and rules for combining drugs although they are well-formed, in every domain alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Sequence

from resistab.curation.kit.lints import Lint, finding, review_lints
from resistab.rulesets.regimens import CombiningRule, Regimen, RegimenPolicy

# The files of single regimens and rules are not known any more.
_REGIMENS, _RULES = "regimens", "regimens/rules"

Expand = Callable[[str], Collection[str]]
"""From a name to the drugs that it stands for: those of a class, or the drug itself."""


def regimen_lints(
    regimens: Sequence[Regimen],
    rules: Sequence[CombiningRule],
    policy: RegimenPolicy | None,
    tables: Collection[str],
    drugs_of: Expand,
    months: int,
    on: datetime.date,
) -> Iterator[Lint]:
    """Everything; ``tables`` are the drugs that have one, ``months`` for how long a review holds."""
    active = [regimen for regimen in regimens if regimen.status == "active"]
    for regimen in active:
        yield from review_lints(_REGIMENS, regimen.id, regimen.reviewed, months, on)
    untold: dict[str, list[str]] = {}
    for regimen in active:
        for drug in regimen.drugs:
            if drug not in tables:
                untold.setdefault(drug, []).append(regimen.id)
    for drug, of in untold.items():
        some = ", ".join(of[:3]) + (f" and {len(of) - 3} more" if len(of) > 3 else "")
        yield finding("RT636", "drugs.yaml", drug, f"{drug} has no table, so that its activity in {some} is not known")
    if policy is not None and regimens:
        used = {setting.setting for regimen in active for setting in getattr(regimen, "settings", ())}
        for setting in policy.settings:
            if setting.setting not in used:
                message = f"no active regimen is for the setting '{setting.setting}'"
                yield finding("RT637", "ruleset.yaml", setting.setting, message)
    for rule in rules:
        if rule.status == "active":
            yield from review_lints(_RULES, rule.id, rule.reviewed, months, on)
            if (reason := _never(rule, drugs_of)) is not None:
                yield finding("RT638", _RULES, rule.id, f"it can never apply: {reason}")


def _never(rule: CombiningRule, drugs_of: Expand) -> str | None:
    """Why no regimen meets a rule; None where one may."""

    def all_of(names: Collection[str]) -> set[str]:
        return {drug for name in names for drug in drugs_of(name)}

    asked = [all_of(names) for names in (*rule.together, *([rule.drugs] if rule.drugs else []))]
    only = all_of(rule.only)
    for drugs in asked:
        if rule.only and drugs.isdisjoint(only):
            return f"{', '.join(sorted(drugs)[:3])} is none of the drugs that it allows"
    if rule.number is not None and rule.number < len(rule.together):
        return f"it asks for {len(rule.together)} drugs together, and for {rule.number} at most"
    together = [all_of(names) for names in rule.together]
    if len(set().union(*together)) < len(together):
        return "what it asks for together is one drug"
    # Whatever meets it has one of each list: where that lifts it as well, nothing is left.
    for lists, word in ((rule.unless, "lifts it"), (rule.partners, "is a partner")):
        if lists and all(any(drugs <= all_of(names) for drugs in asked) for names in lists):
            return f"what it asks for always {word}"
    return None
