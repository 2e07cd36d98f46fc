"""Rule sets of the plain form: what a small domain needs to read one, and to lay a laboratory's own rows over it.

A rule set is of the plain form where ``ruleset.yaml`` holds its ``manifest``, each other file at its top the list that
it is named after (``genes`` in ``genes.yaml``), each folder files of one kind, and ``tables/`` those of drugs, with
``drug`` and ``rows``. The fields of its model are called so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from resistab.core.cached import cached_property
from resistab.core.faults import Fault, RulebaseError
from resistab.rulesets.folder_reader import Contents, FolderReader, FolderReading, LoadedFile
from resistab.rulesets.kinds import FileKind
from resistab.rulesets.models import HasDigest, remade
from resistab.rulesets.overlay import (
    MANIFEST,
    overlaid_digest,
    overlay_info,
    overlay_kinds,
    retire_faults,
    taken_id,
    wrong_ruleset,
)
from resistab.rulesets.overlay_models import OverlayManifest

_Rulebase = TypeVar("_Rulebase", bound="PlainRulebase")
# From a rule set, its files, and what could not be read of it, to every fault between them.
Check = Callable[[_Rulebase, Iterable[LoadedFile], frozenset[str]], Iterable[Fault]]


class PlainRulebase(HasDigest):
    """A rule set of the plain form; a domain's own says of what its manifest, drugs, tables and citations are."""

    manifest: Any
    drugs: tuple[Any, ...]
    tables: tuple[Any, ...]
    citations: tuple[Any, ...]

    @cached_property
    def drug_by_name(self) -> dict[str, Any]:
        """Drugs by name and alias, in lower case; a name beats an alias."""
        found = {alias.casefold(): drug for drug in self.drugs for alias in drug.aliases}
        return found | {drug.name.casefold(): drug for drug in self.drugs}

    @cached_property
    def citation_of(self) -> dict[str, Any]:
        """Citations by reference."""
        return {citation.reference: citation for citation in self.citations}

    def rows_of(self, drug: str) -> tuple[Any, ...]:
        """The rows in use of a drug's table."""
        return tuple(row for table in self.tables if table.drug == drug for row in table.rows if row.status == "active")


def read_plain(
    folder: Path, kinds: Sequence[FileKind], model: type[_Rulebase], check: Check[_Rulebase]
) -> FolderReading[_Rulebase]:
    """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where the folder holds no rule set."""
    reader = FolderReader(folder, kinds)
    parts = {"digest": "", **_parts(kinds, reader.read())}
    parts["digest"] = reader.digest()
    # Not validated again: the parts are, and with faults the manifest may be wanting.
    rulebase: Any = model.model_construct(**parts)
    faults = (*reader.faults, *check(rulebase, reader.files, frozenset(reader.unread)))
    return FolderReading(None if faults else remade(rulebase), faults, tuple(reader.files), tuple(reader.opened))


def _parts(kinds: Iterable[FileKind], found: Contents) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for kind in kinds:
        if kind.model is None or not kind.rules:
            continue
        name, read = kind.folder.removesuffix(".yaml"), found.all(kind.name, kind.model)
        if name == "ruleset":
            parts["manifest"] = next(iter(read), None)
        elif "/" in kind.files:
            parts[name] = read
        else:
            parts[name] = tuple(item for content in read for item in getattr(content, name))
    return parts


def overlaid_plain(rulebase: _Rulebase, folder: Path, kinds: Sequence[FileKind], check: Check[_Rulebase]) -> _Rulebase:
    """``rulebase`` with the overlay in ``folder``: rows that are added to tables, and rows that are retired.

    Raises ``RulebaseError`` with every fault of the overlay.
    """
    reader = FolderReader(folder, overlay_kinds(kinds), MANIFEST)
    manifest = reader.read().one("overlay", OverlayManifest)
    faults = [*reader.faults, *wrong_ruleset(reader, manifest, rulebase.manifest.ruleset)]
    if reader.faults or manifest is None:
        raise RulebaseError(faults)
    tables = {table.drug: table for table in rulebase.tables}
    known = {row.id for table in rulebase.tables for row in table.rows}
    added: set[str] = set()
    retired: dict[str, str] = {}
    files = [file for file in reader.files if not isinstance(file.content, OverlayManifest)]
    for file in files:
        own: Any = file.content
        base = tables.get(own.drug)
        rows = base.rows if base else ()
        faults += retire_faults(file, own.retire, {row.id for row in rows})
        faults += [taken_id(file, ("rows", n, "id"), row.id) for n, row in enumerate(own.rows) if row.id in known]
        gone = {item.id: item.reason for item in own.retire}
        left = {"status": "retired", "retired": manifest.date}
        kept = tuple(row.model_copy(update=left) if row.id in gone else row for row in rows)
        added |= {row.id for row in own.rows}
        retired |= gone
        tables[own.drug] = (base or own).model_copy(update={"rows": (*kept, *own.rows)})
    if not files:
        faults.append(Fault(where=folder.name, message="the overlay holds nothing", expected="tables/DRUG.yaml"))
    combined = remade(
        rulebase,
        digest=overlaid_digest(rulebase.digest, folder, reader.kinds),
        tables=tuple(tables.values()),
        overlay=overlay_info(manifest, added, retired),
    )
    if faults := [*faults, *check(combined, files, frozenset())]:
        raise RulebaseError(list(dict.fromkeys(faults)))
    return remade(combined)
