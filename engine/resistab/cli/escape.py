"""``resistab escape``: what would defeat a drug or a regimen in one patient."""

from __future__ import annotations

import json as json_
from typing import Annotated, Any

import typer

from resistab.cli.asked import DEFAULT_RULESET, paths_in, refuse_clash, refuse_command, refuse_foreign
from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import (
    Files,
    Json,
    KeepGoing,
    OverlayFolder,
    RulebaseFolder,
    Ruleset,
    SampleName,
    Seconds,
    examples_of,
    with_options_of_packs,
)
from resistab.cli.patients import genotypes, given_by, pack_asked
from resistab.files.output import write

# Where it stands in the help.
PLACE = 4


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("escape", epilog=epilog(*examples_of("escape")))(with_options_of_packs("patient")(escape))


def escape(
    drugs: Annotated[
        str,
        typer.Argument(metavar="DRUG-OR-REGIMEN", help="A drug, drugs joined by +, or a regimen by its id."),
    ],
    files: Files = None,
    sample: SampleName = None,
    json: Json = None,
    sets: Annotated[int, typer.Option("--sets", min=1, max=100, help="How many of the smallest sets to show.")] = 10,
    seconds: Seconds = 10.0,
    keep_going: KeepGoing = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
    **said: Any,
) -> None:
    """Show the smallest sets of further changes after which none of the drugs is active, and what each change does."""
    refuse_clash([*(files or ()), *paths_in(said)], json=json)
    pack = pack_asked(ruleset, rulebase)
    refuse_command(pack, "escape")
    refuse_foreign(pack, said)
    from resistab.core.escape import require_solver
    from resistab.core.faults import ExtraMissingError
    from resistab.domains.loading import load

    try:
        require_solver()
    except ExtraMissingError as error:
        usage(str(error))
    interpreter = load(ruleset, rulebase, overlay)
    named = pack.regimens.drugs_named(interpreter.rulebase, drugs)
    found = genotypes(pack, interpreter, given_by(files, sample, keep_going, said))
    if len(found) > 1 and json:
        usage("--json is for one patient")
    for genotype in found:
        escapes = pack.regimens.escapes(interpreter, genotype, named, seconds, sets)
        if json:
            write(json, json_.dumps(_said(genotype.sample, named, escapes), indent=2, ensure_ascii=False) + "\n")
        else:
            _print(genotype.sample, named, escapes)


def _said(sample: str, drugs: tuple[str, ...], escapes: Any) -> dict[str, Any]:
    from resistab.report.options.judge import barrier_of, changes_of

    barrier = barrier_of(escapes)
    assert barrier is not None
    return {
        "sample": sample,
        "drugs": list(drugs),
        "genetic_barrier": barrier.model_dump(mode="json"),
        "escape_sets": [[one.model_dump(mode="json") for one in changes_of(found)] for found in escapes.sets],
        "undefeated": list(escapes.undefeated),
    }


def _print(sample: str, drugs: tuple[str, ...], escapes: Any) -> None:
    from resistab.report.console import open_console
    from resistab.report.options.terminal import print_escapes

    print_escapes(open_console(), sample, drugs, escapes)
