"""The cases of a rule set for tumours: a tumour type, findings, and what a board expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from resistab.core.cached import cached_property
from resistab.core.condition import condition_text
from resistab.core.faults import FaultAt
from resistab.curation.kit.case_rules import Case, CaseRules, RowFacts, RowTable
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import Assembler, GivenFinding, GivenSample, GivenText
from resistab.domains.oncology.kinds.cases import TumourCase, TumourCaseFile
from resistab.domains.oncology.kinds.models import Row, Table
from resistab.domains.oncology.kinds.symbols import GeneSymbols
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS
from resistab.files.yaml_source import Path_, Source


def _facts(rows: Iterable[Row]) -> dict[str, RowFacts]:
    return {
        row.id: RowFacts(condition_text(row.when), row.status == "active", row.effect in RESISTANCE_EFFECTS)
        for row in rows
    }


class TumourCases(CaseRules):
    """A rule set for tumours as its cases see it."""

    FILE = TumourCaseFile

    @cached_property
    def _assembler(self) -> Assembler:
        return Assembler(self.rulebase, GeneSymbols(self.folder))

    def tables(self) -> Iterable[RowTable]:
        """The tables of drugs and of classes."""
        for table in self.rulebase.row_tables:
            by_mode = self.rulebase.mode_rows_of(table) if isinstance(table, Table) else ()
            shared = _facts(row for _, row in by_mode)
            yield RowTable(table.name, _facts(table.rows), self.rulebase.drugs_of(table), shared)

    def chained_rules(self) -> Mapping[str, bool]:
        """The mechanism rules."""
        return {rule.id: rule.status == "active" for rule in self.rulebase.mechanism_rules}

    def interpreted(self, interpreter: Any, case: Case) -> Any:
        """The verdicts on the drugs of which something is expected, and what fired of others."""
        return interpreter.conclude_on(case.genotype, case.expect.keys())

    def kind(self, genotype: Genotype) -> str:
        """The tumour type, those near in the tree of types beside each other."""
        return " ".join(reversed(genotype.lineage))

    def genotype(self, case: TumourCase, source: Source, path: Path_) -> Genotype:
        """The tumour, as a patient file would describe it."""

        def at(*step: str | int) -> FaultAt:
            return lambda message, expected, suggestion: source.fault((*path, *step), message, expected, suggestion)

        prior = None if case.prior is None else list(enumerate(case.prior))
        given = GivenSample(
            sample=case.case,
            tumour_type=GivenText(case.tumour, at("tumour")),
            findings=[GivenFinding(text, at("findings", index)) for index, text in enumerate(case.findings)],
            assayed=[GivenText(text, at("assayed", index)) for index, text in enumerate(case.assayed)],
            prior_therapies=None if prior is None else [GivenText(text, at("prior", index)) for index, text in prior],
        )
        return self._assembler.assemble(given)
