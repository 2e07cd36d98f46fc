"""Combined outputs of TruSight Oncology 500, of the local app and of DRAGEN."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from resistab import Interpreter
from tests.domains.oncology.inputs.laboratory_files import ReadFile, texts

DETAILS = "[Analysis Details]\nPair ID\tP1\nDNA Sample ID\tP1-D\nRNA Sample ID\tP1-R\n"
SMALL = (
    "[Small Variants]\nGene\tChromosome\tGenomic Position\tReference Call\tAlternative Call\tAllele Frequency\tDepth\t"
    "P-Dot Notation\tC-Dot Notation\tConsequence(s)\tAffected Exon(s)\n"
)
T790M = "EGFR\tchr7\t55249071\tC\tT\t0.2\t500\tNP_005219.2:p.(Thr790Met)\tNM_005228.4:c.2369C>T\tmissense_variant\t20\n"
FUSIONS = "[Fusions]\nGene Pair\tBreakpoint 1\tBreakpoint 2\tFusion Supporting Reads\n"
SPLICING = (
    "[Splice Variants]\nGene\tAffected Exon\tTranscript\tBreakpoint 1\tBreakpoint 2\tSplice Supporting Reads\t"
    "Reference Reads Transcript\n"
)


def test_small_variants_bear_their_fraction_and_depth(read_file: ReadFile) -> None:
    rows = T790M + "KRAS\tchr12\t1\tC\tT\t0.4\t90\tNP_1.1:p.(Gly12=)\tNM_1.1:c.36T>C\tsynonymous_variant\t2\n"
    (genotype,) = read_file("c.tsv", DETAILS + SMALL + rows)
    (finding,) = genotype.findings
    assert (genotype.sample, finding.text, finding.allele_fraction, finding.depth) == ("P1", "EGFR T790M", 0.2, 500)
    assert genotype.records is not None
    assert [(item.reason, item.number) for item in genotype.records.filtered_out] == [("synonymous", 1)]


def test_padding_and_sections_without_brackets_do_not_hinder(read_file: ReadFile) -> None:
    banner = "DRAGEN TruSight Oncology 500 v2.6.2 Analysis Software - Combined Variant Output\t\t\n\t\t\n"
    content = banner + (DETAILS + SMALL + T790M + "[TMB]\nTotal TMB\t4.7\n").replace("\n", "\t\t\n")
    assert texts(read_file("c.tsv", content)[0]) == ["EGFR T790M", "TMB 4.7 mut/Mb"]
    assert texts(read_file("c.tsv", content.replace("[", "").replace("]", ""))[0]) == ["EGFR T790M", "TMB 4.7 mut/Mb"]


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        ("EML4-ALK", ["EML4::ALK"]),
        ("KIF5B/RET", ["KIF5B fusion", "RET fusion"]),
        ("CD74-ROS1;GOPC", ["CD74::ROS1"]),
        ("PPARG/AC016683.6-PAX8", ["PPARG::PAX8"]),
        ("HLA-A-NRG1", ["HLA-A::NRG1"]),
        ("LINC99999-RET", ["RET fusion"]),
        ("NA", []),
    ],
)
def test_a_gene_pair_is_a_fusion(read_file: ReadFile, pair: str, found: list[str]) -> None:
    assert texts(read_file("c.tsv", DETAILS + FUSIONS + f"{pair}\tchr2:1\tchr2:2\t20\n")[0]) == found


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("MET\t14\tNM\tchr7:1\tchr7:2\t40\t2", ["MET exon 14 skipping"]),
        ("EGFR\t2-7\tNM\tchr7:1\tchr7:2\t40\t2", ["EGFR splice variant vIII"]),
        ("EGFR\t2,3,4,5,6,7\tNM\tchr7:1\tchr7:2\t40\t2", ["EGFR splice variant vIII"]),
        ("AR\t\tNM\tchrX:66905968\tchrX:66914514\t40\t2", ["AR splice variant V7"]),
        ("AR\t\tNM\tchrX:1\tchrX:2\t40\t2", ["AR splice variant"]),
        ("MET\t14\tNM\tchr7:1\tchr7:2\t0\t2", []),
        ("NA\tNA\tNA\tNA\tNA\tNA\tNA", []),
    ],
)
def test_a_splice_variant_is_known_by_its_exons(read_file: ReadFile, row: str, found: list[str]) -> None:
    (genotype,) = read_file("c.tsv", DETAILS + SPLICING + row + "\n")
    assert texts(genotype) == found


@pytest.mark.parametrize(
    ("section", "found"),
    [
        ("[Gene Amplifications]\nGene\tFold Change\nERBB2\t6.2\n", ["ERBB2 amplification"]),
        ("[Gene Amplifications]\nGene\tFold Change\nNA\tNA\n", []),
        ("[Gene Amplifications]\nNA\n", []),
        (
            "[Copy Number Variants]\nGene\tFold Change\tCopy Number Variant\tAbsolute Copy Number\n"
            "ERBB2\t6.2\t<DUP>\t14\n",
            ["ERBB2 copy number 14 copies"],
        ),
        (
            "[Copy Number Variants]\nGene\tFold Change\tCopy Number Variant\nMET\t2.1\t<DUP>\n",
            ["MET copy number changed"],
        ),
    ],
)
def test_copies_are_an_amplification_where_they_were_called_one(
    read_file: ReadFile, section: str, found: list[str]
) -> None:
    assert texts(read_file("c.tsv", DETAILS + section)[0]) == found


def test_scores_without_a_call_and_unknown_sections_are_told(read_file: ReadFile) -> None:
    (genotype,) = read_file(
        "c.tsv",
        DETAILS
        + "[MSI]\nUsable MSI Sites\t120\nPercent Unstable MSI Sites\t25.0\n[GIS]\nGenomic Instability Score\t44\n"
        + "[Large Rearrangements]\nGene\tVariant\nBRCA1\tNA\nBRCA2\t<LOSS>\n[New Section]\nGene\tx\n",
    )
    assert genotype.notes == (
        "Genomic Instability Score 44 was not read, since the file makes no call of it: say 'HRD positive' or "
        "'HRD negative' yourself",
        "Percent Unstable MSI Sites 25.0 of 120 usable sites was not read, since the file makes no call of it: say "
        "'MSI high' or 'MSI stable' yourself",
        "these sections were not read: new section",
    )
    assert [entry.entry for entry in genotype.not_understood] == ["BRCA2 <LOSS>, large rearrangements"]


@pytest.mark.parametrize(("rna", "fusions"), [("P1-R", True), ("NA", False)])
def test_without_rna_a_panel_says_nothing_of_fusions(
    read_file: ReadFile, oncology: Interpreter, rna: str, fusions: bool
) -> None:
    from resistab.domains.oncology.inputs.panels import read_panel

    panel = read_panel("foundationone-cdx", oncology.rulebase, oncology.coding_exons)
    content = DETAILS.replace("P1-R", rna) + FUSIONS + "NA\tNA\tNA\tNA\n" + SMALL + T790M
    (genotype,) = read_file("c.tsv", content, panels=[panel])
    assert any(item.locus.kind == "fusion" for item in genotype.assayed) is fusions
    assert any(str(item.locus) == "KRAS mutation" for item in genotype.assayed)


def test_the_sample_goes_by_its_pair_or_by_either_of_its_samples(
    read_file: ReadFile, refusal: Callable[..., list[str]]
) -> None:
    for name in ("P1", "P1-D", "P1-R"):
        assert read_file("c.tsv", DETAILS + SMALL + T790M, sample=name)[0].sample == name
    assert refusal("c.tsv", DETAILS + SMALL + T790M, sample="Q") == [
        "c.tsv: has no sample 'Q'; expected one of P1, P1-D, P1-R"
    ]


def test_every_fault_is_told_with_its_line(refusal: Callable[..., list[str]]) -> None:
    rows = T790M.replace("0.2", "1.2") + T790M.replace("500", "deep") + T790M.replace("\n", "\tmore\n")
    assert refusal("c.tsv", DETAILS + SMALL + rows.replace("\tmore", "")) == [
        "c.tsv:7: '1.2' in column 'allele frequency' is out of bounds; expected a number from 0 to 1",
        "c.tsv:8: 'deep' in column 'depth' is no number; expected a number",
    ]
    assert refusal("c.tsv", DETAILS + SMALL + rows) == [
        "c.tsv:9: has 12 fields, and there are 11 columns; expected a field for each column"
    ]
