"""``resistab show``: where a drug's table is, and what is in it, one line a row."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resistab.cli.exit_codes import epilog
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.curation.kit.shown import ShownRow
    from resistab.curation.show import Found

# On a terminal a line is as long as that; what people look at first keeps its width, and the rest is cut.
LEAST_WIDTH = 80
_WIDEST = {"in": 10, "effect": 19}
_LEAST_CONDITION = 16


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = ("resistab show cetuximab", "resistab show zidovudine | less")
    app.command("show", epilog=epilog(*examples, "resistab show osimertinib rulebase/oncology --json -"))(show)


def show(
    drug: Annotated[str, typer.Argument(help="A drug, by generic name or alias.")],
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="A rule set, or a folder of rule sets; without it those at hand."),
    ] = None,
    json: Annotated[str | None, typer.Option("--json", help="Write the rows as JSON; - is standard output.")] = None,
) -> None:
    """Show a drug's table: its file, what holds of the drug, and one line a row in the order of residues.

    Rows of the drug's classes that hold for it stand among them, marked with *.
    """
    from resistab.curation.file_kinds import default_path
    from resistab.curation.show import document, find_tables

    found = find_tables(path or default_path(), drug)
    if json is not None:
        write(json, json_format.dumps(document(found), indent=2, ensure_ascii=False) + "\n")
        return
    from resistab.report.console import open_console, plain

    width = max(open_console().width, LEAST_WIDTH) if sys.stdout.isatty() else None
    lines = [line for number, one in enumerate(found) for line in (*([""] if number else []), *lines_of(one, width))]
    write("-", "".join(f"{plain(line).plain}\n" for line in lines))


def lines_of(found: Found, width: int | None) -> Iterator[str]:
    """What is printed of a table, in lines of at most ``width`` columns, or as long as need be."""
    table = found.table
    classes = f" ({', '.join(table.classes)})" if table.classes else ""
    yield from wrapped(f"{table.drug}{classes}, {found.ruleset}", "", width)
    yield found.where(table.file) if table.file else "no table"
    for label, text in table.about:
        yield from wrapped(f"  {label}: {text}", "    ", width)
    if table.rows:
        yield ""
        yield from grid_lines([_cells(row) for row in table.rows], width)
    for name, file in table.files:
        yield from wrapped(f"* of the class {name}: {found.where(file)}", "  ", width)


def wrapped(text: str, indent: str, width: int | None) -> list[str]:
    """``text`` in lines of at most ``width`` columns, the further ones behind ``indent``."""
    import textwrap

    if width is None:
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _cells(row: ShownRow) -> dict[str, str]:
    status = "" if row.status == "active" else f"({row.status}) "
    return {
        "row": row.id + ("*" if row.of else ""),
        "condition": status + row.condition,
        "in": ", ".join(row.tumour_types),
        "effect": row.effect,
        "ev": row.evidence,
        "refs": str(row.references or ""),
    }


def grid_lines(rows: list[dict[str, str]], width: int | None) -> Iterator[str]:
    """The rows below their headings, without the columns in which nothing stands."""
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    widths = {name: max(len(text) for text in (name, *(row[name] for row in rows))) for name in names}
    gap = "  " if width is None else " "
    if width is not None:
        widths |= {name: min(widths[name], most) for name, most in _WIDEST.items() if name in widths}
        others = sum(widths[name] + len(gap) for name in names if name != "condition")
        widths["condition"] = min(widths["condition"], max(width - others, _LEAST_CONDITION))
    for row in ({name: name for name in names}, *rows):
        yield gap.join(_cut(row[name], widths[name]).ljust(widths[name]) for name in names).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
