"""``resistab predict``: what learned tables predict of patients, beside the expert verdicts."""

from __future__ import annotations

import json as json_format
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from resistab.cli.asked import DEFAULT_RULESET, paths_in, refuse_clash, refuse_foreign
from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import Files, KeepGoing, RulebaseFolder, Ruleset, SampleName, with_options_of_packs
from resistab.cli.patients import genotypes, given_by, pack_asked
from resistab.cli.progress import with_progress

# Where it stands in the help.
PLACE = 13

COLUMNS = (
    "sample", "drug", "measure", "predicted", "low", "high", "resistant_from", "call", "not_predicted", "verdict",
    "agreement", "carried_by",
)  # fmt: skip
LearnedGiven = Annotated[Path, typer.Option("--learned", help="A folder that learn wrote.")]
JsonGiven = Annotated[str | None, typer.Option("--json", help="Write the predictions as JSON; - is standard output.")]
TableGiven = Annotated[str | None, typer.Option("--table", help="Write them as CSV; - is standard output.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        'resistab predict --learned efv-draft --ruleset hiv1 --mutations "RT:K103N"',
        "resistab predict --learned efv-draft --ruleset hiv1 sequences.fasta --table predicted.csv",
    )
    app.command("predict", epilog=epilog(*examples))(with_options_of_packs("patient")(predict))


def predict(
    learned: LearnedGiven,
    files: Files = None,
    sample: SampleName = None,
    json: JsonGiven = None,
    table: TableGiven = None,
    keep_going: KeepGoing = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    **said: Any,
) -> None:
    """Show what learned tables predict beside the expert verdicts; mark where they disagree, and what carries that."""
    refuse_clash([*(files or ()), *paths_in(said)], json=json, table=table)
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, said)
    if "measures" in pack.cannot:
        usage(f"predict: {pack.cannot['measures']}")
    from resistab.curation.learning.predict import predictions, read_tables
    from resistab.domains.loading import load
    from resistab.files.output import write
    from resistab.report.console import open_console
    from resistab.report.learned import print_learned
    from resistab.report.table import csv_table

    interpreter: Any = load(ruleset, rulebase)
    tables = read_tables(pack, interpreter, learned)
    given = given_by(files, sample, keep_going, said)
    found = genotypes(pack, interpreter, given)
    predicted = [
        (genotype.sample, predictions(pack, interpreter, tables, genotype))
        for genotype in with_progress(found, "Predicting")
    ]
    if json:
        samples = [
            {"sample": name, "predictions": [one.model_dump(mode="json") for one in of]} for name, of in predicted
        ]
        write(json, json_format.dumps({"samples": samples}, indent=2, ensure_ascii=False) + "\n")
    if table:
        rows = (list(_rows(name, of)) for name, of in predicted)
        write(table, csv_table(COLUMNS, rows, given.set_aside))
    if not (json or table):
        console = open_console()
        for name, of in predicted:
            console.print(name, style="bold", markup=False)
            print_learned(console, of)


def _rows(sample: str, predicted: Any) -> Iterator[tuple[str, ...]]:
    """The rows of the table for one sample, a field for each of ``COLUMNS``."""
    from resistab.report.learned import part_words

    for one in predicted:
        numbers = ("" if value is None else f"{value:g}" for value in (one.predicted, one.low, one.high))
        yield (
            sample, one.drug, one.measure, *numbers, f"{one.resistant_from:g}", one.call or "", one.not_predicted,
            one.verdict, one.agreement, ", ".join(map(part_words, one.behind)),
        )  # fmt: skip
