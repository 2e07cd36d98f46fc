"""``resistab regimens``: what is open to one patient, ranked, with the reasons."""

from __future__ import annotations

import json as json_
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resistab.cli.asked import DEFAULT_RULESET, paths_in, refuse_clash, refuse_command, refuse_foreign
from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import (
    Files,
    History,
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
from resistab.cli.patients import earlier_samples, genotypes, given_by, pack_asked
from resistab.core.records import replace
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.report.options.model import Options

# Where it stands in the help.
PLACE = 3
# The rule set that knows phenotypes.
_GERMLINE = "pharmacogenomics"

Germline = Annotated[
    list[str] | None,
    typer.Option("--germline", help='What is known of the germline, such as "HLA-B*57:01" or "DPYD *1/*2A"; repeat.'),
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("regimens", epilog=epilog(*examples_of("regimens")))(with_options_of_packs("patient")(regimens))


def regimens(
    files: Files = None,
    sample: SampleName = None,
    json: Json = None,
    setting: Annotated[
        list[str] | None, typer.Option("--setting", help="Only regimens of this setting; repeat for more.")
    ] = None,
    combination: Annotated[
        list[str] | None,
        typer.Option("--combination", help='Drugs to judge beside the curated regimens, such as "DTG + DRV/r".'),
    ] = None,
    explore: Annotated[
        int, typer.Option("--explore", min=0, max=3, help="Also combine freely up to so many active drugs.")
    ] = 0,
    germline: Germline = None,
    history: History = None,
    seconds: Seconds = 10.0,
    keep_going: KeepGoing = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
    **said: Any,
) -> None:
    """Rank the regimens that are meant for such a patient, and say of each why it stands there and what defeats it."""
    refuse_clash([*(files or ()), *(history or ()), *paths_in(said)], json=json)
    pack = pack_asked(ruleset, rulebase)
    refuse_command(pack, "regimens")
    refuse_foreign(pack, said)
    from resistab.domains.loading import load
    from resistab.report.options.patient import OptionsAsked

    interpreter = load(ruleset, rulebase, overlay)
    policy = interpreter.rulebase.manifest.regimens
    if policy is None:
        usage(f"the rule set {ruleset} holds no regimens")
    for name in setting or ():
        if name not in policy.setting_of:
            usage(f"unknown setting '{name}'; expected one of: {', '.join(policy.setting_of)}")
    asked = OptionsAsked(
        settings=tuple(setting or ()),
        combinations=tuple(pack.regimens.drugs_named(interpreter.rulebase, text) for text in combination or ()),
        explore=explore,
        phenotypes=_phenotypes(germline),
        seconds=seconds,
        barriers=seconds > 0,
    )
    found = genotypes(pack, interpreter, given_by(files, sample, keep_going, said))
    if len(found) > 1 and (json or history):
        usage(f"{'--json' if json else '--history'} is for one patient")
    if history:
        asked = replace(asked, history=earlier_samples(pack, interpreter, history, found[0], said))
    for genotype in found:
        report = pack.report.interpreted(interpreter, genotype, None, True)
        options = pack.regimens.options(interpreter, genotype, report, asked)
        assert options is not None
        if json:
            write(json, _json(interpreter, report, options))
        else:
            _print(report, options)


def _phenotypes(germline: list[str] | None) -> frozenset[str] | None:
    """The phenotypes of what was said of the germline, by the rules of pharmacogenomics."""
    if not germline:
        return None
    from resistab.domains.loading import load

    interpreter = load(_GERMLINE)
    report = interpreter.interpret(interpreter.genotype(germline))
    return frozenset(f"{gene.name} {gene.concluded}" for gene in report.subjects if gene.concluded)


def _json(interpreter: Any, report: Any, options: Options) -> str:
    manifest = interpreter.rulebase.manifest
    ruleset = {"id": manifest.ruleset, "version": manifest.version, "digest": interpreter.rulebase.digest}
    said = {"sample": report.sample.id, "ruleset": ruleset, **options.model_dump(mode="json")}
    return json_.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _print(report: Any, options: Options) -> None:
    from resistab.report.console import open_console, say
    from resistab.report.options.terminal import print_options

    console = open_console()
    say(console, f"Regimens for {report.sample.id}", "bold")
    print_options(console, options)
