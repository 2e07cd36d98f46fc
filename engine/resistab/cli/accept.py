"""``resistab accept``: drafts of changes become rows of their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from resistab.cli.asked import DEFAULT_RULESET
from resistab.cli.exit_codes import epilog

# Where it stands in the help.
PLACE = 13


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("accept", epilog=epilog("resistab accept EFV-D01 --ruleset hiv1 --rulebase rulebase"))(accept)


def accept(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Drafts, by their ids, as check lists them.")],
    ruleset: Annotated[str, typer.Option("--ruleset", help="The rule set that holds them.")] = DEFAULT_RULESET,
    rulebase: Annotated[
        Path | None, typer.Option("--rulebase", help="Your folder of rule sets; without it, rulebase/ here.")
    ] = None,
) -> None:
    """Accept drafts of changes in the tables of a virus: they become scores, or take scores away.

    All of them or none. A draft is refused by deleting it from its table. Rows for tumours become active by hand, once
    their evidence has been read.
    """
    from resistab.curation.drafts import accept as accepted
    from resistab.curation.drafts import drafts_folder

    said, edited = accepted(drafts_folder(ruleset, rulebase), ids)
    edited.write()
    for line in said:
        print(line)
    print("Now: resistab check, resistab test, resistab diff, and the version that follows from it.")
