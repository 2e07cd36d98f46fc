"""The evidence that the rulebase was written from: CIViC, its addendum, supplementary statements and approvals.

They are not part of the project. What the sources call otherwise than the rulebase (regimens, diseases) is translated
in ``civic_names``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from resistab.domains.oncology.checks.approvals_export import APPROVALS, approval_items, read_approvals
from resistab.domains.oncology.checks.civic_names import listed_therapies
from resistab.domains.oncology.checks.source_items import SourceItem, Sources, outcome_of, supports_resistance
from resistab.domains.oncology.checks.supplement import read_supplement

EXPORT = "civic_evidence_2026-05.tsv"
ADDENDUM = "civic_addendum_2026-10.tsv"
SUPPLEMENT = "supplementary_evidence.tsv"
LATER_SUPPLEMENT = "supplementary_evidence_2026-11.tsv"

_NUMBER = re.compile(r"[1-9][0-9]{0,11}$")
_DOI = re.compile(r"10\.[0-9]{4,}/\S+$")


class EvidenceAbsentError(Exception):
    """The folder with the evidence exports, or one of its files, is not there."""


def read_sources(folder: Path) -> Sources:
    """The evidence in ``folder``, of which later files correct earlier ones.

    Raises ``EvidenceAbsentError`` where one of the first three is missing; what was compiled since may be.
    """
    absent = [name for name in (EXPORT, ADDENDUM, SUPPLEMENT) if not (folder / name).is_file()]
    if absent:
        raise EvidenceAbsentError(f"{folder} does not hold {', '.join(absent)}")
    sources = Sources({})
    for name, read in READERS.items():
        if (folder / name).is_file():
            sources |= read(folder / name)
    return sources


def read_export(path: Path) -> Sources:
    """The accepted items on drugs of an export of CIViC."""
    items = (
        _civic_item(row)
        for row in _rows(path)
        if row["evidence_type"] == "Predictive" and row["evidence_status"] == "accepted"
    )
    return Sources({item.id: item for item in items})


def read_addendum(path: Path) -> Sources:
    """What was added, changed or withdrawn after an export."""
    rows = list(_rows(path))
    items = (_civic_item(row) for row in rows if row["change"] != "removed" and row["citation_id"])
    withdrawn = frozenset(f"EID{row['evidence_id']}" for row in rows if row["change"] == "removed")
    return Sources({item.id: item for item in items}, withdrawn)


def read_approval_list(path: Path) -> Sources:
    """What a list of approvals says of responses; none of it need stand behind a row."""
    rows = read_approvals(path)
    return Sources({}, approvals=tuple(approval_items(rows)), approval_rows=rows)


READERS: dict[str, Callable[[Path], Sources]] = {
    EXPORT: read_export,
    ADDENDUM: read_addendum,
    SUPPLEMENT: read_supplement,
    LATER_SUPPLEMENT: read_supplement,
    APPROVALS: read_approval_list,
}
"""How each file of a folder of evidence is read, in the order in which later ones correct earlier ones."""


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # Statements hold bare quotation marks, so quoting must be off.
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _civic_item(row: Mapping[str, str]) -> SourceItem:
    supports = row["evidence_direction"] == "Supports"
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
        outcome=outcome_of(row["significance"], supports) if row["evidence_direction"] in _DIRECTIONS else None,
        disease=row["disease"],
        statement=row.get("evidence_statement", ""),
        supports=supports,
        supports_resistance=supports_resistance(row["significance"], supports),
    )


_DIRECTIONS = ("Supports", "Does Not Support")


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
