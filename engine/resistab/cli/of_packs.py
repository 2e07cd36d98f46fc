"""The commands that the packs bring: ``resistab NAME``, or ``resistab GROUP NAME``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import typer

from resistab.cli import proposals
from resistab.cli.exit_codes import EXIT_CODES, epilog, usage
from resistab.domains.registry import packs

_GROUPS = {
    "import": "Turn what others publish, or measurements ask for, into rules of resistab: a rule set, or drafts.",
    "export": "Write a rule set of resistab for another program.",
}


def register(app: typer.Typer) -> None:
    """Add every pack's commands to ``app``, those of a group to a command of its name."""
    groups: dict[str, typer.Typer] = {}
    for pack in packs():
        for command in pack.commands:
            if command.group and command.group not in groups:
                groups[command.group] = _group(app, command.group)
            function = _refusing(getattr(pack.module(command.module), command.function))
            groups.get(command.group, app).command(command.name, epilog=epilog(*command.examples))(function)
    # What is of every domain stands behind what the packs bring.
    importing = groups["import"] if "import" in groups else _group(app, "import")
    importing.command("proposals", epilog=epilog(*proposals.EXAMPLES))(_refusing(proposals.import_proposals))


def _group(app: typer.Typer, name: str) -> typer.Typer:
    text = _GROUPS.get(name)
    made = typer.Typer(help=text, no_args_is_help=True, epilog=EXIT_CODES)
    # With one command alone typer would do without its name.
    made.callback(help=text)(lambda: None)
    app.add_typer(made, name=name)
    return made


def _refusing(function: Callable[..., None]) -> Callable[..., None]:
    """The command, which refuses options that do not go together as any wrong command line is refused."""

    @functools.wraps(function)
    def command(*values: Any, **named: Any) -> None:
        from resistab.core.faults import OptionsError

        try:
            function(*values, **named)
        except OptionsError as error:
            usage(str(error))

    return command
