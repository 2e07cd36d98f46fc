"""``resistab serve``: a local web page and HTTP API for one patient at a time."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import OverlayFolder, RulebaseFolder

# Where it stands in the help.
PLACE = 2
_EXAMPLES = (
    "resistab serve",
    "resistab serve --ruleset hiv1 --port 8080",
    "resistab serve --host 0.0.0.0 --allow-remote --name genotypes.hospital.example",
)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("serve", epilog=epilog(*_EXAMPLES))(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port to listen at; 0 for any that is free.")
    ] = 8000,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let other machines ask; what they send crosses the network openly.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name or address by which browsers ask, beside the host; repeat for more."),
    ] = None,
    ruleset: Annotated[
        list[str] | None,
        typer.Option("--ruleset", help="A rule set to offer; repeat for more, all if not given."),
    ] = None,
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
    most: Annotated[float, typer.Option("--most", min=0.01, max=1000, help="The most that is taken at once, MB.")] = 20,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, max=3600, help="How long a report may take before it is given up.")
    ] = 60,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="How many reports are made at the same time.")
    ] = 2,
) -> None:
    """Serve a local web page and an HTTP API: type or drop what was found in a patient, read the report, download it.

    The same is read, refused and reported as by evaluate. Only this machine can ask, unless --allow-remote is given;
    nothing that is given is kept or sent elsewhere.
    """
    from resistab.server.settings import ServerSettings, is_loopback

    if not is_loopback(host) and not allow_remote:
        usage(
            f"--host {host} lets other machines ask, and what they send of patients crosses the network openly; "
            "--allow-remote says that this is meant"
        )
    try:
        from resistab.server.listening import AddressError, listen
    except ImportError as error:
        missing = (error.name or "what it needs").partition(".")[0]
        usage(f"serve: {missing} is not installed; pip install 'resistab[serve]' installs it")
    from resistab.core.faults import OptionsError

    if not is_loopback(host):
        print(f"warning: whoever reaches {host} can ask, and patient data crosses the network openly", file=sys.stderr)

    def tell(listening: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        print(f"resistab can be asked at http://{shown}:{listening}/ until Ctrl-C", flush=True)

    # A server lives long, other than a start of another command.
    gc.set_threshold(700, 10, 10)
    settings = ServerSettings(
        host,
        port,
        tuple(name or ()),
        tuple(ruleset or ()),
        Path.absolute(rulebase) if rulebase else None,
        Path.absolute(overlay) if overlay else None,
        int(most * 1_000_000),
        seconds,
        workers=workers,
    )
    try:
        listen(settings, tell)
    except OptionsError as error:
        usage(str(error))
    except AddressError as error:
        usage(f"--host {host} --port {port}: {error}")
