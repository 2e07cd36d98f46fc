"""Evidence exports for the citation check, told by their columns whatever their files are called.

Known are CIViC's export of evidence, an addendum to one, a list of supplementary evidence, one of approvals, one of
regimens, one of rules for combining drugs and one of expected verdicts, all as tab-separated text. Another kind of
export is added as one more ``_Kind`` with a reader of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.regimen_sources import ListKind, read_list
from resistab.domains.oncology.checks.approvals_export import COLUMNS as APPROVAL_COLUMNS
from resistab.domains.oncology.checks.civic_export import read_addendum, read_approval_list, read_export
from resistab.domains.oncology.checks.labels import EXPECTED, read_expected
from resistab.domains.oncology.checks.regimen_lists import REGIMENS, RULES
from resistab.domains.oncology.checks.source_items import Sources
from resistab.domains.oncology.checks.supplement import COLUMNS as SUPPLEMENT_COLUMNS
from resistab.domains.oncology.checks.supplement import read_supplement
from resistab.files.yaml_source import not_utf8


@dataclass(frozen=True)
class _Kind:
    """A kind of export: the columns that it must have, and how a file of it is read."""

    columns: frozenset[str]
    read: Callable[[Path], Sources]


def _of_regimens(kind: ListKind) -> _Kind:
    return _Kind(kind.columns, lambda path: Sources({}, regimens=read_list(path, kind)))


_ITEM = (
    *("evidence_id", "molecular_profile", "disease", "therapies", "evidence_direction", "evidence_level"),
    *("significance", "citation_id", "citation"),
)
# In the order in which later ones correct earlier ones.
_KINDS = (
    _Kind(frozenset((*_ITEM, "evidence_type", "evidence_status")), read_export),
    _Kind(frozenset((*_ITEM, "change")), read_addendum),
    _Kind(frozenset(SUPPLEMENT_COLUMNS), read_supplement),
    _Kind(frozenset(APPROVAL_COLUMNS), read_approval_list),
    _of_regimens(REGIMENS),
    _of_regimens(RULES),
    # It says how labels are called.
    _Kind(EXPECTED, read_expected),
)


def read_evidence(paths: Sequence[Path]) -> Sources:
    """The evidence in ``paths``, which are exports or folders with them; raises ``InputError`` with every fault."""
    faults: list[Fault] = []
    found: list[tuple[_Kind, Path]] = []
    for path in paths:
        inside = sorted(path.rglob("*.tsv")) if path.is_dir() else [path]
        kinds = [(kind, file) for file in inside if (kind := _kind(file, faults)) is not None]
        if not kinds and not any(fault.where in map(str, inside) for fault in faults):
            expected = f"tab-separated columns such as {', '.join(sorted(_KINDS[0].columns))}"
            faults.append(Fault(where=str(path), message="holds no evidence export", expected=expected))
        found += kinds
    if faults:
        raise InputError(faults)
    sources = Sources({})
    for kind, file in sorted(found, key=lambda entry: _KINDS.index(entry[0])):
        try:
            sources |= kind.read(file)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return sources


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
