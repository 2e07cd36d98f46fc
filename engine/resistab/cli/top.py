"""``resistab`` itself: what it says without a command, and its list of commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from resistab import __version__
from resistab.domains.registry import packs

if TYPE_CHECKING:
    from resistab.domains.pack import Pack

# What people come for, and the command whose first example shows how.
_TASKS = (
    ("Interpret one patient, with a verdict on every drug", "evaluate"),
    ("See how a verdict came about", "explain"),
    ("See which regimens are open, and what would defeat them", "regimens"),
    ("Look up what the rules say of a change, gene, drug or reference", "lookup"),
    ("List the drugs of a rule set", "drugs"),
)


class WholeDescriptions(TyperGroup):
    """A list of commands in which no description is cut off: each is the first paragraph of the command's help."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, as click does but for the cutting."""
        rows = []
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, _first_paragraph(command.short_help or command.help or "")))
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def version_line() -> str:
    """What ``--version`` says."""
    return f"resistab {__version__}"


def _say_version(wanted: bool) -> None:
    if wanted:
        print(version_line())
        raise typer.Exit


def top(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version of the software.")
    ] = False,
) -> None:
    """Say what can be done where no command is named."""
    if ctx.invoked_subcommand is None:
        print("\n".join(beginning(packs())))


def beginning(domains: Iterable[Pack]) -> list[str]:
    """What people do most, each with a line that can be copied, by the examples of the first domain that has one."""
    domains = tuple(domains)
    lines = []
    for task, command in _TASKS:
        example = next(pack.examples[command][0] for pack in domains if command in pack.examples)
        lines += [f"{task}:", *(f"  {line}" for line in example.splitlines()), ""]
    others = [pack.examples["evaluate"][0] for pack in domains[1:]]
    lines += ["The same of other rule sets:", *(f"  {example}" for example in others), ""]
    return [*lines, "'resistab -h' lists all commands, 'resistab COMMAND -h' says how one is used."]
