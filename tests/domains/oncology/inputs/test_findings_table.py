"""Tables of findings, as text and as spreadsheets: few columns, each documented, none guessed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable

import openpyxl
import pytest

from resistab.domains.oncology.genotype import ChangeFinding, StateFinding
from tests.cases import cases_beside
from tests.domains.oncology.inputs.laboratory_files import ReadFile, texts

Refusal = Callable[..., list[str]]


def spreadsheet(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_one_column_is_enough(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.csv", "alteration\nEGFR T790M\nEGFR L858R\n", sample="mine")
    assert (genotype.sample, texts(genotype)) == ("mine", ["EGFR T790M", "EGFR L858R"])


def test_every_column_is_read(read_file: ReadFile) -> None:
    content = (
        "sample;tumour_type;specimen;date;gene;change;allele_fraction;copies;phase;with;assayed;prior_therapies;"
        "limit_of_detection;tumour_fraction\n"
        "P1;LUAD;ctDNA;2026-02-11;EGFR;T790M;0.05;;;;KRAS, MET copy number;gefitinib;0.001;0.2\n"
        "P1;LUAD;ctDNA;2026-02-11;EGFR;C797S;0.04;;cis;EGFR T790M;;;;\n"
        "P1;LUAD;ctDNA;2026-02-11;MET;amplification;;14;;;;;;\n"
    )
    (genotype,) = read_file("a.csv", content, tumour=None)
    assert texts(genotype) == ["EGFR T790M", "EGFR C797S", "MET amplification 14 copies"]
    c797s = genotype.findings[1]
    assert isinstance(c797s, ChangeFinding)
    assert c797s.allele_fraction == 0.04
    assert (genotype.specimen, genotype.date) == ("ctDNA", datetime.date(2026, 2, 11))
    assert (genotype.limit_of_detection, genotype.tumour_fraction) == (0.001, 0.2)
    assert [therapy.drug for therapy in genotype.prior_therapies or ()] == ["gefitinib"]
    assert {str(item.locus) for item in genotype.assayed if not item.inferred} == {
        "KRAS mutation", "KRAS copy number", "MET copy number",
    }  # fmt: skip


@cases_beside
def test_measurements_become_states_by_the_rule_sets_cutoffs(
    read_file: ReadFile, change: str, value: str, unit: str, state: str
) -> None:
    (genotype,) = read_file("a.csv", f"gene,change,value,unit\n{change},{value},{unit}\n")
    (finding,) = genotype.findings
    assert isinstance(finding, StateFinding)
    assert finding.state == state


@pytest.mark.parametrize("change", ["IHC 4+", "TPS 101%", "TPM -1", "-2 copies", "120%"])
def test_a_value_that_its_scale_does_not_have_is_refused(refusal: Refusal, change: str) -> None:
    (line,) = refusal("a.csv", f"gene,change\nERBB2,{change}\n")
    assert "is no value of" in line


def test_an_unmethylated_promoter_was_assayed_and_is_no_finding(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.csv", "gene,change\nMGMT,promoter unmethylated\n", tumour="GB")
    assert genotype.findings == ()
    assert [str(item.locus) for item in genotype.assayed] == ["MGMT methylation"]


def test_a_spreadsheet_is_read_as_the_table_it_is(read_file: ReadFile) -> None:
    rows = (
        ("sample", "alteration", "allele_fraction", "date"),
        ("S1", "EGFR T790M", 0.05, datetime.datetime(2026, 2, 11)),
        ("S1", "EGFR L858R", 0.5, datetime.datetime(2026, 2, 11)),
        ("S2", "KRAS G12C", None, None),
    )
    first, second = read_file("a.xlsx", spreadsheet(*rows))
    assert (first.sample, texts(first), first.date) == ("S1", ["EGFR T790M", "EGFR L858R"], datetime.date(2026, 2, 11))
    assert texts(second) == ["KRAS G12C"]
    assert first.read_as == "spreadsheet of findings"


def test_a_formula_is_refused_and_never_evaluated(refusal: Refusal) -> None:
    (line,) = refusal("a.xlsx", spreadsheet(("alteration",), ('=HYPERLINK("http://x","EGFR T790M")',)))
    assert line == (
        "a.xlsx, sheet Sheet:2:1: cell A2 holds a formula; expected its value; save the sheet with values only"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("alteration\n", ["a.csv:1: holds column names and no finding; expected a row for each finding"]),
        (
            "alteration,alelle_fraction\nEGFR T790M,0.1\n",
            ["a.csv:1: unknown column 'alelle_fraction'; expected one of alteration, gene, change, sample, "],
        ),
        (
            "alteration,allele_fraction\nEGFR T790M,12\nEGFR L858R,x\n",
            [
                "a.csv:2: '12' in column 'allele_fraction' is out of bounds; expected a number from 0 to 1",
                "a.csv:3: 'x' in column 'allele_fraction' is no number; expected a number from 0 to 1",
            ],
        ),
        (
            "sample,alteration,tumour_type\nA,EGFR T790M,LUAD\nA,EGFR L858R,MEL\n",
            ["a.csv:3: 'tumour_type' is MEL here and LUAD in line 2, for one sample; expected the same in each row"],
        ),
        ("alteration,specimen\nEGFR T790M,blood\n", ["a.csv:2: the specimen 'blood'; expected tissue or ctDNA"]),
        ("alteration,date\nEGFR T790M,11.2.2026\n", ["a.csv:2: '11.2.2026' is no date; expected YYYY-MM-DD"]),
        (
            "alteration,copies,value\nMET amplification,3,4\n",
            ["a.csv:2: gives both copies and a value; expected one of the two"],
        ),
        (
            "alteration,phase\nEGFR T790M,cis\n",
            ["a.csv:2: phase 'cis' with ''; expected cis or trans, and the other change"],
        ),
        ('alteration\n"EGFR T790M\n', ["a.csv:2: cannot be split into fields: unexpected end of data"]),
        ("sample,alteration\nA,\n", ["a.csv:2: says nothing that was found or assayed; expected alteration"]),
        (
            "alteration,drug,assay\n,osimertinib,organoid\n",
            ["a.csv:2: no response to osimertinib is given; expected a value in 'response', or a call"],
        ),
        (
            "drug,assay,call\nosimertinib,mouse,resistant\n",
            ["a.csv:2: 'mouse' in column 'assay'; expected one of cell line, primary culture, organoid, xenograft"],
        ),
    ],
)
def test_a_faulty_table_is_refused_with_every_fault(refusal: Refusal, content: str, said: list[str]) -> None:
    lines = refusal("a.csv", content)
    assert len(lines) == len(said)
    for line, start in zip(lines, said, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "gene,protein_change,copy_number\nEGFR,L858R,8\n",
            "a.csv:2: 'EGFR L858R': a value of 8 copies beside what is not measured so; expected 'EGFR L858R' and "
            "'EGFR 8 copies'",
        ),
        (
            "gene,change,copies\nCDKN2A,loss,0\n",
            "a.csv:2: 'CDKN2A loss': a value of 0 copies beside what is not measured so; expected 'CDKN2A deletion' "
            "with its copies",
        ),
        ("gene,change,value\nHER2,IHC 3+,1\n", "a.csv:2: 'HER2 IHC 3+': 3 contradicts 1; expected one of the two"),
        (
            "alteration,gene,change\nEGFR mutation,EGFR,T790M\n",
            "a.csv:2: gives an alteration and a change; expected one of the two",
        ),
        (
            "gene,protein_change,hgvsp\nEGFR,T790M,\n",
            "a.csv:1: the columns 'protein_change' and 'hgvsp' hold the same; expected one of the two",
        ),
        (
            "gene,change,prior_therapies\nEGFR,L858R,unknown\n",
            "a.csv:2: 'unknown': does not say whether there was a therapy; expected a drug, none, or no entry",
        ),
    ],
)
def test_nothing_of_a_row_is_passed_over(refusal: Refusal, content: str, said: str) -> None:
    assert refusal("a.csv", content) == [said]


@pytest.mark.parametrize("value", ["", "-", ".", "0", "No", "Not Detected", "None", "negative"])
def test_a_cell_that_does_not_say_what_was_tested_is_refused(refusal: Refusal, value: str) -> None:
    for gene in ("KRAS", "MSI"):
        if (gene, value) not in {("MSI", "-"), ("MSI", "Not Detected"), ("MSI", "negative")}:
            assert len(refusal("a.csv", f"gene,change\n{gene},{value}\n")) == 1


def test_an_alteration_of_another_gene_than_the_rows_is_refused(refusal: Refusal) -> None:
    (line,) = refusal("a.csv", "gene,alteration\nAR,ARID1A loss\n")
    assert line.startswith("a.csv:2: 'AR ARID1A loss'")


def test_copies_of_a_gene_need_no_other_word(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.csv", "gene,change,copies\nMET,,8\n")
    assert texts(genotype) == ["MET copy number 8 copies"]


def test_a_finding_in_none_of_the_dna_is_none_and_is_told(read_file: ReadFile) -> None:
    (genotype,) = read_file("t.csv", "alteration,allele_fraction\nEGFR L858R,0.2\nEGFR T790M,0\n")
    assert texts(genotype) == ["EGFR L858R"]
    assert genotype.notes == ("'EGFR T790M' has an allele fraction of 0, and is no finding",)
