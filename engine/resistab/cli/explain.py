"""``resistab explain``: how the verdict on one drug came about."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from resistab.cli.asked import DEFAULT_RULESET, refuse_foreign
from resistab.cli.exit_codes import epilog
from resistab.cli.options import (
    Files,
    KeepGoing,
    OverlayFolder,
    RulebaseFolder,
    Ruleset,
    SampleName,
    Verify,
    examples_of,
    with_options_of_packs,
)
from resistab.cli.patients import genotypes, given_by, pack_asked
from resistab.cli.verifying import verifying

# Where it stands in the help.
PLACE = 2


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("explain", epilog=epilog(*examples_of("explain")))(with_options_of_packs("patient")(explain))


def explain(
    drug: Annotated[str, typer.Argument(help="A drug, by generic name or alias.")],
    files: Files = None,
    sample: SampleName = None,
    keep_going: KeepGoing = False,
    verify: Verify = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    overlay: OverlayFolder = None,
    **said: Any,
) -> None:
    """Show how the verdict for one drug was derived, as a tree: findings, rules, conclusions, evidence."""
    pack = pack_asked(ruleset, rulebase)
    refuse_foreign(pack, said)
    from resistab.domains.loading import load

    interpreter = load(ruleset, rulebase, overlay)
    name = pack.report.drug_named(interpreter.rulebase, drug)
    found = genotypes(pack, interpreter, given_by(files, sample, keep_going, said))
    with verifying(interpreter, verify):
        for genotype in found:
            pack.report.print_derivation(interpreter.interpret(genotype), name)
