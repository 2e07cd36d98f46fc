"""``resistab check``: every fault of a rulebase, and everything in it that is well-formed and still wrong."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from resistab.cli.exit_codes import ExitCode, epilog, usage
from resistab.cli.options import RulesetPath
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.curation.check import CheckResult


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        "resistab check",
        "resistab check rulebase/oncology --strict",
        "resistab check rulebase/oncology --notes",
        "resistab check --format sarif > findings.sarif",
        "resistab check --explain RT203",
        "resistab check rulebase/oncology --evidence civic_evidence.tsv",
    )
    app.command("check", epilog=epilog(*examples))(check)


def check(
    path: RulesetPath = None,
    format_: Annotated[
        Literal["text", "json", "github", "sarif"],
        typer.Option("--format", help="For people, for programs, as annotations of GitHub, or as SARIF 2.1.0."),
    ] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too; notes never do.")] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="Show notes too; for programs every format but text has them anyway.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="CODE", help="Say what a code means and how to mend it.")
    ] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option(
            "--evidence",
            help="Compare every citation with an evidence export (CIViC's TSV), or a folder of them; repeat for more.",
        ),
    ] = None,
) -> None:
    """Find every fault of a rulebase, in one run, each with its code, file, line and what mends it.

    Notes, which ask a curator to look and fail nothing, are counted, and shown with --notes. Exits with 4 where there
    is an error, or with --strict a warning. A folder without a rule set is an error.
    """
    import datetime

    from resistab.core.faults import OptionsError
    from resistab.curation import check_formats
    from resistab.curation.check import all_codes, check_path
    from resistab.rulesets.find import default_rulesets

    if explain is not None:
        _explain(explain)
        return
    try:
        result = check_path(path or default_rulesets(), datetime.date.today(), evidence)
    except OptionsError as error:
        usage("; ".join(fault.message for fault in error.faults))
    result = replace(result, findings=tuple(replace(item, where=_shown(item.where)) for item in result.findings))
    match format_:
        case "text":
            _print(result, notes)
        case "github":
            lines = [*map(check_formats.github_line, result.findings), *check_formats.summary(result)]
            write("-", "".join(f"{line}\n" for line in lines))
        case "json":
            write("-", check_formats.as_json(result.findings))
        case "sarif":
            write("-", check_formats.as_sarif(result.findings, all_codes()))
    if format_ in ("json", "sarif"):
        for line in check_formats.summary(result):
            print(line, file=sys.stderr)
    if not result.passed(strict):
        raise typer.Exit(ExitCode.RULEBASE)


def _print(result: CheckResult, notes: bool) -> None:
    from resistab.curation.check_formats import summary, text_line
    from resistab.report.console import open_console, plain

    console = open_console()
    styles = {"error": "bold red", "warning": "yellow", "note": "dim"}
    for finding in result.findings:
        if finding.severity == "note" and not notes:
            continue
        # Not wrapped: editors and terminals link "file:line:column" at the beginning of a line.
        console.print(plain(text_line(finding), styles[finding.severity]), soft_wrap=True)
    for line in summary(result, notes):
        console.print(plain(line, "bold"), soft_wrap=True)


def _explain(code: str) -> None:
    from resistab.curation.check import all_codes
    from resistab.curation.check_formats import explained

    codes = all_codes()
    name = code.upper()
    if name not in codes:
        usage(f"unknown code '{code}'; expected one of rulebase/CHECKS.md, {min(codes)} to {max(codes)}")
    write("-", explained(name, codes[name]))


def _shown(where: str) -> str:
    """``where`` from the current folder on if it lies inside, as annotations of GitHub need it."""
    path, here = Path(where), Path.cwd().resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else where
