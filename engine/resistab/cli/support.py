"""What every command shares: exit codes, refusals, the date, where results go."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from resistab.files.output import StandardOutput

_Item = TypeVar("_Item")


class ExitCode(IntEnum):
    """What the exit status says."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INPUT = 3
    RULEBASE = 4
    OUTPUT = 5
    ENGINE = 6


# About a second's work.
FEW_PATIENTS = 40

EXIT_CODES = """Exit codes: 0 done; 1 what was checked failed; 2 the command line is wrong; 3 the patient's data is
faulty; 4 the rulebase is faulty; 5 a result could not be written; 6 the engine failed or its two evaluators
disagree."""


def epilog(*examples: str) -> str:
    """The end of a command's help: lines that can be copied as they stand, and what the exit status says."""
    title = "Examples:" if len(examples) > 1 else "Example:"
    lines = "\n".join(f"  {line}" for example in examples for line in example.splitlines())
    # \b keeps the lines as they are; wrapped, a quoted argument would come apart.
    return f"\b\n{title}\n{lines}\n\n{EXIT_CODES}"


def fail(message: str, code: ExitCode) -> NoReturn:
    """End the process with ``code``, each line of ``message`` as an error."""
    for line in message.splitlines():
        print(f"error: {line}", file=sys.stderr)
    sys.exit(code)


def usage(message: str) -> NoReturn:
    """Refuse the command line."""
    raise typer.BadParameter(message)


def report_date(text: str | None) -> datetime.date:
    """The date that ``--date`` gives; today where it is not given."""
    if text is None:
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        usage(f"--date '{text}' is no date; expected YYYY-MM-DD")


def write(target: str, text: str | Iterable[str]) -> None:
    """Write to the file ``target``, whole or not at all; ``-`` is standard output."""
    if target == "-":
        output = sys.stdout if isinstance(sys.stdout, StandardOutput) else StandardOutput(sys.stdout)
        for part in (text,) if isinstance(text, str) else text:
            output.write_utf8(part)
        return
    from resistab.files.output import write_whole

    write_whole(Path(target), text)


def with_progress(items: Sequence[_Item], title: str, few: int = FEW_PATIENTS) -> Iterable[_Item]:
    """``items``, with a progress bar on a terminal where there are so many that one waits for them."""
    if len(items) < few or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, title, console=Console(stderr=True), transient=True)
