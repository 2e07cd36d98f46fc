"""A laboratory's own knowledge, added to a rule set: rows that are added, and rows that are retired.

    my-lab/
      overlay.yaml          name, version, date, and the rule set it is of
      tables/DRUG.yaml      rows to add, ids to retire with the reason
      citations.yaml, drugs.yaml, genes.yaml    what the rule set does not have yet (tumours only)

The result is checked as a rule set is, and the report marks what came from the overlay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from resistab.core.faults import Fault, nearest
from resistab.core.model import Model
from resistab.rulesets.digest import ruleset_digest
from resistab.rulesets.folder_reader import FolderReader, LoadedFile
from resistab.rulesets.kinds import FileKind, Form
from resistab.rulesets.models import OverlayInfo
from resistab.rulesets.overlay_models import OverlayManifest, Retired

MANIFEST = "overlay.yaml"


_KIND = FileKind("overlay", MANIFEST, OverlayManifest, Form("an overlay"), required=True)


def overlay_kinds(kinds: Iterable[FileKind]) -> tuple[FileKind, ...]:
    """The kinds of files that an overlay of a rule set with ``kinds`` is made of, its manifest first."""
    own = (replace(kind, content=kind.in_overlay, required=False) for kind in kinds if kind.in_overlay is not None)
    return (_KIND, *own)


def wrong_ruleset(reader: FolderReader, manifest: OverlayManifest | None, ruleset: str) -> Iterator[Fault]:
    """The fault of an overlay that is for another rule set than the one it is laid over."""
    for file in files_of(reader.files, OverlayManifest):
        if manifest is not None and manifest.over != ruleset:
            yield file.source.fault(("over",), f"the overlay is for '{manifest.over}', the rule set is '{ruleset}'")


def taken_id(file: LoadedFile, path: tuple[str | int, ...], id_: str) -> Fault:
    """The fault of a row that is added under an id of the rule set's."""
    return file.source.fault(path, f"the id '{id_}' is one of the rule set's", "an id of your own")


def retire_faults(file: LoadedFile, retire: Iterable[Retired], known: set[str]) -> Iterator[Fault]:
    """The faults of rows that are to be retired and are none of the table's, whose ids are ``known``."""
    for number, item in enumerate(retire):
        if item.id not in known:
            yield file.source.fault(
                ("retire", number, "id"),
                f"the rule set's table has no row '{item.id}'",
                "the id of one of its rows",
                nearest(item.id, known),
            )


def files_of(files: Iterable[LoadedFile], kind: type[Model]) -> list[LoadedFile]:
    """Those of ``files`` whose content is of one model."""
    return [file for file in files if isinstance(file.content, kind)]


def overlaid_digest(of_rules: str, folder: Path, kinds: Iterable[FileKind]) -> str:
    """SHA-256 over the digests of the rule set and of the overlay."""
    return hashlib.sha256(f"{of_rules}:{ruleset_digest(folder, kinds)}".encode()).hexdigest()


def overlay_info(manifest: OverlayManifest, added: set[str], retired: dict[str, str]) -> OverlayInfo:
    """What a rule set carries of the overlay that was laid over it."""
    return OverlayInfo(
        name=manifest.name,
        version=manifest.version,
        date=manifest.date,
        added=tuple(sorted(added)),
        retired=dict(sorted(retired.items())),
    )
