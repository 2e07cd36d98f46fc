"""The lists of regimens, rules for combining and barriers that a virus's rule set is curated from."""

from __future__ import annotations

from collections.abc import Collection

from resistab.curation.kit.regimen_check import DrugNames
from resistab.curation.kit.regimen_sources import ListKind
from resistab.domains.virus.kinds.models import ViralRulebase

KINDS = (
    ListKind(frozenset({"id", "drugs", "setting", "condition", "authority", "reference", "verification"}), "drugs"),
    ListKind(
        frozenset({"id", "domain", "rule_kind", "drugs_or_classes", "condition", "reference", "verification"}),
        "drugs_or_classes",
        exact=False,
        own=("domain", "hiv"),
    ),
    ListKind(frozenset({"id", "drug_class", "drug", "barrier", "reference", "verification"}), "drug"),
)
# Another form of a drug, or another booster, that the rules do not tell apart.
_SAME = {"TAF": "TDF", "ATV/c": "ATV/r", "DRV/c": "DRV/r"}


def drug_names(rulebase: ViralRulebase) -> DrugNames:
    """How the rule set knows drugs."""

    def named(text: str) -> str | None:
        found = rulebase.drug_by_name.get(_SAME.get(text, text).casefold())
        return found.name if found else None

    def words(name: str) -> Collection[str]:
        found: set[str] = set()
        for drug in rulebase.drugs:
            if name in (drug.name, drug.drug_class):
                found |= {drug.name, *drug.aliases, *([drug.full_name] if drug.full_name else [])}
        for drug_class in rulebase.drug_classes:
            if drug_class.name == name:
                found |= {drug_class.name, *([drug_class.full_name] if drug_class.full_name else [])}
        return found or {name}

    return DrugNames(named, words)
