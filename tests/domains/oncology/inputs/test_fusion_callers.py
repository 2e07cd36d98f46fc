"""Fusions as STAR-Fusion and Arriba write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from resistab import Interpreter
from tests.domains.oncology.inputs.laboratory_files import ReadFile, texts

STAR = "#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftGene\tRightGene\tPROT_FUSION_TYPE"
ARRIBA = "#gene1\tgene2\ttype\tsplit_reads1\tsplit_reads2\tdiscordant_mates\tconfidence\treading_frame"


def star(*rows: str, header: str = STAR) -> str:
    return "\n".join([header, *(row.replace(" ", "\t") for row in rows)]) + "\n"


def arriba(*rows: str) -> str:
    return star(*rows, header=ARRIBA)


@pytest.mark.parametrize(
    "content",
    [
        star("EML4--ALK 10 3 EML4^ENSG00000143924.18 ALK^ENSG00000171094.18 INFRAME"),
        star("EML4--ALK 10 3 EML4^ENSG1 ALK^ENSG2 .", header=STAR.removeprefix("#")),
        star("EML4--ALK 10 3 EML4^E ALK^E", header="#fusion_name\tJunctionReads\tSpanningFrags\tLeftGene\tRightGene"),
        "EML4--ALK\t10\t3\tONLY_REF_SPLICE\tEML4^ENSG1\tchr2:42:+\tALK^ENSG2\tchr2:29:-\n",
    ],
)
def test_a_fusion_of_star_fusion_is_in_the_order_of_its_name(read_file: ReadFile, content: str) -> None:
    (genotype,) = read_file("f.tsv", content, sample="P1")
    assert (genotype.sample, genotype.read_as, texts(genotype)) == ("P1", "table of STAR-Fusion", ["EML4::ALK"])


def test_a_fusion_out_of_frame_leaves_its_genes_open(read_file: ReadFile) -> None:
    (genotype,) = read_file("f.tsv", star("KIF5B--RET 9 9 KIF5B^E RET^E FRAMESHIFT", "CD74--ROS1 1 1 C R INFRAME"))
    assert texts(genotype) == ["CD74::ROS1"]
    (entry,) = genotype.not_understood
    assert entry.reason == "frameshift: whether this makes a fusion protein is not known"
    assert not any(item.locus.subject == "RET" for item in genotype.assayed)


def test_a_fusion_without_reads_is_filtered_out(read_file: ReadFile) -> None:
    (genotype,) = read_file("f.tsv", star("CD74--ROS1 0 0 C R INFRAME"))
    assert texts(genotype) == []
    assert genotype.records is not None
    assert [item.reason for item in genotype.records.filtered_out] == ["no supporting reads"]


def test_a_table_of_fusions_says_nothing_of_mutations(read_file: ReadFile, oncology: Interpreter) -> None:
    from resistab.domains.oncology.inputs.panels import read_panel

    panel = read_panel("foundationone-cdx", oncology.rulebase, oncology.coding_exons)
    (genotype,) = read_file("f.tsv", star(), panels=[panel])
    assert {item.locus.kind for item in genotype.assayed} == {"fusion"}


@pytest.mark.parametrize(
    ("row", "found", "reason"),
    [
        ("EML4 ALK inversion 5 5 5 high in-frame", ["EML4::ALK"], None),
        ("EML4 ALK inversion 5 5 5 medium .", ["EML4::ALK"], None),
        ("EML4 ALK inversion 5 5 5 low in-frame", [], "Arriba's confidence low"),
        ("EML4 ALK inversion 0 0 0 high in-frame", [], "no supporting reads"),
        ("TSPAN3(1532),PEAK1(40211) RET translocation 5 5 5 high .", ["RET fusion"], None),
        ("A1BG(1),A1CF(2) A2M(3),A4GALT(4) x 5 5 5 high .", [], "between genes, at both ends"),
        ("ETV6 NTRK3 translocation/5'-5' 5 5 5 high .", ["ETV6 fusion", "NTRK3 fusion"], None),
    ],
)
def test_a_fusion_of_arriba(read_file: ReadFile, row: str, found: list[str], reason: str | None) -> None:
    (genotype,) = read_file("f.tsv", arriba(row))
    assert (genotype.read_as, texts(genotype)) == ("table of Arriba", found)
    filtered = genotype.records.filtered_out if genotype.records else ()
    assert [item.reason for item in filtered] == ([reason] if reason else [])


def test_an_internal_tandem_duplication_is_known_by_its_gene(read_file: ReadFile) -> None:
    (genotype,) = read_file("f.tsv", arriba("FLT3 FLT3 duplication/ITD 5 5 5 high in-frame"))
    assert texts(genotype) == ["FLT3 mutation"]
    assert [entry.reason for entry in genotype.not_understood] == [
        "an internal tandem duplication, of residues that are not said"
    ]


def test_samples_of_one_table_are_told_apart(read_file: ReadFile) -> None:
    header = STAR + "\ttumor_id"
    rows = ("EML4--ALK 1 1 E A . S1", "CD74--ROS1 1 1 C R . S2")
    first, second = read_file("f.tsv", star(*rows, header=header))
    assert [(g.sample, texts(g)) for g in (first, second)] == [("S1", ["EML4::ALK"]), ("S2", ["CD74::ROS1"])]
    (only,) = read_file("f.tsv", star(*rows, header=header), sample="S2")
    assert only.sample == "S2"


def test_what_is_no_number_or_no_pair_is_a_fault_with_its_line(refusal: Callable[..., list[str]]) -> None:
    assert refusal("f.tsv", star("EML4--ALK many 3 E A .", "nothing 1 1 . . .")) == [
        "f.tsv:2: 'many' in column 'junctionreadcount' is no number; expected a number",
        "f.tsv:3: 'nothing' names no two genes; expected a name such as EML4--ALK",
    ]
