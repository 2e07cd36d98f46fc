"""Lists of regimens, of rules for combining drugs and of barriers, from which rule sets are curated, read row by row.

They are tab-separated text and no part of the project. Which lists a domain has, and which rows of them are its own,
it says itself (``ListKind``); the fields of a row are named alike in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from resistab.core.faults import Fault, InputError
from resistab.files.yaml_source import not_utf8
from resistab.rulesets.regimens import Seen

_ID = re.compile(r"[A-Z]{3}-\d{3}")
# What parts two references or authorities; within brackets it parts nothing.
_PARTS = re.compile(r";(?![^()]*\))")


@dataclass(frozen=True)
class ListKind:
    """A kind of list: its columns, that of the drugs, and the rows of it that are the domain's own.

    ``exact`` says that a row names the drugs of one regimen, with a plus between them, or one drug; else it speaks of
    drugs and classes in words. ``own`` gives the column and the word in it by which the domain's rows are told.
    """

    columns: frozenset[str]
    drugs: str
    exact: bool = True
    own: tuple[str, str] | None = None


@dataclass(frozen=True)
class SourceRow:
    """A row: the drugs that it names (in words where not ``exact``), who says it, by what, and what was seen of it.

    ``cited`` are its references and short citations, ``remarks`` the text of all its other columns.
    """

    id: str
    drugs: tuple[str, ...]
    exact: bool
    authorities: tuple[str, ...]
    references: tuple[str, ...]
    cited: tuple[str, ...]
    remarks: str
    verification: Seen
    where: str
    line: int


def kind_of_list(header: Sequence[str], kinds: Sequence[ListKind]) -> ListKind | None:
    """The kind of list that has this header, None where it is none of ``kinds``."""
    return next((kind for kind in kinds if kind.columns <= set(header)), None)


def read_lists(paths: Sequence[Path], kinds: Sequence[ListKind]) -> dict[str, SourceRow]:
    """The rows, by id, of the lists of these kinds in ``paths``, which are files or folders with such files somewhere.

    Raises ``InputError`` with every fault; a path without any such list is one.
    """
    faults: list[Fault] = []
    rows: dict[str, SourceRow] = {}
    for path in paths:
        some = False
        for file in sorted(path.rglob("*.tsv")) if path.is_dir() else [path]:
            lines = _lines(file, faults)
            header = lines[0].split("\t") if lines else []
            kind = kind_of_list(header, kinds)
            if kind is not None:
                some = True
                rows |= _rows(file, header, lines, kind, faults)
        if not some and not faults:
            expected = f"tab-separated columns such as {', '.join(sorted(kinds[0].columns))}"
            faults.append(Fault(where=str(path), message="holds no list of regimens", expected=expected))
    if faults:
        raise InputError(faults)
    return rows


def read_list(file: Path, kind: ListKind) -> dict[str, SourceRow]:
    """The rows of one list, by id; raises ``InputError`` with every fault."""
    faults: list[Fault] = []
    lines = _lines(file, faults)
    rows = _rows(file, lines[0].split("\t"), lines, kind, faults) if lines else {}
    if faults:
        raise InputError(faults)
    return rows


def _lines(file: Path, faults: list[Fault]) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        faults.append(not_utf8(str(file), error, "a list of regimens"))
    except OSError as error:
        faults.append(Fault(where=str(file), message=f"cannot be read: {error.strerror}"))
    return []


def _rows(
    file: Path, header: Sequence[str], lines: Sequence[str], kind: ListKind, faults: list[Fault]
) -> dict[str, SourceRow]:
    """The rows of a list that are the domain's own; what is wrong with any is added to ``faults``."""
    found: dict[str, SourceRow] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = line.split("\t")

        def fault(message: str, expected: str, line: int = number) -> None:
            faults.append(Fault(where=str(file), line=line, message=message, expected=expected))

        if len(cells) != len(header):
            fault(f"has {len(cells)} columns", str(len(header)))
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        if kind.own is not None and row[kind.own[0]] != kind.own[1]:
            continue
        if not _ID.fullmatch(row["id"]):
            fault(f"id is '{row['id']}'", "three capitals, a hyphen and three digits")
        elif row["id"] in found:
            fault(f"{row['id']} stands here a second time", "each row once")
        seen = next((word for word in get_args(Seen) if word == row["verification"]), None)
        if seen is None:
            fault(f"verification is '{row['verification']}'", f"one of {', '.join(get_args(Seen))}")
        else:
            found[row["id"]] = _row(row, kind, seen, str(file), number)
    return found


def _row(row: Mapping[str, str], kind: ListKind, seen: Seen, where: str, line: int) -> SourceRow:
    references = _parts(row["reference"])
    told = (kind.drugs, "id", "reference", "short_citation", "verification")
    return SourceRow(
        id=row["id"],
        drugs=tuple(part for text in row[kind.drugs].split(" + ") if (part := text.strip())),
        exact=kind.exact,
        authorities=_parts(row.get("authority", "")),
        references=references,
        cited=(*references, row["reference"], *_parts(row.get("short_citation", "")), row.get("short_citation", "")),
        remarks=" ; ".join(text for name, text in row.items() if name not in told),
        verification=seen,
        where=where,
        line=line,
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _PARTS.split(text) if part.strip())
