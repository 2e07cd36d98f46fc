"""Files that people give by mistake: what each is, by how it begins or by its columns, and what to give instead."""

from __future__ import annotations

import re

from resistab.core.records import dataclass

_CALLS = "a VCF of the variants called from it"
_COPIES = "copies of genes: a table of findings with gene, change and copies, or data_cna.txt of a cBioPortal study"
_EXPRESSION = "states of genes, such as 'MYC TPM 45' or 'MYC overexpression', in a table of findings"
_FINDINGS = "its findings in a table (gene, change), or the VCF that it was made from"
_FUSIONS = "its fusions in a table of findings, such as 'EML4::ALK'"
_STUDY = "the folder of the study that it lies in"
_ANNOTATED = "a VCF annotated by VEP or SnpEff, or a MAF file"


@dataclass(frozen=True)
class Other:
    """What a file is, and what is expected instead."""

    name: str
    expected: str


# By the first bytes, blanks and a byte order mark aside.
_MARKS: tuple[tuple[bytes, Other], ...] = (
    (b"BAM\x01", Other("a BAM file of alignments", _CALLS)),
    (b"CRAM", Other("a CRAM file of alignments", _CALLS)),
    (b"@HD\t", Other("a SAM file of alignments", _CALLS)),
    (b"@SQ\t", Other("a SAM file of alignments", _CALLS)),
    (b"BAI\x01", Other("the index of a BAM file", _CALLS)),
    (b"TBI\x01", Other("the index of a VCF", "the VCF itself")),
    (b"CSI\x01", Other("the index of a VCF", "the VCF itself")),
    (b"%PDF", Other("a PDF", "the data it was made from")),
    (
        b"\xd0\xcf\x11\xe0",
        Other("a spreadsheet in the old format (xls), or one with a password", "the same saved as xlsx without one"),
    ),
    (b"{\\rtf", Other("a document in RTF", _FINDINGS)),
    (b"\x89PNG", Other("a picture", _FINDINGS)),
    (b"\xff\xd8\xff", Other("a picture", _FINDINGS)),
    (b"\x89HDF", Other("an HDF5 file, such as of kallisto", _EXPRESSION)),
    (b"PAR1", Other("a Parquet file", "the same as a table of text")),
)
# By what is in the first part of XML, HTML or JSON; the first that is found.
_MARKUP: tuple[tuple[str, Other], ...] = (
    (
        r"foundation ?medicine|foundationone|<rr:ResultsReport",
        Other("a report of Foundation Medicine in XML", _FINDINGS),
    ),
    (r"\bcaris\b|carislifesciences|molecularintelligence", Other("a report of Caris in XML", _FINDINGS)),
    (r"<!doctype html|<html", Other("an HTML page", _FINDINGS)),
    (r"", Other("XML", _FINDINGS)),
)
_JSON: tuple[tuple[str, Other], ...] = (
    (r'"tempus\w*"|somaticPotentiallyActionable|"tempus', Other("a report of Tempus in JSON", _FINDINGS)),
    (r"\bcaris\b|carislifesciences|molecularIntelligence", Other("a report of Caris in JSON", _FINDINGS)),
    (r"foundation ?medicine|foundationone", Other("a report of Foundation Medicine in JSON", _FINDINGS)),
    (r'"annotator"\s*:\s*"(?:Nirvana|Illumina)', Other("annotations of Nirvana in JSON", _ANNOTATED)),
    (r'"resourceType"\s*:', Other("FHIR in JSON", _FINDINGS)),
)
# By columns that a table of the kind has, in lower case, without the mark of a comment.
_TABLES: tuple[tuple[frozenset[str], Other], ...] = tuple(
    (frozenset(columns.split()), other)
    for columns, other in (
        ("chromosome start end gene log2", Other("copy ratios of CNVkit", _COPIES)),
        ("chrom seg cnlr.median", Other("segments of FACETS", _COPIES)),
        ("chrom tcn.em lcn.em", Other("segments of FACETS", _COPIES)),
        ("gene tcn.em", Other("copies of genes by FACETS", _COPIES)),
        ("gene cn_state", Other("copies of genes by FACETS", _COPIES)),
        ("start.pos end.pos depth.ratio", Other("segments of Sequenza", _COPIES)),
        ("sampleid seg.mean", Other("segments or genes of PureCN", _COPIES)),
        ("sampleid ml.somatic", Other("variants of PureCN", _ANNOTATED)),
        ("gene.symbol seg.mean", Other("copies of genes by PureCN", _COPIES)),
        ("gene_symbol locus_id cytoband", Other("copies of genes by GISTIC", _COPIES)),
        ("gene_symbol gene_id cytoband", Other("copies of genes by GISTIC", _COPIES)),
        ("unique_name descriptor", Other("lesions of GISTIC", _COPIES)),
        ("id chrom loc.start loc.end seg.mean", Other("segments of copy ratios (SEG)", _COPIES)),
        ("name effectivelength numreads", Other("expression by Salmon", _EXPRESSION)),
        ("target_id est_counts tpm", Other("expression by kallisto", _EXPRESSION)),
        ("geneid chr start end strand length", Other("counts of featureCounts", _EXPRESSION)),
        ("gene_id effective_length expected_count", Other("expression by RSEM", _EXPRESSION)),
        ("transcript_id effective_length expected_count", Other("expression by RSEM", _EXPRESSION)),
        ("tracking_id fpkm", Other("expression by Cufflinks", _EXPRESSION)),
        ("rsid chromosome position genotype", Other("genotypes of 23andMe, which are of the germline", _ANNOTATED)),
        ("rsid chromosome position allele1", Other("genotypes of AncestryDNA, which are of the germline", _ANNOTATED)),
        ("chr start end ref alt func.refgene", Other("variants annotated by ANNOVAR", _ANNOTATED)),
        ("gene_1_symbol(5end_fusion_partner)", Other("fusions of FusionCatcher", _FUSIONS)),
        ("gene 5end_fusion_partner", Other("fusions of FusionCatcher", _FUSIONS)),
        ("fusion_genes spanning_reads", Other("fusions of JAFFA", _FUSIONS)),
        ("gene_a gene_b filter score", Other("all fusions of DRAGEN", _FUSIONS)),
        ("chrom1 start1 end1 chrom2", Other("breakpoints in BEDPE", _FUSIONS)),
        ("hugo_symbol tumor_sample_barcode fusion", Other("fusions of a cBioPortal study", _STUDY)),
        ("sample_id site1_hugo_symbol", Other("structural variants of a cBioPortal study", _STUDY)),
        ("hugo_symbol entrez_gene_id", Other("a table of genes and samples of a cBioPortal study", _STUDY)),
        ("patient_id sample_id", Other("clinical data of a cBioPortal study", _STUDY)),
    )
)
_BED = re.compile(r"(?:chr)?(?:[0-9]{1,2}|X|Y|M|MT)\t[0-9]+\t[0-9]+(?:\t|$)")
_23ANDME = re.compile(r"23andMe", re.IGNORECASE)
_FEATURE_COUNTS = re.compile(r"#\s*Program:\s*featureCounts")
_STAR_COUNTS = re.compile(r"N_unmapped\t")


def by_mark(begin: bytes) -> Other | None:
    """What a file is whose first bytes no kind that is understood has, or None."""
    plain = begin.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, other in _MARKS:
        if plain.startswith(mark):
            return other
    if plain.startswith(b"<"):
        text = plain[:20_000].decode("utf-8", "replace")
        return next(other for pattern, other in _MARKUP if re.search(pattern, text, re.IGNORECASE))
    return None


def of_json(text: str) -> Other | None:
    """What a text in JSON is that laboratories and programs give out, or None."""
    return next((other for pattern, other in _JSON if re.search(pattern, text[:200_000], re.IGNORECASE)), None)


def of_archive(names: list[str]) -> Other | None:
    """What a ZIP archive of these files is, or None."""
    for inside, name in (("word/document.xml", "a document of Word"), ("ppt/presentation.xml", "slides")):
        if inside in names:
            return Other(name, _FINDINGS)
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return Other("a document of OpenOffice", "the same saved as xlsx or CSV")
    return None


def of_lines(lines: list[str]) -> Other | None:
    """What a table of text is by its first lines, or None."""
    if any(_FEATURE_COUNTS.match(line) for line in lines[:3]):
        return Other("counts of featureCounts", _EXPRESSION)
    if any(line.startswith("#") and _23ANDME.search(line) for line in lines[:20]):
        return Other("genotypes of 23andMe, which are of the germline", _ANNOTATED)
    # The line of column names may be marked as a comment, the last of several.
    header = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    for line in [*lines[header : header + 1], *lines[max(0, header - 1) : header]]:
        columns = {
            re.sub(r"\s+", "_", part.strip().strip('"').lower().lstrip("# ")) for part in re.split(r"[\t,;]", line)
        }
        for needed, other in _TABLES:
            if needed <= columns:
                return other
    first = lines[header] if header < len(lines) else ""
    if first.startswith(("track ", "browser ")) or _BED.match(first):
        return Other("a BED file of regions", "what was found; what was covered belongs to --panel")
    if _STAR_COUNTS.match(first):
        return Other("counts of genes by STAR", _EXPRESSION)
    return None
