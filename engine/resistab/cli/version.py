"""``resistab version``: of the software and of a rule set."""

from __future__ import annotations

import typer

from resistab import __version__
from resistab.cli.asked import DEFAULT_RULESET
from resistab.cli.exit_codes import epilog
from resistab.cli.options import RulebaseFolder, Ruleset
from resistab.cli.patients import pack_asked
from resistab.rulesets.find import ruleset_folder

# Where it stands in the help.
PLACE = 5


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("version", epilog=epilog("resistab version"))(version)


def version(ruleset: Ruleset = DEFAULT_RULESET, rulebase: RulebaseFolder = None) -> None:
    """Print the versions of the software and of the rule set, and the rule set's digest."""
    pack = pack_asked(ruleset, rulebase)
    from resistab.domains.loading import load_rules

    rules = load_rules(ruleset_folder(ruleset, rulebase))
    manifest = rules.manifest
    print(f"resistab {__version__}")
    print(f"rule set {manifest.ruleset} {manifest.version} of {manifest.date}, digest sha256:{rules.digest}")
    for line in pack.report.version_lines(rules):
        print(line)
