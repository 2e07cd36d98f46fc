"""A file of CIViC's evidence items, read whole and checked before anything is drafted from it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from resistab.core.evidence import EvidenceLevel
from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.checks.civic_export import reference_of
from resistab.domains.oncology.checks.civic_names import Interaction, listed_therapies

COLUMNS = (
    "molecular_profile", "disease", "phenotypes", "therapies", "therapy_interaction_type", "evidence_type",
    "evidence_direction", "evidence_level", "significance", "citation_id", "source_type", "asco_abstract_id",
    "citation", "evidence_status", "evidence_id", "variant_origin", "is_flagged",
)  # fmt: skip
_LEVELS = ("A", "B", "C", "D", "E")
_DIRECTIONS = ("Supports", "Does Not Support")
_INTERACTIONS = ("", "Combination", "Substitutes", "Sequential")
_NUMBER = re.compile(r"[1-9][0-9]{0,11}$")
# A file that is something else altogether has a fault in every line.
MOST_FAULTS = 100
_FILE = "CIViC's evidence as tab-separated values"


@dataclass(frozen=True)
class CivicItem:
    """One evidence item as CIViC has it; ``id`` is ``EID229``, and ``therapies`` are the drugs as they are listed.

    ``reference`` is None where the source has no number to cite it by. Its sentences are not kept.
    """

    id: str
    profile: str
    disease: str
    therapies: tuple[str, ...]
    interaction: Interaction
    predictive: bool
    accepted: bool
    significance: str
    supports: bool
    level: EvidenceLevel
    reference: str | None
    citation: str
    origin: str
    phenotypes: str
    flagged: bool

    @property
    def number(self) -> int:
        """The number of the id."""
        return int(self.id.removeprefix("EID"))


def read_civic_file(path: Path) -> tuple[CivicItem, ...]:
    """Every item of the file, of whatever type and status; raises ``InputError`` with the faults of all lines."""
    where = str(path)
    faults: list[Fault] = []
    items: dict[str, CivicItem] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Statements hold bare quotation marks, so quoting must be off.
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            header = reader.fieldnames or ()
            missing = [name for name in COLUMNS if name not in header]
            if missing:
                message = f"no column {', '.join(missing)}" if len(missing) < len(COLUMNS) else "no evidence of CIViC"
                raise InputError([Fault(where=where, message=message, line=1, expected=_FILE)])
            for row in reader:
                found = list(_faults(row, where, reader.line_num))
                faults += found
                if found:
                    continue
                item = _item(row)
                if item.id in items:
                    message = f"the item {item.id} stands here for the second time"
                    faults.append(Fault(where=where, message=message, line=reader.line_num))
                items[item.id] = item
                if len(faults) >= MOST_FAULTS:
                    break
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise InputError([Fault(where=where, message=message, expected=_FILE)]) from error
    except UnicodeDecodeError as error:
        raise InputError([Fault(where=where, message="is not text in UTF-8", expected=_FILE)]) from error
    except csv.Error as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error}", expected=_FILE)]) from error
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    if not items:
        raise InputError([Fault(where=where, message="holds no evidence item", expected=_FILE)])
    return tuple(items.values())


def _faults(row: Mapping[str | None, str | list[str] | None], where: str, line: int) -> Iterator[Fault]:
    """What is wrong with one line."""
    if None in row or None in row.values():
        message = f"{'more' if None in row else 'fewer'} columns than the first line"
        yield Fault(where=where, message=message, line=line, expected="a tab between all columns, and none in them")
        return
    cells = cast("Mapping[str, str]", row)
    if not _NUMBER.match(cells["evidence_id"]):
        yield Fault(where=where, message=f"evidence_id '{cells['evidence_id']}'", line=line, expected="a number")
    if cells["evidence_type"] != "Predictive":
        # Of other types nothing but their number is used.
        return
    for column, known in (
        ("evidence_level", _LEVELS),
        ("evidence_direction", _DIRECTIONS),
        ("therapy_interaction_type", _INTERACTIONS),
    ):
        if cells[column] not in known:
            expected = " or ".join(word or "nothing" for word in known)
            yield Fault(where=where, message=f"{column} '{cells[column]}'", line=line, expected=expected)


def _item(row: Mapping[str, str]) -> CivicItem:
    return CivicItem(
        id=f"EID{row['evidence_id']}",
        profile=" ".join(row["molecular_profile"].split()),
        disease=" ".join(row["disease"].split()),
        therapies=listed_therapies(row["therapies"]),
        interaction=cast("Interaction", row["therapy_interaction_type"]),
        predictive=row["evidence_type"] == "Predictive",
        accepted=row["evidence_status"] == "accepted",
        significance=row["significance"],
        supports=row["evidence_direction"] == "Supports",
        level=cast("EvidenceLevel", row["evidence_level"]),
        reference=reference_of(row["source_type"], row["citation_id"], row["asco_abstract_id"]),
        citation=" ".join(row["citation"].split()),
        origin=row["variant_origin"],
        phenotypes=row["phenotypes"],
        flagged=row["is_flagged"].casefold() == "true",
    )
