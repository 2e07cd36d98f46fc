"""Looking up in rule sets of the plain form; a domain adds how its changes are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resistab.core.cached import cached_property
from resistab.core.condition import condition_subjects, condition_text
from resistab.curation.kit.looked_up import (
    FoundReference,
    FoundRow,
    LookupMeaning,
    NotAChangeError,
    RuleEntry,
    RuleFinder,
)
from resistab.report.words import Vocabulary


class PlainFinder(RuleFinder):
    """Finds in a rule set of the plain form; effects stand in the order of the domain's verdicts."""

    def __init__(self, rulebase: Any, vocabulary: Vocabulary) -> None:
        self.rulebase = rulebase
        self.ranks = {verdict.name: rank for rank, verdict in enumerate(vocabulary.verdicts)}

    @cached_property
    def entries(self) -> Sequence[RuleEntry]:
        """Every row of every table."""
        return [
            RuleEntry(
                row.id,
                table.drug,
                row.when,
                tuple(dict.fromkeys(item.reference for item in row.evidence)),
                row,
                status=row.status,
            )
            for table in self.rulebase.tables
            for row in table.rows
        ]

    @cached_property
    def drugs(self) -> Mapping[str, str]:
        """Drugs by name and other name."""
        return {name: drug.name for name, drug in self.rulebase.drug_by_name.items()}

    @cached_property
    def classes(self) -> Mapping[str, str]:
        """The classes of the drugs."""
        return {drug.drug_class.casefold(): drug.drug_class for drug in self.rulebase.drugs}

    @cached_property
    def genes(self) -> Mapping[str, str]:
        """What conditions speak of."""
        named = {subject for entry in self.entries for subject in condition_subjects(entry.condition)}
        return {name.casefold(): name for name in sorted(named)}

    @cached_property
    def citations(self) -> Mapping[str, str]:
        """By reference its short form."""
        return {citation.reference: citation.short for citation in self.rulebase.citations}

    def classes_of(self, drug: str) -> Sequence[str]:
        """The class of a drug."""
        return (self.rulebase.drug_by_name[drug.casefold()].drug_class,)

    def about_drug(self, drug: str) -> Iterator[tuple[str, str]]:
        """Its class and other names."""
        known = self.rulebase.drug_by_name[drug.casefold()]
        yield "class", known.drug_class
        if known.aliases:
            yield "other names", ", ".join(known.aliases)

    def shown(self, entry: RuleEntry) -> FoundRow:
        """A row with its effect and references."""
        row = entry.row
        return FoundRow(
            id=entry.id,
            drug=entry.drug,
            condition=condition_text(entry.condition),
            effect=row.effect.replace("_", " "),
            rank=self.ranks.get(row.effect, len(self.ranks)),
            status=entry.status,
            evidence=min((item.level for item in row.evidence), default=""),
            references=tuple(
                FoundReference(item.reference, self.citations.get(item.reference, ""), item.level, row.reason)
                for item in row.evidence
            ),
            overlay=self.rulebase.overlay_of(entry.id) or "",
        )

    def changes(self, text: str) -> Iterator[LookupMeaning]:
        """Nothing: a domain says how its changes are written."""
        raise NotAChangeError("")
