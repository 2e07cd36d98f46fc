"""``resistab test``: the rulebase's own cases."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resistab.cli.exit_codes import ExitCode, epilog, usage
from resistab.cli.options import OutputFormat, RulesetPath
from resistab.cli.progress import counting
from resistab.files.output import write

if TYPE_CHECKING:
    from rich.console import Console

    from resistab.curation.cases import Coverage, Judgement
    from resistab.curation.changed import Reached
    from resistab.curation.kit.case_rules import Case, CaseRules, Failure, RowFacts

MOST_ROWS_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        "resistab test",
        "resistab test rulebase/oncology --case melanoma --verbose",
        "resistab test --changed main",
        "resistab test --format json | jq '.rulesets[].coverage.share'",
        "resistab test rulebase/oncology --expectations board.tsv --least-right 0.95",
    )
    app.command("test", epilog=epilog(*examples))(test)


def test(
    path: RulesetPath = None,
    format_: OutputFormat = "text",
    case: Annotated[
        str | None,
        typer.Option("--case", help="Only cases or lines with this in their text; coverage is then left out."),
    ] = None,
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed",
            metavar="REV",
            help="Only cases that what changed since REV can reach: a git revision, REVISION:FOLDER or a folder.",
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every case or line, and every row by name.")
    ] = False,
    expectations: Annotated[
        list[Path] | None,
        typer.Option(
            "--expectations",
            help="Instead of the cases, compare with a table of what others expect of tumours; repeat for more.",
        ),
    ] = None,
    least_right: Annotated[
        float | None,
        typer.Option("--least-right", help="The share of a table's lines that must be right, 0 to 1; 1 if not given."),
    ] = None,
) -> None:
    """Run the rulebase's own cases, and say which rows no case has fired.

    A rule set passes when every case gives the verdicts, rows and silent rows it expects, and its cases fire at least
    the share of rows that its manifest asks for (curation: least_coverage). Without a case nothing passes.

    With --changed only cases run whose verdicts may be others than at REV: those that are new, changed or read
    otherwise, and those that expect a drug whose verdict may follow from something that differs, by way of its table,
    classes, mechanism rules, sets, genes, uses, or another drug of its class. Where nothing differs it passes;
    coverage is left out.

    With --expectations it is compared with tables of expected verdicts instead, tab-separated: tumour, findings joined
    by ';', assayed joined by ',', drug, expected verdicts joined by '|', and if they are known prior_therapies ('none'
    for none), basis, source, strength. It passes when no line is falsely reassuring (sensitive or no resistance found
    where neither is expected) and, of each table, at least the share --least-right is right.
    """
    if expectations:
        if changed is not None:
            usage("--changed is for the cases, and --expectations compares with tables")
        from resistab.cli.expectations import test_expectations

        test_expectations(path, expectations, 1.0 if least_right is None else least_right, case, format_, verbose)
        return
    if least_right is not None:
        usage("--least-right is for --expectations")
    results = _run(path, case, changed)
    if format_ == "json":
        document = {"passed": _passed(results), "rulesets": [_document(result) for result in results]}
        write("-", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        _print(results, verbose)
    if not _passed(results):
        raise typer.Exit(ExitCode.FAILED)


@dataclass(frozen=True)
class _Result:
    """One rule set's cases as they were judged; ``coverage`` is None where only some cases were run.

    ``reached`` says which those are where they were chosen by what changed.
    """

    ruleset: str
    version: str
    rows: dict[str, dict[str, RowFacts]]
    judgements: tuple[Judgement, ...]
    coverage: Coverage | None
    least: float
    reached: Reached | None = None

    @property
    def failed(self) -> list[Judgement]:
        """The cases that gave something else than they expect."""
        return [item for item in self.judgements if item.failures]

    @property
    def covered(self) -> bool:
        """Whether the cases fire as many rows as is asked for."""
        return self.coverage is None or self.coverage.share >= self.least

    @property
    def passed(self) -> bool:
        """Whether there are cases, all hold, and they cover enough; what changed need reach none."""
        return bool(self.judgements or self.reached) and not self.failed and self.covered


def _passed(results: Sequence[_Result]) -> bool:
    """Whether all pass; a rule set in which no case has the text that was asked for counts for nothing."""
    judged = [result for result in results if result.coverage is not None or result.judgements or result.reached]
    return bool(judged) and all(result.passed for result in judged)


def _rulesets(path: Path) -> list[Path]:
    """The folders of the rule sets at ``path``; raises ``RulebaseError`` where there is none."""
    from resistab.curation.file_kinds import ruleset_folders

    return [folder.resolve() for folder in ruleset_folders(path)]


@dataclass(frozen=True)
class _Read:
    """A rule set with its cases, of which those in ``chosen`` are to run."""

    interpreter: Any
    rules: CaseRules
    chosen: Sequence[Case]
    reached: Reached | None = None


def _run(path: Path | None, text: str | None, since: str | None) -> list[_Result]:
    """Every rule set's cases, judged; raises ``RulebaseError`` with the faults of all of them."""
    from resistab.curation.cases import coverage, judge_all, table_rows
    from resistab.rulesets.find import default_rulesets

    path = path or default_rulesets()
    read = [
        replace(one, chosen=[case for case in one.chosen if text is None or text.casefold() in case.name.casefold()])
        for one in _all_read(_rulesets(path))
    ]
    if since is not None:
        read = _changed_since(since, path, read)
    results = []
    for one in read:
        manifest = one.interpreter.rulebase.manifest
        with counting(f"cases of {manifest.ruleset}", len(one.chosen)) as done:
            judged = judge_all(one.rules, one.interpreter, one.chosen, done)
        covered = coverage(one.rules, judged) if text is None and since is None else None
        rows = table_rows(one.rules)
        least = manifest.curation.least_coverage
        results.append(_Result(manifest.ruleset, manifest.version, rows, judged, covered, least, one.reached))
    return results


def _all_read(folders: Sequence[Path]) -> list[_Read]:
    from resistab.core.faults import Fault, RulebaseError
    from resistab.curation.cases import case_rules, read_cases
    from resistab.domains.loading import load

    read: list[_Read] = []
    faults: list[Fault] = []
    for folder in folders:
        try:
            interpreter = load(folder.name, folder.parent)
            rules = case_rules(folder, interpreter.rulebase)
            read.append(_Read(interpreter, rules, read_cases(rules)))
        except RulebaseError as error:
            faults.extend(error.faults)
    if faults:
        raise RulebaseError(faults)
    return read


def _changed_since(since: str, path: Path, read: Sequence[_Read]) -> list[_Read]:
    """The same with the cases alone that what changed since a revision reaches."""
    from resistab.curation.changed import earlier_states, reached_cases
    from resistab.domains.registry import pack_of

    chosen = []
    with earlier_states(since, path) as states:
        for one in read:
            if not one.chosen:
                # Where no case has the text that was asked for, none passes for want of a change.
                chosen.append(one)
                continue
            folder = one.rules.folder
            reached = reached_cases(one.rules, one.chosen, pack_of(folder), states.get(folder))
            chosen.append(replace(one, chosen=reached.cases, reached=reached))
    return chosen


def _expected(case: Case) -> int:
    """Of how many drugs and regimens a case expects something."""
    return len(case.expect) + len(getattr(case.given, "options", ()))


# --- for programs -----------------------------------------------------------------------------------------------------


def _document(result: _Result) -> dict[str, Any]:
    failures = [
        {
            "case": item.case.name,
            "file": item.case.where,
            "line": item.case.line,
            "drug": failure.drug,
            "differences": [
                {"what": each.what, "expected": each.expected, "found": each.found} for each in failure.differences
            ],
            "fired": list(failure.fired),
            "missing": list(failure.missing),
            "unexpected": list(failure.unexpected),
        }
        for item in result.failed
        for failure in item.failures
    ]
    return {
        "ruleset": result.ruleset,
        "version": result.version,
        "passed": result.passed,
        "cases": len(result.judgements),
        "expectations": sum(_expected(item.case) for item in result.judgements),
        "failed_cases": len(result.failed),
        "failures": failures,
        "coverage": None if result.coverage is None else _coverage_document(result.coverage, result.least),
    } | ({} if result.reached is None else {"changed": _changed_document(result.reached)})


def _changed_document(reached: Reached) -> dict[str, Any]:
    changes = [{"what": what, "cases": number} for what, number in reached.changes.items()]
    return {"reached": len(reached.cases), "of": reached.every, "changes": changes}


def _coverage_document(coverage: Coverage, least: float) -> dict[str, Any]:
    tables = [
        {
            "drug": table.name,
            "active": table.active,
            "fired": len(table.fired),
            "must_fire": table.must_fire,
            "must_not_fire": table.must_not_fire,
            "unasked": list(table.unasked),
            "never": list(table.never),
        }
        for table in coverage.tables
    ]
    return {
        "active": coverage.active,
        "fired": coverage.fired,
        "share": round(coverage.share, 4),
        "least": least,
        "enough": coverage.share >= least,
        "tables": tables,
        "mechanism_rules_unused": list(coverage.mechanism_rules),
    }


# --- for people -------------------------------------------------------------------------------------------------------


def _print(results: Sequence[_Result], verbose: bool) -> None:
    from resistab.report.console import open_console, say

    console = open_console()
    for result in results:
        for line, style in _about_cases(result, verbose):
            say(console, line, style)
        if result.coverage is not None:
            _print_coverage(console, result, result.coverage, verbose)
        say(console, "")
    named = [result.ruleset for result in results if result.judgements and not result.passed]
    if _passed(results):
        say(console, "passed", "bold green")
    elif not any(result.judgements for result in results) and not any(result.reached for result in results):
        say(console, "failed: no case was run", "bold red")
    else:
        named += [result.ruleset for result in results if not result.judgements and result.coverage is not None]
        say(console, f"failed: {', '.join(named)}", "bold red")


def _about_cases(result: _Result, verbose: bool) -> Iterator[tuple[str, str]]:
    """What there is to say of a rule set's cases: lines and their styles."""
    cases = result.judgements
    if result.reached is not None:
        yield from _about_changes(result, result.reached, verbose)
    if not cases and result.reached is not None:
        return
    if not cases:
        yield f"{result.ruleset} {result.version}: no case", "bold"
        return
    expectations = sum(_expected(item.case) for item in cases)
    said = f"{_count(len(cases), 'case')}, {_count(expectations, 'expectation')}"
    yield f"{result.ruleset} {result.version}: {said}, {_count(len(result.failed), 'case')} failed", "bold"
    for item in cases:
        if not (verbose or item.failures):
            continue
        said = f"{'FAILED' if item.failures else 'held'}  {item.case.where}:{item.case.line}: {item.case.name}"
        yield f"  {said}", "red" if item.failures else ""
        for failure in item.failures:
            yield from ((line, "") for line in _about_failure(failure, result))
    for reason, number in Counter(item.left_out for item in cases if item.left_out).items():
        yield f"  of {_count(number, 'case')} {reason}", "yellow"


def _about_changes(result: _Result, reached: Reached, verbose: bool) -> Iterator[tuple[str, str]]:
    """What changed, and how many of the cases it reaches."""
    title = f"{result.ruleset} {result.version}"
    if not reached.changes:
        yield f"{title}: nothing changed, none of {_count(reached.every, 'case')} need run", "bold"
        return
    told = f"{len(reached.cases):,} of {reached.every:,}"
    yield f"{title}: {told} cases can be reached by what changed", "bold"
    reaching = {what: number for what, number in reached.changes.items() if number}
    yield from ((f"  {what}: {_count(number, 'case')}", "") for what, number in reaching.items())
    if none := [what for what in reached.changes if what not in reaching]:
        yield f"  reaching no case: {_some(none, verbose)}", ""


def _about_failure(failure: Failure, result: _Result) -> Iterator[str]:
    yield f"    {failure.drug or 'comments'}"
    for difference in failure.differences:
        yield f"      {difference.what}: expected {difference.expected}, found {difference.found}"
    facts = result.rows.get(failure.drug or "", {})
    for title, rows in (("fired", failure.fired), ("did not fire", failure.missing)):
        for row in rows:
            mark = ", and should not" if row in failure.unexpected else ""
            about = facts[row].condition if row in facts else "on how another drug binds, which this one shares"
            yield f"      {row} {title}{mark}: {about}"


def _print_coverage(console: Console, result: _Result, coverage: Coverage, verbose: bool) -> None:
    from resistab.report.console import grid, say

    asked = f"at least {result.least:.0%} is asked" if result.least else "the manifest asks for no share"
    share = f"{coverage.fired} of {coverage.active} active rows fired as a case asks ({coverage.share:.1%})"
    say(console, f"  {share}; {asked}", "" if result.covered else "bold red")
    tables = grid("", "drug", "active rows", "fired", "share", "must fire", "must not fire")
    for table in coverage.tables:
        tables.add_row(
            table.name,
            str(table.active),
            str(len(table.fired)),
            f"{len(table.fired) / table.active:.0%}" if table.active else "-",
            str(table.must_fire) if table.must_fire else "none",
            str(table.must_not_fire) if table.must_not_fire else "none",
        )
    console.print(tables)
    for title, rows_of in (
        ("Rows that no case fired", {table.name: table.never for table in coverage.tables}),
        ("Rows that fired and that no case names", {table.name: table.unasked for table in coverage.tables}),
    ):
        if any(rows_of.values()):
            say(console, f"  {title}:")
        for name, rows in rows_of.items():
            if rows:
                say(console, f"    {name}: {_some(rows, verbose)}")
    if coverage.mechanism_rules:
        say(console, f"  Mechanism rules behind no row in any case: {_some(coverage.mechanism_rules, verbose)}")


def _some(rows: Iterable[str], verbose: bool) -> str:
    """The rows, or as many as can be read at a glance and how many there are beside."""
    named = list(rows)
    if verbose or len(named) <= MOST_ROWS_SHOWN:
        return ", ".join(named)
    return f"{', '.join(named[:MOST_ROWS_SHOWN])} and {len(named) - MOST_ROWS_SHOWN} more"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
