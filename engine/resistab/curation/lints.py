"""Lints: what in a rule set is well-formed and still wrong.

A lint says only what it can show. Where it would have to guess (a condition too large, atoms of which nothing is known
together) it says nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from resistab.curation.kit.case_mentions import CaseMention, read_case_mentions
from resistab.curation.kit.lints import CODES, Code, Lint, Severity, finding
from resistab.domains.oncology.curate.lints.context import TumourContext
from resistab.domains.oncology.curate.lints.evidence import evidence_lints
from resistab.domains.oncology.curate.lints.references import reference_lints
from resistab.domains.oncology.curate.lints.rows import row_lints
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.virus.curate.lints.rules import viral_lints
from resistab.domains.virus.kinds.models import ViralRulebase

__all__ = ["CODES", "CaseMention", "Code", "Lint", "Severity", "lint", "lint_virus", "read_case_mentions"]


def lint(rulebase: Rulebase, on: datetime.date, cases: tuple[CaseMention, ...] | None = None) -> list[Lint]:
    """Everything that is wrong with a checked tumour rule set, by file, rule and code.

    ``on`` is the day on which reviews are due or not; ``cases`` what ``read_case_mentions`` found beside the rule set,
    None where there are none.
    """
    context = TumourContext(rulebase)
    found = [
        *row_lints(context),
        *evidence_lints(context, on),
        *reference_lints(context, cases or ()),
        *_case_lints(rulebase.manifest.ruleset, {table.drug: table.file for table in rulebase.tables}, cases),
    ]
    return sorted(found)


def lint_virus(rulebase: ViralRulebase, on: datetime.date, cases: tuple[CaseMention, ...] | None = None) -> list[Lint]:
    """Everything that is wrong with a virus's checked rule set; arguments and order as in ``lint``."""
    found = [
        *viral_lints(rulebase, on),
        *_case_lints(rulebase.manifest.ruleset, {table.drug: table.file for table in rulebase.tables}, cases),
    ]
    return sorted(found)


def _case_lints(ruleset: str, files: Mapping[str, str], cases: tuple[CaseMention, ...] | None) -> Iterator[Lint]:
    if cases is None:
        yield finding("RT623", "ruleset.yaml", ruleset, "there is no folder cases/ with what is expected of its rules")
        return
    firing = {mention.drug for mention in cases if mention.fires}
    silent = {mention.drug for mention in cases if mention.silent}
    for drug, file in files.items():
        if drug not in firing:
            yield finding("RT621", file, drug, f"no case expects a row of {drug} to fire")
        if drug not in silent:
            yield finding("RT622", file, drug, f"no case expects a row of {drug} not to fire")
