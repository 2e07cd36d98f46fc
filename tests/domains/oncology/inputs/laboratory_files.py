"""Input files as laboratories' tools write them, made small."""

from __future__ import annotations

from collections.abc import Callable

from resistab.domains.oncology.genotype import Genotype

ReadFile = Callable[..., list[Genotype]]

# The header that VEP writes, with the columns that a clinical pipeline asks for.
VEP_HEADER = """##fileformat=VCFv4.2
##FILTER=<ID=PASS,Description="All filters passed">
##FILTER=<ID=weak_evidence,Description="Mutation does not meet likelihood threshold">
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|Consequence|SYMBOL|Feature_type|Feature|BIOTYPE|HGVSc|HGVSp|MANE_SELECT|CANONICAL">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=END,Number=1,Type=Integer,Description="End position">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Allelic depths">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Allele fractions">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Smallest depth of the block">
##FORMAT=<ID=CN,Number=1,Type=Integer,Description="Copy number">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">
##FORMAT=<ID=PGT,Number=1,Type=String,Description="Physical phasing haplotype">
##FORMAT=<ID=PID,Number=1,Type=String,Description="Physical phasing id">
##contig=<ID=chr2,length=242193529>
##contig=<ID=chr7,length=159345973>
##contig=<ID=chr10,length=133797422>
##contig=<ID=chr12,length=133275309>
##contig=<ID=chr17,length=83257441>
"""  # noqa: E501 - as VEP writes it
T790M = (
    "T|missense_variant|EGFR|Transcript|ENST00000275493.7|protein_coding|ENST00000275493.7:c.2369C>T|"
    "ENSP00000275493.2:p.Thr790Met|NM_005228.5|YES"
)
C797S = (
    "A|missense_variant|EGFR|Transcript|ENST00000275493.7|protein_coding|ENST00000275493.7:c.2389T>A|"
    "ENSP00000275493.2:p.Cys797Ser|NM_005228.5|YES"
)


def vcf(*records: str, samples: tuple[str, ...] = ("TUMOR",), header: str = VEP_HEADER) -> str:
    """A VCF of these records, each ``CHROM POS REF ALT FILTER INFO FORMAT SAMPLE…`` separated by blanks."""
    columns = [
        "#CHROM",
        "POS",
        "ID",
        "REF",
        "ALT",
        "QUAL",
        "FILTER",
        "INFO",
        *(["FORMAT", *samples] if samples else []),
    ]
    lines = [header.rstrip("\n"), "\t".join(columns)]
    for record in records:
        chromosome, position, ref, alt, passed, *rest = record.split(" ")
        lines.append("\t".join([chromosome, position, ".", ref, alt, ".", passed, *rest]))
    return "\n".join(lines) + "\n"


def texts(genotype: Genotype) -> list[str]:
    """The findings of a genotype."""
    return [finding.text for finding in genotype.findings]
