"""Which drugs a list of drugs is narrowed to: by name, class and target, whatever the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from resistab.core.faults import Fault, InputError, nearest

# The options of ``drugs`` that narrow the list, by parameter, with the words for what they name.
NARROWING = {"name": "drug", "drug_class": "class of drugs", "target": "target"}
_FLAGS = {"name": "--name", "drug_class": "--class", "target": "--target"}


class ListedDrug(NamedTuple):
    """A drug as it can be asked for: its name and others, its classes, and what it acts on."""

    name: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    targets: tuple[str, ...] = ()


def narrowed(drugs: Iterable[ListedDrug], chosen: Mapping[str, Any]) -> frozenset[str] | None:
    """The names of the drugs that are asked for; None where nothing narrows the list.

    Names and classes are found by any part of them, targets whole. Raises ``InputError`` where one finds nothing.
    """
    asked = {option: str(chosen[option]) for option in NARROWING if chosen.get(option) is not None}
    if not asked:
        return None
    drugs = tuple(drugs)
    kept = [drug for drug in drugs if all(_is_asked(drug, option, text) for option, text in asked.items())]
    faults = [
        _fault(drugs, option, text)
        for option, text in asked.items()
        if not any(_is_asked(drug, option, text) for drug in drugs)
    ]
    if faults:
        raise InputError(faults)
    if not kept:
        raise InputError(
            [Fault(where="drugs", message="no drug is all that is asked for", expected="fewer conditions")]
        )
    return frozenset(drug.name for drug in kept)


def _is_asked(drug: ListedDrug, option: str, text: str) -> bool:
    wanted = text.strip().casefold()
    match option:
        case "name":
            return any(wanted in name.casefold() for name in (drug.name, *drug.names))
        case "drug_class":
            return any(wanted.removesuffix("s") in name.casefold() for name in drug.classes)
        case _:
            return any(wanted == name.casefold() for name in drug.targets)


def _fault(drugs: Iterable[ListedDrug], option: str, text: str) -> Fault:
    known: dict[str, None] = {}
    for drug in drugs:
        of = {"name": (drug.name, *drug.names), "drug_class": drug.classes, "target": drug.targets}[option]
        known |= dict.fromkeys(of)
    what = NARROWING[option]
    expected = f"a {what} that 'resistab drugs' lists" if known else None
    message = f"no drug has the {what} '{text}'" if option != "name" else f"no drug is called '{text}'"
    return Fault(where=_FLAGS[option], message=message, expected=expected, suggestion=nearest(text, known))
