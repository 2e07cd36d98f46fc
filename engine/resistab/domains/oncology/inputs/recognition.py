"""What kind of file a user gave, by what is in it and never by its name."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.faults import Fault, InputError
from resistab.core.said import lists, terms
from resistab.files.opening import at_rest, head, is_folder, looks_like_fasta, unreadable

if TYPE_CHECKING:
    from resistab.domains.oncology.inputs.other_formats import Other


class Kind(StrEnum):
    """The kinds of input that are understood, as a report calls them."""

    PATIENT = "patient file"
    PHENOPACKET = "GA4GH Phenopacket"
    VCF = "VCF"
    MAF = "MAF"
    FINDINGS = "table of findings"
    SPREADSHEET = "spreadsheet of findings"
    STUDY = "cBioPortal study folder"
    TSO500 = "combined output of TruSight Oncology 500"
    STAR_FUSION = "table of STAR-Fusion"
    ARRIBA = "table of Arriba"


# As they are values in sentences, with what else is said of them there.
WORDS = terms(
    "patient file",
    "table of findings",
    "spreadsheet of findings",
    "cBioPortal study folder",
    "cBioPortal study",
    "combined output of TruSight Oncology 500",
    "table of STAR-Fusion",
    "table of Arriba",
)
FURTHER = lists("consequences by {program}", "sample {sample}", "mutations as {format}")
UNDERSTOOD = (
    "a patient file in YAML or JSON, a table of findings (CSV, TSV, xlsx), a VCF or MAF file, a GA4GH Phenopacket, a "
    "cBioPortal study folder, a combined output of TruSight Oncology 500, or fusions of STAR-Fusion or Arriba"
)
_MOST_LINES = 200
_KEYS = "metaData|meta_data|phenotypicFeatures|phenotypic_features|interpretations|biosamples"
_PHENOPACKET = re.compile(rf"""^[ ]*["']?(?:{_KEYS})["']?[ ]*:|"(?:{_KEYS})"\s*:""", re.MULTILINE)
# As such a file begins in YAML, after comments.
_PATIENT = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*(?:sample|tumour_type|patients):\s")
# A section in brackets, alone in its line; JSON begins with a bracket too.
_SECTION = re.compile(r"\[[A-Za-z][A-Za-z0-9 _-]*\][ \t]*(?:\r?\n|$)")
_FASTQ = re.compile(rb"@[^\n]*\n[A-Za-z.\-*]+\r?\n\+")


def recognise(path: Path) -> Kind:
    """The kind of the file or folder; raises ``InputError`` where it is none that is understood."""
    where = str(path)
    if is_folder(path):
        return _folder(path)
    begin = head(path)
    if not begin.strip():
        raise InputError([Fault(where=where, message="is empty", expected=UNDERSTOOD)])
    if begin.startswith(b"PK\x03\x04"):
        return _archive(path)
    if begin.startswith((b"##fileformat=VCF", b"\xef\xbb\xbf##fileformat=VCF", b"BCF\x02")):
        return Kind.VCF
    text = begin.decode("utf-8-sig", "replace")
    if _PATIENT.match(text) and not _PHENOPACKET.search(text):
        return Kind.PATIENT
    # Imported here and below: a patient file is told before anything else.
    from resistab.domains.oncology.inputs.other_formats import by_mark

    if other := by_mark(begin):
        raise _refused(where, other)
    if _FASTQ.match(begin):
        expected = "a VCF of the variants called from it"
        raise InputError([Fault(where=where, line=1, message="is a FASTQ file of reads", expected=expected)])
    return _text(text, where)


def _refused(where: str, other: Other) -> InputError:
    return InputError([Fault(where=where, line=1, message=f"is {other.name}", expected=other.expected)])


def _folder(path: Path) -> Kind:
    try:
        names = {item.name for item in path.iterdir()}
    except OSError as error:
        raise unreadable(path, error) from error
    if any(
        name.startswith(("meta_", "data_mutations", "data_clinical", "data_cna", "data_CNA", "data_sv", "data_fusion"))
        for name in names
    ):
        return Kind.STUDY
    message = "is a folder without the files of a cBioPortal study"
    raise InputError([Fault(where=str(path), message=message, expected="data_mutations.txt and its like, or a file")])


def _archive(path: Path) -> Kind:
    import zipfile

    try:
        with zipfile.ZipFile(at_rest(path)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        message = "is truncated or damaged: a ZIP archive that cannot be opened"
        raise InputError([Fault(where=str(path), message=message, expected="the whole file; copy it again")]) from error
    if "xl/workbook.xml" in names:
        return Kind.SPREADSHEET
    from resistab.domains.oncology.inputs.other_formats import of_archive

    if other := of_archive(names):
        raise _refused(str(path), other)
    raise InputError([Fault(where=str(path), message="is a ZIP archive", expected="the files in it; unpack it first")])


def _text(text: str, where: str) -> Kind:
    from resistab.domains.oncology.inputs.findings_table import looks_like_findings
    from resistab.domains.oncology.inputs.fusion_callers import looks_like_arriba, looks_like_star_fusion
    from resistab.domains.oncology.inputs.maf import looks_like_maf
    from resistab.domains.oncology.inputs.other_formats import of_json, of_lines
    from resistab.domains.oncology.inputs.tso500 import looks_like_tso500
    from resistab.files.tables import separator_of

    if looks_like_fasta(text[:100]):
        expected = "a tumour's findings; for sequences of HIV give --ruleset hiv1 with it"
        raise InputError([Fault(where=where, line=1, message="is a FASTA file of sequences", expected=expected)])
    if text.startswith("#CHROM\t"):
        message = "is a VCF without its first line"
        raise InputError([Fault(where=where, line=1, message=message, expected="##fileformat=VCFv4.2 or later")])
    if text.lstrip()[:1] in ("{", "["):
        if _PHENOPACKET.search(text):
            return Kind.PHENOPACKET
        if other := of_json(text):
            raise _refused(where, other)
        if not _SECTION.match(text.lstrip()):
            return Kind.PATIENT
    lines = text.splitlines()[:_MOST_LINES]
    if looks_like_tso500(lines):
        return Kind.TSO500
    if looks_like_star_fusion(lines):
        return Kind.STAR_FUSION
    if looks_like_arriba(lines):
        return Kind.ARRIBA
    line = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    columns = [column.strip().strip('"') for column in line.split(separator_of(line))]
    if looks_like_maf(columns):
        return Kind.MAF
    if len(columns) > 1 and ":" not in line and looks_like_findings(columns):
        return Kind.FINDINGS
    if len(columns) == 1 and columns[0].lower() == "alteration":
        return Kind.FINDINGS
    if _PHENOPACKET.search(text):
        return Kind.PHENOPACKET
    if other := of_lines(lines):
        raise _refused(where, other)
    if len(columns) > 3 and ":" not in line:
        message = f"is a table, and its columns are none that are understood ({', '.join(columns[:4])}, …)"
        expected = "those of a MAF file (Hugo_Symbol, …), or alteration, or gene and change"
        raise InputError([Fault(where=where, line=1, message=message, expected=expected)])
    return Kind.PATIENT
