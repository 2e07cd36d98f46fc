"""The report on a tumour."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resistab.domains.oncology.policy.vocabulary import VERDICTS as VERDICTS
from resistab.report.words import Groups

if TYPE_CHECKING:
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.oncology.policy.cohort.evaluator import DrugLine
    from resistab.domains.oncology.policy.models import Verdict
    from resistab.domains.oncology.report.model import Report
    from resistab.domains.oncology.report.series import Timeline
    from resistab.report.cohort import CohortEntry
    from resistab.report.drug_list import ListedDrug
    from resistab.report.options.model import Options
    from resistab.report.timeline.model import TakenSample, Therapy

GROUPS = Groups(
    one="tumour type",
    many="tumour types",
    field="tumours",
    unknown="Findings with no curated association",
    mismatches="Residues that are not those of the reference protein",
)
TABLE_COLUMNS = ("sample", "tumour_type", "drug", "verdict", "level", "used_in_tumour_type", "reason", "rows")
# How the reason begins where the residue that was reported is not that of the reference protein.
REFERENCE_MISMATCH = "the reference residue"


def leading(report: Report) -> Report:
    """``report`` with the drugs used in the tumour type and those on which some row fired."""
    from resistab.domains.oncology.report.selection import leading

    return leading(report)


def interpreted(
    interpreter: TumourInterpreter, genotype: Genotype, on: datetime.date | None, all_drugs: bool
) -> Report:
    """The report on a genotype, without ``all_drugs`` that of the drugs it leads with."""
    return interpreter.interpret(genotype, on) if all_drugs else interpreter.interpret_leading(genotype, on)


def html(report: Report) -> str:
    """``report`` as one self-contained page."""
    from resistab.domains.oncology.report.page import render_html

    return render_html(report)


def fhir(report: Report, rules: Rulebase | None) -> str:
    """``report`` as a FHIR Bundle; with the ``rules`` genes and proteins have their identifiers.

    Raises ``ExtraMissingError`` where what checks one is not installed.
    """
    from resistab.domains.oncology.report.bundle import fhir_text

    return fhir_text(report, rules)


def print_report(report: Report, all_drugs: bool) -> None:
    """Print the summary of ``report``."""
    from resistab.domains.oncology.report.terminal import print_report

    print_report(report, all_drugs)


def print_derivation(report: Report, drug: str) -> None:
    """Print how the verdict on ``drug`` was derived."""
    from resistab.domains.oncology.report.terminal import print_derivation

    print_derivation(report, next(verdict for verdict in report.verdicts if verdict.drug == drug))


def report_model() -> type[Report]:
    """As ``ReportModule.report_model``."""
    from resistab.domains.oncology.report.model import Report

    return Report


def listed_drugs(rulebase: Rulebase) -> tuple[ListedDrug, ...]:
    """As ``ReportModule.listed_drugs``: the drugs with a table."""
    from resistab.report.drug_list import ListedDrug

    return tuple(
        ListedDrug(
            table.drug,
            tuple(name for part in rulebase.parts_of(table.drug) for name in (part.name, *part.other_names))
            + rulebase.drug_by_name[table.drug].other_names,
            rulebase.classes_of(table.drug),
            tuple(
                name
                for target in rulebase.targets_of(table.drug)
                for name in (
                    target,
                    *(rulebase.gene_by_name[target].aliases if target in rulebase.gene_by_name else ()),
                )
            ),
        )
        for table in rulebase.tables
    )


def print_drugs(rulebase: Rulebase, chosen: Mapping[str, Any]) -> None:
    """List the drugs, or those used in the type that the option ``tumour`` names, and by name, class and target.

    Raises ``InputError`` for a tumour type that is not known, and where one of the others finds no drug.
    """
    from resistab.core.faults import InputError, fault_in
    from resistab.domains.oncology.inputs.tumour_types import read_tumour_type
    from resistab.domains.oncology.report.terminal import print_drugs
    from resistab.report.drug_list import narrowed

    wanted = narrowed(listed_drugs(rulebase), chosen)
    named = chosen.get("tumour")
    if named is None:
        print_drugs(rulebase, None, wanted)
        return
    read = read_tumour_type(rulebase, named)
    if read.tumour is None:
        raise InputError([read.fault(rulebase, fault_in("--tumour"))])
    print_drugs(rulebase, read.tumour.code, wanted)


def drug_named(rulebase: Rulebase, name: str) -> str:
    """The drug with a table that ``name`` means; raises ``InputError`` with what is nearest."""
    import re

    from resistab.core.faults import Fault, InputError, nearest

    found = rulebase.drug_by_name.get(name.strip().casefold())
    tables = {table.drug for table in rulebase.tables}
    if found is not None and found.name in tables:
        return found.name
    raise InputError(
        [
            Fault(
                where="drug",
                message=f"no table for '{name}'",
                expected="a drug that 'resistab drugs' lists",
                suggestion=nearest(re.sub(r"\s+", " ", name), tables),
            )
        ]
    )


def version_lines(rulebase: Rulebase) -> tuple[str, ...]:
    """Nothing but what every rule set has."""
    return ()


def line(interpreter: TumourInterpreter, genotype: Genotype, report: Report) -> str:
    """The whole report as a line."""
    return report.to_json() + "\n"


def lines(
    interpreter: TumourInterpreter, genotypes: Collection[Genotype], on: datetime.date | None, all_drugs: bool
) -> Iterator[str]:
    """The whole report on each genotype, a line each."""
    return (text for text, _ in _told(interpreter, genotypes, on, all_drugs, with_rows=False))


def lines_and_rows(
    interpreter: TumourInterpreter, genotypes: Collection[Genotype], on: datetime.date | None, all_drugs: bool
) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
    """The whole report on each genotype as a line, and its rows of the table."""
    return _told(interpreter, genotypes, on, all_drugs, with_rows=True)


def _told(
    interpreter: TumourInterpreter,
    genotypes: Collection[Genotype],
    on: datetime.date | None,
    all_drugs: bool,
    with_rows: bool,
) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
    from resistab.domains.oncology.report.cohort_table import FEW

    # The third evaluator verifies tumours one by one.
    if len(genotypes) >= FEW and not interpreter.verifier:
        from resistab.domains.oncology.report.cohort_lines import checked_lines

        yield from checked_lines(interpreter, genotypes, on, all_drugs, with_rows)
        return
    for genotype in genotypes:
        report = interpreted(interpreter, genotype, on, all_drugs)
        yield line(interpreter, genotype, report), list(table_rows(report)) if with_rows else ()


def table_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """A row for each verdict."""
    for verdict in report.verdicts:
        yield table_row(report.sample.id, report.sample.tumour_type.code, verdict)


def table_row(sample: str, tumour_type: str, told: Verdict | DrugLine) -> tuple[str, ...]:
    """The row of one drug, from its verdict or from what a cohort tells of it."""
    return (
        sample,
        tumour_type,
        told.drug,
        told.verdict,
        "" if told.level is None else str(told.level),
        "yes" if told.relevant else "no",
        told.reason,
        " ".join(told.rows),
    )


def cohort_rows(
    interpreter: TumourInterpreter, genotypes: Collection[Genotype], all_drugs: bool
) -> Iterator[Sequence[tuple[str, ...]]]:
    """The rows of the table for each genotype; of many they come from the evaluator for many tumours at once."""
    from resistab.domains.oncology.report.cohort_table import FEW, checked_rows

    if len(genotypes) >= FEW and not all_drugs and not interpreter.verifier:
        yield from checked_rows(interpreter, genotypes)
        return
    for genotype in genotypes:
        yield list(table_rows(interpreted(interpreter, genotype, None, all_drugs)))


def cohort_entry(line: str) -> CohortEntry:
    """What a cohort counts of a report: the verdicts on the drugs used in the tumour type.

    Raises ``ValidationError`` where the line is no report on a tumour.
    """
    from resistab.domains.oncology.report.model import Report
    from resistab.report.cohort import CohortEntry

    report = Report.model_validate_json(line)
    set_aside = [(item.entry, item.reason) for item in report.not_understood]
    return CohortEntry(
        sample=report.sample.id,
        group=report.sample.tumour_type.code,
        group_name=report.sample.tumour_type.name,
        verdicts={verdict.drug: verdict.verdict for verdict in report.verdicts if verdict.relevant},
        unknown=report.unknown_findings,
        mismatches=[item for item in set_aside if item[1].startswith(REFERENCE_MISMATCH)],
        not_understood=[item for item in set_aside if not item[1].startswith(REFERENCE_MISMATCH)],
    )


def timeline(
    rulebase: Rulebase,
    samples: Sequence[TakenSample],
    therapies: Sequence[Therapy],
    on: datetime.date | None,
    options: Sequence[Options] = (),
) -> Timeline:
    """The timeline of a patient's dated samples."""
    from resistab.domains.oncology.report.series import tumour_timeline

    return tumour_timeline(rulebase, samples, therapies, on, options)
