"""``resistab fmt``: the files of rule sets in canonical form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from resistab.cli.exit_codes import ExitCode, epilog
from resistab.files.output import write


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "fmt",
        epilog=epilog(
            "resistab fmt rulebase",
            "resistab fmt --check rulebase",
            "resistab fmt --diff rulebase/oncology/tables/egfr-tyrosine-kinase-inhibitor/gefitinib.yaml",
        ),
    )(fmt)


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Folders of rule sets, of one rule set, or its files; without any, the shipped rule sets.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; name the files that differ, and fail if any does.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Change nothing; show what would change, and fail if anything would.")
    ] = False,
) -> None:
    """Put the order of fields, the style and the spelling of conditions in canonical form; comments stay.

    What the files say stays the same, and that is verified before anything is written.
    """
    from resistab.curation.file_kinds import default_path, files_at
    from resistab.curation.fmt import difference, format_files
    from resistab.files.output import write_whole

    given = [file for path in (paths or [default_path(to_write=not (check or diff))]) for file in files_at(path)]
    formatted = format_files({file.path.resolve(): file for file in given}.values())
    differing = [file for file in formatted if file.differs]
    for one in differing:
        if diff:
            write("-", difference(one))
        elif check:
            print(f"{one.file.where}: is not in canonical form")
        else:
            write_whole(one.file.path, one.after)
            print(f"{one.file.where}: formatted")
    files = "1 file" if len(formatted) == 1 else f"{len(formatted)} files"
    if check or diff:
        typer.echo(f"{len(differing)} of {files} would be changed", err=diff)
    else:
        print(f"{len(differing)} of {files} changed")
    if differing and (check or diff):
        raise typer.Exit(ExitCode.FAILED)
