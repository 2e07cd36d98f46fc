"""``resistab changelog``: the section *Rules* of the changelog."""

from __future__ import annotations

import typer

from resistab.cli.diff import New, Old, RulesetOnly, loaded_pair
from resistab.cli.exit_codes import epilog
from resistab.files.output import write


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("changelog", epilog=epilog("resistab changelog v0.1.0 WORKTREE"))(changelog)


def changelog(old: Old, new: New, ruleset: RulesetOnly = None) -> None:
    """Write the section *Rules* of CHANGELOG.md: what changed between two states of the rules, by id.

    Writes nothing where nothing differs in meaning.
    """
    from resistab.curation.diff.rulesets import compare
    from resistab.curation.diff.text import changelog as section
    from resistab.curation.revisions import opened, paired

    with opened(old, new) as sides:
        differences = [
            compare(pair.ruleset, *loaded_pair(pair.old, pair.new, old, new)) for pair in paired(*sides, ruleset)
        ]
    write("-", section(differences))
