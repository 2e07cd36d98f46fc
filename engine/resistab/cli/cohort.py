"""``resistab cohort``: what the reports of many patients say together."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resistab.cli.asked import DEFAULT_RULESET, refuse_command
from resistab.cli.exit_codes import epilog
from resistab.cli.options import OutputFormat, RulebaseFolder
from resistab.cli.patients import pack_asked
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.domains.pack import Pack
    from resistab.report.cohort import CohortEntry
    from resistab.report.set_aside import SampleSetAside


# A file that is something else altogether has a fault in every line.
_MOST_FAULTS = 100
_EXPECTED = "lines that resistab evaluate --jsonl wrote"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        "resistab evaluate cohort.json --keep-going --jsonl reports.jsonl",
        "resistab cohort reports.jsonl",
        "resistab cohort reports.jsonl --top 50 --format json | jq .mismatches",
    )
    app.command("cohort", epilog=epilog(*examples))(cohort)


def cohort(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports, one a line, as --jsonl writes them.")
    ],
    top: Annotated[
        int, typer.Option("--top", min=1, help="How many findings with no curated association to list.")
    ] = 20,
    format_: OutputFormat = "text",
    ruleset: Annotated[
        str | None,
        typer.Option("--ruleset", help="The rule set that made the reports; that of the first if not given."),
    ] = None,
    rulebase: RulebaseFolder = None,
) -> None:
    """Sum up the reports of a cohort, group by group: tumours by their type, others by their rule set.

    Shown are, for each drug used there, the share of samples with each verdict; then the most frequent
    findings with no curated association, every change whose residue is not that of the reference protein, and what else
    was set aside.
    """
    from resistab.files.opening import read_once
    from resistab.report.cohort import print_cohort, summarise

    with read_once(*files):
        pack = pack_asked(ruleset or _ruleset_of(files, rulebase), rulebase)
        refuse_command(pack, "cohort")
        summed = summarise(_entries(files, pack))
    if format_ == "json":
        write("-", json.dumps(summed.as_json(pack.report.GROUPS), indent=2, ensure_ascii=False) + "\n")
    else:
        print_cohort(summed, pack.report.VERDICTS, pack.report.GROUPS, top)


def _ruleset_of(files: Sequence[Path], rulebase: Path | None) -> str:
    """The rule set that the first report names where it is at hand; otherwise the default, whose reader says more."""
    from resistab.core.faults import InputError, RulebaseError
    from resistab.files.opening import text_lines
    from resistab.rulesets.find import ruleset_folder

    with contextlib.suppress(InputError, ValueError, KeyError, TypeError, RecursionError, RulebaseError):
        _, line = next(text_lines(files[0]), (0, ""))
        named = json.loads(line)["ruleset"]["id"]
        ruleset_folder(named, rulebase)
        return str(named)
    return DEFAULT_RULESET


def _entries(files: Sequence[Path], pack: Pack) -> Iterator[CohortEntry | SampleSetAside]:
    """What is counted of the reports of ``files``.

    Raises ``InputError`` with every fault, and where there is no report at all.
    """
    from pydantic import ValidationError

    from resistab.core.faults import Fault, InputError
    from resistab.files.opening import text_lines
    from resistab.report.set_aside import from_json_line

    faults: list[Fault] = []
    number = 0
    for file in files:
        try:
            for index, line in text_lines(file):
                if not line.strip():
                    continue
                number += 1
                if (aside := from_json_line(line)) is not None:
                    yield aside
                    continue
                try:
                    entry = pack.report.cohort_entry(line)
                except ValidationError as error:
                    first = error.errors()[0]
                    place = ".".join(map(str, first["loc"])) or "the line"
                    message = f"no report on {pack.one}: {place}: {first['msg']}"
                    faults.append(Fault(where=str(file), line=index, message=message, expected=_EXPECTED))
                    if len(faults) >= _MOST_FAULTS:
                        break
                else:
                    yield entry
        except InputError as error:
            faults.extend(error.faults)
    if not number and not faults:
        faults.append(Fault(message="holds no report", where=", ".join(map(str, files)), expected="at least one line"))
    if faults:
        raise InputError(faults)
