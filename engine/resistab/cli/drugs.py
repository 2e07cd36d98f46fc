"""``resistab drugs``: the drugs of a rule set."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from resistab.cli.asked import DEFAULT_RULESET, refuse_foreign
from resistab.cli.exit_codes import epilog
from resistab.cli.options import RulebaseFolder, Ruleset, examples_of, with_options_of_packs
from resistab.cli.patients import pack_asked
from resistab.rulesets.find import ruleset_folder

# Where it stands in the help.
PLACE = 3


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("drugs", epilog=epilog(*examples_of("drugs")))(with_options_of_packs("list")(drugs))


def drugs(
    name: Annotated[str | None, typer.Option("--name", help="Only drugs with this in a name of theirs.")] = None,
    drug_class: Annotated[
        str | None, typer.Option("--class", help="Only drugs of a class with this in its name.")
    ] = None,
    target: Annotated[str | None, typer.Option("--target", help="Only drugs that act on this.")] = None,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    **chosen: Any,
) -> None:
    """List the drugs of the rule set: class, tables' rows, where they are used, and what must have been assayed."""
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, chosen, instead=f"the drugs of {pack.one} are listed by --name, --class and --target")
    from resistab.domains.loading import load_rules

    narrowing = {"name": name, "drug_class": drug_class, "target": target}
    chosen |= {option: value for option, value in narrowing.items() if value is not None}
    pack.report.print_drugs(load_rules(ruleset_folder(ruleset, rulebase)), chosen)
