"""``resistab diff``: what differs between two states of the rules, and for which patients."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import with_options_of_packs
from resistab.cli.progress import with_progress
from resistab.domains.registry import packs
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.curation.diff.rulesets import LoadedRuleset, RulesetDifference

_EITHER = "a folder with one rule set or several, a git revision, REVISION:FOLDER, or WORKTREE for the present state"


class Format(StrEnum):
    """How the differences are written."""

    text = "text"
    markdown = "markdown"
    json = "json"


Old = Annotated[str, typer.Argument(metavar="OLD", help=f"The earlier state: {_EITHER}.")]
New = Annotated[str, typer.Argument(metavar="NEW", help="The later state, given in the same ways.")]
RulesetOnly = Annotated[str | None, typer.Option("--ruleset", help="Only this rule set; all if not given.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        "diff",
        epilog=epilog(
            "resistab diff main WORKTREE",
            "resistab diff HEAD~1 HEAD --ruleset oncology --format markdown",
            "resistab diff old/rulebase rulebase --patients cohort.yaml",
            "resistab diff main . --ruleset hiv1 --mutations-file cohort.tsv",
        ),
    )(diff)


@with_options_of_packs("cohort")
def diff(
    old: Old,
    new: New,
    ruleset: RulesetOnly = None,
    patients: Annotated[
        list[Path] | None,
        typer.Option(
            "--patients",
            help="Patients whose verdicts are compared, in files that evaluate reads; repeat for more.",
        ),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, markdown for a pull request, or json.")
    ] = Format.text,
    **said: Any,
) -> None:
    """Show by meaning what differs between two states of the rules: rows, mechanisms, policies, names, verdicts.

    The order of files, rows and fields, white space, and the spelling of a condition make no difference.
    """
    from resistab.curation.revisions import opened, paired

    with opened(old, new) as sides:
        loaded = [(pair.ruleset, *loaded_pair(pair.old, pair.new, old, new)) for pair in paired(*sides, ruleset)]
        differences = _compared(loaded, patients or [], said)
    if format_ is Format.text:
        from resistab.curation.diff.text import print_differences
        from resistab.report.console import open_console

        print_differences(differences, open_console())
    elif format_ is Format.markdown:
        from resistab.curation.diff.text import markdown

        write("-", markdown(differences))
    else:
        import json

        from resistab.curation.diff.rulesets import as_data

        write("-", json.dumps(as_data(differences), ensure_ascii=False, indent=1) + "\n")


def loaded_pair(
    old: Path | None, new: Path | None, old_label: str, new_label: str
) -> tuple[LoadedRuleset | None, LoadedRuleset | None]:
    """Both states of a rule set; raises ``RulebaseError`` with the faults of both."""
    from resistab.core.faults import Fault, RulebaseError
    from resistab.curation.diff.rulesets import load_ruleset

    faults: list[Fault] = []
    loaded: list[LoadedRuleset | None] = []
    for folder, label in ((old, old_label), (new, new_label)):
        try:
            loaded.append(load_ruleset(folder, label) if folder else None)
        except RulebaseError as error:
            faults.extend(error.faults)
    if faults:
        raise RulebaseError(dict.fromkeys(faults))
    return loaded[0], loaded[1]


def _compared(
    loaded: list[tuple[str, LoadedRuleset | None, LoadedRuleset | None]], patients: list[Path], said: Mapping[str, Any]
) -> list[RulesetDifference]:
    from resistab.core.faults import OptionsError
    from resistab.curation.diff.patients import compare_patients, domain_of
    from resistab.curation.diff.rulesets import changed_rows, compare, with_patients

    # What is given of patients, by whose they are: files, and options with what they name.
    files: dict[str, list[Path]] = {}
    options: dict[str, dict[str, Any]] = {}
    compared = {side.pack.name for _, *sides in loaded for side in sides if side}
    for path in patients:
        files.setdefault(domain_of(path, compared).name, []).append(path)
    for pack in packs():
        if own := {option.name: said[option.name] for option in pack.options if option.name in said}:
            options[pack.name] = own
    differences = []
    used = set()
    for ruleset, old, new in loaded:
        difference = compare(ruleset, old, new)
        if old and new and (old.pack.name in files or old.pack.name in options):
            name = old.pack.name
            used.add(name)
            sides = old.pack.curate.compare(old.rulebase, new.rulebase, (old.folder, new.folder))
            changed = changed_rows(difference)
            mine, named = files.get(name, ()), options.get(name, {})
            try:
                found = compare_patients(sides, mine, named, changed, with_progress)
            except OptionsError as error:
                usage(str(error))
            difference = with_patients(difference, found)
        differences.append(difference)
    for pack in packs():
        if pack.name not in used and (pack.name in files or pack.name in options):
            given = (*files.get(pack.name, ()), *options.get(pack.name, {}).values())[0]
            usage(f"{given} describes {pack.many}, and no rule set for {pack.many} is compared")
    return differences
