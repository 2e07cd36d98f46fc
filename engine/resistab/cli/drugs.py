"""``resistab drugs``: the drugs of a rule set."""

from __future__ import annotations

from typing import Any

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


def drugs(ruleset: Ruleset = DEFAULT_RULESET, rulebase: RulebaseFolder = None, **chosen: Any) -> None:
    """List the drugs of the rule set: class, tables' rows, where they are used, and what must have been assayed."""
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, chosen, instead=f"the drugs of {pack.one} are listed whole")
    from resistab.domains.loading import load_rules

    pack.report.print_drugs(load_rules(ruleset_folder(ruleset, rulebase)), chosen)
