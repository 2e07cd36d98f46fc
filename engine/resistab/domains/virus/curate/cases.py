"""The cases of a virus's rule set: a list of mutations, and what the algorithm says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from resistab.core.cached import cached_property
from resistab.core.condition import condition_text
from resistab.core.faults import Fault
from resistab.core.records import replace
from resistab.curation.kit.case_rules import Case, CaseRules, Difference, Failure, RowFacts, RowTable, listed, unknown
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.given import earlier_therapies
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.kinds.cases import VirusCase, VirusCaseFile
from resistab.domains.virus.kinds.models import ViralTable
from resistab.domains.virus.policy.verdicts import Interpreted
from resistab.files.yaml_source import Path_, Source


class VirusCases(CaseRules):
    """A virus's rule set as its cases see it."""

    FILE = VirusCaseFile
    COMPARED = (*CaseRules.COMPARED, "sir")

    @cached_property
    def _reader(self) -> MutationReader:
        return MutationReader(self.rulebase)

    @cached_property
    def _comments(self) -> frozenset[str]:
        of_genes = (comment.id for file in self.rulebase.comments for comment in file.comments)
        return frozenset((*of_genes, *(comment.id for comment in self.rulebase.result_comments)))

    def tables(self) -> Iterable[RowTable]:
        """The tables of drugs: the lines, combinations and rules of each."""
        return (RowTable(table.drug, dict(self._rows(table)), (table.drug,)) for table in self.rulebase.tables)

    def _rows(self, table: ViralTable) -> Iterator[tuple[str, RowFacts]]:
        for _, row, items in self.rulebase.score_items(table):
            text = "; ".join(f"{condition_text(item.when)}: {item.score:g}" for item in items)
            yield row, RowFacts(text, active=True, against=any(item.score > 0 for item in items))
        lowest = self.rulebase.manifest.scoring.lowest.level
        for rule in table.rules:
            # A rule that only gives a comment is no row of a verdict.
            if rule.level is not None:
                text = f"{condition_text(rule.when)}: level {rule.level}"
                yield rule.id, RowFacts(text, active=True, against=rule.level > lowest)

    def genotype(self, case: VirusCase, source: Source, path: Path_) -> ViralGenotype:
        """The virus, by its mutations as a laboratory lists them."""

        def in_list(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
            return source.fault((*path, "mutations"), f"{message} (at character {column})", expected, suggestion)

        genotype = self._reader.read(case.mutations, case.case, in_list, genes=case.sequenced)
        if case.prior is None:
            return genotype

        def at(number: int, message: str, expected: str, suggestion: str | None) -> Fault:
            return source.fault((*path, "prior", number), message, expected, suggestion)

        return replace(genotype, prior_therapies=earlier_therapies(self.rulebase, case.prior, at))

    def faults(self, case: VirusCase, source: Source, path: Path_) -> Iterator[Fault]:
        """Comments that the rule set does not have."""
        for index, comment in enumerate(case.comments or ()):
            yield from unknown(source, (*path, "comments", index), "comment", comment, self._comments)

    def interpreted(self, interpreter: Any, case: Case) -> Any:
        """The verdicts and comments."""
        return interpreter.conclude(case.genotype)

    def failures(self, case: Case, found: Interpreted) -> Iterator[Failure]:
        """Other comments than those that were expected."""
        assert isinstance(case.given, VirusCase)
        expected, comments = case.given.comments, tuple(comment.id for comment in found.comments)
        if expected is not None and comments != expected:
            yield Failure(None, (Difference("comments", listed(expected), listed(comments)),))
