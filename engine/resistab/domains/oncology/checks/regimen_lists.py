"""The lists of regimens and of rules for combining that a rule set on tumours is curated from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from resistab.curation.kit.regimen_check import Approved, DrugNames
from resistab.curation.kit.regimen_sources import ListKind
from resistab.domains.oncology.checks.approvals_export import Approval
from resistab.domains.oncology.kinds.models import Rulebase

REGIMENS = ListKind(
    frozenset({"id", "drugs", "tumour", "line", "biomarkers", "authority", "reference", "verification"}), "drugs"
)
RULES = ListKind(
    frozenset({"id", "domain", "rule_kind", "drugs_or_classes", "condition", "reference", "verification"}),
    "drugs_or_classes",
    exact=False,
    own=("domain", "oncology"),
)
# It does nothing by itself, and is always given with fluorouracil.
_BESIDE_FLUOROURACIL = frozenset({"leucovorin"})


def drug_names(rulebase: Rulebase) -> DrugNames:
    """How the rule set knows drugs."""

    def named(text: str) -> str | None:
        found = rulebase.drug_by_name.get(text.casefold())
        return found.name if found else None

    def words(name: str) -> Collection[str]:
        found = {name}
        for drug in rulebase.drugs:
            if name == drug.name or name in drug.classes:
                found |= {drug.name, *drug.other_names}
        return found

    return DrugNames(named, words, unsaid=_BESIDE_FLUOROURACIL)


def approved(approvals: Iterable[Approval]) -> Iterator[Approved]:
    """Each label of the list of approvals."""
    for approval in approvals:
        for reference in approval.references:
            yield Approved(approval.authority, frozenset(approval.drugs), reference)
