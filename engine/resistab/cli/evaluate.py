"""``resistab evaluate``: what is to be concluded for one patient or several."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from resistab.cli.asked import DEFAULT_RULESET, paths_in, refuse_clash, refuse_foreign, report_date
from resistab.cli.exit_codes import usage
from resistab.cli.patients import cohort, genotypes, given_by, pack_asked
from resistab.cli.progress import counting, with_progress
from resistab.cli.verifying import verifying
from resistab.files.output import opened, write, write_whole

if TYPE_CHECKING:
    import datetime

    import typer

    from resistab.cli.options import (
        AllDrugs,
        Files,
        Html,
        Json,
        JsonLines,
        KeepGoing,
        OverlayFolder,
        ReportDate,
        ReportsFolder,
        RulebaseFolder,
        Ruleset,
        SampleName,
        VerdictTable,
        Verify,
    )
    from resistab.domains.pack import Pack
    from resistab.report.set_aside import SampleSetAside

_Report = TypeVar("_Report")

# After so many patients a bar moves on.
_TOLD = 20
# Where it stands in the help.
PLACE = 1


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    from resistab.cli.exit_codes import epilog
    from resistab.cli.options import examples_of, with_options_of_packs

    app.command("evaluate", epilog=epilog(*examples_of("evaluate")))(with_options_of_packs("patient")(evaluate))


def evaluate(
    files: Files = None,
    sample: SampleName = None,
    json: Json = None,
    jsonl: JsonLines = None,
    html: Html = None,
    reports: ReportsFolder = None,
    table: VerdictTable = None,
    all_drugs: AllDrugs = False,
    date: ReportDate = None,
    keep_going: KeepGoing = False,
    verify: Verify = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
    **said: Any,
) -> None:
    """Interpret one patient or several, and report for every drug what was concluded, why, and on whose evidence."""
    on = report_date(date)
    refuse_clash([*(files or ()), *paths_in(said)], json=json, jsonl=jsonl, html=html, table=table)
    if table and _is_parquet(table):
        _refuse_without_parquet(table)
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, said)
    from resistab.domains.loading import load

    interpreter = load(ruleset, rulebase, overlay)
    given = given_by(files, sample, keep_going, said)
    if (jsonl or table) and not (json or html or reports):
        with cohort(pack, interpreter, given) as many, verifying(interpreter, verify):
            _write_cohort(pack, interpreter, many, given.set_aside, on, all_drugs, jsonl, table)
        return
    found = genotypes(pack, interpreter, given)
    aside = given.set_aside
    if len(found) + len(aside) > 1 and (json or html):
        usage("--json and --html are for one patient; use --jsonl or --reports for several")
    with verifying(interpreter, verify), ExitStack() as stack:
        chosen: Iterable[Any] = (
            pack.report.interpreted(interpreter, genotype, on, all_drugs)
            for genotype in with_progress(found, "Interpreting")
        )
        if reports:
            from resistab.report.folder import report_files, write_reports

            names = [genotype.sample for genotype in found]
            inputs = [*(files or ()), *paths_in(said)]
            for path in report_files(reports, names):
                refuse_clash(inputs, reports=str(path), json=json, jsonl=jsonl, html=html, table=table)
            chosen = write_reports(reports, chosen, names, pack.report.html, aside)
        if jsonl:
            chosen = _with_lines(pack, interpreter, found, chosen, aside, stack.enter_context(opened(jsonl)))
        # Of a cohort the reports pass by one after another; all of them would fill the memory.
        if table and not (json or html):
            _write_table(pack, table, (list(pack.report.table_rows(report)) for report in chosen), aside)
        elif reports and not (json or html):
            for _ in chosen:
                pass
        else:
            finished = list(chosen)
            for report in finished:
                if json:
                    write(json, report.to_json() + "\n")
                if html:
                    write(html, pack.report.html(report))
                if not (json or html):
                    pack.report.print_report(report, all_drugs)
            if table:
                _write_table(pack, table, [list(pack.report.table_rows(report)) for report in finished], aside)


def _with_lines(
    pack: Pack,
    interpreter: Any,
    found: Iterable[Any],
    reports: Iterable[_Report],
    aside: Iterable[SampleSetAside],
    put: Callable[[str], Any],
) -> Iterator[_Report]:
    """The reports, each of which is put as a line as it passes by; then those that were set aside."""
    from resistab.report.set_aside import json_line

    for genotype, report in zip(found, reports, strict=True):
        put(pack.report.line(interpreter, genotype, report))
        yield report
    for item in aside:
        put(json_line(item))


def _write_cohort(
    pack: Pack,
    interpreter: Any,
    many: Collection[Any],
    aside: Sequence[SampleSetAside],
    on: datetime.date | None,
    all_drugs: bool,
    jsonl: str | None,
    table: str | None,
) -> None:
    """Write lines, or the rows of a table, or both, of patients of whom no other report is wanted."""
    from resistab.report.set_aside import json_line

    with counting("Interpreting", len(many)) as done:

        def told(items: Iterable[_Report]) -> Iterator[_Report]:
            for number, item in enumerate(items, start=1):
                yield item
                if number % _TOLD == 0:
                    done(_TOLD)

        if table and not jsonl:
            _write_table(pack, table, told(pack.report.cohort_rows(interpreter, many, all_drugs)), aside)
        elif jsonl and not table:
            lines = told(pack.report.lines(interpreter, many, on, all_drugs))
            write(jsonl, chain(lines, map(json_line, aside)))
        elif jsonl and table:
            with opened(jsonl) as put:

                def rows() -> Iterator[Sequence[tuple[str, ...]]]:
                    for line, of in told(pack.report.lines_and_rows(interpreter, many, on, all_drugs)):
                        put(line)
                        yield of

                _write_table(pack, table, rows(), aside)
                for item in aside:
                    put(json_line(item))


def _write_table(
    pack: Pack, target: str, cohort: Iterable[Sequence[tuple[str, ...]]], aside: Sequence[SampleSetAside]
) -> None:
    """Write the rows of each sample: as Parquet where the name says so, otherwise as CSV."""
    columns = pack.report.TABLE_COLUMNS
    if _is_parquet(target):
        from resistab.report.parquet import parquet_table

        write_whole(Path(target), parquet_table(columns, cohort, aside))
        return
    from resistab.report.table import csv_table

    write(target, csv_table(columns, cohort, aside))


def _is_parquet(target: str) -> bool:
    return target.lower().endswith(".parquet")


def _refuse_without_parquet(target: str) -> None:
    from resistab.core.faults import ExtraMissingError
    from resistab.report.parquet import require_parquet

    try:
        require_parquet()
    except ExtraMissingError as error:
        usage(f"--table {target}: {error}")
