"""Drugs that tables say are used where no approval, guideline or label says so."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.curation.kit.lints import Lint
from resistab.domains.oncology.compile.program import marker_name
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.kinds.models import Rulebase


def use_lints(rulebase: Rulebase) -> Iterator[Lint]:
    """The relevant indications without a basis of their own, in types that no use covers; none where no use is known.

    A type is covered too where a use covers one under it: the indication then speaks of that one.
    """
    if not rulebase.approvals.every:
        return
    under: dict[str, list[str]] = {}
    for tumour in rulebase.tumour_types:
        for code in rulebase.lineage(tumour.code):
            under.setdefault(code, []).append(tumour.code)
    for table in rulebase.tables:
        for index, indication in enumerate(table.indications):
            if not indication.relevant or indication.basis is not None:
                continue
            bare = [
                code
                for code in indication.tumour_types
                if not any(use.in_force for name in under.get(code, ()) for use in rulebase.uses_in(table.drug, name))
            ]
            if bare:
                text = f"nothing says that {table.drug} is used in {', '.join(bare)}"
                yield finding("RT640", rulebase.file_of(table), marker_name(table.drug, index), text)
