"""Whether an evidence item speaks of the drugs of its source: of one, of all of a regimen, or of a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Literal

from resistab.domains.oncology.checks.civic_names import CLASS_NAMES, SEVERAL_CLASSES, drug_or_class, regimen_parts
from resistab.domains.oncology.checks.source_items import SourceItem
from resistab.domains.oncology.kinds.models import Evidence, Rulebase

_WITH = " with "
_WITH_FLUOROURACIL = {"irinotecan", "leucovorin", "oxaliplatin"}
_CORTICOSTEROIDS = {"prednisolone", "prednisone", "corticosteroid"}


class SourceDrugs:
    """The drugs and classes of a rule set, compared with those of sources. Classes are in lower case."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        members: dict[str, set[str]] = {}
        for drug in rulebase.drugs:
            for name in () if drug.regimen else drug.classes:
                members.setdefault(name.casefold(), set()).add(drug.name)
        self.members = members

    def compared(
        self, name: str | None, evidence: Evidence, source: SourceItem, shared: bool = False
    ) -> Iterator[tuple[Literal["drug", "given with"], str]]:
        """What differs between the drugs of an item on the drug or class ``name`` and those of its source.

        A ``shared`` row holds for other drugs that bind alike too, so that a source may speak of their class. It may
        speak of the class of one drug of a combination, too, where it names another.
        """
        class_given = bool(CLASS_NAMES & set(source.drugs))
        about = self._about(name)
        if class_given:
            about -= CLASS_NAMES
        regimens = [
            self._as_asked(
                {
                    drug_or_class(self.rulebase, part)
                    for part in regimen_parts(listed) or (() if source.combined else (listed,))
                },
                about,
            )
            for listed in source.drugs
        ]
        if shared or (source.combined and any(names & about for names in regimens)):
            regimens = [self._as_members(names, about) for names in regimens]
        listed = set().union(*regimens)
        if "fluorouracil" in listed and "leucovorin" not in listed:
            # It is given that fluorouracil does more, and sources leave it out.
            about -= {"leucovorin"}
        if "fluorouracil-based chemotherapy" in source.drugs:
            about -= _WITH_FLUOROURACIL
        if "abiraterone" in listed:
            # What abiraterone takes from the body is given beside it.
            about, listed = about - _CORTICOSTEROIDS, listed - _CORTICOSTEROIDS
        # Drugs listed as alternatives are no combination: one entry must speak of all that the row speaks of.
        together = listed if source.combined else next((regimen for regimen in regimens if about <= regimen), set())
        if not about or not about <= together:
            yield "drug", f"{name or 'none'} here, {', '.join(source.drugs)} in the source"
            return
        given, statement = self._as_here(evidence.given_with), source.statement.casefold()
        if missing := together - about - given:
            yield "given with", f"{', '.join(sorted(missing))} in the source"
        told = {name for name in given if name in listed or name in statement or class_given}
        if unfounded := given - told - (CLASS_NAMES if class_given else set()):
            yield "given with", f"{', '.join(sorted(unfounded))} here, not in the source"

    def _about(self, name: str | None) -> set[str]:
        """The drugs that a row speaks of: one, all of a regimen, or a class or two; none for None."""
        if name is None:
            return set()
        known = self.rulebase.drug_by_name.get(name)
        if known is not None:
            return set(known.regimen or (known.name,))
        if _WITH not in name:
            return {name.casefold()}
        # "BRAF with MEK inhibitor" is a class of regimens, of which each has a drug of either class.
        kind = name.casefold().split()[-1]
        parts = name.casefold().split(_WITH)
        return {part if part in self.members or part in CLASS_NAMES else f"{part} {kind}" for part in parts}

    def _as_here(self, names: Iterable[str]) -> set[str]:
        """Drugs and classes by the rule set's names, whether an item has them or those of its source."""
        return {drug_or_class(self.rulebase, name) for name in names}

    def _as_asked(self, names: Set[str], about: Set[str]) -> set[str]:
        """The drugs and classes of a source, each class as that of which the row speaks, where it is wider or a part.

        What was shown of a class was shown of some of the drugs of the wider.
        """
        return {next((asked for asked in about if self._speaks_of(name, asked)), name) for name in names}

    def _as_members(self, names: Set[str], about: Set[str]) -> set[str]:
        """The drugs and classes of a source, each class as the one drug of which the row speaks that is of it."""
        return {
            next((drug for drug in about if name not in about and drug in self.members.get(name, ())), name)
            for name in names
        }

    def _speaks_of(self, name: str, wider: str) -> bool:
        if any(part.casefold() == wider for part in SEVERAL_CLASSES.get(name, ())):
            return True
        members, all_members = self.members.get(name), self.members.get(wider)
        return members is not None and all_members is not None and members <= all_members
