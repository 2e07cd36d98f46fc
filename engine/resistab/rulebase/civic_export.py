"""The evidence exports that the rulebase was written from: CIViC, its addendum and the supplementary statements.

They are not part of the project. What the sources call otherwise than the rulebase (regimens, diseases) is translated
here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

EXPORT = "civic_evidence_2026-05.tsv"
ADDENDUM = "civic_addendum_2026-10.tsv"
SUPPLEMENT = "supplementary_evidence.tsv"

Outcome = Literal["resistance", "response"]

_OUTCOMES: dict[tuple[str, str], Outcome] = {
    ("Resistance", "Supports"): "resistance",
    ("Reduced Sensitivity", "Supports"): "resistance",
    ("Sensitivity/Response", "Does Not Support"): "resistance",
    ("Sensitivity/Response", "Supports"): "response",
    ("Resistance", "Does Not Support"): "response",
    ("Reduced Sensitivity", "Does Not Support"): "response",
}

# One entry of a source's drug list may stand for several drugs. An empty expansion is a class of drugs of which the
# statement names the members.
REGIMENS: dict[str, tuple[str, ...]] = {
    "cetuximab/irinotecan regimen": ("cetuximab", "irinotecan"),
    "dabrafenib/trametinib regimen": ("dabrafenib", "trametinib"),
    "ipilimumab/nivolumab regimen": ("ipilimumab", "nivolumab"),
    "pembrolizumab/pemetrexed regimen": ("pembrolizumab", "pemetrexed"),
    "folfiri regimen": ("fluorouracil", "leucovorin", "irinotecan"),
    "folfox-4 regimen": ("fluorouracil", "leucovorin", "oxaliplatin"),
    "regorafenib anhydrous": ("regorafenib",),
    "chemotherapy": (),
}
CLASS_NAMES = {"chemotherapy"}


# Diseases that the sources name otherwise than OncoTree; a study of one may be noted under a descendant of the code.
TUMOURS: dict[str, tuple[str, ...]] = {
    "acute lymphoblastic leukemia": ("BLL",),
    "acute myeloid leukemia": ("AML",),
    "anaplastic thyroid carcinoma": ("THAP",),
    "b-cell acute lymphoblastic leukemia": ("BLL",),
    "b-lymphoblastic leukemia/lymphoma": ("BLL",),
    "b-lymphoblastic leukemia/lymphoma, bcr-abl1–like": ("BLLBCRABL1L",),
    "biliary tract cancer": ("BILIARY_TRACT",),
    "bladder carcinoma": ("BLADDER",),
    "breast cancer": ("BREAST",),
    "bronchiolo-alveolar adenocarcinoma": ("LUAD",),
    "cancer": ("TISSUE",),
    "cecum adenocarcinoma": ("COAD",),
    "cervical adenocarcinoma": ("CEAD",),
    "childhood b-cell acute lymphoblastic leukemia": ("BLL",),
    "childhood ependymoma": ("EPM",),
    "childhood low-grade glioma": ("LGGNOS",),
    "childhood pilocytic astrocytoma": ("PAST",),
    "chronic leukemia": ("CELNOS",),
    "chronic lymphocytic leukemia": ("CLLSLL",),
    "chronic myeloid leukemia": ("CML",),
    "colon adenocarcinoma": ("COAD",),
    "colon cancer": ("COADREAD",),
    "colon mucinous adenocarcinoma": ("MACR",),
    "colorectal cancer": ("COADREAD",),
    "endometrial cancer": ("UTERUS",),
    "endometrial carcinoma": ("UCEC",),
    "endometrial serous adenocarcinoma": ("USC",),
    "estrogen-receptor positive breast cancer": ("BREAST",),
    "ewing sarcoma of bone": ("ES",),
    "extramammary paget disease": ("EMPD",),
    "gastric adenocarcinoma": ("STAD",),
    "gastrointestinal neuroendocrine tumor": ("GINET",),
    "gastrointestinal stromal tumor": ("GIST",),
    "glioblastoma": ("GB",),
    "hairy cell leukemia": ("HCL",),
    "head and neck cancer": ("HNSC",),
    "head and neck squamous cell carcinoma": ("HNSC",),
    "her2-receptor negative breast cancer": ("BREAST",),
    "her2-receptor positive breast cancer": ("BREAST",),
    "high grade glioma": ("HGGNOS",),
    "langerhans cell sarcoma": ("LCH",),
    "langerhans-cell histiocytosis": ("LCH",),
    "laryngeal squamous cell carcinoma": ("LXSC",),
    "low grade glioma": ("LGGNOS",),
    "lung acinar adenocarcinoma": ("LUAD",),
    "lung cancer": ("LUNG",),
    "lung carcinoma": ("LUNG",),
    "lung non-small cell carcinoma": ("NSCLC",),
    "lung small cell carcinoma": ("SCLC",),
    "malignant anus melanoma": ("ARMM",),
    "mantle cell lymphoma": ("MCL",),
    "mucinous adenocarcinoma": ("LUAD",),
    "mucosal melanoma": ("MEL", "ARMM"),
    "multiple myeloma": ("PCM",),
    "myeloid and lymphoid neoplasms with eosinophilia and abnormalities of pdgfra, pdgfrb, and fgfr1": ("MLNER",),
    "myeloproliferative neoplasm": ("MPN",),
    "oropharynx cancer": ("OPHSC",),
    "ovarian cancer": ("OVARY",),
    "ovarian carcinoma": ("OVARY",),
    "ovarian clear cell carcinoma": ("CCOV",),
    "ovarian serous carcinoma": ("LGSOC",),
    "ovary serous adenocarcinoma": ("LGSOC",),
    "pancreatic cancer": ("PANCREAS",),
    "pancreatic carcinoma": ("PANCREAS",),
    "pancreatic ductal adenocarcinoma": ("PAAD",),
    "papillary thyroid carcinoma": ("THPA",),
    "peritoneal carcinoma": ("PERITONEUM",),
    "salivary gland cancer": ("SACA",),
    "salivary gland carcinoma": ("SACA",),
    "scrotum paget's disease": ("EMPD",),
    "skin melanoma": ("SKCM",),
    "skin squamous cell carcinoma": ("CSCC",),
    "solid tumor": ("TISSUE",),
    "spindle cell sarcoma": ("SARCNOS",),
    "stomach cancer": ("EGC",),
    "stomach carcinoma": ("EGC",),
    "systemic mastocytosis": ("SM",),
    "thymic carcinoma": ("THYC",),
    "transitional cell carcinoma": ("BLADDER",),
    "uterine cancer": ("UTERUS",),
    "uterine corpus endometrial carcinoma": ("UCEC",),
    "uveal melanoma": ("UM",),
}


class EvidenceAbsentError(Exception):
    """The folder with the evidence exports, or one of its files, is not there."""


@dataclass(frozen=True)
class SourceItem:
    """One evidence item as its source has it; ``outcome`` is None where the source speaks of neither."""

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
        )
    return Sources(items, frozenset(withdrawn))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # Statements hold bare quotation marks, so quoting must be off.
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _civic_item(row: Mapping[str, str]) -> SourceItem:
    prefix = {"ASCO": "ASCO", "ASH": "ASH"}.get(row.get("source_type", "PubMed"), "PMID")
    number = row["citation_id"] if prefix == "PMID" else row.get("asco_abstract_id") or row["citation_id"]
    return SourceItem(
        id=f"EID{row['evidence_id']}",
        reference=f"{prefix}:{number}",
        citation=row["citation"],
        level=row["evidence_level"],
        profile=row["molecular_profile"],
        drugs=tuple(drug.strip().casefold() for drug in row["therapies"].split(",")),
        combined=row.get("therapy_interaction_type") == "Combination",
        outcome=_OUTCOMES.get((row["significance"], row["evidence_direction"])),
        disease=row["disease"],
        statement=row.get("evidence_statement", ""),
    )
