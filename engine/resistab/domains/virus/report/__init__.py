"""The report on a virus."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resistab.domains.virus.policy.vocabulary import VERDICTS as VERDICTS
from resistab.report.words import Groups

if TYPE_CHECKING:
    from resistab.domains.virus.genotype import ViralGenotype
    from resistab.domains.virus.interpreter import ViralInterpreter
    from resistab.domains.virus.kinds.models import ViralRulebase
    from resistab.domains.virus.report.model import ViralReport
    from resistab.domains.virus.report.series import ViralTimeline
    from resistab.report.cohort import CohortEntry
    from resistab.report.drug_list import ListedDrug
    from resistab.report.options.model import Options
    from resistab.report.timeline.model import TakenSample, Therapy

GROUPS = Groups(one="rule set", many="rule sets", field="rulesets")
TABLE_COLUMNS = ("sample", "drug", "drug_class", "gene", "verdict", "level", "sir", "score", "reason", "rows")


def leading(report: ViralReport) -> ViralReport:
    """``report`` itself: every drug of a virus is of interest."""
    return report


def html(report: ViralReport) -> str:
    """``report`` as one self-contained page."""
    from resistab.domains.virus.report.page import render_viral_html

    return render_viral_html(report)


def fhir(report: ViralReport, rules: ViralRulebase | None) -> str:
    """``report`` as a FHIR Bundle; the rules add nothing to it.

    Raises ``ExtraMissingError`` where what checks one is not installed.
    """
    from resistab.domains.virus.report.bundle import fhir_text

    return fhir_text(report)


def print_report(report: ViralReport, all_drugs: bool) -> None:
    """Print the summary of ``report``."""
    from resistab.domains.virus.report.terminal import print_viral_report

    print_viral_report(report, all_drugs)


def print_derivation(report: ViralReport, drug: str) -> None:
    """Print how the level of ``drug`` was derived."""
    from resistab.domains.virus.report.terminal import print_viral_derivation

    print_viral_derivation(report, next(verdict for verdict in report.verdicts if verdict.drug == drug))


def report_model() -> type[ViralReport]:
    """As ``ReportModule.report_model``."""
    from resistab.domains.virus.report.model import ViralReport

    return ViralReport


def listed_drugs(rulebase: ViralRulebase) -> tuple[ListedDrug, ...]:
    """As ``ReportModule.listed_drugs``."""
    from resistab.report.drug_list import ListedDrug

    full = {item.name: item.full_name or "" for item in rulebase.drug_classes}
    return tuple(
        ListedDrug(
            drug.name,
            (*drug.aliases, drug.full_name or ""),
            (drug.drug_class, full.get(drug.drug_class, "")),
            (rulebase.gene_of(drug.name),),
        )
        for drug in rulebase.drugs
    )


def print_drugs(rulebase: ViralRulebase, chosen: Mapping[str, Any]) -> None:
    """List the drugs by class, or those that are asked for by name, class or gene."""
    from resistab.domains.virus.report.terminal import print_viral_drugs
    from resistab.report.drug_list import narrowed

    print_viral_drugs(rulebase, narrowed(listed_drugs(rulebase), chosen))


def drug_named(rulebase: ViralRulebase, name: str) -> str:
    """The drug that ``name``, its own or another, means; raises ``InputError`` with what is nearest."""
    from resistab.core.faults import Fault, InputError, nearest

    found = rulebase.drug_by_name.get(name.strip().casefold())
    if found is not None:
        return found.name
    names = [known for item in rulebase.drugs for known in (item.name, *item.aliases, item.full_name) if known]
    raise InputError(
        [
            Fault(
                where="drug",
                message=f"unknown drug '{name}'",
                expected="a drug that 'resistab drugs' lists",
                suggestion=nearest(name, names, 1),
            )
        ]
    )


def version_lines(rulebase: ViralRulebase) -> tuple[str, ...]:
    """The algorithm that the rule set was taken from."""
    source = rulebase.manifest.source
    dated = f" of {source.date}" if source.date else ""
    return (f"algorithm {source.algorithm} {source.version}{dated}",)


def interpreted(
    interpreter: ViralInterpreter, genotype: ViralGenotype, on: datetime.date | None, all_drugs: bool
) -> ViralReport:
    """The report on a genotype; no drug of a virus is left out."""
    return interpreter.interpret(genotype, on)


def line(interpreter: ViralInterpreter, genotype: ViralGenotype, report: ViralReport) -> str:
    """The verdicts of a report without their derivations, as the evaluator for cohorts comes to them too.

    Raises ``DisagreementError`` where it does not.
    """
    from resistab.domains.virus.report.line_writer import LineWriter

    interpreter.check_batch(genotype, report)
    return LineWriter(interpreter.rulebase, report.generated_on).line(genotype, interpreter.batch.interpret(genotype))


def lines_and_rows(
    interpreter: ViralInterpreter, genotypes: Collection[ViralGenotype], on: datetime.date | None, all_drugs: bool
) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
    """Both of each report."""
    for genotype in genotypes:
        report = interpreter.interpret(genotype, on)
        yield line(interpreter, genotype, report), list(table_rows(report))


def lines(
    interpreter: ViralInterpreter, genotypes: Collection[ViralGenotype], on: datetime.date | None, all_drugs: bool
) -> Iterator[str]:
    """The verdicts on each genotype without their derivations, by the evaluator for cohorts.

    Raises ``DisagreementError`` where, for some of them, the other evaluators come to another result.
    """
    from resistab.core.agreement import is_checked
    from resistab.domains.virus.report.line_writer import LineWriter

    for number, genotype in enumerate(genotypes):
        if interpreter.verifier or is_checked(number, genotype.sample):
            interpreter.check_batch(genotype)
    writer, batch = LineWriter(interpreter.rulebase, on), interpreter.batch
    for genotype, result in zip(genotypes, batch.interpret_all(genotypes), strict=True):
        yield writer.line(genotype, result)


def cohort_rows(
    interpreter: ViralInterpreter, genotypes: Collection[ViralGenotype], all_drugs: bool
) -> Iterator[Sequence[tuple[str, ...]]]:
    """The rows of the table for each genotype, one after another; no drug of a virus is left out."""
    for genotype in genotypes:
        yield list(table_rows(interpreter.interpret(genotype)))


def table_rows(report: ViralReport) -> Iterator[tuple[str, ...]]:
    """A row for each verdict."""
    for verdict in report.verdicts:
        yield (
            report.sample.id,
            verdict.drug,
            verdict.drug_class,
            verdict.gene,
            verdict.verdict,
            "" if verdict.level is None else str(verdict.level),
            verdict.sir or "",
            "" if verdict.score is None or verdict.level is None else f"{verdict.score:g}",
            verdict.reason,
            " ".join(verdict.rows),
        )


def cohort_entry(line: str) -> CohortEntry:
    """What a cohort counts of a line, be it that of a cohort or a whole report.

    Raises ``ValidationError`` where it is neither.
    """
    from resistab.domains.virus.report.cohort import ViralLine

    return ViralLine.model_validate_json(line).entry()


def timeline(
    rulebase: ViralRulebase,
    samples: Sequence[TakenSample],
    therapies: Sequence[Therapy],
    on: datetime.date | None,
    options: Sequence[Options] = (),
) -> ViralTimeline:
    """The timeline of a patient's dated samples."""
    from resistab.domains.virus.report.series import viral_timeline

    return viral_timeline(rulebase, samples, therapies, on, options)
