"""``resistab validate``: whether the rules hold, by what was measured or by what happened to patients."""

from __future__ import annotations

import json as json_
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from resistab.cli.asked import DEFAULT_RULESET, refuse_clash
from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import RulebaseFolder, Ruleset
from resistab.cli.patients import pack_asked
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.domains.pack import Pack

_Read = TypeVar("_Read")

# Where it stands in the help.
PLACE = 12


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        "resistab validate --measured phenotypes.tsv --ruleset hiv1",
        "resistab validate --measured PI.tsv --measured RT.tsv --ruleset hiv1 --html validation.html",
        "resistab validate --measured phenotypes.tsv --ruleset hiv1 --against hivdb --against-rulebase imported",
        "resistab validate --outcomes examples/lung_outcomes.csv --json -",
    )
    app.command("validate", epilog=epilog(*examples))(validate)


def validate(
    measured: Annotated[
        list[Path] | None,
        typer.Option("--measured", help="A table of measured resistance, a line for each sample; repeat for more."),
    ] = None,
    outcomes: Annotated[
        Path | None,
        typer.Option("--outcomes", help="A table of therapies: patient, sample, drug, start, response, progression."),
    ] = None,
    drug: Annotated[
        list[str] | None, typer.Option("--drug", help="Only this drug; repeat for more. All if not given.")
    ] = None,
    html: Annotated[
        str | None, typer.Option("--html", help="Write a page with tables and plots; - is standard output.")
    ] = None,
    json: Annotated[str | None, typer.Option("--json", help="Write all figures as JSON; - is standard output.")] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Set lines aside that are not understood, and list them.")
    ] = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Another rule set, to be held against the same data beside it.")
    ] = None,
    against_rulebase: Annotated[
        Path | None,
        typer.Option("--against-rulebase", help="The folder of rule sets that --against is in, such as an old state."),
    ] = None,
) -> None:
    """Hold the verdicts of a rule set against measured resistance, or against what happened to treated patients.

    Shown are, for each drug and over all, sensitivity, specificity, predictive values and the area under the ROC curve
    with 95% intervals, whether what was measured rises with the level, the commonest false calls with the rows behind
    them, and what was not assessable; of outcomes response rates and times without progression by verdict. Another rule
    set, or another state of the same, may stand beside it. Nothing leaves this computer.
    """
    files = [*(measured or ()), *([outcomes] if outcomes else ())]
    if bool(measured) == bool(outcomes):
        usage("give either --measured or --outcomes")
    if against is None and against_rulebase is not None:
        # The same rule set in another state.
        against = ruleset
    refuse_clash(files, html=html, json=json)
    pack = _able(ruleset, rulebase)
    other_folder = against_rulebase or rulebase
    if against is not None and _able(against, other_folder).name != pack.name:
        usage(f"--against {against}: it is no rule set for {pack.many}")
    _require(outcomes is not None, html is not None)
    from resistab.domains.loading import load
    from resistab.files.opening import read_once

    interpreter = load(ruleset, rulebase)
    other = load(against, other_folder) if against is not None else None
    drugs = _drugs(pack, interpreter, drug)
    with read_once(*files):
        found: Any
        if outcomes is None:
            found = _measured(pack, interpreter, other, files, keep_going, drugs)
        else:
            found = _outcomes(pack, interpreter, other, outcomes, keep_going, drugs)
    if json:
        write(json, json_.dumps(found.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    if html:
        from resistab.curation.validation.page import render

        write(html, render(found, pack.report.VERDICTS))
    if not (json or html):
        from resistab.curation.validation.terminal import print_validation
        from resistab.report.console import open_console

        print_validation(open_console(), found)


def _able(ruleset: str, rulebase: Path | None) -> Pack:
    """The pack of a rule set that can be held against data."""
    pack = pack_asked(ruleset, rulebase)
    if "measures" in pack.cannot:
        usage(f"validate: {pack.cannot['measures']}")
    return pack


def _require(survival: bool, plots: bool) -> None:
    from resistab.core.extras import require
    from resistab.core.faults import ExtraMissingError

    try:
        require("validate", "scipy", *(["lifelines"] if survival else ()), *(["matplotlib"] if plots else ()))
    except ExtraMissingError as error:
        usage(f"validate: {error}")


def _drugs(pack: Pack, interpreter: Any, names: Sequence[str] | None) -> list[str] | None:
    """The drugs that are asked for, as the rule set names them; None where all are."""
    from resistab.core.faults import InputError

    found = []
    for name in names or ():
        try:
            found.append(pack.report.drug_named(interpreter.rulebase, name))
        except InputError as error:
            (fault,) = error.faults
            near = f"; did you mean {fault.suggestion}?" if fault.suggestion else f"; expected {fault.expected}"
            usage(f"--drug: {fault.message}{near}")
    return list(dict.fromkeys(found)) or None


def _measured(
    pack: Pack, interpreter: Any, other: Any, files: Sequence[Path], keep_going: bool, drugs: Sequence[str] | None
) -> Any:
    from resistab.curation.validation.measured import read_side, validated

    side = read_side(pack, interpreter, files, keep_going, drugs)
    if other is None:
        return validated(side, None, files)
    return validated(side, _as_read_by(other, lambda: read_side(pack, other, files, True, None)), files, drugs)


def _outcomes(
    pack: Pack, interpreter: Any, other: Any, path: Path, keep_going: bool, drugs: Sequence[str] | None
) -> Any:
    from resistab.curation.validation.outcomes import read_outcomes
    from resistab.curation.validation.survival import validated

    table = read_outcomes(pack, interpreter, path, keep_going, drugs)
    beside = None if other is None else _as_read_by(other, lambda: read_outcomes(pack, other, path, True, None))
    return validated(pack, interpreter, table, other, beside)


def _as_read_by(interpreter: Any, read: Callable[[], _Read]) -> _Read:
    """What another rule set reads of the same data; its faults say whose they are.

    It sets lines aside: what it cannot read, as mutations that its reference contradicts, is no fault of the data.
    """
    from resistab.core.faults import InputError

    try:
        return read()
    except InputError as error:
        name = interpreter.rulebase.manifest.ruleset
        raise InputError(
            fault.model_copy(update={"message": f"as {name} reads it: {fault.message}"}) for fault in error.faults
        ) from error
