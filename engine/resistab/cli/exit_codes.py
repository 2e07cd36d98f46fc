"""How a command ends: its exit code, what is said of a failure, and what its help says of both."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import NoReturn

from resistab.core.printable import printable


class ExitCode(IntEnum):
    """What the exit status says."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INPUT = 3
    RULEBASE = 4
    OUTPUT = 5
    ENGINE = 6


EXIT_CODES = """Exit codes: 0 done; 1 what was checked failed; 2 the command line is wrong; 3 the patient's data is
faulty; 4 the rulebase is faulty, or a worker's is another; 5 a result could not be written; 6 the engine or a
cluster failed, or evaluators disagree; 128 and the number of a signal that ended it, 141 where the reader of
its output has gone."""


def epilog(*examples: str) -> str:
    """The end of a command's help: lines that can be copied as they stand, and what the exit status says."""
    title = "Examples:" if len(examples) > 1 else "Example:"
    lines = "\n".join(f"  {line}" for example in examples for line in example.splitlines())
    # \b keeps the lines as they are; wrapped, a quoted argument would come apart.
    return f"\b\n{title}\n{lines}\n\n{EXIT_CODES}"


def fail(message: str, code: ExitCode) -> NoReturn:
    """End the process with ``code``, each line of ``message`` as an error."""
    for line in message.split("\n"):
        print(f"error: {printable(line)}", file=sys.stderr)
    sys.exit(code)


def is_refusal(error: Exception) -> bool:
    """Whether ``error`` is one of ``usage``."""
    return "typer" in sys.modules and isinstance(error, sys.modules["typer"].BadParameter)


def usage(message: str) -> NoReturn:
    """Refuse the command line."""
    # Imported here: a plain command line, of which nothing is wrong, needs no parser.
    import typer

    raise typer.BadParameter(printable(message))
