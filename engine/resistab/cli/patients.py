"""From the options of a command to the pack of the rule set, its interpreter and the genotypes that are given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from resistab.cli.exit_codes import usage
from resistab.cli.progress import OnTerminal
from resistab.domains.pack import Given, Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder


def pack_asked(ruleset: str, rulebase: Path | None) -> Pack:
    """The pack of a rule set; raises ``RulebaseError`` where there is no such rule set."""
    return pack_of(ruleset_folder(ruleset, rulebase))


def genotypes(pack: Pack, interpreter: Any, given: Given) -> list[Any]:
    """The genotypes that are given; raises ``InputError`` with every fault of the data.

    Options that do not go together are refused as any wrong command line is; samples that were set aside are told.
    """
    from resistab.core.faults import OptionsError

    try:
        found = pack.inputs.genotypes(interpreter, given)
    except OptionsError as error:
        usage(str(error))
    for aside in given.set_aside:
        for reason in aside.reasons:
            print(f"set aside: sample '{aside.sample}': {reason}", file=sys.stderr)
    return found


def given_by(
    files: list[Path] | None, sample: str | None, keep_going: bool, said: dict[str, Any], series: bool = False
) -> Given:
    """What a command was given of patients."""
    return Given(tuple(files or ()), sample, keep_going, said, series, OnTerminal())
