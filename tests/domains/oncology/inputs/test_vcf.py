"""VCF: consequences on the rule set's transcript, calls, allele fractions, phase, structural variants, coverage."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from resistab import Interpreter
from resistab.domains.oncology.genotype import ChangeFinding, StateFinding
from tests.domains.oncology.inputs.laboratory_files import C797S, T790M, VEP_HEADER, ReadFile, texts, vcf

Refusal = Callable[..., list[str]]
GERMLINE = "A|intron_variant|KRAS|Transcript|ENST00000256078.10|protein_coding|ENST00000256078.10:c.111+5A>G|||YES"


def csq(
    consequence: str, gene: str, transcript: str, coding: str, change: str = "", mane: str = "", allele: str = "T"
) -> str:
    return f"CSQ={allele}|{consequence}|{gene}|Transcript|{transcript}|protein_coding|{coding}|{change}|{mane}|"


def test_a_variant_is_read_on_the_reference_transcript(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:AD:DP 0/1:180,20:200"))
    (finding,) = genotype.findings
    assert (finding.text, finding.given) == ("EGFR T790M", "EGFR ENSP00000275493.2:p.Thr790Met")
    assert (finding.allele_fraction, finding.depth) == (0.1, 200)
    assert (genotype.sample, genotype.read_as) == ("TUMOR", "VCF 4.2, consequences by VEP, GRCh38")


@pytest.mark.parametrize(
    ("fields", "sample", "fraction"),
    [
        ("GT:AF", "0/1:0.25", 0.25),
        ("GT:AD", "0/1:30,10", 0.25),
        ("GT:AD", "0/1:0,0", None),
        ("GT", "0/1", None),
    ],
)
def test_the_allele_fraction_is_the_callers(
    read_file: ReadFile, fields: str, sample: str, fraction: float | None
) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M} {fields} {sample}"))
    assert genotype.findings[0].allele_fraction == fraction


def test_the_fraction_of_varscan_is_in_percent(read_file: ReadFile) -> None:
    header = VEP_HEADER + '##FORMAT=<ID=FREQ,Number=1,Type=String,Description="Variant allele frequency">\n'
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:FREQ 0/1:12.5%", header=header))
    assert genotype.findings[0].allele_fraction == 0.125


def test_of_many_transcripts_that_of_the_rule_set_counts(read_file: ReadFile) -> None:
    other = csq("missense_variant", "EGFR", "ENST00000455089.5", "c.1", "ENSP00000415559.1:p.Thr745Met")
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS {other},{T790M} GT 0/1"))
    assert texts(genotype) == ["EGFR T790M"]


def test_another_version_of_the_transcript_is_taken_and_told(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M.replace('275493.7', '275493.2')} GT 0/1"))
    assert texts(genotype) == ["EGFR T790M"]
    assert genotype.notes == (
        "EGFR was annotated on ENST00000275493.2; the rule set's transcript is ENST00000275493.7",
    )


def test_mane_select_of_refseq_counts_as_ours(read_file: ReadFile) -> None:
    mane = csq("missense_variant", "EGFR", "ENST99999999999.1", "c.2369C>T", "p.Thr790Met", "NM_005228.5")
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS {mane} GT 0/1"))
    assert (texts(genotype), genotype.notes) == (["EGFR T790M"], ())


def test_a_known_isoform_is_counted_by_its_own_numbers(read_file: ReadFile) -> None:
    """MANE Select of ROS1 is six residues shorter than the protein that clinicians number by."""
    on_mane = csq("missense_variant", "ROS1", "ENST00000368507.8", "c.6076G>A", "p.Gly2026Arg", "NM_001378902.1")
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS {on_mane} GT 0/1"))
    assert texts(genotype) == ["ROS1 G2032R"]
    assert "ROS1 G2026R on ENST00000368507.8 was read as ROS1 G2032R" in genotype.notes[0]


def test_a_change_on_an_unknown_isoform_is_listed(read_file: ReadFile) -> None:
    other = csq("missense_variant", "EGFR", "ENST00000455089.5", "c.1", "p.Ala745Met")
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS {other} GT 0/1"))
    assert texts(genotype) == ["EGFR mutation"]
    assert "the reference residue at 745 is K, not A" in genotype.not_understood[0].reason


def test_snpeff_annotates_too(read_file: ReadFile) -> None:
    header = VEP_HEADER.replace("ID=CSQ", "ID=ANN").replace(
        VEP_HEADER[VEP_HEADER.index("Consequence annotations") : VEP_HEADER.index('">\n##INFO=<ID=SVTYPE')],
        "Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID'",  # noqa: E501
    )
    annotation = (
        "ANN=T|missense_variant|MODERATE|EGFR|EGFR|transcript|NM_005228.3|protein_coding|20/28|c.2369C>T|p.Thr790Met"
    )
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS {annotation} GT 0/1", header=header))
    assert texts(genotype) == ["EGFR T790M"]
    assert "consequences by SnpEff" in genotype.read_as


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (csq("inframe_deletion", "EGFR", "ENST00000275493.7", "c.2235_2249del", "p.Glu746_Ala750del"), ["EGFR E746_A750del"]),  # noqa: E501
        (csq("frameshift_variant", "PTEN", "ENST00000371953.8", "c.800del", "p.Lys267ArgfsTer9"), ["PTEN K267fs"]),
        (csq("stop_gained", "PTEN", "ENST00000371953.8", "c.388C>T", "p.Arg130Ter"), ["PTEN R130*"]),
        (csq("stop_gained", "PTEN", "ENST00000371953.8", "c.388C>T"), ["PTEN truncation"]),
        (csq("splice_donor_variant", "MET", "ENST00000397752.8", "ENST00000397752.8:c.3028+1G>T"), ["MET exon 14 skipping"]),  # noqa: E501
        (csq("splice_acceptor_variant", "MET", "ENST00000397752.8", "c.2888-2A>G"), ["MET exon 14 skipping"]),
        (csq("splice_donor_variant", "MET", "ENST00000397752.8", "c.3259+1G>T"), ["MET splice site mutation"]),
        (csq("splice_polypyrimidine_tract_variant&intron_variant", "MET", "ENST00000397752.8", "c.2888-18_2888-7del"),
         ["MET splice site mutation"]),
        (csq("missense_variant&splice_region_variant", "MET", "ENST00000397752.8", "c.3028G>C", "p.Asp1010His"),
         ["MET splice site mutation", "MET D1010H"]),
        (csq("synonymous_variant", "EGFR", "ENST00000275493.7", "c.2361G>A", "p.Gln787%3D"), []),
        (csq("intron_variant", "EGFR", "ENST00000275493.7", "c.2283+20G>A"), []),
        (csq("splice_region_variant&intron_variant", "EGFR", "ENST00000275493.7", "c.2283+5G>A"), []),
    ],
)  # fmt: skip
def test_each_consequence_is_an_alteration_or_no_finding(read_file: ReadFile, entry: str, found: list[str]) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS {entry} GT 0/1"))
    assert texts(genotype) == found
    assert genotype.records is not None
    assert genotype.records.total == 1


def test_calls_not_passed_or_of_another_sample_are_counted(read_file: ReadFile) -> None:
    (genotype,) = read_file(
        "a.vcf",
        vcf(
            f"chr7 55181378 C T weak_evidence CSQ={T790M} GT 0/1 0/0",
            f"chr7 55181398 T A PASS CSQ={C797S} GT 0/0 0/1",
            f"chr12 25245345 T A PASS CSQ={GERMLINE} GT ./. 0/1",
            samples=("TUMOR", "NORMAL"),
        ),
    )
    assert genotype.findings == ()
    assert genotype.records is not None
    assert {item.reason: item.number for item in genotype.records.filtered_out} == {
        "FILTER weak_evidence": 1, "not in the sample": 1, "not called in the sample": 1,
    }  # fmt: skip
    assert genotype.read_as.endswith("sample TUMOR")


def test_one_of_many_samples_is_chosen_or_asked_for(read_file: ReadFile, refusal: Refusal) -> None:
    content = vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0/0 0/1", samples=("S1", "S2"))
    (genotype,) = read_file("a.vcf", content, sample="S2")
    assert (genotype.sample, texts(genotype)) == ("S2", ["EGFR T790M"])
    assert refusal("a.vcf", content) == [
        "a.vcf: holds 2 samples, and which of them is meant is not said; expected --sample with one of S1, S2"
    ]
    assert refusal("a.vcf", content, sample="S3") == ["a.vcf: has no sample 'S3'; expected one of S1, S2"]


def test_the_second_allele_is_matched_as_vep_names_it(read_file: ReadFile) -> None:
    deletion = csq("inframe_deletion", "EGFR", "ENST00000275493.7", "c.1", "p.Glu746_Ala750del", allele="-")
    other = csq("missense_variant", "EGFR", "ENST00000275493.7", "c.2", "p.Thr790Met", allele="TGAATTAAGAGAAGCA")
    (genotype,) = read_file(
        "a.vcf", vcf(f"chr7 55174771 AGGAATTAAGAGAAGC A,ATGAATTAAGAGAAGCA PASS {deletion},{other[4:]} GT 0/1")
    )
    assert texts(genotype) == ["EGFR E746_A750del"]


@pytest.mark.parametrize(
    ("first", "second", "phase"),
    [
        ("0|1:100", "0|1:100", "cis"),
        ("0|1:100", "1|0:100", "trans"),
        ("0|1:100", "0|1:900", None),
        ("0/1:.", "0/1:.", None),
    ],
)
def test_phase_sets_say_cis_or_trans(read_file: ReadFile, first: str, second: str, phase: str | None) -> None:
    (genotype,) = read_file(
        "a.vcf",
        vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:PS {first}", f"chr7 55181398 T A PASS CSQ={C797S} GT:PS {second}"),
    )
    phases = {p.phase for f in genotype.findings if isinstance(f, ChangeFinding) for p in f.phases}
    assert phases == ({phase} if phase else set())
    assert texts(genotype) == ["EGFR T790M", "EGFR C797S"]


def test_the_physical_phase_of_gatk_is_read(read_file: ReadFile, oncology: Interpreter) -> None:
    fields = "GT:PGT:PID 0/1:0|1:55181378_C_T"
    (genotype,) = read_file(
        "a.vcf",
        vcf(f"chr7 55181378 C T PASS CSQ={T790M} {fields}", f"chr7 55181398 T A PASS CSQ={C797S} {fields}"),
    )
    (c797s,) = [f for f in oncology.interpret(genotype).findings if f.text == "EGFR C797S"]
    assert c797s.phases == ("in cis with EGFR T790M",) or genotype.findings[0].phases


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ("chr17 39688000 N <DUP> PASS SVTYPE=DUP;END=39728000;CSQ=<DUP>|transcript_amplification|ERBB2|Transcript|"
         "ENST00000269571.10|protein_coding||||YES GT:CN 0/1:14", [("ERBB2 copy number 14 copies", "amplification")]),
        ("chr17 39688000 N <DUP> PASS SVTYPE=DUP;END=39728000;CSQ=<DUP>|transcript_amplification|ERBB2|Transcript|"
         "ENST00000269571.10|protein_coding||||YES GT:CN 0/1:3", [("ERBB2 copy number 3 copies", "neither")]),
        ("chr17 39688000 N <DUP> PASS SVTYPE=DUP;END=39728000;CSQ=<DUP>|transcript_amplification|ERBB2|Transcript|"
         "ENST00000269571.10|protein_coding||||YES GT 0/1", [("ERBB2 copy number changed", "value")]),
        ("chr10 87860000 N <DEL> PASS SVTYPE=DEL;END=87975000;CSQ=<DEL>|transcript_ablation|PTEN|Transcript|"
         "ENST00000371953.8|protein_coding||||YES GT:CN 1/1:0", [("PTEN copy number 0 copies", "deletion")]),
    ],
)  # fmt: skip
def test_copies_of_a_whole_gene_are_judged_by_the_cutoffs(
    read_file: ReadFile, record: str, found: list[tuple[str, str]]
) -> None:
    (genotype,) = read_file("a.vcf", vcf(record))
    states = [(f.text, f.state) for f in genotype.findings if isinstance(f, StateFinding)]
    assert states == found


def test_deletions_of_exons_are_egfr_viii_and_met_skipping(
    read_file: ReadFile,
) -> None:
    viii = "chr7 55142200 N <DEL> PASS SVTYPE=DEL;END=55155000;CSQ=<DEL>|feature_truncation|EGFR|Transcript|ENST00000275493.7|protein_coding||||YES GT 0/1"  # noqa: E501
    exon_14 = "chr7 116771700 N <DEL> PASS SVTYPE=DEL;END=116772200;CSQ=<DEL>|feature_truncation|MET|Transcript|ENST00000397752.8|protein_coding||||YES GT 0/1"  # noqa: E501
    (genotype,) = read_file("a.vcf", vcf(viii, exon_14))
    assert texts(genotype) == ["EGFR splice variant vIII", "MET exon 14 skipping"]


def test_a_breakend_rearranges_the_gene_it_lies_in(read_file: ReadFile) -> None:
    record = "chr2 29224000 N N[chr2:42300000[ PASS SVTYPE=BND;CSQ=[chr2|intron_variant&feature_truncation|ALK|Transcript|ENST00000389048.8|protein_coding||||YES GT 0/1"  # noqa: E501
    (genotype,) = read_file("a.vcf", vcf(record))
    assert texts(genotype) == ["ALK fusion"]


def test_blocks_of_a_gvcf_are_coverage_where_they_are_deep(read_file: ReadFile) -> None:
    header = VEP_HEADER + '##ALT=<ID=NON_REF,Description="Any other allele">\n'
    (genotype,) = read_file(
        "a.g.vcf",
        vcf(
            "chr12 25227000 C <NON_REF> PASS END=25246000 GT:MIN_DP 0/0:500",
            "chr7 55181300 C <NON_REF> PASS END=55181377 GT:MIN_DP 0/0:30",
            f"chr7 55181378 C T,<NON_REF> PASS CSQ={T790M} GT:AD 0/1:90,10,0",
            header=header,
        ),
    )
    loci = {str(item.locus): item.inferred for item in genotype.assayed}
    assert loci["EGFR mutation"] is True
    kras = [locus for locus in loci if locus.startswith("KRAS mutation")]
    assert kras == ["KRAS mutation in 1-150"] or kras[0].startswith("KRAS mutation in 1-")
    assert texts(genotype) == ["EGFR T790M"]


@pytest.mark.parametrize("version", ["4.2", "4.3", "4.4", "4.5"])
@pytest.mark.parametrize("packed", ["plain", "gzip", "bgzip", "windows"])
def test_versions_and_packings(read_file: ReadFile, tmp_path: Path, version: str, packed: str) -> None:
    content = vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0/1").replace("VCFv4.2", f"VCFv{version}").encode()
    if packed == "gzip":
        content = gzip.compress(content)
    elif packed == "bgzip":
        (tmp_path / "plain.vcf").write_bytes(content)
        pysam.tabix_compress(str(tmp_path / "plain.vcf"), str(tmp_path / "packed.vcf.gz"))
        content = (tmp_path / "packed.vcf.gz").read_bytes()
    elif packed == "windows":
        content = content.replace(b"\n", b"\r\n")
    (genotype,) = read_file("given", content)
    assert texts(genotype) == ["EGFR T790M"]
    assert genotype.read_as.startswith(f"VCF {version}")


def test_a_vcf_without_consequences_is_refused_with_the_remedy(refusal: Refusal, tmp_path: Path) -> None:
    header = "\n".join(line for line in VEP_HEADER.splitlines() if "CSQ" not in line)
    (line,) = refusal("a.vcf", vcf("chr7 55181378 C T PASS . GT 0/1", header=header))
    assert line == (
        "a.vcf: says nowhere what its variants do to proteins (no CSQ of VEP, no ANN of SnpEff); expected consequences, as "  # noqa: E501
        "this command adds them: vep --input_file a.vcf --output_file annotated.vcf --vcf --cache --offline --assembly "
        "GRCh38 --fasta GRCh38.fa --symbol --hgvs --mane --canonical --numbers --allele_number"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (vcf(), "a.vcf: holds a header and no record; expected a record for each variant"),
        (vcf(f"chr7 x C T PASS CSQ={T790M} GT 0/1"), "a.vcf:22: the record cannot be read"),
        (vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0/1").replace("VCFv4.2", "VCFv3.3"), "a.vcf:1: is a VCF of version 3.3"),  # noqa: E501
        ("﻿" + vcf(), "a.vcf:1: begins with a byte order mark, which a VCF must not have"),
        (VEP_HEADER, "a.vcf: has no line of column names"),
        (
            vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0/1", header=VEP_HEADER + "##reference=hg19.fa\n"),
            "a.vcf: two genome builds in one header: GRCh38 by the length of contig chr7, GRCh37 by ##reference=hg19.fa",  # noqa: E501
        ),
        (gzip.compress(vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0/1").encode() * 900, mtime=0)[:-3000], "a.vcf: is truncated or damaged"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_faulty_vcf_is_refused(refusal: Refusal, content: str | bytes, said: str) -> None:
    (line,) = refusal("a.vcf", content)
    assert line.startswith(said)


def test_a_curated_change_that_was_filtered_out_is_told(read_file: ReadFile, oncology: Interpreter) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T weak_evidence CSQ={T790M} GT 0/1"))
    assert [(item.finding.text, item.why) for item in genotype.filtered_findings] == [
        ("EGFR T790M", "FILTER weak_evidence")
    ]
    cautions = oncology.interpret(genotype).cautions
    assert any(
        caution.startswith("Variants failing filters or not called, with a curated association: EGFR T790M")
        for caution in cautions
    )


def test_a_change_that_was_not_called_leaves_its_gene_unknown(read_file: ReadFile, oncology: Interpreter) -> None:
    """KRAS is on the panel, and at G12 the sample has no call: it is not known to be wild type."""
    from resistab.domains.oncology.inputs.panels import read_panel

    panel = read_panel("foundationone-cdx", oncology.rulebase, oncology.coding_exons)
    g12d = csq("missense_variant", "KRAS", "ENST00000311936.8", "c.35G>A", "p.Gly12Asp", "NM_004985.5")
    r175h = csq("missense_variant", "TP53", "ENST00000269305.9", "c.524G>A", "p.Arg175His", "NM_000546.6")
    verdicts = {}
    for call in ("./.", "0/0"):
        (genotype,) = read_file(
            "a.vcf",
            vcf(f"chr12 25245350 C T PASS {g12d} GT {call}", f"chr17 7675088 C T PASS {r175h} GT 0/1"),
            tumour="COAD",
            panels=[panel],
        )
        verdicts[call] = next(v for v in oncology.interpret(genotype).verdicts if v.drug == "cetuximab").verdict
    assert verdicts["./."] == "not_assessable"
    assert verdicts["0/0"] in ("sensitive", "no_resistance_found")


def test_two_records_on_one_residue_are_noted(read_file: ReadFile) -> None:
    """BRAF V600K is often called as V600M and V600E apart."""
    one = csq("missense_variant", "BRAF", "ENST00000646891.2", "c.1799T>A", "p.Val600Glu", "NM_004333.6")
    other = csq("missense_variant", "BRAF", "ENST00000646891.2", "c.1798G>A", "p.Val600Met", "NM_004333.6")
    (genotype,) = read_file(
        "a.vcf", vcf(f"chr7 140753336 A T PASS {one} GT 0/1", f"chr7 140753337 C T PASS {other} GT 0/1"), tumour="MEL"
    )
    assert any(note.startswith("BRAF V600E and BRAF V600M change one residue") for note in genotype.notes)


def test_a_bcf_is_read_as_the_vcf_it_is(read_file: ReadFile, tmp_path: Path) -> None:
    (tmp_path / "plain.vcf").write_text(vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:AD 0/1:90,10"))
    with (
        pysam.VariantFile(str(tmp_path / "plain.vcf")) as plain,
        pysam.VariantFile(str(tmp_path / "packed.bcf"), "wb", header=plain.header) as packed,
    ):
        for record in plain:
            packed.write(record)
    (genotype,) = read_file("given", (tmp_path / "packed.bcf").read_bytes())
    assert (texts(genotype), genotype.findings[0].allele_fraction) == (["EGFR T790M"], 0.1)
    assert genotype.read_as.startswith("BCF")


NO_READS = "no supporting reads"
FORCED = f"{NO_READS}, though called as present"
COUNTED = """##INFO=<ID=DP4,Number=4,Type=Integer,Description="Reads on each strand">
##FORMAT=<ID=AO,Number=A,Type=Integer,Description="Reads with the change">
##FORMAT=<ID=RO,Number=1,Type=Integer,Description="Reads without it">
##FORMAT=<ID=RD,Number=1,Type=Integer,Description="Reads without it">
##FORMAT=<ID=VAF,Number=A,Type=Float,Description="Share of reads">
##FORMAT=<ID=CU,Number=2,Type=Integer,Description="C of tiers 1 and 2">
##FORMAT=<ID=TU,Number=2,Type=Integer,Description="T of tiers 1 and 2">
"""


@pytest.mark.parametrize(
    ("fields", "sample", "reason"),
    [
        ("GT:AD", "0/1:100,0", FORCED),
        ("AD", "100,0", NO_READS),
        ("AD", "0,0", "no reads at the position"),
        ("GT:AO:RO", "0/1:0:20", FORCED),
        ("AO:RO", "0:20", NO_READS),
        ("DP:VAF", "30:0", NO_READS),
        ("DP:VAF", "0:0", "no reads at the position"),
        ("CU:TU", "40,41:0,0", NO_READS),
        ("GT:AD", "0/0:100,0", "not in the sample"),
        ("GT:AD", "./.:100,0", "not called in the sample"),
    ],
)
def test_an_allele_in_none_of_the_reads_is_not_found(
    read_file: ReadFile, fields: str, sample: str, reason: str
) -> None:
    record = f"chr7 55181378 C T PASS CSQ={T790M} {fields} {sample}"
    (genotype,) = read_file("a.vcf", vcf(record, header=VEP_HEADER + COUNTED))
    assert texts(genotype) == []
    assert genotype.records is not None
    assert [(item.reason, item.number) for item in genotype.records.filtered_out] == [(reason, 1)]


@pytest.mark.parametrize(("fields", "sample"), [("CU:TU", "40,41:2,2"), ("GT:AO:RO", "0/1:1:99"), ("AD", "99,1")])
def test_an_allele_in_one_of_the_reads_is_found(read_file: ReadFile, fields: str, sample: str) -> None:
    record = f"chr7 55181378 C T PASS CSQ={T790M} {fields} {sample}"
    assert texts(read_file("a.vcf", vcf(record, header=VEP_HEADER + COUNTED))[0]) == ["EGFR T790M"]


def test_reads_of_each_strand_are_counted_too(read_file: ReadFile) -> None:
    record = f"chr7 55181378 C T PASS CSQ={T790M};DP4=10,12,0,0 GT 0/1"
    assert texts(read_file("a.vcf", vcf(record, header=VEP_HEADER + COUNTED))[0]) == []


def test_what_was_called_as_present_and_no_read_carries_is_told(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:AD 0/1:100,0"))
    assert [(item.finding.text, item.why) for item in genotype.filtered_findings] == [("EGFR T790M", FORCED)]


def by_position(position: str, residues: str, change: str = "", consequence: str = "missense_variant") -> str:
    header = (
        "##fileformat=VCFv4.2\n##contig=<ID=chr7,length=159345973>\n"
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: '
        'Allele|Consequence|SYMBOL|Feature_type|Feature|Protein_position|Amino_acids|HGVSp">\n'
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
    )
    entry = f"T|{consequence}|EGFR|Transcript|ENST00000275493.7|{position}|{residues}|{change}"
    return vcf(f"chr7 55181378 C T PASS CSQ={entry} GT 0/1", header=header)


@pytest.mark.parametrize(
    ("position", "residues", "found"),
    [
        ("790", "T/M", "EGFR T790M"),
        ("790/1210", "T/M", "EGFR T790M"),
        ("790-791/1210", "TQ/MH", "EGFR T790_Q791delinsMH"),
        ("?-790/1210", "T/M", "EGFR mutation"),
        ("?/1210", "T/M", "EGFR mutation"),
    ],
)
def test_a_position_may_bear_the_length_of_the_protein(
    read_file: ReadFile, position: str, residues: str, found: str
) -> None:
    assert texts(read_file("a.vcf", by_position(position, residues))[0]) == [found]


@pytest.mark.parametrize(
    ("position", "residues", "consequence"),
    [("791", "", "missense_variant"), ("790", "T/A", "missense_variant"), ("790", "T/M", "synonymous_variant")],
)
def test_a_self_contradicting_annotation_leaves_its_gene_open(
    read_file: ReadFile, position: str, residues: str, consequence: str
) -> None:
    (genotype,) = read_file("a.vcf", by_position(position, residues, "ENSP1:p.Thr790Met", consequence))
    assert texts(genotype) == ["EGFR mutation"]
    assert [entry.entry for entry in genotype.not_understood] == ["EGFR p.Thr790Met"]
