"""``resistab release``: a checked rule set gets its version, its date and its place in the changelog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resistab.cli.asked import report_date
from resistab.cli.exit_codes import ExitCode, epilog, usage
from resistab.cli.progress import counting

if TYPE_CHECKING:
    from resistab.curation.diff.rulesets import RulesetDifference


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        "release",
        epilog=epilog(
            "resistab release 0.2.0 --ruleset oncology --dry-run",
            "resistab release 0.2.0 --ruleset oncology --previous v0.1.0",
        ),
    )(release)


def release(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The new version, such as 0.2.0.")],
    ruleset: Annotated[
        str | None, typer.Option("--ruleset", help="The rule set to release; needed where there are several.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="The date of the release, YYYY-MM-DD; today if not given.")
    ] = None,
    previous: Annotated[
        str | None,
        typer.Option(
            "--previous",
            help="The last release: a git revision or a folder; if not given, the commit that gave the rule set the "
            "version it has.",
        ),
    ] = None,
    rulebase: Annotated[
        Path | None, typer.Option("--rulebase", help="A folder of rule sets instead of that of the checkout.")
    ] = None,
    changelog: Annotated[
        Path | None,
        typer.Option("--changelog", help="The changelog; if not given, CHANGELOG.md in the nearest folder above."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")] = False,
) -> None:
    """Release a rule set: check and test it, see that the version fits what changed, stamp it, write the changelog.

    An edit that can change a verdict is at least a minor step; a row that goes, or a level that means something else,
    a major one. Where the last release has a form that cannot be read any more, all counts as changed, and a minor
    step will do if no id went. Both files are written, or neither.
    """
    from resistab.curation.release import prepared

    on = report_date(date)
    folder = _folder(ruleset, rulebase)
    log = changelog or _changelog_above(folder)
    difference = _since_last_release(folder, previous)
    if difference.unread:
        print(f"note: {difference.unread}")
    made, faults = prepared(difference, folder / "ruleset.yaml", log, version, on)
    failures = [*(str(fault) for fault in faults), *_failures(folder)]
    if failures or made is None:
        for failure in failures:
            print(failure)
        print(f"{difference.ruleset} was not released.")
        raise typer.Exit(ExitCode.FAILED)
    if dry_run:
        print(f"{made.manifest}: version {version}, date {on}")
        print(f"{made.changelog}:\n\n{made.section}", end="")
        return
    made.write()
    print(f"{difference.ruleset} {version} of {on}: {made.manifest} and {made.changelog} were written")


def _folder(ruleset: str | None, rulebase: Path | None) -> Path:
    from resistab.rulesets.find import default_rulesets, folders_of_rulesets, ruleset_folder

    root = rulebase or default_rulesets()
    if ruleset is None:
        found = folders_of_rulesets(root)
        if len(found) > 1:
            usage(f"say which rule set with --ruleset: {', '.join(folder.name for folder in found)}")
        if found:
            return found[0]
    return ruleset_folder(ruleset or "", root)


def _changelog_above(folder: Path) -> Path:
    from resistab.files.output import OutputError

    for above in folder.resolve().parents:
        if (above / "CHANGELOG.md").is_file():
            return above / "CHANGELOG.md"
    raise OutputError(f"{folder}: no folder above holds CHANGELOG.md; name one with --changelog")


def _since_last_release(folder: Path, previous: str | None) -> RulesetDifference:
    """What has changed in the rule set in ``folder``; raises ``RulebaseError`` where the last release is not found."""
    from resistab.core.faults import RulebaseError
    from resistab.curation.diff.rulesets import compare, compare_unread, load_ruleset
    from resistab.curation.revisions import last_release, opened, paired

    folder = folder.resolve()
    given = str(Path(previous).resolve()) if previous and Path(previous).is_dir() else previous
    earlier = given or last_release(folder)
    # Revisions are those of the repository that the rules lie in, wherever the command is given.
    with opened(earlier, str(folder), start=folder) as sides:
        (pair,) = paired(*sides)
        new = load_ruleset(pair.new, str(folder)) if pair.new else None
        try:
            old = load_ruleset(pair.old, earlier) if pair.old else None
        except RulebaseError as error:
            if pair.old is None or new is None:
                raise
            # A form that was given up since is no fault of the rules that are to be released.
            return compare_unread(pair.ruleset, pair.old, new, error)
        return compare(pair.ruleset, old, new)


def _failures(folder: Path) -> list[str]:
    """What the checks and the rule set's own cases find; warnings do not stop a release."""
    from resistab.curation import check as checking

    errors = [finding for finding in checking.check_ruleset(folder) if finding.severity == "error"]
    failures = []
    for finding in errors:
        place = ":".join(str(part) for part in (finding.where, finding.line, finding.column) if part is not None)
        failures.append(f"{place}: {finding.code} {finding.text}")
    return [*failures, *_case_failures(folder)]


def _case_failures(folder: Path) -> list[str]:
    from resistab.curation.cases import case_rules, coverage, judge_all, read_cases
    from resistab.curation.diff.rulesets import load_ruleset

    loaded = load_ruleset(folder)
    rules = loaded.rulebase
    interpreter = loaded.pack.interpreter.make(rules, folder)
    of_cases = case_rules(folder, rules)
    cases = read_cases(of_cases)
    with counting(f"cases of {rules.manifest.ruleset}", len(cases)) as done:
        judged = judge_all(of_cases, interpreter, cases, done)
    failures = [
        f"{item.case.where}:{item.case.line}: the case '{item.case.name}' fails; see resistab test"
        for item in judged
        if item.failures
    ]
    least, share = rules.manifest.curation.least_coverage, coverage(of_cases, judged).share
    if share < least:
        failures.append(f"{folder.name}: the cases fire {share:.1%} of the active rows; at least {least:.1%} is asked")
    return failures
