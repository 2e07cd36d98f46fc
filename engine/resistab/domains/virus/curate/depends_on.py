"""What the verdicts of a virus's rule set may depend on: each its own table, and all else every one."""

from __future__ import annotations

from collections.abc import Iterable

from resistab.curation.kit.case_rules import Case
from resistab.curation.kit.dependence import Dependence, fields_beside, judging_manifest, of_regimens
from resistab.domains.virus.kinds.cases import VirusCase
from resistab.domains.virus.kinds.models import ViralRulebase


def dependence(rulebase: ViralRulebase) -> Dependence:
    """As ``CurateModule.dependence``."""
    tables = {f"table of {table.drug}": table for table in rulebase.tables}
    every = {
        **fields_beside(rulebase, ("tables", "manifest", "regimens")),
        "manifest": judging_manifest(rulebase.manifest),
    }

    def of_case(case: Case) -> Iterable[str]:
        """A comment on the whole may follow from the levels of any drugs."""
        assert isinstance(case.given, VirusCase)
        return tables if case.given.comments is not None else ()

    drugs = {table.drug: frozenset((f"table of {table.drug}",)) for table in rulebase.tables}
    return Dependence({**tables, **every, **of_regimens(rulebase)}, drugs, frozenset(every), of_case)
