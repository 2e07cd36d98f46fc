"""MAF files: every row is a finding, or is filtered out, listed or refused with the reason; the numbers add up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resistab import Interpreter
from resistab.domains.oncology.genotype import FilteredRecords
from tests.cases import cases_beside
from tests.domains.oncology.inputs.laboratory_files import ReadFile, texts

Refusal = Callable[..., list[str]]
COLUMNS = "Hugo_Symbol\tNCBI_Build\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tt_alt_count\tt_ref_count"


def maf(*rows: str, columns: str = COLUMNS) -> str:
    return "\n".join([columns, *(row.replace(" ", "\t") for row in rows)]) + "\n"


def test_samples_come_in_file_order_with_allele_fractions(read_file: ReadFile) -> None:
    first, second = read_file(
        "a.maf",
        maf(
            "EGFR GRCh37 Missense_Mutation B p.L858R 30 70",
            "KRAS GRCh37 Missense_Mutation A p.G12D 5 95",
            "EGFR GRCh37 Missense_Mutation B p.T790M 10 90",
        ),
    )
    assert (first.sample, texts(first)) == ("B", ["EGFR T790M", "EGFR L858R"])
    assert (second.sample, texts(second)) == ("A", ["KRAS G12D"])
    assert [finding.allele_fraction for finding in first.findings] == [0.1, 0.3]
    assert first.read_as == "MAF, GRCh37"


def test_one_sample_of_many_is_taken_by_name(read_file: ReadFile) -> None:
    (only,) = read_file(
        "a.maf", maf("EGFR 37 Missense_Mutation B p.L858R 1 1", "KRAS 37 Silent A p.G12= 1 1"), sample="B"
    )
    assert only.sample == "B"


def test_every_record_is_counted_once(read_file: ReadFile) -> None:
    (genotype,) = read_file(
        "a.maf",
        maf(
            "EGFR 37 Missense_Mutation A p.L858R 1 1",
            "EGFR 37 Missense_Mutation A p.L858R 1 1",
            "EGFR 37 Silent A p.T790T 1 1",
            "EGFR 37 Intron A . 1 1",
            "TP53 37 Splice_Site A . 1 1",
            "TP53 37 Missense_Mutation A p.X1Y 1 1",
            "BRAF 37 Missense_Mutation A p.A600E 1 1",
            "NOTAGENE 37 Missense_Mutation A p.A1C 1 1",
            "EGFR 37 Peculiar A p.A1C 1 1",
        ),
    )
    records = genotype.records
    assert records is not None
    assert (records.total, records.findings, records.partly, records.set_aside) == (9, 3, 3, 1)
    assert records.filtered_out == (
        FilteredRecords(reason="outside the coding sequence", number=1),
        FilteredRecords(reason="synonymous", number=1),
    )


def test_a_change_without_a_place_leaves_its_gene_open(read_file: ReadFile, oncology: Interpreter) -> None:
    """A BRAF that was called mutated must not count as wild type where the call could not be read."""
    (genotype,) = read_file("a.maf", maf("BRAF 37 Missense_Mutation A p.D900E 9 1"), tumour="MEL")
    assert texts(genotype) == ["BRAF mutation"]
    (entry,) = genotype.not_understood
    assert entry.entry == "BRAF p.D900E"
    assert "position 900 lies beyond the protein" in entry.reason
    report = oncology.interpret(genotype)
    (vemurafenib,) = [verdict for verdict in report.verdicts if verdict.drug == "vemurafenib"]
    assert vemurafenib.verdict == "not_assessable"
    assert any("known only by the gene" in caution for caution in report.cautions)


@cases_beside
def test_spellings_of_real_maf_files(read_file: ReadFile, row: str, found: list[str]) -> None:
    (genotype,) = read_file("a.maf", maf(row))
    assert texts(genotype) == found


def test_a_filtered_and_a_germline_record_are_no_findings(read_file: ReadFile) -> None:
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tFILTER\tMutation_Status"
    (genotype,) = read_file(
        "a.maf",
        maf(
            "EGFR Missense_Mutation A p.L858R PASS Somatic",
            "EGFR Missense_Mutation A p.T790M common_in_exac Somatic",
            "BRCA2 Missense_Mutation A p.V2466A PASS Germline",
            columns=columns,
        ),
    )
    assert texts(genotype) == ["EGFR L858R"]
    assert genotype.records is not None
    assert [item.reason for item in genotype.records.filtered_out] == [
        "FILTER common_in_exac", "Mutation_Status germline",
    ]  # fmt: skip


def test_a_maf_says_nothing_of_copies_whatever_the_panel_covers(read_file: ReadFile, oncology: Interpreter) -> None:
    from resistab.domains.oncology.inputs.panels import read_panel

    panel = read_panel("foundationone-cdx", oncology.rulebase, oncology.coding_exons)
    (genotype,) = read_file("a.maf", maf("TP53 37 Missense_Mutation A p.R175H 1 1"), tumour="BRCA", panels=[panel])
    kinds = {str(item.locus) for item in genotype.assayed}
    assert "ERBB2 mutation" in kinds
    assert "ERBB2 copy number" not in kinds
    assert any("copy number, fusion, MSI, TMB, of which a MAF says nothing" in note for note in genotype.notes)
    trastuzumab = next(v for v in oncology.interpret(genotype).verdicts if v.drug == "trastuzumab")
    assert trastuzumab.verdict == "not_assessable"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(read_file: ReadFile) -> None:
    plain = maf("EGFR 37 Missense_Mutation A p.L858R 1 1")
    (one,) = read_file("a.maf", plain)
    (other,) = read_file("b.maf", b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode())
    assert one == other


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\nEGFR\tSilent\tA\n",
            ["a.maf:1: the column 'hgvsp_short' or 'protein_change' or 'hgvsp' or 'amino_acid_change' or 'aachange' or "
             "'aa_change' is missing; expected it among the column names"],
        ),
        (
            "Hugo_Symbol\tVariant_Classification\tHGVSp_Short\nEGFR\tSilent\tp.T790T\n",
            ["a.maf:1: the column 'tumor_sample_barcode' is missing; expected it among the column names"],
        ),
        (COLUMNS + "\n", ["a.maf:1: holds column names and no mutation; expected a row for each mutation"]),
        (
            maf("EGFR 37 Missense_Mutation A p.L858R many 1", "EGFR 37 Silent A p.T790T 1 few"),
            ["a.maf:2: 'many' in column 't_alt_count' is no number; expected a number"],
        ),
        (
            maf("EGFR GRCh37 Silent A p.T790T 1 1", "EGFR hg38 Silent A p.T790T 1 1"),
            ["a.maf:3: two genome builds in one file: GRCh37 and hg38; expected one build; lift one part over"],
        ),
        (
            maf("EGFR mm10 Silent A p.T790T 1 1"),
            ["a.maf:2: the genome build 'mm10' is not known; expected GRCh37 or GRCh38"],
        ),
        (
            COLUMNS + "\nEGFR\t37\tSilent\t\tp.T790T\t1\t1\n",
            ["a.maf:2: the sample '' is no name; expected a name in column 'Tumor_Sample_Barcode'"],
        ),
        (
            COLUMNS + "\nEGFR\t37\tSilent\tA\tp.T790T\t1\t1\tmore\n",
            ["a.maf:2: has 8 fields, and there are 7 columns; expected a field for each column"],
        ),
        (
            COLUMNS + "\tHGVSp_Short\nEGFR\n",
            ["a.maf:1: the column 'hgvsp_short' is there twice; expected each column once"],
        ),
        (
            COLUMNS.encode() + b"\nEGFR\t37\tSilent\tM\xfcller\tp.T790T\t1\t1\n",
            ["a.maf:2:17: holds a character that is not UTF-8; expected text in UTF-8, as 'iconv -f LATIN1 -t UTF-8' makes "  # noqa: E501
             "it of text in Latin-1"],
        ),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_line_and_expectation(
    refusal: Refusal, content: str | bytes, said: list[str]
) -> None:
    assert refusal("a.maf", content) == said


def test_an_unknown_consequence_leaves_its_gene_unassayed(read_file: ReadFile, oncology: Interpreter) -> None:
    from resistab.domains.oncology.inputs.panels import read_panel

    panel = read_panel("foundationone-cdx", oncology.rulebase, oncology.coding_exons)
    (genotype,) = read_file(
        "a.maf",
        maf("KRAS 37 Peculiar A . 1 1", "TP53 37 Missense_Mutation A p.R175H 1 1"),
        tumour="COAD",
        panels=[panel],
    )
    (entry,) = genotype.not_understood
    assert (entry.entry, entry.reason) == ("KRAS Peculiar", "the consequence 'Peculiar' is not known")
    assert not any(item.locus.subject == "KRAS" for item in genotype.assayed)
    cetuximab = next(v for v in oncology.interpret(genotype).verdicts if v.drug == "cetuximab")
    assert cetuximab.verdict == "not_assessable"


ROWS = (
    "EGFR 37 Missense_Mutation A p.L858R 30 70", "EGFR 37 Missense_Mutation A p.T790M 10 90", "EGFR 37 Silent A p.T790T 1 1",  # noqa: E501
    "TP53 37 Splice_Site A p.G187D 1 1", "BRAF 37 Missense_Mutation A p.D900E 9 1", "NOTAGENE 37 Missense_Mutation A p.A1C 1 1",  # noqa: E501
    "EGFR 37 Missense_Mutation A p.Leu858Arg 20 80", "MET 37 Splice_Site A p.X1010_splice 2 8",
)  # fmt: skip


@given(order=st.permutations(ROWS))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_order_of_the_rows_changes_nothing(read_file: ReadFile, oncology: Interpreter, order: list[str]) -> None:
    (one,) = read_file("a.maf", maf(*ROWS))
    (other,) = read_file("b.maf", maf(*order))
    assert other == one


@pytest.mark.parametrize(
    ("counts", "found", "reason"),
    [
        ("t_alt_count=0 t_ref_count=400", [], "no supporting reads"),
        ("t_alt_count=0 t_depth=400", [], "no supporting reads"),
        ("t_alt_count=0 t_ref_count=0", [], "no reads at the position"),
        ("t_AD=400,0", [], "no supporting reads"),
        ("t_AD=400,3", ["EGFR T790M"], None),
        ("t_vaf=0", [], "no supporting reads"),
        ("i_TumorVAF_WU=0", [], "no supporting reads"),
        ("t_alt_count=1 t_ref_count=9999", ["EGFR T790M"], None),
        ("t_alt_count=1 t_vaf=0", ["EGFR T790M"], None),
        ("t_alt_count= t_vaf=0.1", ["EGFR T790M"], None),
    ],
)
def test_a_change_that_no_read_carries_is_no_finding(
    read_file: ReadFile, counts: str, found: list[str], reason: str | None
) -> None:
    columns = "\t".join(pair.partition("=")[0] for pair in counts.split())
    values = "\t".join(pair.partition("=")[2] for pair in counts.split())
    header = f"Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\t{columns}"
    (genotype,) = read_file("a.maf", f"{header}\nEGFR\tMissense_Mutation\tA\tp.T790M\t{values}\n")
    assert texts(genotype) == found
    assert genotype.records is not None
    assert [item.reason for item in genotype.records.filtered_out] == ([reason] if reason else [])


def test_only_of_an_unread_place_a_change_may_be_there(read_file: ReadFile) -> None:
    (read,) = read_file("a.maf", maf("EGFR 37 Missense_Mutation A p.T790M 0 400"))
    (unread,) = read_file("a.maf", maf("EGFR 37 Missense_Mutation A p.T790M 0 0"))
    assert read.filtered_findings == ()
    assert [(item.finding.text, item.why) for item in unread.filtered_findings] == [
        ("EGFR T790M", "no reads at the position")
    ]


def test_counts_that_contradict_the_fraction_leave_the_gene_open(read_file: ReadFile) -> None:
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tt_alt_count\tt_vaf"
    (genotype,) = read_file("a.maf", maf("EGFR Missense_Mutation A p.T790M 0 0.2", columns=columns))
    assert texts(genotype) == ["EGFR mutation"]
    (entry,) = genotype.not_understood
    assert entry.reason == "the record counts no supporting read, and an allele fraction of 20.0%"


SAID_TWICE = (
    "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSp\tProtein_position\tAmino_acids"
)


@cases_beside
def test_columns_that_name_two_changes_leave_the_gene_open(
    read_file: ReadFile, row: str, found: list[str], dispute: str | None
) -> None:
    content = f"{SAID_TWICE}\n" + row.replace(" ", "\t") + "\n"
    (genotype,) = read_file("a.maf", content)
    assert texts(genotype) == found
    assert [entry.reason for entry in genotype.not_understood] == ([dispute] if dispute else [])


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("ALK\tFusion\tA\tEML4-ALK fusion", ["EML4::ALK"]),
        ("ALK\tFusion\tA\tEML4-ALK fusion - Archer", ["EML4::ALK"]),
        ("ALK\tFusion\tA\t", ["ALK fusion"]),
        ("ALK\t\tA\tEML4::ALK fusion", ["EML4::ALK"]),
        ("NRG1\tStructural_Variant\tA\tHLA-A-NRG1 fusion", ["HLA-A::NRG1"]),
        ("EGFR\tFusion\tA\tEGFR vIII", ["EGFR splice variant vIII"]),
    ],
)
def test_a_row_of_a_fusion_is_the_fusion_and_no_mutation(read_file: ReadFile, row: str, found: list[str]) -> None:
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short"
    (genotype,) = read_file("a.maf", f"{columns}\n{row}\n")
    assert texts(genotype) == found
