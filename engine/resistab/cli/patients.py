"""From the options of a command to the pack of the rule set, its interpreter and the genotypes that are given."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
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
    _tell_set_aside(given)
    return found


@contextlib.contextmanager
def cohort(pack: Pack, interpreter: Any, given: Given) -> Iterator[Collection[Any]]:
    """The same, where a large cohort is read as one goes through it; one may more than once."""
    from resistab.core.faults import OptionsError

    try:
        context = pack.inputs.cohort(interpreter, given)
        found = context.__enter__()
    except OptionsError as error:
        usage(str(error))
    try:
        _tell_set_aside(given)
        yield found
    finally:
        context.__exit__(*sys.exc_info())


def _tell_set_aside(given: Given) -> None:
    for aside in given.set_aside:
        for reason in aside.reasons:
            print(f"set aside: sample '{aside.sample}': {reason}", file=sys.stderr)


def given_by(
    files: list[Path] | None, sample: str | None, keep_going: bool, said: dict[str, Any], series: bool = False
) -> Given:
    """What a command was given of patients."""
    return Given(tuple(files or ()), sample, keep_going, said, series, OnTerminal())
