"""From the options of a command to the pack of the rule set, its interpreter and the genotypes that are given."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.cli.exit_codes import usage
from resistab.cli.progress import OnTerminal
from resistab.domains.pack import Given, Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder

if TYPE_CHECKING:
    from resistab.report.options.patient import EarlierSample


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


def earlier_samples(
    pack: Pack, interpreter: Any, history: Sequence[Path], present: Any, said: Mapping[str, Any]
) -> tuple[EarlierSample, ...]:
    """The earlier samples in the files of ``--history``, the oldest first; where one has no date, as they were given.

    Of the options those hold that speak of all samples of a patient. Raises ``InputError`` with every fault of the
    data; one is a sample that was taken after the present one.
    """
    from resistab.core.faults import Fault, InputError
    from resistab.report.options.patient import EarlierSample

    if "regimens" in pack.cannot:
        usage(f"--history: {pack.cannot['regimens']}")
    if interpreter.rulebase.manifest.regimens is None:
        usage("--history: the rule set holds no regimens")
    of_all = {option.name for option in pack.options if option.series == "all"}
    own = {name: value for name, value in said.items() if name in of_all}
    now = pack.inputs.taken_on(present)
    found, faults = [], []
    for path in history:
        for genotype in genotypes(pack, interpreter, given_by([path], None, False, own, series=True)):
            on = pack.inputs.taken_on(genotype)
            if on is not None and now is not None and on > now:
                message = f"the sample '{genotype.sample}' was taken on {on}, after the present one of {now}"
                faults.append(Fault(where=str(path), message=message, expected="earlier samples"))
            found.append(EarlierSample(genotype, on))
    if faults:
        raise InputError(faults)
    if all(sample.on is not None for sample in found):
        found.sort(key=lambda sample: sample.on or datetime.date.min)
    return tuple(found)


def _tell_set_aside(given: Given) -> None:
    for aside in given.set_aside:
        for reason in aside.reasons:
            print(f"set aside: sample '{aside.sample}': {reason}", file=sys.stderr)


def given_by(
    files: list[Path] | None, sample: str | None, keep_going: bool, said: dict[str, Any], series: bool = False
) -> Given:
    """What a command was given of patients."""
    return Given(tuple(files or ()), sample, keep_going, said, series, OnTerminal())
