"""The command line. Exit codes: see ``ExitCode``."""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from resistab import __version__
from resistab.cli.exchange import export_app, import_app
from resistab.cli.inputs import TumourGiven, genotypes
from resistab.cli.support import EXIT_CODES, ExitCode, epilog, fail, report_date, usage, with_progress, write
from resistab.files.output import OutputError, ReaderGoneError, StandardOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resistab.domains.oncology.interpreter import Interpreter
    from resistab.domains.oncology.report.model import Report

app = typer.Typer(
    name="resistab",
    help="Interpret the genotypes of tumours and of HIV for drug resistance: explained and cited.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE]...",
        help="Patient files (YAML, JSON), tables of findings (CSV, TSV, xlsx), VCF, MAF, Phenopackets or cBioPortal "
        "study folders; for a virus, sequences in FASTA.",
    ),
]
Tumour = Annotated[str | None, typer.Option("--tumour", "-t", help="OncoTree code or name, such as LUAD.")]
Findings = Annotated[list[str] | None, typer.Option("--finding", "-f", help="One alteration; repeat for more.")]
AssayedLoci = Annotated[
    list[str] | None,
    typer.Option(
        "--assayed",
        "-a",
        help="Genes or regions that were assayed, separated by commas. A gene alone means its mutations and copies; "
        "of a virus, genes that were sequenced.",
    ),
]
Prior = Annotated[list[str] | None, typer.Option("--prior", help="A drug the patient has had; 'none' for none.")]
Mutations = Annotated[
    str | None, typer.Option("--mutations", help='Of a virus: its mutations, such as "RT:M184V K65R, PR:L90M".')
]
MutationsFile = Annotated[
    Path | None,
    typer.Option("--mutations-file", help="Of many viruses: a file with a name, a tab and the mutations on each line."),
]
SampleName = Annotated[
    str | None, typer.Option("--sample", help="A name for the sample; of a file with several, the one to take.")
]
Panels = Annotated[
    list[str] | None,
    typer.Option(
        "--panel", help="What was assayed: a published panel, a BED file, or a list of genes; repeat for more."
    ),
]
Specimen = Annotated[str | None, typer.Option("--specimen", help="tissue or ctDNA.")]
LimitOfDetection = Annotated[
    float | None,
    typer.Option("--limit-of-detection", help="The smallest allele fraction that the assay finds, 0 to 1."),
]
TumourFraction = Annotated[
    float | None, typer.Option("--tumour-fraction", help="The share of the DNA that is the tumour's, 0 to 1.")
]
MeasuredFile = Annotated[
    Path | None, typer.Option("--measured", help="A table of measured responses to drugs, to set beside the verdicts.")
]
KeepGoing = Annotated[
    bool, typer.Option("--keep-going", help="Set aside what is not understood and list it in the report.")
]
RulesetId = Annotated[str, typer.Option("--ruleset", help="The rule set to use.")]
RulebaseFolder = Annotated[
    Path | None, typer.Option("--rulebase", help="A folder of rule sets instead of the shipped one.")
]
OverlayFolder = Annotated[
    Path | None, typer.Option("--overlay", help="A folder with a laboratory's own rows, laid over the rule set.")
]


_NO_COMMANDS = ("app", "support", "inputs", "exchange", "evaluate_virus", "import_civic")
_EVALUATING = ("evaluate", "explain", "drugs", "version", "import", "export")


def _register_commands(words: list[str]) -> None:
    """Register the curators' command that ``words`` begin with; all where they begin with none, as for help.

    A start that evaluates a patient needs none of them and imports none.
    """
    if words and words[0] in _EVALUATING:
        return
    import importlib
    import pkgutil

    from resistab import cli as commands

    names = [module.name for module in pkgutil.iter_modules(commands.__path__) if module.name not in _NO_COMMANDS]
    for name in [words[0]] if words and words[0] in names else names:
        importlib.import_module(f"resistab.cli.{name}").register(app)


def main() -> None:
    """Run the command line; every foreseen failure is a message and an exit code, never a traceback."""
    # pydantic looks through all installed packages for plugins, which costs a start more than reading a patient's
    # file; none is used here, and a plugin that is installed by chance must not touch how rules are read.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A start makes many objects that live to its end; looking for garbage among them is lost time.
    gc.set_threshold(1_000_000, 50, 50)
    stream = sys.stdout
    output = StandardOutput(stream)
    sys.stdout = cast(TextIO, output)
    try:
        try:
            _register_commands(sys.argv[1:])
            app()
        finally:
            output.flush()
    except ReaderGoneError:
        sys.exit(ExitCode.OUTPUT)
    except Exception as error:
        fail(*_foreseen(error))
    finally:
        sys.stdout = stream
        # Nor need the interpreter look through them all on its way out.
        gc.freeze()


def _foreseen(error: Exception) -> tuple[str, ExitCode]:
    """What to say of ``error``, and the exit code; raises it again where it is none of those foreseen."""
    # Imported here, so that a start that succeeds needs none of it.
    from resistab.core.agreement import DisagreementError
    from resistab.core.faults import InputError, RulebaseError
    from resistab.core.rete import ReteError

    match error:
        case InputError():
            return str(error), ExitCode.INPUT
        case RulebaseError():
            return str(error), ExitCode.RULEBASE
        case OutputError():
            return str(error), ExitCode.OUTPUT
        case DisagreementError() | ReteError():
            return f"no report was made: {error}", ExitCode.ENGINE
    raise error


@app.command(
    epilog=epilog(
        'resistab evaluate --tumour LUAD --finding "EGFR L858R" --finding "EGFR T790M"',
        'resistab evaluate --tumour COAD --finding "KRAS G12D" \\\n  --assayed "KRAS, NRAS, BRAF" --html report.html',
        "resistab evaluate patient.yaml --json - | jq .verdicts",
        "resistab evaluate one.yaml two.yaml --jsonl cohort.jsonl",
        "resistab evaluate tumour.vcf.gz --tumour LUAD --panel foundationone-cdx --html report.html",
        "resistab evaluate mutations.maf --reports reports --table verdicts.csv",
        'resistab evaluate --ruleset hiv1 --mutations "RT:M184V,PR:L90M"',
        "resistab evaluate --ruleset hiv1 sequences.fasta --jsonl cohort.jsonl",
    )
)
def evaluate(
    files: Files = None,
    tumour: Tumour = None,
    finding: Findings = None,
    assayed: AssayedLoci = None,
    panel: Panels = None,
    prior: Prior = None,
    specimen: Specimen = None,
    limit_of_detection: LimitOfDetection = None,
    tumour_fraction: TumourFraction = None,
    measured: MeasuredFile = None,
    mutations: Mutations = None,
    mutations_file: MutationsFile = None,
    sample: SampleName = None,
    json: Annotated[str | None, typer.Option("--json", help="Write the report as JSON; - is standard output.")] = None,
    jsonl: Annotated[
        str | None, typer.Option("--jsonl", help="Write one report a line, in input order; - is standard output.")
    ] = None,
    html: Annotated[str | None, typer.Option("--html", help="Write the report as HTML; - is standard output.")] = None,
    reports: Annotated[
        Path | None,
        typer.Option("--reports", help="Write one HTML page and one JSON file for each sample into this folder."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table", help="Write the verdicts as CSV, a row for each sample and drug; - is standard output."
        ),
    ] = None,
    all_drugs: Annotated[
        bool,
        typer.Option("--all-drugs", help="Report also drugs that are not used in this tumour type and hit by no row."),
    ] = False,
    date: Annotated[
        str | None, typer.Option("--date", help="The date the report is to bear, YYYY-MM-DD; today if not given.")
    ] = None,
    keep_going: KeepGoing = False,
    ruleset: RulesetId = "oncology",
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
) -> None:
    """Interpret one patient or several, and report for every drug what was concluded, why, and on whose evidence."""
    on = report_date(date)
    if [json, jsonl, html, table].count("-") > 1:
        usage("only one of --json, --jsonl, --html and --table can be standard output")
    given = TumourGiven(
        files or (), tumour, finding or (), assayed or (), panel or (), prior, sample, specimen, limit_of_detection,
        tumour_fraction, measured, keep_going,
    )  # fmt: skip
    if _is_virus(ruleset, rulebase):
        from resistab.cli.evaluate_virus import VirusGiven, evaluate_virus

        if reports or table:
            usage("--reports and --table are for tumours; of viruses use --jsonl")
        _refuse_tumour_options(given)
        virus = VirusGiven(
            files, mutations, mutations_file, assayed, "sample" if sample is None else sample, keep_going
        )
        evaluate_virus(ruleset, rulebase, overlay, virus, json, jsonl, html, all_drugs, on)
        return
    _refuse_virus_options(mutations, mutations_file)
    interpreter = _load(ruleset, rulebase, overlay)
    found = genotypes(interpreter, given)
    if len(found) > 1 and (json or html):
        usage("--json and --html are for one patient; use --jsonl or --reports for several")
    from resistab.domains.oncology import report as report_of
    from resistab.domains.oncology.report.selection import leading

    made = (interpreter.interpret(genotype, on) for genotype in with_progress(found, "Interpreting"))
    chosen: Iterator[Report] = made if all_drugs else map(leading, made)
    if reports:
        from resistab.report.folder import write_reports

        chosen = write_reports(reports, chosen, [genotype.sample for genotype in found], report_of.html)
    # Of a cohort the reports pass by one after another; all of them would fill the memory.
    if table and not (json or html or jsonl):
        from resistab.report.table import verdict_table

        write(table, verdict_table(report_of.TABLE_COLUMNS, report_of.table_rows, chosen))
        return
    if jsonl and not (json or html or table):
        write(jsonl, (report.to_json() + "\n" for report in chosen))
        return
    finished = list(chosen)
    if json:
        write(json, finished[0].to_json() + "\n")
    if jsonl:
        write(jsonl, (report.to_json() + "\n" for report in finished))
    if table:
        from resistab.report.table import verdict_table

        write(table, verdict_table(report_of.TABLE_COLUMNS, report_of.table_rows, finished))
    if html:
        from resistab.domains.oncology.report.page import render_html

        write(html, render_html(finished[0]))
    if not (json or jsonl or html or table or reports):
        from resistab.domains.oncology.report.terminal import print_report

        for report in finished:
            print_report(report, all_drugs)


@app.command(
    epilog=epilog(
        "resistab explain osimertinib --tumour LUAD \\\n"
        '  --finding "EGFR C797S in cis with EGFR T790M" --finding "EGFR T790M"'
    )
)
def explain(
    drug: Annotated[str, typer.Argument(help="A drug, by generic name or alias.")],
    files: Files = None,
    tumour: Tumour = None,
    finding: Findings = None,
    assayed: AssayedLoci = None,
    panel: Panels = None,
    prior: Prior = None,
    specimen: Specimen = None,
    limit_of_detection: LimitOfDetection = None,
    tumour_fraction: TumourFraction = None,
    measured: MeasuredFile = None,
    mutations: Mutations = None,
    mutations_file: MutationsFile = None,
    sample: SampleName = None,
    keep_going: KeepGoing = False,
    ruleset: RulesetId = "oncology",
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
) -> None:
    """Show how the verdict for one drug was derived, as a tree: findings, rules, conclusions, evidence."""
    given = TumourGiven(
        files or (), tumour, finding or (), assayed or (), panel or (), prior, sample, specimen, limit_of_detection,
        tumour_fraction, measured, keep_going,
    )  # fmt: skip
    if _is_virus(ruleset, rulebase):
        from resistab.cli.evaluate_virus import VirusGiven, explain_virus

        _refuse_tumour_options(given)
        virus = VirusGiven(
            files, mutations, mutations_file, assayed, "sample" if sample is None else sample, keep_going
        )
        explain_virus(ruleset, rulebase, overlay, drug, virus)
        return
    _refuse_virus_options(mutations, mutations_file)
    interpreter = _load(ruleset, rulebase, overlay)
    name = _drug_with_table(interpreter, drug)
    found = genotypes(interpreter, given)
    from resistab.domains.oncology.report.terminal import print_derivation

    for genotype in found:
        report: Report = interpreter.interpret(genotype)
        print_derivation(report, next(verdict for verdict in report.verdicts if verdict.drug == name))


@app.command(epilog=epilog("resistab drugs --tumour MEL"))
def drugs(
    tumour: Annotated[
        str | None, typer.Option("--tumour", "-t", help="Only the drugs used in this OncoTree type.")
    ] = None,
    ruleset: RulesetId = "oncology",
    rulebase: RulebaseFolder = None,
) -> None:
    """List the drugs of the rule set: class, tables' rows, tumour types, and what must have been assayed."""
    if _is_virus(ruleset, rulebase):
        from resistab.cli.evaluate_virus import list_virus_drugs

        if tumour:
            usage("--tumour is for tumours; the drugs of a virus are listed whole")
        list_virus_drugs(ruleset, rulebase)
        return
    from resistab.domains.oncology.report.terminal import print_drugs
    from resistab.rulesets.cache import load_rulebase_cached
    from resistab.rulesets.find import ruleset_folder

    rules = load_rulebase_cached(ruleset_folder(ruleset, rulebase))
    code = None
    if tumour is not None:
        from resistab.core.faults import Fault, InputError
        from resistab.domains.oncology.inputs.assembly import find_tumour_type, suggest_tumour_types

        found = find_tumour_type(rules, tumour)
        if found is None:
            raise InputError(
                [
                    Fault(
                        where="--tumour",
                        message=f"unknown tumour type '{tumour}'",
                        expected="an OncoTree code or name",
                        suggestion=suggest_tumour_types(rules, tumour),
                    )
                ]
            )
        code = found.code
    print_drugs(rules, code)


@app.command(epilog=epilog("resistab version"))
def version(ruleset: RulesetId = "oncology", rulebase: RulebaseFolder = None) -> None:
    """Print the versions of the software and of the rule set, and the rule set's digest."""
    if _is_virus(ruleset, rulebase):
        from resistab.cli.evaluate_virus import print_virus_version

        print_virus_version(ruleset, rulebase)
        return
    from resistab.rulesets.cache import load_rulebase_cached
    from resistab.rulesets.find import ruleset_folder

    rules = load_rulebase_cached(ruleset_folder(ruleset, rulebase))
    manifest = rules.manifest
    print(f"resistab {__version__}")
    print(f"rule set {manifest.ruleset} {manifest.version} of {manifest.date}, digest sha256:{rules.digest}")


def _is_virus(ruleset: str, rulebase: Path | None) -> bool:
    """Whether the rule set is that of a virus; raises ``RulebaseError`` where there is no such rule set."""
    from resistab.rulesets.find import is_virus, ruleset_folder

    return is_virus(ruleset_folder(ruleset, rulebase))


def _refuse_tumour_options(given: TumourGiven) -> None:
    options = {
        "--tumour": given.tumour,
        "--finding": given.findings,
        "--panel": given.panels,
        "--prior": given.prior,
        "--specimen": given.specimen,
        "--limit-of-detection": given.limit_of_detection,
        "--tumour-fraction": given.tumour_fraction,
        "--measured": given.measured,
    }
    for option, value in options.items():
        if value:
            usage(f"{option} is for tumours; of a virus give --mutations, --mutations-file or sequences in FASTA")


def _refuse_virus_options(mutations: str | None, mutations_file: Path | None) -> None:
    for option, value in (("--mutations", mutations), ("--mutations-file", mutations_file)):
        if value is not None:
            usage(f"{option} is for the rule set of a virus: give --ruleset hiv1 with it")


def _load(ruleset: str, rulebase: Path | None, overlay: Path | None) -> Interpreter:
    from resistab.domains.oncology.interpreter import load

    return load(ruleset, rulebase, overlay)


def _drug_with_table(interpreter: Interpreter, name: str) -> str:
    from resistab.core.faults import Fault, InputError, nearest

    rules = interpreter.rulebase
    found = rules.drug_by_name.get(name.strip().casefold())
    tables = {table.drug for table in rules.tables}
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
