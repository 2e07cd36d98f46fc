"""``resistab diff``: what differs between two states of the rules, and for which patients."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resistab.cli.exit_codes import epilog, usage
from resistab.cli.progress import with_progress
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.curation.diff.rulesets import Difference, LoadedRuleset

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


def diff(
    old: Old,
    new: New,
    ruleset: RulesetOnly = None,
    patients: Annotated[
        list[Path] | None,
        typer.Option(
            "--patients",
            help="Patients whose verdicts are compared: a patient file in YAML or JSON, of a virus sequences in FASTA; "
            "repeat for more.",
        ),
    ] = None,
    mutations_file: Annotated[
        Path | None,
        typer.Option("--mutations-file", help="Of many viruses: a name, a tab and the mutations on each line."),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, markdown for a pull request, or json.")
    ] = Format.text,
) -> None:
    """Show by meaning what differs between two states of the rules: rows, mechanisms, policies, names, verdicts.

    The order of files, rows and fields, white space, and the spelling of a condition make no difference.
    """
    from resistab.curation.revisions import opened, paired

    with opened(old, new) as sides:
        loaded = [
            (pair.ruleset, *loaded_pair(pair.ruleset, pair.old, pair.new, old, new)) for pair in paired(*sides, ruleset)
        ]
        differences = _compared(loaded, patients or [], mutations_file)
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
    ruleset: str, old: Path | None, new: Path | None, old_label: str, new_label: str
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
    loaded: list[tuple[str, LoadedRuleset | None, LoadedRuleset | None]], patients: list[Path], mutations: Path | None
) -> list[Difference]:
    from resistab.curation.diff.patients import compare_tumours, compare_viruses
    from resistab.curation.diff.rulesets import changed_rows, compare, with_patients
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.virus.kinds.models import ViralRulebase

    sequences, files = _sorted_by_kind(patients)
    differences = []
    used = {"tumours": False, "viruses": False}
    for ruleset, old, new in loaded:
        difference = compare(ruleset, old, new)
        before, after = old.rulebase if old else None, new.rulebase if new else None
        changed = changed_rows(difference)
        if old and new and isinstance(before, Rulebase) and isinstance(after, Rulebase) and files:
            used["tumours"] = True
            folders = (old.folder, new.folder)
            found = compare_tumours(before, after, folders, files, changed, with_progress)
            difference = with_patients(difference, found)
        elif isinstance(before, ViralRulebase) and isinstance(after, ViralRulebase) and (sequences or mutations):
            used["viruses"] = True
            found = compare_viruses(before, after, sequences, mutations, changed, with_progress)
            difference = with_patients(difference, found)
        differences.append(difference)
    if files and not used["tumours"]:
        usage(f"{files[0]} describes tumours, and no rule set for tumours is compared")
    if (sequences or mutations) and not used["viruses"]:
        given = sequences[0] if sequences else mutations
        usage(f"{given} is for the rule set of a virus, and none is compared")
    return differences


def _sorted_by_kind(files: list[Path]) -> tuple[list[Path], list[Path]]:
    """The files of sequences, and those that describe patients."""
    from resistab.files.opening import looks_like_fasta

    sequences: list[Path] = []
    others: list[Path] = []
    for path in files:
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                is_fasta = looks_like_fasta(file.read(100))
        except OSError:
            # What reads it says so.
            is_fasta = False
        (sequences if is_fasta else others).append(path)
    return sequences, others
