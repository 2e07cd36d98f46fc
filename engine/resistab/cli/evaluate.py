"""``resistab evaluate``: what is to be concluded for one patient or several."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.cli.asked import DEFAULT_RULESET, paths_in, refuse_clash, refuse_foreign, report_date
from resistab.cli.exit_codes import usage
from resistab.cli.patients import cohort, earlier_samples, genotypes, given_by, pack_asked
from resistab.cli.progress import counting, with_progress
from resistab.cli.verifying import verifying
from resistab.files.output import write, write_whole

if TYPE_CHECKING:
    import typer

    from resistab.cli.options import (
        AllDrugs,
        Files,
        History,
        Html,
        Json,
        JsonLines,
        KeepGoing,
        NoOptions,
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
    from resistab.report.options.patient import EarlierSample
    from resistab.report.set_aside import SampleSetAside

# After so many patients a bar moves on.
_TOLD = 20
# So long may be looked for what defeats regimens.
_SECONDS = 5.0
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
    history: History = None,
    no_options: NoOptions = False,
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
    refuse_clash([*(files or ()), *(history or ()), *paths_in(said)], json=json, jsonl=jsonl, html=html, table=table)
    if table and _is_parquet(table):
        _refuse_without_parquet(table)
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, said)
    from resistab.domains.loading import load

    interpreter = load(ruleset, rulebase, overlay)
    given = given_by(files, sample, keep_going, said)
    if table and not (json or jsonl or html or reports or verify):
        with cohort(pack, interpreter, given) as many:
            _write_cohort_table(pack, interpreter, table, many, all_drugs, given.set_aside)
        return
    found = genotypes(pack, interpreter, given)
    aside = given.set_aside
    if history and (len(found) + len(aside) > 1 or jsonl or table or reports or no_options):
        usage("--history is for the section Options of one patient")
    earlier = earlier_samples(pack, interpreter, history, found[0], said) if history else ()
    if len(found) + len(aside) > 1 and (json or html):
        usage("--json and --html are for one patient; use --jsonl or --reports for several")
    with verifying(interpreter, verify):
        if jsonl:
            from resistab.report.set_aside import json_line

            lines = pack.report.lines(interpreter, found, on, all_drugs)
            write(jsonl, chain(with_progress(lines, "Interpreting", number=len(found)), map(json_line, aside)))
            if not (json or html or table or reports):
                return
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
        # Of a cohort the reports pass by one after another; all of them would fill the memory.
        if table and not (json or html):
            _write_table(pack, table, (list(pack.report.table_rows(report)) for report in chosen), aside)
        elif reports and not (json or html):
            for _ in chosen:
                pass
        else:
            finished = list(chosen)
            if len(found) == 1 and not no_options:
                finished = [_with_options(pack, interpreter, found[0], report, earlier) for report in finished]
            for report in finished:
                if json:
                    write(json, report.to_json() + "\n")
                if html:
                    write(html, pack.report.html(report))
                if not (json or html or table or reports):
                    pack.report.print_report(report, all_drugs)
            if table:
                _write_table(pack, table, [list(pack.report.table_rows(report)) for report in finished], aside)


def _with_options(
    pack: Pack, interpreter: Any, genotype: Any, report: Any, earlier: tuple[EarlierSample, ...] = ()
) -> Any:
    """The report with what is open to the patient, where the rule set holds regimens."""
    if "regimens" in pack.cannot or interpreter.rulebase.manifest.regimens is None:
        return report
    from resistab.report.options.patient import Asked

    asked = Asked(seconds=_SECONDS, history=earlier)
    return report.model_copy(update={"options": pack.regimens.options(interpreter, genotype, report, asked)})


def _write_cohort_table(
    pack: Pack, interpreter: Any, target: str, many: Collection[Any], all_drugs: bool, aside: Sequence[SampleSetAside]
) -> None:
    def told(done: Callable[[int], None]) -> Iterator[Sequence[tuple[str, ...]]]:
        for number, rows in enumerate(pack.report.cohort_rows(interpreter, many, all_drugs), start=1):
            yield rows
            if number % _TOLD == 0:
                done(_TOLD)

    with counting("Interpreting", len(many)) as done:
        _write_table(pack, target, told(done), aside)


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
