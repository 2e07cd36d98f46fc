"""The commands of viruses: exchange of their rule sets with other programs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from resistab.core.faults import OptionsError
from resistab.files.output import OutputError, write


def import_asi(
    file: Annotated[Path, typer.Argument(help="An algorithm in ASI2 (XML).")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder of rule sets; the new one goes into it.")],
    ruleset: Annotated[
        str | None, typer.Option("--ruleset", help="The new rule set's id; after the algorithm if not given.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier import of the same id.")] = False,
) -> None:
    """Turn an algorithm for HIV in ASI2 into a rule set in YAML, and say what of it has no effect."""
    from resistab.domains.virus.asi.reader import read_asi
    from resistab.domains.virus.asi.yaml import write_ruleset_folder

    rulebase, without_effect = read_asi(file, on=datetime.date.today(), ruleset=ruleset)
    folder = output / rulebase.manifest.ruleset
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{output}: cannot be made a folder: {error.strerror}") from error
    write_ruleset_folder(rulebase, folder, overwrite)
    source = rulebase.manifest.source
    holds = f"{len(rulebase.drugs)} drugs, {rulebase.row_count} rows, {rulebase.comment_count} comments"
    print(f"{folder}: {source.algorithm} {source.version}, {holds}")
    print(f"Use it with --rulebase {output} --ruleset {rulebase.manifest.ruleset}")
    if without_effect:
        print("Without effect in the file, and so in the rule set:")
        for sentence in without_effect:
            print(f"  {sentence}")


def export_asi(
    output: Annotated[str, typer.Option("--output", "-o", help="The file to write; - is standard output.")] = "-",
    ruleset: Annotated[str, typer.Option("--ruleset", help="The rule set to write.")] = "hiv1",
    rulebase: Annotated[
        Path | None, typer.Option("--rulebase", help="A folder of rule sets instead of the shipped one.")
    ] = None,
) -> None:
    """Write the rule set of a virus as an algorithm in ASI2."""
    from resistab.domains.virus.asi.writer import write_asi
    from resistab.domains.virus.kinds.loader import load_viral_folder
    from resistab.rulesets.find import manifest_kind, ruleset_folder

    folder = ruleset_folder(ruleset, rulebase)
    if manifest_kind(folder) != "virus":
        raise OptionsError(f"'{ruleset}' is no rule set of a virus: ASI2 cannot hold it")
    write(output, write_asi(load_viral_folder(folder)))
