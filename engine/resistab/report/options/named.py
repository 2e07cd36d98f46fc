"""A regimen as people name it: by its id, or by its drugs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from resistab.core.faults import Fault, InputError
from resistab.rulesets.regimens import Regimen


def drugs_named(text: str, regimens: Iterable[Regimen], drug_named: Callable[[str], str]) -> tuple[str, ...]:
    """The drugs of the regimen with this id, or those that are named, with a plus between them.

    ``drug_named`` gives the name that the rule set has for one drug. Raises ``InputError`` with every fault.
    """
    for regimen in regimens:
        if regimen.id == text.strip().upper():
            return regimen.drugs
    found: list[str] = []
    faults: list[Fault] = []
    for part in re.split(r"\s*\+\s*", text.strip()):
        try:
            found.append(drug_named(part))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return tuple(dict.fromkeys(found))
