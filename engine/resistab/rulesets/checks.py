"""What must hold between the files of any rule set: names and ids given once, dates that go together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from resistab.core.faults import Fault, nearest
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.models import Dated


class Names:
    """The names of a rule set: each kind of thing gives each name once, and what is named elsewhere is there.

    ``unread`` names the files and folders that could not be read whole: what they would have defined is not called
    unknown.
    """

    def __init__(self, unread: Collection[str] = ()) -> None:
        self._unread = unread
        self._given: dict[tuple[str, str], str] = {}

    def once(self, source: Source, kind: str, name: str, path: Path_, code: str = "RT101") -> Iterator[Fault]:
        """The fault of a name that was given before, whatever its case."""
        here = place_of(source, path)
        earlier = self._given.setdefault((kind, name.casefold()), here)
        if earlier != here:
            message = f"the {kind} '{name}' is given twice, first in {earlier}"
            yield source.fault(path, message, f"each {kind} once", code=code)

    def known(
        self, source: Source, path: Path_, kind: str, name: str, known: Iterable[str], home: str, code: str
    ) -> Iterator[Fault]:
        """The fault of a ``name`` that is not among those ``known`` from ``home``, a file or folder of the rule set."""
        names = list(known)
        if name not in names and home not in self._unread:
            expected = f"one of {home}"
            yield source.fault(path, f"unknown {kind} '{name}'", expected, nearest(name, names), code=code)


def place_of(source: Source, path: Path_) -> str:
    """File, line and column of what stands at ``path``, for people."""
    line, column = source.places.get(path) or source.keys.get(path) or (1, 1)
    return f"{source.where}:{line}:{column}"


def dated_faults(
    source: Source, path: Path_, rule: Dated, given: dict[str, str], all_ids: Collection[str] | None
) -> Iterator[Fault]:
    """What is wrong with the id, the status and the dates of the rule at ``path``.

    ``given`` keeps where each id was given first; ``all_ids`` are those that may replace one, None where not all files
    could be read.
    """
    here = place_of(source, (*path, "id"))
    earlier = given.setdefault(rule.id, here)
    if earlier != here:
        message = f"the id {rule.id} is used twice, first at {earlier}"
        yield source.fault((*path, "id"), message, "an id of its own", code="RT102")
    if rule.status == "retired" and rule.retired is None:
        message = f"{rule.id} is retired, but not since when"
        yield source.fault((*path, "status"), message, "retired: and a date such as 2026-11-21", code="RT306")
    if rule.status != "retired" and rule.retired is not None:
        message = f"{rule.id} is {rule.status}, and yet has a date of retirement"
        yield source.fault((*path, "status"), message, "status: retired", code="RT307")
    for position, replacement in enumerate(rule.replaced_by):
        if all_ids is not None and replacement not in all_ids:
            near = nearest(replacement, all_ids)
            place = (*path, "replaced_by", position)
            yield source.fault(place, f"unknown id '{replacement}'", "the id of a row", near, code="RT119")
    if rule.reviewed < rule.created:
        message = f"{rule.id} was reviewed before it was created"
        yield source.fault((*path, "reviewed"), message, f"{rule.created} or later", code="RT308")
