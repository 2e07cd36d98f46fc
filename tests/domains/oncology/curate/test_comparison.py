"""Two states of the rules beside each other: what differs is told of every drug that it reaches."""

from __future__ import annotations

from pathlib import Path

from resistab.curation.kit.patients import Pair
from resistab.domains.oncology.curate.comparison import TumourComparison
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase


def without(rules: Rulebase, *rows: str) -> Rulebase:
    """The rules with these rows as drafts."""
    tables = tuple(
        table.model_copy(
            update={
                "rows": tuple(
                    row.model_copy(update={"status": "draft"}) if row.id in rows else row for row in table.rows
                )
            }
        )
        if any(row.id in rows for row in table.rows)
        else table
        for table in rules.tables
    )
    return rules.model_copy(update={"tables": tables})


def test_a_drug_is_told_of_that_another_resists_no_longer(oncology: TumourInterpreter) -> None:
    # EGFR C797S resists lazertinib and mobocertinib; what it does to erlotinib with ramucirumab no rule says.
    old = oncology.rulebase
    new = without(old, "LAZ-004", "MOBO-002")
    genotype = oncology.genotype("LUAD", ["EGFR L858R", "EGFR C797S"], ["EGFR"])
    comparison = TumourComparison(old, new, (Path("old"), Path("new")))
    before, after = comparison.conclude(Pair("S-1", genotype, genotype), checked=False)
    beside = "erlotinib + ramucirumab"
    assert (before[beside].verdict, after[beside].verdict) == ("not_assessable", "sensitive")
