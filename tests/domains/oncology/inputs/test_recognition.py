"""What a file is, is read from its content, never from its name; what is none of ours is refused by name."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.recognition import Kind, recognise
from tests.cases import cases_beside
from tests.domains.oncology.inputs.laboratory_files import T790M, vcf

Refusal = Callable[..., list[str]]
MAF = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\nEGFR\tMissense_Mutation\tA\tp.T790M\n"
TABLE = "sample,alteration\nA,EGFR T790M\n"
# Without the time that gzip writes: it would name a test differently in each process that collects it.
CUT_SHORT = gzip.compress(TABLE.encode() * 50, mtime=0)[:60]
PACKET = '{"id": "p", "subject": {"id": "s"}, "metaData": {"phenopacketSchemaVersion": "2.0"}}'


def spreadsheet(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (vcf("chr7 55181378 C T PASS CSQ=" + T790M + " GT 0/1"), Kind.VCF),
        (MAF, Kind.MAF),
        ("#version 2.4\n" + MAF, Kind.MAF),
        (TABLE, Kind.FINDINGS),
        ("gene;change\nEGFR;T790M\n", Kind.FINDINGS),
        ("gene\tchange\tvaf\nEGFR\tT790M\t0.1\n", Kind.FINDINGS),
        ("alteration\nEGFR T790M\n", Kind.FINDINGS),
        (PACKET, Kind.PHENOPACKET),
        ("id: p\nsubject:\n  id: s\nmetaData:\n  phenopacketSchemaVersion: '2.0'\n", Kind.PHENOPACKET),
        ("sample: A\ntumour_type: LUAD\nfindings: [EGFR T790M]\n", Kind.PATIENT),
        ('{"sample": "A", "tumour_type": "LUAD", "findings": ["EGFR T790M"]}', Kind.PATIENT),
        ("# a patient, with commas, many, of them\nsample: A\n", Kind.PATIENT),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_each_kind_is_known_by_its_content_packed_or_not(
    tmp_path: Path, content: str, kind: Kind, packed: bool
) -> None:
    path = tmp_path / "misleading.pdf"
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    assert recognise(path) is kind


def test_a_spreadsheet_and_a_study_folder_are_known(tmp_path: Path) -> None:
    (tmp_path / "sheet").write_bytes(spreadsheet(("alteration",), ("EGFR T790M",)))
    assert recognise(tmp_path / "sheet") is Kind.SPREADSHEET
    study = tmp_path / "study"
    study.mkdir()
    (study / "data_mutations.txt").write_text(MAF)
    assert recognise(study) is Kind.STUDY


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; expected a patient file"),
        (b" \n\n", "is empty; expected a patient file"),
        (b"@read1\nACGT\n+\nFFFF\n", "is a FASTQ file of reads; expected a VCF of the variants called from it"),
        (b">pol\nACGT\n", "is a FASTA file of sequences; expected a tumour's findings; for sequences of HIV give"),
        (b"BAM\x01\x00", "is a BAM file of alignments; expected a VCF"),
        (b"CRAM\x03", "is a CRAM file of alignments; expected a VCF"),
        (b"%PDF-1.7\n", "is a PDF; expected the data it was made from"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "is a spreadsheet in the old format (xls), or one with a password; expected the same",
        ),
        (b"<?xml version='1.0'?><report/>", "is XML; expected its findings in a table"),
        (_zip(), "is a ZIP archive; expected the files in it; unpack it first"),
        (b"PK\x03\x04broken", "is truncated or damaged: a ZIP archive that cannot be opened"),
        (b"#CHROM\tPOS\tID\tREF\tALT\n", "is a VCF without its first line; expected ##fileformat=VCFv4.2 or later"),
        (b"gene_id,one,two,three\n1,2,3,4\n", "is a table, and its columns are none that are understood"),
        (CUT_SHORT, "is truncated or damaged: its compressed data cannot be unpacked"),
        (b"\x1f\x8bnot gzip at all", "is truncated or damaged: its compressed data cannot be unpacked"),
    ],
)
def test_what_is_none_of_ours_is_refused_by_name(refusal: Refusal, content: bytes, said: str) -> None:
    (line,) = refusal("given", content)
    assert line.partition(": ")[2].startswith(said) or said in line


STAR = "#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftGene\tRightGene\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (STAR, Kind.STAR_FUSION),
        (STAR.removeprefix("#"), Kind.STAR_FUSION),
        ("EML4--ALK\t10\t3\n", Kind.STAR_FUSION),
        ("#gene1\tgene2\tconfidence\n", Kind.ARRIBA),
        ("[TMB]\nTotal TMB\t1\n[MSI]\n", Kind.TSO500),
        ("Analysis Details\t\nPair ID\tP\n\n[TMB]\n", Kind.TSO500),
        ("DRAGEN TruSight Oncology 500 v2 Analysis Software - Combined Variant Output\n[TMB]\n", Kind.TSO500),
        ('["not", "a", "section"]', Kind.PATIENT),
    ],
)
def test_what_callers_of_a_panel_or_of_fusions_write_is_known(tmp_path: Path, content: str, kind: Kind) -> None:
    (tmp_path / "given").write_text(content)
    assert recognise(tmp_path / "given") is kind


@cases_beside
def test_what_other_programs_write_is_refused_by_name(refusal: Refusal, content: str, name: str) -> None:
    (line,) = refusal("given", content)
    assert line.startswith(f"given:1: is {name}")
    assert "; expected " in line


def test_a_document_of_word_is_refused_by_name(refusal: Refusal) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    (line,) = refusal("given", content.getvalue())
    assert line.startswith("given:1: is a document of Word; expected its findings in a table")


def test_a_folder_that_is_no_study_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path, "is a folder without the files of a cBioPortal study"),
        (tmp_path / "no", "cannot be read"),
    ):
        with pytest.raises(InputError, match=said):
            recognise(path)
