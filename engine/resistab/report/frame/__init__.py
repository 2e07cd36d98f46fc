"""What a pack without wishes of its own shows: page, terminal, table and cohort, from reports of the plain form.

A pack's ``report`` makes a ``Frame`` and gives its methods as its own functions. The interpreter's reports are
``PlainReport``; the rule set has ``manifest``, ``drugs`` (each with ``name``, ``drug_class`` and ``aliases``),
``drug_by_name`` and ``rows_of(drug)``.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from resistab.report.language import gettext_noop
from resistab.report.words import Groups, Vocabulary

if TYPE_CHECKING:
    from resistab.report.cohort import CohortEntry
    from resistab.report.drug_list import ListedDrug
    from resistab.report.frame.model import Meaning, PlainReport

TABLE_COLUMNS = ("sample", "drug", "drug_class", "verdict", "level", "score", "reason", "rows")


class PlainDrug(Protocol):
    """A drug of a rule set."""

    @property
    def name(self) -> str: ...
    @property
    def drug_class(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...


class PlainRules(Protocol):
    """What a frame asks of a rule set; its ``manifest`` has ``name`` and ``version``."""

    @property
    def manifest(self) -> Any: ...
    @property
    def drugs(self) -> Sequence[PlainDrug]: ...
    @property
    def drug_by_name(self) -> Mapping[str, PlainDrug]:
        """Drugs by name and alias, in lower case."""
        ...

    def rows_of(self, drug: str) -> Sequence[Any]:
        """The rows in use of a drug's table."""
        ...


@dataclass(frozen=True)
class SubjectWords:
    """What a domain calls what its rules ask for: "Gene", "genes", what is ``concluded`` of it ("Phenotype").

    ``untested`` says of one that nothing was given of it ("not tested"), ``open`` that nothing can be concluded.
    """

    one: str
    many: str
    concluded: str
    untested: str = gettext_noop("not tested")
    open: str = gettext_noop("open")


_BY_RULESET = Groups(one="rule set", many="rule sets", field="rulesets")


@dataclass(frozen=True)
class Frame:
    """The plain form of one domain.

    ``nothing`` is the verdict of drugs of which nothing can be said: they are listed by the reason. ``note`` is what
    is to be kept in mind, its first words apart; ``title`` stands over page and terminal;
    ``method`` and ``limits`` say how verdicts come about, and what they are not.
    """

    vocabulary: Vocabulary
    subjects: SubjectWords
    nothing: str
    note: tuple[str, str]
    title: str = gettext_noop("Drug resistance report")
    method: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    groups: Groups = _BY_RULESET

    # What the report of a pack gives under these names, for those of its reports that the frame itself shows.
    @property
    def VERDICTS(self) -> Vocabulary:  # noqa: N802
        """The verdicts of the domain."""
        return self.vocabulary

    @property
    def TABLE_COLUMNS(self) -> tuple[str, ...]:  # noqa: N802
        """The columns of ``--table``."""
        return TABLE_COLUMNS

    def glossary(self, meanings: Mapping[str, str], levels: Mapping[str, Sequence[int]]) -> tuple[Meaning, ...]:
        """The verdicts that the manifest's ``meanings`` tell, and the levels of the rule set that mean each."""
        from resistab.report.frame.model import Meaning
        from resistab.report.words import level_range

        return tuple(
            Meaning(
                verdict=verdict.name,
                words=verdict.words,
                meaning=meanings[verdict.name]
                + (f" ({level_range(levels[verdict.name])})" if levels.get(verdict.name) else ""),
            )
            for verdict in self.vocabulary.verdicts
            if verdict.name in meanings
        )

    def leading(self, report: PlainReport) -> PlainReport:
        """``report`` itself: it holds no drugs that are shown only at wish."""
        return report

    def html(self, report: PlainReport) -> str:
        """The report as one self-contained HTML page."""
        from resistab.report.frame.page import render_plain_html

        return render_plain_html(self, report)

    def fhir(self, report: PlainReport, rules: PlainRules | None) -> str:
        """The report as a FHIR Bundle; with the ``rules`` drugs have their codes.

        Raises ``ExtraMissingError`` where what checks one is not installed.
        """
        from resistab.report.frame.bundle import plain_fhir_text

        return plain_fhir_text(self, report, rules)

    def print_report(self, report: PlainReport, all_drugs: bool) -> None:
        """Print the report; with ``all_drugs`` a line for each drug of which nothing can be said, too."""
        from resistab.report.frame.terminal import print_plain_report

        print_plain_report(self, report, all_drugs)

    def print_derivation(self, report: PlainReport, drug: str) -> None:
        """Print how the verdict on ``drug`` was derived."""
        from resistab.report.frame.terminal import print_plain_derivation

        print_plain_derivation(self, report, next(verdict for verdict in report.verdicts if verdict.drug == drug))

    def print_drugs(self, rulebase: PlainRules, chosen: Mapping[str, Any]) -> None:
        """List the drugs of a rule set by class, or those that are asked for by name or class."""
        from resistab.report.drug_list import narrowed
        from resistab.report.frame.terminal import print_plain_drugs

        print_plain_drugs(rulebase, narrowed(self.listed_drugs(rulebase), chosen))

    def listed_drugs(self, rulebase: PlainRules) -> tuple[ListedDrug, ...]:
        """The drugs of a rule set, each by all that it can be asked for by."""
        from resistab.report.drug_list import ListedDrug

        return tuple(ListedDrug(drug.name, tuple(drug.aliases), (drug.drug_class,)) for drug in rulebase.drugs)

    def report_model(self) -> type[PlainReport]:
        """The class of the reports."""
        from resistab.report.frame.model import PlainReport

        return PlainReport

    def drug_named(self, rulebase: PlainRules, name: str) -> str:
        """The drug that ``name``, its own or another, means; raises ``InputError`` with what is nearest."""
        from resistab.core.faults import Fault, InputError, nearest

        found = rulebase.drug_by_name.get(" ".join(name.split()).casefold())
        if found is not None:
            return found.name
        names = [known for drug in rulebase.drugs for known in (drug.name, *drug.aliases)]
        raise InputError(
            [
                Fault(
                    where="drug",
                    message=f"unknown drug '{name}'",
                    expected="a drug that 'resistab drugs' lists",
                    suggestion=nearest(name, names),
                )
            ]
        )

    def version_lines(self, rulebase: PlainRules) -> tuple[str, ...]:
        """Nothing but what every rule set has."""
        return ()

    def interpreted(self, interpreter: Any, genotype: Any, on: datetime.date | None, all_drugs: bool) -> PlainReport:
        """The report on a genotype."""
        report: PlainReport = interpreter.interpret(genotype, on)
        return report if all_drugs else self.leading(report)

    def line(self, interpreter: Any, genotype: Any, report: PlainReport) -> str:
        """The whole report as a line."""
        return report.to_json() + "\n"

    def lines(
        self, interpreter: Any, genotypes: Collection[Any], on: datetime.date | None, all_drugs: bool
    ) -> Iterator[str]:
        """The whole report on each genotype, a line each."""
        for genotype in genotypes:
            yield self.line(interpreter, genotype, self.interpreted(interpreter, genotype, on, all_drugs))

    def lines_and_rows(
        self, interpreter: Any, genotypes: Collection[Any], on: datetime.date | None, all_drugs: bool
    ) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
        """Both of each report."""
        for genotype in genotypes:
            report = self.interpreted(interpreter, genotype, on, all_drugs)
            yield self.line(interpreter, genotype, report), list(self.table_rows(report))

    def cohort_rows(
        self, interpreter: Any, genotypes: Collection[Any], all_drugs: bool
    ) -> Iterator[Sequence[tuple[str, ...]]]:
        """The rows of the table for each genotype, one after another."""
        for genotype in genotypes:
            yield list(self.table_rows(interpreter.interpret(genotype)))

    def table_rows(self, report: PlainReport) -> Iterator[tuple[str, ...]]:
        """A row of ``TABLE_COLUMNS`` for each verdict."""
        for verdict in report.verdicts:
            yield (
                report.sample.id,
                verdict.drug,
                verdict.drug_class,
                verdict.verdict,
                "" if verdict.level is None else str(verdict.level),
                "" if verdict.score is None else f"{verdict.score:g}",
                verdict.reason,
                " ".join(verdict.rows),
            )

    def cohort_entry(self, line: str) -> CohortEntry:
        """What a cohort counts of a report; raises ``ValidationError`` where the line is none of this domain."""
        from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

        from resistab.report.cohort import CohortEntry
        from resistab.report.frame.model import PlainReport

        report = PlainReport.model_validate_json(line)
        if strangers := {verdict.verdict for verdict in report.verdicts} - self.vocabulary.by_name.keys():
            problem = PydanticCustomError("verdict", "verdicts of another domain")
            detail = InitErrorDetails(type=problem, loc=("verdicts",), input=", ".join(sorted(strangers)))
            raise ValidationError.from_exception_data("report", [detail])
        return CohortEntry(
            sample=report.sample.id,
            group=report.ruleset.id,
            group_name=report.ruleset.name,
            verdicts={verdict.drug: verdict.verdict for verdict in report.verdicts},
            not_understood=[(item.entry, item.reason) for item in report.not_understood],
        )
