"""Evidence exports for the citation check, told by their columns whatever their files are called.

Known are CIViC's export of evidence, an addendum to one, and a list of supplementary evidence, all as tab-separated
text. Another kind of export is added as one more ``_Kind`` with a reader of its own in ``civic_export``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.checks.civic_export import (
    ADDENDUM,
    EXPORT,
    SUPPLEMENT,
    SourceItem,
    Sources,
    read_sources,
)
from resistab.files.yaml_source import not_utf8


@dataclass(frozen=True)
class _Kind:
    """A kind of export: the name under which it is read, and the columns that it must have."""

    name: str
    columns: frozenset[str]


_ITEM = (
    *("evidence_id", "molecular_profile", "disease", "therapies", "evidence_direction", "evidence_level"),
    *("significance", "citation_id", "citation"),
)
_SUPPLEMENT = (
    *("id", "alteration", "therapy", "disease", "direction", "significance", "level", "reference"),
    *("short_citation", "note"),
)
# In the order in which later ones correct earlier ones.
_KINDS = (
    _Kind(EXPORT, frozenset((*_ITEM, "evidence_type", "evidence_status"))),
    _Kind(ADDENDUM, frozenset((*_ITEM, "change"))),
    _Kind(SUPPLEMENT, frozenset(_SUPPLEMENT)),
)


def read_evidence(paths: Sequence[Path]) -> Sources:
    """The evidence in ``paths``, which are exports or folders of them; raises ``InputError`` with every fault."""
    faults: list[Fault] = []
    found: list[tuple[_Kind, Path]] = []
    for path in paths:
        inside = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
        kinds = [(kind, file) for file in inside if (kind := _kind(file, faults)) is not None]
        if not kinds and not any(fault.where in map(str, inside) for fault in faults):
            expected = f"tab-separated columns such as {', '.join(sorted(_KINDS[0].columns))}"
            faults.append(Fault(where=str(path), message="holds no evidence export", expected=expected))
        found += kinds
    if faults:
        raise InputError(faults)
    items: dict[str, SourceItem] = {}
    withdrawn: set[str] = set()
    for kind, file in sorted(found, key=lambda entry: _KINDS.index(entry[0])):
        sources = _read(kind, file)
        items |= sources.items
        withdrawn |= sources.withdrawn
    return Sources(items, frozenset(withdrawn))


def _kind(file: Path, faults: list[Fault]) -> _Kind | None:
    """What kind of export ``file`` is, None where it is none; what is wrong with it is added to ``faults``."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        faults.append(not_utf8(str(file), error, "an evidence export"))
        return None
    except OSError as error:
        faults.append(Fault(where=str(file), message=f"cannot be read: {error.strerror}"))
        return None
    header = lines[0].split("\t") if lines else []
    kind = next((kind for kind in _KINDS if kind.columns <= set(header)), None)
    if kind is not None:
        for number, line in enumerate(lines[1:], start=2):
            if line and line.count("\t") + 1 != len(header):
                message = f"has {line.count(chr(9)) + 1} columns"
                faults.append(Fault(where=str(file), line=number, message=message, expected=str(len(header))))
    return kind


def _read(kind: _Kind, file: Path) -> Sources:
    """The evidence of one file, read under the name that its kind has in a folder of exports."""
    with tempfile.TemporaryDirectory() as name:
        for other in _KINDS:
            (Path(name) / other.name).touch()
        shutil.copyfile(file, Path(name) / kind.name)
        return read_sources(Path(name))
