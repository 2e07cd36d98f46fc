"""The command line: it finds its commands, runs one, and says what ended it. Exit codes: see ``ExitCode``."""

from __future__ import annotations

import functools
import gc
import importlib
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

from resistab import cli as commands
from resistab.cli.asked import plain_evaluation
from resistab.cli.exit_codes import EXIT_CODES, ExitCode, fail, is_refusal
from resistab.cli.signals import READER_GONE, ended_by_signals, ending
from resistab.domains.registry import packs
from resistab.files.output import OutputError, ReaderGoneError, StandardOutput

if TYPE_CHECKING:
    import typer


def made_app(words: list[str]) -> typer.Typer:
    """The application with the command that ``words`` begin with; with all where they begin with none, as for help.

    A command is a module here that has ``register``; where ``words`` name one, no other is imported.
    """
    import pkgutil

    import typer

    from resistab.cli.top import WholeDescriptions, top

    domains = ", ".join(pack.many for pack in packs()[:-1]) + f" and {packs()[-1].many}"
    app = typer.Typer(
        name="resistab",
        help=f"Interpret the genotypes of {domains} for drug resistance: explained and cited.",
        epilog=EXIT_CODES,
        cls=WholeDescriptions,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(
        help=f"Interpret the genotypes of {domains} for drug resistance: explained and cited.", epilog=EXIT_CODES
    )(top)
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    chosen = [importlib.import_module(f"resistab.cli.{name}") for name in names if name in words[:1]]
    if not any(hasattr(module, "register") for module in chosen):
        chosen = [importlib.import_module(f"resistab.cli.{name}") for name in names]
    for module in sorted(chosen, key=lambda module: getattr(module, "PLACE", len(names))):
        if hasattr(module, "register"):
            module.register(app)
    return app


def main() -> None:
    """Run the command line; every foreseen failure is a message and an exit code, never a traceback.

    A signal that ends the process, or a reader that closes the pipe, ends it without a word.
    """
    stream = sys.stdout
    output = StandardOutput(stream)
    sys.stdout = cast(TextIO, output)
    try:
        with ended_by_signals():
            try:
                _run(sys.argv[1:])
            finally:
                if ending() is None:
                    output.flush()
                else:
                    output.abandon()
    except ReaderGoneError:
        sys.exit(READER_GONE)
    except Exception as error:
        if (code := ending()) is not None:
            sys.exit(code)
        fail(*_foreseen(error))
    finally:
        sys.stdout = stream
        # Nor need the interpreter look through them all on its way out.
        gc.freeze()


def _run(words: list[str]) -> None:
    """Run what ``words`` ask for; a plain command line is read without typer, which takes long to be imported."""
    said = plain_evaluation(words)
    if said is None:
        made_app(words)()
        return
    from resistab.cli.evaluate import evaluate

    try:
        evaluate(**said)
    except Exception as error:
        if not is_refusal(error):
            raise
        # It is typer that says how a command is used.
        app = made_app(words)
        (command,) = app.registered_commands
        command.callback = _refusing(command.callback, error)
        app()


def _refusing(command: Any, error: Exception) -> Any:
    """A command of the same options that refuses them with ``error``."""

    @functools.wraps(command)
    def refuse(**values: Any) -> NoReturn:
        raise error

    return refuse


def _foreseen(error: Exception) -> tuple[str, ExitCode]:
    """What to say of ``error``, and the exit code; raises it again where it is none of those foreseen."""
    # Imported here, so that a start that succeeds needs none of it.
    from resistab.core.agreement import DisagreementError
    from resistab.core.faults import InputError, RulebaseError
    from resistab.core.rete import ReteError
    from resistab.domains.cluster.client import ClusterError
    from resistab.files.processes import WorkerGoneError

    match error:
        case InputError():
            return str(error), ExitCode.INPUT
        case RulebaseError():
            return str(error), ExitCode.RULEBASE
        case OutputError():
            return str(error), ExitCode.OUTPUT
        case DisagreementError() | ReteError() | WorkerGoneError() | ClusterError():
            return f"no report was made: {error}", ExitCode.ENGINE
    raise error
