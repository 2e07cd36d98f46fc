"""Responses of cell lines from the data that ``gdsctools`` carries, as a plain table of measurements.

    pip install --no-deps gdsctools
    python tools/gdsc_table.py -o gdsc.csv
    python tools/gdsc_table.py -o braf.csv --drug dabrafenib --drug trametinib --sensitive-share 0.2

It reads three files of the package (release 17 of GDSC: IC50 of 988 lines, their features and origins) without
importing it, so that none of its dependencies is needed. Nothing of them is part of this project;
``docs/tumour_measurements.md`` says under what terms they stand and what the table is good for.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.domains.oncology.kinds.models import Rulebase

PACKAGE = "gdsctools"
IC50, FEATURES, LINES = "IC50_v17.csv.gz", "genomic_features_v17.csv.gz", "cosmic_info.csv.gz"
SENSITIVE_SHARE = 0.25
COLUMNS = (
    "sample", "patient", "tumour_type", "findings", "assayed", "drug", "measure", "value", "resistant_from",
)  # fmt: skip

# GDSC's identifiers of compounds, by the name of today, of drugs that the rule set knows, as a public list of GDSC's
# compounds has them and as far as release 17 does. Of several the one that was measured in most lines is taken.
DRUGS: Mapping[str, tuple[int, ...]] = {
    "afatinib": (1032, 1377), "alectinib": (281,), "axitinib": (1021,), "bicalutamide": (150,), "bortezomib": (104,),
    "bosutinib": (1019,), "cabozantinib": (249,), "cetuximab": (1114,), "cisplatin": (1005,), "crizotinib": (37,),
    "cytarabine": (1006,), "dabrafenib": (1373,), "dasatinib": (51,), "docetaxel": (1007,), "doxorubicin": (133, 1386),
    "erlotinib": (1,), "etoposide": (134,), "fluorouracil": (179,), "gefitinib": (1010,),
    "gemcitabine": (135,), "idelalisib": (238,), "imatinib": (34,), "lapatinib": (119,), "lenalidomide": (1020,),
    "methotrexate": (1008,), "midostaurin": (153,), "mirdametinib": (1060,), "mk-2206": (1053,), "nilotinib": (1013,),
    "olaparib": (1017, 1495), "paclitaxel": (11,), "palbociclib": (1054,), "pazopanib": (199,), "pd173074": (1049,),
    "ponatinib": (155,), "quizartinib": (254,), "rebemadlin": (1047,),
    "refametinib": (1014, 1526), "rucaparib": (1175,), "ruxolitinib": (206, 1507), "selumetinib": (1062, 1498),
    "sirolimus": (3,), "sorafenib": (30,), "sunitinib": (5,), "talazoparib": (1259,), "tamoxifen": (1199,),
    "temozolomide": (1375,), "temsirolimus": (1016,), "trametinib": (1372,), "tretinoin": (1009,),
    "veliparib": (1018,), "vinblastine": (1004,), "vinorelbine": (140,), "vismodegib": (1033,), "vorinostat": (1012,),
}  # fmt: skip

# The origin of a line in GDSC's finer words, as the OncoTree code of the widest type that it names for certain.
TUMOURS: Mapping[str, str] = {
    "Bladder": "BLADDER", "Burkitt_lymphoma": "BL", "Hodgkin_lymphoma": "HL", "acute_myeloid_leukaemia": "AML",
    "adrenal_gland": "ADRENAL_GLAND", "biliary_tract": "BILIARY_TRACT", "bone_other": "BONE", "breast": "BREAST",
    "cervix": "CERVIX", "chondrosarcoma": "CHS", "chronic_myeloid_leukaemia": "CML", "endometrium": "UCEC",
    "ewings_sarcoma": "ES", "glioma": "BRAIN", "hairy_cell_leukaemia": "HCL", "head and neck": "HEAD_NECK",
    "kidney": "KIDNEY", "large_intestine": "COADREAD", "liver": "LIVER", "lung_NSCLC_adenocarcinoma": "LUAD",
    "lung_NSCLC_large cell": "NSCLC", "lung_NSCLC_not specified": "NSCLC",
    "lung_NSCLC_squamous_cell_carcinoma": "LUSC", "lung_small_cell_carcinoma": "SCLC",
    "lymphoblastic_T_cell_leukaemia": "TLL", "B_cell_lymphoma": "LYMPH", "anaplastic_large_cell_lymphoma": "LYMPH",
    "medulloblastoma": "MBL", "melanoma": "MEL", "mesothelioma": "PLMESO", "myeloma": "PCM", "neuroblastoma": "NBL",
    "oesophagus": "STOMACH", "osteosarcoma": "OS", "ovary": "OVARY", "pancreas": "PANCREAS", "prostate": "PROSTATE",
    "rhabdomyosarcoma": "RMS", "skin_other": "SKIN", "stomach": "STOMACH", "testis": "TESTIS", "thyroid": "THYROID",
}  # fmt: skip
ANY_TUMOUR = "TISSUE"
# Features that are fusions, though their columns end like those of mutations.
FUSIONS: Mapping[str, tuple[str, str]] = {
    "BCR-ABL_mut": ("BCR::ABL1", "ABL1 fusion"),
    "EWSR1-FLI1_mut": ("EWSR1::FLI1", "EWSR1 fusion"),
    "EWSR1-X_mut": ("EWSR1 fusion", "EWSR1 fusion"),
}
_MUTATION = re.compile(r"(?P<gene>[A-Za-z0-9-]+)_mut")


@dataclass(frozen=True)
class CellLine:
    """A line by its COSMIC id: tumour type, findings, and what was assayed, in the words of conditions."""

    id: str
    tumour: str
    findings: tuple[str, ...]
    assayed: tuple[str, ...]


def data_folder() -> Path | None:
    """The folder with the data of the package; None where it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) / "data" if places else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_lines(features: Path, lines: Path, rulebase: Rulebase) -> list[CellLine]:
    """The cell lines; findings of genes that the rule set does not know are left out, and count as not assayed.

    A column ``GENE_mut`` tells whether the gene has one of the mutations that GDSC counts as driving cancer: 1 becomes
    ``GENE mutation``, 0 is the absence of one. Copies of chromosome segments are not taken: a gain of a segment is no
    amplification of one of its genes.
    """
    origins = {row["COSMIC_ID"]: row["GDSC2"] for row in _rows(lines)}
    found = []
    for row in _rows(features):
        findings: list[str] = []
        assayed: list[str] = []
        for column, value in row.items():
            for text, locus in _statements(column, rulebase):
                assayed.append(locus)
                if value == "1":
                    findings.append(text)
        # Where the partner is known, that there is one says no more.
        if "EWSR1::FLI1" in findings and "EWSR1 fusion" in findings:
            findings.remove("EWSR1 fusion")
        tumour = TUMOURS.get(origins.get(row["COSMIC_ID"], ""), ANY_TUMOUR)
        found.append(CellLine(row["COSMIC_ID"], tumour, tuple(findings), tuple(dict.fromkeys(assayed))))
    return found


def _statements(column: str, rulebase: Rulebase) -> Iterator[tuple[str, str]]:
    """What a column states where it holds 1, and what was assayed for it; nothing of a column that is not taken."""
    if column == "MSI_FACTOR":
        yield "MSI high", "MSI"
    elif column in FUSIONS:
        yield FUSIONS[column]
    elif match := _MUTATION.fullmatch(column):
        gene = rulebase.gene_by_name.get(match["gene"].upper())
        if gene is not None:
            yield f"{gene.symbol} mutation", f"{gene.symbol} mutation"


def read_responses(path: Path, drugs: Mapping[str, Sequence[int]]) -> dict[str, dict[str, float]]:
    """The ln IC50 in µmol/L by drug and line; of several identifiers of a drug the one with most values."""
    by_id: dict[int, dict[str, float]] = {}
    wanted = {number for numbers in drugs.values() for number in numbers}
    for row in _rows(path):
        for number in wanted:
            text = row.get(f"Drug_{number}_IC50") or ""
            if text and not math.isnan(value := float(text)):
                by_id.setdefault(number, {})[row["COSMIC_ID"]] = value
    found = {}
    for drug, numbers in drugs.items():
        most = max((number for number in numbers if number in by_id), key=lambda n: len(by_id[n]), default=None)
        if most is not None:
            found[drug] = by_id[most]
    return found


def cutoff(values: Iterable[float], sensitive_share: float) -> float:
    """The value that parts the most sensitive share of the lines from the others, between two measured ones."""
    ordered = sorted(values)
    place = min(max(round(len(ordered) * sensitive_share), 1), len(ordered) - 1)
    return (ordered[place - 1] + ordered[place]) / 2


def read_as(lines: Iterable[CellLine], said: Mapping[str, str]) -> list[CellLine]:
    """The lines with findings read as what the user takes them for, such as ``BRAF mutation`` as ``BRAF V600E``."""
    return [replace(line, findings=tuple(said.get(finding, finding) for finding in line.findings)) for line in lines]


def table_rows(
    lines: Sequence[CellLine], responses: Mapping[str, Mapping[str, float]], sensitive_share: float
) -> Iterator[dict[str, str]]:
    """The lines of the plain table: a cell line's findings stand in its first one.

    Each cell line counts as a patient of its own: GDSC does not tell which are of one.
    """
    cutoffs = {drug: cutoff(values.values(), sensitive_share) for drug, values in responses.items()}
    for line in lines:
        of_line = {
            "tumour_type": line.tumour,
            "findings": "; ".join(line.findings) or "none",
            "assayed": ", ".join(line.assayed),
        }
        for drug, values in responses.items():
            if line.id in values:
                yield {
                    "sample": line.id,
                    "patient": line.id,
                    **of_line,
                    "drug": drug,
                    "measure": "ln IC50",
                    "value": f"{values[line.id]:.5g}",
                    "resistant_from": f"{cutoffs[drug]:.5g}",
                }
                of_line = {}


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True, help="where to write the table")
    parser.add_argument("--drug", action="append", help="only this drug; may be repeated")
    parser.add_argument(
        "--take", action="append", default=[], metavar="ID=DRUG",
        help="take a compound of GDSC for a drug of the rule set, such as 1371=vemurafenib for PLX-4720",
    )  # fmt: skip
    parser.add_argument(
        "--read-as", action="append", default=[], metavar="FINDING=FINDING",
        help="an assumption of yours on what the data name by gene alone, such as 'BRAF mutation=BRAF V600E'",
    )  # fmt: skip
    parser.add_argument(
        "--sensitive-share", type=float, default=SENSITIVE_SHARE, help="the share of lines that counts as sensitive"
    )
    options = parser.parse_args()
    if not 0 < options.sensitive_share < 1:
        parser.error("--sensitive-share is a share between 0 and 1")
    folder = data_folder()
    if folder is None:
        sys.exit(f"{PACKAGE} is not installed: pip install --no-deps {PACKAGE}")
    import resistab
    from resistab.domains.oncology.interpreter import TumourInterpreter

    interpreter = resistab.load("oncology")
    assert isinstance(interpreter, TumourInterpreter)
    rulebase = interpreter.rulebase
    drugs = {drug: numbers for drug, numbers in DRUGS.items() if drug in rulebase.table_by_drug}
    for text in options.take:
        number, _, drug = text.partition("=")
        if not number.isdecimal() or drug not in rulebase.table_by_drug:
            parser.error(f"--take {text}: expected ID=DRUG, with a drug of the rule set")
        drugs[drug] = (int(number),)
    if options.drug:
        strange = [drug for drug in options.drug if drug not in drugs]
        if strange:
            parser.error(f"not measured, or not in the rule set: {', '.join(strange)}")
        drugs = {drug: drugs[drug] for drug in options.drug}
    assumed = dict(text.split("=", 1) for text in options.read_as if "=" in text)
    lines = read_as(read_lines(folder / FEATURES, folder / LINES, rulebase), assumed)
    responses = read_responses(folder / IC50, drugs)
    with options.output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(table_rows(lines, responses, options.sensitive_share))


if __name__ == "__main__":
    main()
