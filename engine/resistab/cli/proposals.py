"""``resistab import proposals``: what measurements ask for, as drafts in the tables of a rule set."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from resistab.cli.asked import date_of
from resistab.cli.exit_codes import usage

EXAMPLES = (
    "resistab learn --measured NNRTI.tsv --drug EFV --ruleset hiv1 --propose efv.yaml",
    "resistab import proposals efv.yaml --rulebase rulebase",
)


def import_proposals(
    file: Annotated[Path, typer.Argument(help="What resistab learn --propose wrote.")],
    ruleset: Annotated[
        str | None, typer.Option("--ruleset", help="The rule set that is to have the drafts; that of the file.")
    ] = None,
    rulebase: Annotated[
        Path | None, typer.Option("--rulebase", help="Your folder of rule sets; without it, rulebase/ here.")
    ] = None,
    date: Annotated[str | None, typer.Option("--date", help="The date of the drafts, YYYY-MM-DD; today.")] = None,
) -> None:
    """Take proposals up as drafts into the tables of a rule set: all of them or none, and none has an effect.

    The rules must be those that the proposals were learned beside. Each draft keeps its numbers; what to do to accept
    it is printed.
    """
    from resistab.curation.drafts import drafts_folder, read_proposals, take_up
    from resistab.curation.proposal_text import taken_lines
    from resistab.report.console import plain

    on = datetime.date.today() if date is None else date_of("--date", date)
    proposals = read_proposals(file)
    if ruleset is not None and ruleset != proposals.ruleset:
        usage(f"{file} is of the rule set {proposals.ruleset}, not of {ruleset}")
    folder = drafts_folder(proposals.ruleset, rulebase)
    taken, edited = take_up(folder, proposals, str(file), on)
    edited.write()
    for line in taken_lines(taken, str(folder), proposals.ruleset):
        print(plain(line).plain)
