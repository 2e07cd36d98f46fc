"""``resistab test --expectations``: a rule set beside tables of what others expect of patients."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from resistab.cli.exit_codes import ExitCode, usage
from resistab.cli.progress import with_progress
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.curation.kit.expectations import JudgedLine, JudgedTable, TableLine
    from resistab.domains.pack import Pack

_OPTION = "--expectations"


def test_expectations(
    path: Path | None, files: Sequence[Path], least: float, text: str | None, format_: str, verbose: bool
) -> None:
    """Compare the rule set at ``path`` with every table and print what differs; raises ``typer.Exit`` where it fails.

    ``text`` narrows the lines to those that have it in them. Raises ``InputError`` with the faults of all tables before
    any line is judged.
    """
    if not 0 <= least <= 1:
        usage(f"--least-right: {least:g} is no share from 0 to 1")
    folder, pack = _ruleset(path)
    tables = pack.curate.read_expectations(files)
    interpreter, results = _judged(folder, pack, files, tables, text)
    manifest = interpreter.rulebase.manifest
    passed = bool(results) and all(result.passed(least) for result in results)
    if format_ == "json":
        document = {
            "passed": passed,
            "ruleset": manifest.ruleset,
            "version": manifest.version,
            "least_right": least,
            "files": [_document(result, least, verbose) for result in results],
        }
        write("-", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        _print(f"{manifest.ruleset} {manifest.version}", results, least, passed, verbose)
    if not passed:
        raise typer.Exit(ExitCode.FAILED)


def _ruleset(path: Path | None) -> tuple[Path, Pack]:
    """The one rule set at ``path`` of which tables of expectations can speak."""
    from resistab.curation.file_kinds import ruleset_folders
    from resistab.domains.registry import pack_of
    from resistab.rulesets.find import default_rulesets

    found = [(folder.resolve(), pack_of(folder)) for folder in ruleset_folders(path or default_rulesets())]
    able = [(folder, pack) for folder, pack in found if _OPTION not in pack.cannot]
    if not able:
        usage(f"{_OPTION}: {'; '.join(dict.fromkeys(pack.cannot[_OPTION] for _, pack in found))}")
    if len(able) > 1:
        usage(f"{_OPTION}: name one rule set of {', '.join(folder.name for folder, _ in able)}")
    return able[0]


def _judged(
    folder: Path, pack: Pack, files: Sequence[Path], tables: Sequence[Sequence[TableLine]], text: str | None
) -> tuple[Any, list[JudgedTable]]:
    from resistab.curation.kit.expectations import JudgedTable
    from resistab.domains.loading import load

    interpreter = load(folder.name, folder.parent)
    judge = pack.curate.expectation_judge(interpreter)
    results = []
    for file, lines in zip(files, tables, strict=True):
        chosen = [line for line in lines if text is None or text.casefold() in _words(line).casefold()]
        # A table of which no line has the text that was asked for counts for nothing.
        if chosen:
            judged = (judge.met(line) for line in with_progress(chosen, f"lines of {file.name}"))
            results.append(JudgedTable(str(file), tuple(judged)))
    return interpreter, results


def _words(line: TableLine) -> str:
    return " ".join((line.patient, line.drug, *(text for _, text in line.remarks)))


# --- for programs -----------------------------------------------------------------------------------------------------


def _document(result: JudgedTable, least: float, verbose: bool) -> dict[str, Any]:
    count = result.count
    return {
        "file": result.file,
        "passed": result.passed(least),
        "lines": count.lines,
        "right": count.right,
        "falsely_reassuring": count.falsely_reassuring,
        "other": count.other,
        "share_right": round(count.share, 4),
        "judged": [
            {
                "line": item.expectation.line,
                "kind": item.kind.replace(" ", "_"),
                "patient": item.expectation.patient,
                "drug": item.expectation.drug,
                "expected": list(item.expectation.verdicts),
                "found": item.verdict,
                "reason": item.reason or None,
                **dict(item.expectation.remarks),
            }
            for item in result.met
            if verbose or item.kind != "right"
        ],
    }


# --- for people -------------------------------------------------------------------------------------------------------


def _print(ruleset: str, results: Sequence[JudgedTable], least: float, passed: bool, verbose: bool) -> None:
    from resistab.report.console import open_console, say

    console = open_console()
    say(console, ruleset, "bold")
    for result in results:
        for item in result.met:
            if verbose or item.kind != "right":
                for line, style in _about(item):
                    say(console, line, style)
        count = result.count
        said = f"{count.right:,} of {count.lines:,} right ({count.share:.1%}), {count.falsely_reassuring:,} falsely "
        said += f"reassuring, {count.other:,} other"
        say(console, f"{result.file}: {said}", "bold" if result.passed(least) else "bold red")
    if passed:
        say(console, "passed", "bold green")
    elif not results:
        say(console, "failed: no line was compared", "bold red")
    else:
        failed = ", ".join(result.file for result in results if not result.passed(least))
        say(console, f"failed: {failed}; no line may reassure falsely, and {least:.0%} must be right", "bold red")


def _about(item: JudgedLine) -> Iterator[tuple[str, str]]:
    """A line of a table and what came of it, with styles."""
    line = item.expectation
    style = {"right": "", "falsely reassuring": "bold red"}.get(item.kind, "yellow")
    yield f"  {line.file}:{line.line}: {item.kind}: {line.patient}: {line.drug}", style
    found = f"found {_named(item.verdict)}" if item.verdict is not None else item.reason
    yield f"    expected {' or '.join(map(_named, line.verdicts))}, {found}", ""
    for name, text in line.remarks:
        yield f"    {name}: {text}", ""


def _named(verdict: str) -> str:
    return verdict.replace("_", " ")
