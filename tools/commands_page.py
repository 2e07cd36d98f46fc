"""``docs/reference/commands.md``: the help of every command, made from the options that the program declares.

``make commands-page`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from resistab.cli.app import made_app
from resistab.files.output import write_whole

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "commands.md"
_HEAD = """# All commands

This page is made from the code by `make commands-page`; it says what `--help` says of each command. Which option is
of which command, and the exit codes, stand on [Options and exit codes](options.md)."""


def commands() -> Iterator[tuple[str, Any]]:
    """Each command that does something, by its whole name, in the order of the help."""

    def of(group: Any, before: str) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from of(command, f"{before} {name}")
            else:
                yield f"{before} {name}", command

    return of(get_command(made_app([])), "resistab")


def options(command: Any) -> list[Any]:
    """The options of a command that are shown, but for its help."""
    return [part for part in command.params if part.param_type_name == "option" and not part.hidden]


def page() -> str:
    """The whole page."""
    return "\n\n".join([_HEAD, *(_section(name, command) for name, command in commands())]) + "\n"


def _section(name: str, command: Any) -> str:
    arguments = [part for part in command.params if part.param_type_name == "argument"]
    usage = " ".join([name, "[OPTIONS]", *(part.metavar or part.name.upper() for part in arguments)])
    parts = [f"## {name}", _prose(command.help or ""), f"```text\n{usage}\n```"]
    rows = [(part.metavar or part.name.upper(), part.help) for part in arguments if part.help]
    rows += [(", ".join([*part.opts, *part.secondary_opts]), part.help) for part in options(command)]
    if rows:
        cells = (f"| {_code(written)} | {_cell(said or '')} |" for written, said in rows)
        parts.append("\n".join(["| option | what it does |", "|---|---|", *cells]))
    _, examples, lines = (command.epilog or "").partition("Examples:\n")
    if examples:
        shown = lines.partition("\n\n")[0]
        parts.append("```text\n" + "\n".join(line.removeprefix("  ") for line in shown.splitlines()) + "\n```")
    return "\n\n".join(parts)


def _prose(text: str) -> str:
    """A help text without the marks by which its lines are kept as they are."""
    return "\n\n".join(" ".join(part.split()) for part in text.replace("\b", "").split("\n\n"))


def _code(written: str) -> str:
    return ", ".join(f"`{word}`" for word in written.split(", "))


def _cell(text: str) -> str:
    """Text as it may stand in a cell; stars are none of emphasis there."""
    return _prose(text).replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


if __name__ == "__main__":
    write_whole(PAGE, page())
