"""``resistab conflicts``: evidence that contradicts itself, and how each case is settled."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from resistab.cli.support import epilog, write


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("conflicts", epilog=epilog("resistab conflicts", "resistab conflicts --format json"))(conflicts)


def conflicts(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="A rule set or a folder of rule sets; the shipped ones if not given."),
    ] = None,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help="For people or for programs.")] = "text",
) -> None:
    """List the evidence that contradicts itself, both sides, and the rule that settles it.

    The rule sets of viruses hold scores and no evidence, and so no conflicts.
    """
    from resistab.curation.site.sources import load_rulesets
    from resistab.domains.oncology.curate.conflicts import conflicts as found_in
    from resistab.domains.oncology.kinds.models import Rulebase

    rulebases = [rulebase for rulebase in load_rulesets(path, None) if isinstance(rulebase, Rulebase)]
    found = {rulebase.manifest.ruleset: found_in(rulebase) for rulebase in rulebases}
    if format_ == "json":
        document = {name: [dataclasses.asdict(item) for item in items] for name, items in found.items()}
        write("-", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return
    lines = []
    for name, items in found.items():
        for item in items:
            lines.append(f"{item.table}: {' and '.join(item.rows)}: {item.condition} in {', '.join(item.tumour_types)}")
            lines.append(f"  for: {', '.join(item.supports)}")
            lines.append(f"  against: {', '.join(item.against)}")
            lines.append(f"  settled: {item.settled}")
        within = sum(len(item.rows) == 1 for item in items)
        lines.append(f"{name}: {within:,} rows with evidence on both sides, {len(items) - within:,} pairs of rows")
    write("-", "\n".join(lines) + "\n")
