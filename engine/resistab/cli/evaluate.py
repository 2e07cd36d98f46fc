"""``resistab evaluate``: what is to be concluded for one patient or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from resistab.cli.asked import DEFAULT_RULESET, paths_in, refuse_clash, refuse_foreign, report_date
from resistab.cli.exit_codes import usage
from resistab.cli.patients import cohort, earlier_samples, genotypes, given_by, pack_asked
from resistab.cli.progress import counting, with_progress
from resistab.cli.verifying import verifying
from resistab.domains.one_patient import with_options
from resistab.files.output import opened, write, write_whole

if TYPE_CHECKING:
    import typer

    from resistab.cli.options import (
        AllDrugs,
        ClusterAddress,
        Fhir,
        Files,
        History,
        Html,
        Json,
        JsonLines,
        KeepGoing,
        LanguageName,
        LearnedFolder,
        NoOptions,
        OverlayFolder,
        Partitions,
        Pdf,
        ReportDate,
        ReportsFolder,
        RulebaseFolder,
        Ruleset,
        SampleName,
        VerdictTable,
        Verify,
    )
    from resistab.domains.cluster.client import Cluster
    from resistab.domains.pack import Pack
    from resistab.report.set_aside import SampleSetAside
    from resistab.rulesets.learned import LearnedTable

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
    pdf: Pdf = None,
    fhir: Fhir = None,
    reports: ReportsFolder = None,
    table: VerdictTable = None,
    language: LanguageName = None,
    all_drugs: AllDrugs = False,
    history: History = None,
    no_options: NoOptions = False,
    learned: LearnedFolder = None,
    date: ReportDate = None,
    keep_going: KeepGoing = False,
    verify: Verify = False,
    cluster: ClusterAddress = None,
    partitions: Partitions = None,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
    **said: Any,
) -> None:
    """Interpret one patient or several, and report for every drug what was concluded, why, and on whose evidence."""
    on = report_date(date)
    targets = {"json": json, "jsonl": jsonl, "html": html, "pdf": pdf, "fhir": fhir, "table": table}
    refuse_clash([*(files or ()), *(history or ()), *paths_in(said | {"language": language})], **targets)
    if table and _is_parquet(table):
        _refuse_without_parquet(table)
    if pdf or fhir:
        # Imported here, and below, as most starts write neither.
        from resistab.cli.written import refuse_without

        refuse_without(pdf, fhir)
    page_of: Callable[[Pack], Callable[[Any], str]] = attrgetter("report.html")
    if language is not None:
        from resistab.cli.written import pages_in

        page_of = pages_in(language, html, pdf, reports)
    if cluster is not None or partitions is not None:
        others = {name: target for name, target in targets.items() if name not in ("jsonl", "table")}
        _refuse_cluster(cluster, partitions, table=table or jsonl, **others, reports=reports, verify=verify)
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, said)
    page = page_of(pack)
    from resistab.domains.loading import load

    interpreter = load(ruleset, rulebase, overlay)
    given = given_by(files, sample, keep_going, said)
    if learned is not None and (jsonl or table or reports):
        usage("--learned is for --json, --html, --pdf and the terminal; predict does the same for many")
    tables = _learned_tables(pack, interpreter, learned)
    # What is written of one patient alone.
    whole = json or html or pdf or fhir
    if (jsonl or table) and not (whole or reports):
        workers = _workers(cluster, partitions, ruleset, rulebase, overlay, interpreter) if cluster else None
        shared = nullcontext() if workers is None else workers.shared()
        with cohort(pack, interpreter, given) as many, verifying(interpreter, verify), shared:
            if workers is None:
                told = _Told(
                    len(many),
                    lambda: pack.report.lines(interpreter, many, on, all_drugs),
                    lambda: pack.report.cohort_rows(interpreter, many, all_drugs),
                    lambda: pack.report.lines_and_rows(interpreter, many, on, all_drugs),
                )
            else:
                told = _Told(
                    len(many),
                    lambda: workers.lines(many, on, all_drugs),
                    lambda: workers.cohort_rows(many, all_drugs),
                )
            _write_cohort(pack, told, given.set_aside, jsonl, table)
        return
    found = genotypes(pack, interpreter, given)
    aside = given.set_aside
    if history and (len(found) + len(aside) > 1 or jsonl or table or reports or no_options):
        usage("--history is for the section Options of one patient")
    earlier = earlier_samples(pack, interpreter, history, found[0], said) if history else ()
    if len(found) + len(aside) > 1 and whole:
        usage("--json, --html, --pdf and --fhir are for one patient; use --jsonl or --reports for several")
    with verifying(interpreter, verify), ExitStack() as stack:
        chosen: Iterable[Any] = (
            pack.report.interpreted(interpreter, genotype, on, all_drugs)
            for genotype in with_progress(found, "Interpreting")
        )
        if reports:
            from resistab.report.folder import report_files, write_reports

            names = [genotype.sample for genotype in found]
            inputs = [*(files or ()), *paths_in(said | {"language": language})]
            for path in report_files(reports, names):
                refuse_clash(inputs, reports=str(path), **targets)
            chosen = write_reports(reports, chosen, names, page, aside)
        if jsonl:
            chosen = _with_lines(pack, interpreter, found, chosen, aside, stack.enter_context(opened(jsonl)))
        # Of a cohort the reports pass by one after another; all of them would fill the memory.
        if table and not whole:
            _write_table(pack, table, (list(pack.report.table_rows(report)) for report in chosen), aside)
        elif reports and not whole:
            for _ in chosen:
                pass
        else:
            finished = list(chosen)
            if len(found) == 1 and not no_options:
                finished = [with_options(pack, interpreter, found[0], report, earlier) for report in finished]
            if tables:
                finished = [
                    _with_predictions(pack, interpreter, tables, genotype, report)
                    for genotype, report in zip(found, finished, strict=True)
                ]
            for report in finished:
                if json:
                    write(json, report.to_json() + "\n")
                if html:
                    write(html, page(report))
                if pdf:
                    from resistab.cli.written import write_pdf

                    write_pdf(pdf, page(report), report.generated_on)
                if fhir:
                    write(fhir, pack.report.fhir(report, interpreter.rulebase) + "\n")
                if not whole:
                    pack.report.print_report(report, all_drugs)
            if table:
                _write_table(pack, table, [list(pack.report.table_rows(report)) for report in finished], aside)


def _learned_tables(pack: Pack, interpreter: Any, folder: Path | None) -> tuple[LearnedTable, ...]:
    """The learned tables that were asked for; refuses the command line where such rules cannot have any."""
    if folder is None:
        return ()
    if "measures" in pack.cannot:
        usage(f"--learned: {pack.cannot['measures']}")
    from resistab.curation.learning.predict import read_tables

    return read_tables(pack, interpreter, folder)


def _with_predictions(
    pack: Pack, interpreter: Any, tables: tuple[LearnedTable, ...], genotype: Any, report: Any
) -> Any:
    """The report with what learned tables predict beside its verdicts."""
    from resistab.curation.learning.predict import predictions

    return report.model_copy(update={"learned": predictions(pack, interpreter, tables, genotype)})


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


class _Told(NamedTuple):
    """What is told of so many patients: lines of JSON, rows of a table, or both in one pass where that can be."""

    number: int
    lines: Callable[[], Iterable[str]]
    rows: Callable[[], Iterable[Sequence[tuple[str, ...]]]]
    both: Callable[[], Iterable[tuple[str, Sequence[tuple[str, ...]]]]] | None = None


def _write_cohort(
    pack: Pack, told: _Told, aside: Sequence[SampleSetAside], jsonl: str | None, table: str | None
) -> None:
    """Write lines, or the rows of a table, or both, of patients of whom no other report is wanted."""
    from resistab.report.set_aside import json_line

    if jsonl and table and told.both is not None:
        with counting("Interpreting", told.number) as done, opened(jsonl) as put:

            def rows() -> Iterator[Sequence[tuple[str, ...]]]:
                for line, of in _passing(told.both() if told.both else (), done):
                    put(line)
                    yield of

            _write_table(pack, table, rows(), aside)
            for item in aside:
                put(json_line(item))
        return
    if jsonl:
        with counting("Interpreting", told.number) as done:
            write(jsonl, chain(_passing(told.lines(), done), map(json_line, aside)))
    if table:
        with counting("Interpreting", told.number) as done:
            _write_table(pack, table, _passing(told.rows(), done), aside)


def _passing(items: Iterable[_Report], done: Callable[[int], None]) -> Iterator[_Report]:
    """``items``; of each few that have passed ``done`` is told."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % _TOLD == 0:
            done(_TOLD)


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


def _refuse_cluster(cluster: str | None, partitions: str | None, table: str | None, **others: Any) -> None:
    """Refuse what does not go together with ``--cluster``, or needs it."""
    if not cluster:
        usage("--partitions goes with --cluster" if cluster is None else "--cluster '' is no address")
    if partitions == "":
        usage("--partitions '' is no place")
    if not table or any(others.values()):
        found = next((f"; --{name} cannot be shared" for name, value in others.items() if value), "")
        usage(f"--cluster goes with --table and --jsonl{found}")


def _workers(
    cluster: str, partitions: str | None, ruleset: str, rulebase: Path | None, overlay: Path | None, interpreter: Any
) -> Cluster:
    """The workers of a cluster, which was looked at; refuses the command line where one cannot be had at all."""
    from resistab.core.faults import ExtraMissingError

    try:
        from resistab.domains.cluster.client import Cluster
        from resistab.domains.cluster.worker import Rules

        rules = Rules(
            ruleset, rulebase and rulebase.resolve(), overlay and overlay.resolve(), interpreter.rulebase.digest
        )
        workers = Cluster(cluster, rules, partitions)
    except ExtraMissingError as error:
        usage(f"--cluster: {error}")
    except (ValueError, ImportError) as error:
        usage(f"--partitions {partitions}: {error}")
    workers.check()
    return workers
