"""Lists of evidence that CIViC lacks: statements compiled elsewhere, and those that the project found in public text.

All have the same columns. ``verification`` says what was seen of a study and is ``full`` where a list does not say;
``seen_in``, of the project's own list alone, where its reference was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast, get_args

from resistab.core.evidence import EvidenceLevel
from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.checks.labels import cited_label
from resistab.domains.oncology.checks.profiles import plain_profile
from resistab.domains.oncology.checks.source_items import (
    SIGNIFICANCES,
    NamedLabel,
    SourceItem,
    Sources,
    outcome_of,
    supports_resistance,
)
from resistab.domains.oncology.kinds.models import Verification
from resistab.files.yaml_source import not_utf8

COLUMNS = (
    *("id", "alteration", "therapy", "disease", "direction", "significance", "level", "reference"),
    *("short_citation", "note"),
)
FURTHER = "further_evidence.tsv"
"""The project's own list, beside the rules."""
FURTHER_COLUMNS = (*COLUMNS, "verification", "seen_in")

_ID = re.compile(r"SUP-\d\d|SUP[A-Z]-\d{3}")
_FURTHER_ID = re.compile(r"SUP[C-Z]-\d{3}")
_REFERENCE = re.compile(r"PMID:\d+|DOI:10\.\S+|ASCO:\d+|ASH:\d+|NCT\d{8}|LABEL:\S.*")
_DIRECTIONS = ("Supports", "Does Not Support")
_NEEDED = ("alteration", "therapy", "disease", "short_citation")
# "Kobayashi et al., 2005, N Engl J Med"; what is said otherwise is no citation that another could be compared with.
_CITATION = re.compile(r"(?P<short>[^,()]+, \d{4})(, [^()]*)?")
_REMARK = re.compile(r"\s*\([^()]*\)")


def read_supplement(path: Path, where: str = "", columns: tuple[str, ...] = COLUMNS) -> Sources:
    """The items of the list in ``path``; raises ``InputError`` with every fault, each at its line.

    ``where`` is what faults call the file, ``columns`` what it must have.
    """
    where = where or str(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError([not_utf8(where, error, "a list of evidence")]) from None
    except OSError as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from None
    header = lines[0].split("\t") if lines else []
    # A file made empty to be read as one kind of several holds no items.
    if lines and (missing := [name for name in columns if name not in header]):
        message = f"has no column {', '.join(missing)}"
        raise InputError([Fault(where=where, line=1, message=message, expected=", ".join(columns))])
    faults: list[Fault] = []
    items: dict[str, SourceItem] = {}
    labels: set[NamedLabel] = set()
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            message = f"has {len(cells)} columns"
            faults.append(Fault(where=where, line=number, message=message, expected=str(len(header))))
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        found = [
            Fault(where=where, line=number, message=message, expected=expected)
            for message, expected in _faults(row, columns)
        ]
        if row["id"] in items:
            found.append(Fault(where=where, line=number, message=f"{row['id']} stands here a second time"))
        faults += found
        if not found:
            item = items[row["id"]] = _item(row)
            if (label := cited_label(item.reference, row["short_citation"], item.drugs)) is not None:
                labels.add(label)
    if faults:
        raise InputError(faults)
    return Sources(items, labels=frozenset(labels))


def read_further(folder: Path) -> Sources:
    """The items of the project's own list in the folder of a rule set; none where it has no such list."""
    path = folder / FURTHER
    return read_supplement(path, f"{folder.name}/{FURTHER}", FURTHER_COLUMNS) if path.is_file() else Sources({})


def _faults(row: Mapping[str, str], columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, and what was expected instead."""
    own = columns == FURTHER_COLUMNS
    identifier = _FURTHER_ID if own else _ID
    if not identifier.fullmatch(row["id"]):
        yield f"id is '{row['id']}'", "an id such as SUPR-001" if own else "an id such as SUP-01 or SUPA-001"
    for name in (*_NEEDED, "seen_in") if own else _NEEDED:
        if not row[name]:
            yield f"{name} is empty", "a value"
    known = (
        ("direction", _DIRECTIONS),
        ("significance", SIGNIFICANCES),
        ("level", get_args(EvidenceLevel)),
        ("verification", get_args(Verification)),
    )
    for name, words in known:
        if name in row and row[name] not in words:
            yield f"{name} is '{row[name]}'", f"one of {', '.join(words)}"
    if not _REFERENCE.fullmatch(row["reference"]):
        yield f"reference is '{row['reference']}'", "PMID:…, DOI:10.…, ASCO:…, ASH:…, NCT and 8 digits, or LABEL:…"


def _item(row: Mapping[str, str]) -> SourceItem:
    supports = row["direction"] == "Supports"
    cited = _CITATION.fullmatch(row["short_citation"].removesuffix(" (CIViC citation)"))
    therapies = tuple(_therapies(row["therapy"]))
    return SourceItem(
        id=row["id"],
        reference=_reference(row["reference"]),
        citation=cited["short"] if cited else "",
        level=row["level"],
        profile=plain_profile(row["alteration"]),
        drugs=therapies,
        combined=len(therapies) > 1,
        outcome=outcome_of(row["significance"], supports),
        disease=row["disease"],
        statement=row["note"],
        supports=supports,
        supports_resistance=supports_resistance(row["significance"], supports),
        verification=cast(Verification, row.get("verification", "full")),
    )


def _reference(text: str) -> str:
    """The reference as a rulebase writes it: without the remark which section of a label says so."""
    return _REMARK.sub("", text) if text.startswith("LABEL:") else text


def _therapies(text: str) -> Iterator[str]:
    """The drugs or classes that were given together, in lower case and without the setting in which."""
    for part in re.split(r"\s\+\s", _REMARK.sub("", text)):
        if name := " ".join(part.casefold().split()):
            yield name
