"""``resistab cohort``: what the reports of many patients say together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from resistab.cli.support import epilog, write

if TYPE_CHECKING:
    from resistab.domains.oncology.report.model import Report
    from resistab.report.cohort import Cohort, DrugShares


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
        list[Path], typer.Argument(metavar="FILE...", help="Reports on tumours, one a line, as --jsonl writes them.")
    ],
    top: Annotated[int, typer.Option("--top", min=1, help="How many findings that no rule knows to list.")] = 20,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help="For people or for programs.")] = "text",
) -> None:
    """Sum up the reports of a cohort, by tumour type.

    Shown are, for each drug used in the tumour type, the share of samples with each verdict; then the most frequent
    findings that no rule speaks of, every change whose residue is not that of the reference protein, and what else
    was set aside.
    """
    from resistab.report.cohort import summarise

    summed = summarise(_reports(files))
    if format_ == "json":
        write("-", json.dumps(summed.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(summed, top)


def _reports(files: Sequence[Path]) -> Iterator[Report]:
    """The reports of ``files``; raises ``InputError`` with every fault, and where there is no report at all."""
    from pydantic import ValidationError

    from resistab.core.faults import Fault, InputError
    from resistab.domains.oncology.report.model import Report
    from resistab.files.yaml_source import not_utf8

    faults: list[Fault] = []
    number = 0
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            faults.append(not_utf8(str(file), error, _EXPECTED))
            continue
        except OSError as error:
            faults.append(Fault(where=str(file), message=f"cannot be read: {error.strerror}"))
            continue
        for index, line in enumerate(lines, 1):
            if not line.strip():
                continue
            number += 1
            try:
                report = Report.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"])) or "the line"
                message = f"no report on a tumour: {place}: {first['msg']}"
                faults.append(Fault(where=str(file), line=index, message=message, expected=_EXPECTED))
            else:
                yield report
    if not number and not faults:
        faults.append(Fault(message="holds no report", where=", ".join(map(str, files)), expected="at least one line"))
    if faults:
        raise InputError(faults)


def _print(summed: Cohort, top: int) -> None:
    from resistab.report.console import grid, open_console, plain, say
    from resistab.report.words import counted

    console = open_console()
    of = counted(len(summed.tumours), "tumour type")
    say(console, f"{counted(summed.samples, 'sample')} of {of}", "bold")
    for tumour in summed.tumours:
        title = f"{tumour.name} ({tumour.code}): {counted(tumour.samples, 'sample')}"
        if not tumour.drugs:
            say(console, f"{title}; no drug is marked as used there")
            continue
        table = grid(title, "Drug", "Share of the samples with each verdict")
        for drug in tumour.drugs:
            table.add_row(plain(drug.drug), ", ".join(_shares(drug)))
        console.print(table)
    say(console, f"Findings that no rule speaks of: {len(summed.unknown):,}, the most frequent", "bold")
    for item in summed.unknown[:top]:
        say(console, f"  {item.samples:>5,}  {item.text}")
    say(console, f"Residues that are not those of the reference protein: {len(summed.mismatches):,}", "bold")
    for mismatch in summed.mismatches:
        say(console, f"  {len(mismatch.samples):>5,}  {mismatch.entry}: {mismatch.reason}")
    say(console, f"Set aside for another reason: {len(summed.not_understood):,}", "bold")
    for item in summed.not_understood[:top]:
        say(console, f"  {item.samples:>5,}  {item.text}")


def _shares(drug: DrugShares) -> Iterator[str]:
    """The shares of the verdicts that were given, as in "7% resistant"; a share above none is at least "<1%"."""
    from resistab.domains.oncology.report import VERDICTS

    return VERDICTS.shares(drug.counts)
