"""The evidence exports that the rulebase was written from: CIViC, its addendum and the supplementary statements.

They are not part of the project. What the sources call otherwise than the rulebase (regimens, diseases) is translated
here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from resistab.domains.oncology.checks.civic_names import listed_therapies

EXPORT = "civic_evidence_2026-05.tsv"
ADDENDUM = "civic_addendum_2026-10.tsv"
SUPPLEMENT = "supplementary_evidence.tsv"

_NUMBER = re.compile(r"[1-9][0-9]{0,11}$")
_DOI = re.compile(r"10\.[0-9]{4,}/\S+$")

Outcome = Literal["resistance", "response"]

_OUTCOMES: dict[tuple[str, str], Outcome] = {
    ("Resistance", "Supports"): "resistance",
    ("Reduced Sensitivity", "Supports"): "resistance",
    ("Sensitivity/Response", "Does Not Support"): "resistance",
    ("Sensitivity/Response", "Supports"): "response",
    ("Resistance", "Does Not Support"): "response",
    ("Reduced Sensitivity", "Does Not Support"): "response",
}


class EvidenceAbsentError(Exception):
    """The folder with the evidence exports, or one of its files, is not there."""


@dataclass(frozen=True)
class SourceItem:
    """One evidence item as its source has it; ``outcome`` is None where the source speaks of neither.

    ``supports`` says that the study supports what the source claims, ``supports_resistance`` that this is resistance.
    """

    id: str
    reference: str
    citation: str
    level: str
    profile: str
    drugs: tuple[str, ...]
    combined: bool
    outcome: Outcome | None
    disease: str
    statement: str
    supports: bool = True
    supports_resistance: bool = False


@dataclass(frozen=True)
class Sources:
    """The evidence exports: items by id (``EID229``, ``SUP-01``) and the ids that were withdrawn since."""

    items: Mapping[str, SourceItem]
    withdrawn: frozenset[str]


def read_sources(folder: Path) -> Sources:
    """The evidence exports in ``folder``; raises ``EvidenceAbsentError`` where one is missing."""
    absent = [name for name in (EXPORT, ADDENDUM, SUPPLEMENT) if not (folder / name).is_file()]
    if absent:
        raise EvidenceAbsentError(f"{folder} does not hold {', '.join(absent)}")
    items: dict[str, SourceItem] = {}
    withdrawn: set[str] = set()
    for row in _rows(folder / EXPORT):
        if row["evidence_type"] == "Predictive" and row["evidence_status"] == "accepted":
            item = _civic_item(row)
            items[item.id] = item
    for row in _rows(folder / ADDENDUM):
        number = f"EID{row['evidence_id']}"
        if row["change"] == "removed":
            withdrawn.add(number)
        elif row["citation_id"]:
            items[number] = _civic_item(row)
    for row in _rows(folder / SUPPLEMENT):
        items[row["id"]] = SourceItem(
            id=row["id"],
            reference=row["reference"],
            citation=", ".join(row["short_citation"].split(", ")[:2]),
            level=row["level"],
            profile=row["alteration"],
            drugs=(row["therapy"].casefold(),),
            combined=False,
            outcome=_OUTCOMES.get((row["significance"], row["direction"])),
            disease=row["disease"],
            statement=row["note"],
            supports=row["direction"] == "Supports",
            supports_resistance=_supports_resistance(row["significance"], row["direction"]),
        )
    return Sources(items, frozenset(withdrawn))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # Statements hold bare quotation marks, so quoting must be off.
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _civic_item(row: Mapping[str, str]) -> SourceItem:
    return SourceItem(
        id=f"EID{row['evidence_id']}",
        # An addendum says of neither column anything.
        reference=reference_of(row.get("source_type", "PubMed"), row["citation_id"], row.get("asco_abstract_id", ""))
        or "",
        citation=row["citation"],
        level=row["evidence_level"],
        profile=row["molecular_profile"],
        drugs=tuple(name.casefold() for name in listed_therapies(row["therapies"])),
        combined=row.get("therapy_interaction_type") == "Combination",
        outcome=_OUTCOMES.get((row["significance"], row["evidence_direction"])),
        disease=row["disease"],
        statement=row.get("evidence_statement", ""),
        supports=row["evidence_direction"] == "Supports",
        supports_resistance=_supports_resistance(row["significance"], row["evidence_direction"]),
    )


def _supports_resistance(significance: str, direction: str) -> bool:
    return (significance, direction) == ("Resistance", "Supports")


def reference_of(source: str, number: str, abstract: str) -> str | None:
    """The reference as a rulebase writes it; None where the source has no number to cite it by.

    CIViC's number of an ASCO page is not that of the abstract.
    """
    if source == "PubMed" and _NUMBER.match(number):
        return f"PMID:{number}"
    if source == "ASCO" and _NUMBER.match(abstract):
        return f"ASCO:{abstract}"
    if source == "ASH" and _NUMBER.match(abstract or number):
        return f"ASH:{abstract or number}"
    return f"DOI:{number}" if _DOI.match(number) else None
