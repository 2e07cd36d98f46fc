"""``resistab schema``: JSON Schema of the files of rule sets, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from resistab.cli.exit_codes import epilog, usage
from resistab.files.output import write


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema", epilog=epilog("resistab schema table", "resistab schema -o rulebase/schemas"))(schema)


def schema(
    kind: Annotated[
        str | None,
        typer.Argument(metavar="[KIND]", help="A kind of file, such as table; without it, their names are listed."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder to write the schema into, or those of all kinds.")
    ] = None,
) -> None:
    """Write the JSON Schema of a kind of file, so that editors complete and check while one types."""
    from resistab.core.faults import nearest
    from resistab.curation.file_kinds import yaml_kinds
    from resistab.curation.schemas import schema_text
    from resistab.files.output import OutputError, write_whole

    known = yaml_kinds()

    if kind is not None and kind not in known:
        near = nearest(kind, known, 1)
        usage(
            f"unknown kind '{kind}'; expected one of {', '.join(known)}" + (f"; did you mean {near}?" if near else "")
        )
    if output is None:
        if kind is not None:
            write("-", schema_text(known[kind]))
            return
        width = max(map(len, known))
        for name, one in known.items():
            print(f"{name:{width}}  {one.files}")
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written: {error.strerror}") from error
    for name in [kind] if kind else known:
        write_whole(output / f"{name}.json", schema_text(known[name]))
        print(output / f"{name}.json")
