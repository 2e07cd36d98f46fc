"""A list of approvals: what its lines say, how their labels are cited, and what the citation check makes of them."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.curation.check import CheckResult, check_path
from resistab.domains.oncology.checks.approvals_export import COLUMNS, approval_items, profile_of, read_approvals
from tests.paths import SMALL

ROW = {
    "authority": "EMA",
    "drugs": "abemaciclib + anastrozole",
    "biomarkers": "ER positive; HER2-negative",
    "oncotree": "BRCA",
    "first_approved": "2018-09-26",
    "label": "Verzenios label of 2024-03-12",
}


def listed(folder: Path, *rows: dict[str, str]) -> Path:
    """A list of approvals, each ``ROW`` but for what is given."""
    file = folder / "approvals.tsv"
    lines = [COLUMNS, *(tuple((ROW | row)[name] for name in COLUMNS) for row in rows)]
    file.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return file


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_approvals(path)
    return [str(fault).removeprefix(str(path)) for fault in raised.value.faults]


def test_line_is_an_approval(tmp_path: Path) -> None:
    (approval,) = read_approvals(listed(tmp_path, {}))

    assert approval.drugs == ("abemaciclib", "anastrozole")
    assert approval.biomarkers == ("ER positive", "HER2-negative")
    assert (approval.tumour, approval.first_approved, approval.line) == ("BRCA", datetime.date(2018, 9, 26), 2)
    assert approval.references == ("LABEL:EMA Verzenios 2024-03-12",)
    assert approval.citations == ("Verzenios, EMA label of 2024-03-12",)


def test_day_of_the_first_approval_may_be_unknown(tmp_path: Path) -> None:
    assert read_approvals(listed(tmp_path, {"first_approved": ""}))[0].first_approved is None


def test_each_of_several_labels_may_be_cited(tmp_path: Path) -> None:
    label = "Mekinist label of 2024-03-29; Tafinlar label of 2024-03-30"
    (approval,) = read_approvals(listed(tmp_path, {"label": label}))

    assert approval.references == ("LABEL:EMA Mekinist 2024-03-29", "LABEL:EMA Tafinlar 2024-03-30")
    assert [item.reference for item in approval_items([approval])] == list(approval.references)


def test_label_without_a_name_goes_by_the_drugs(tmp_path: Path) -> None:
    row = {"authority": "HSE Ireland", "label": " label of 2024-05-31"}
    (approval,) = read_approvals(listed(tmp_path, row))

    assert approval.references == ("LABEL:HSE Ireland abemaciclib + anastrozole 2024-05-31",)


def test_translocation_is_one_biomarker(tmp_path: Path) -> None:
    (approval,) = read_approvals(listed(tmp_path, {"biomarkers": "t(15;17); CD33 +"}))

    assert approval.biomarkers == ("t(15;17)", "CD33 +")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"authority": ""}, "authority is empty; expected a value"),
        ({"first_approved": "2018-13-01"}, "first_approved is '2018-13-01'; expected a day such as 2024-03-12"),
        (
            {"label": "Verzenios"},
            "label is 'Verzenios'; expected a name and a day such as Verzenios label of",
        ),
        ({"label": "Verzenios label of 2024-02-30"}, "label is 'Verzenios label of 2024-02-30'; expected a name and"),
    ],
)
def test_line_that_is_not_understood_is_named(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    (found,) = faults(listed(tmp_path, changed))

    assert found.startswith(f":2: {said}")


def test_line_that_was_cut_off_and_a_missing_column_are_named(tmp_path: Path) -> None:
    file = listed(tmp_path, {})
    file.write_text(file.read_text() + "FDA\tabemaciclib\n")
    assert faults(file) == [":3: has 2 columns; expected 6"]

    file.write_text(file.read_text().replace("oncotree", "tumour"))
    assert faults(file)[0].startswith(":1: has no column oncotree")


@pytest.mark.parametrize(
    ("biomarker", "profile"),
    [
        ("ER positive", "ESR1 Expression OR ESR1 Amplification"),
        ("HER2-negative", "ERBB2 negative"),
        ("PD-L1 (CPS) >= 10", "CD274 Expression OR CD274 Amplification"),
        ("PD-L1 < 1%", "CD274 negative"),
        ("CD20 +", "MS4A1 Expression OR MS4A1 Amplification"),
        ("BRAF p.V600E", "BRAF V600E"),
        ("BRCA1 pathogenic variants", "BRCA1 Mutation"),
        ("EGFR Exon 19 (Deletion)", "EGFR exon 19 deletion"),
        ("PTEN splice site variants", "PTEN splice site"),
        ("v::ALK", "v::ALK Fusion"),
        ("t(15;17)", "PML::RARA Fusion"),
        ("Wild type KRAS", "KRAS unaltered"),
        ("FLT3-ITD", "FLT3 ITD"),
        ("TMB-H (>= 10 mutations / Mb)", "TMB high"),
        ("FGFR2 rearrangements", "FGFR2 rearrangements"),
    ],
)
def test_biomarker_is_a_profile(biomarker: str, profile: str) -> None:
    assert profile_of(biomarker) == profile


# --- as sources of evidence ---------------------------------------------------------------------------------------

TABLE = """drug: gefitinib
indications:
  - {tumour_types: [NSCLC], relevant: true, requires: EGFR L858R, essential_loci: [EGFR mutation]}
rows:
  - id: GEF-003
    status: active
    when: EGFR L858R
    tumour_types: [NSCLC]
    effect: susceptibility
    mechanism: not established
    evidence:
      - reference: LABEL:EMA Iressa 2023-07-06
        level: A
        direction: supports
        studied_in: NSCLC
        statement: The drug is approved for tumours with this mutation.
    created: 2026-11-21
    reviewed: 2026-11-21
"""
CITATIONS = """citations:
  - {reference: LABEL:EMA Iressa 2023-07-06, short: "Iressa, EMA label of 2023-07-06"}
"""
IRESSA = {
    "drugs": "gefitinib",
    "biomarkers": "EGFR p.L858R",
    "oncotree": "NSCLC",
    "label": "Iressa label of 2023-07-06",
}


def checked(folder: Path, approvals: Path, table: str = TABLE, citations: str = CITATIONS) -> CheckResult:
    ruleset = shutil.copytree(SMALL, folder / "small")
    for name in ("tables", "mechanisms"):
        shutil.rmtree(ruleset / name)
    (ruleset / "tables").mkdir()
    (ruleset / "tables" / "gefitinib.yaml").write_text(table)
    (ruleset / "citations.yaml").write_text(citations)
    return check_path(ruleset, datetime.date(2026, 11, 22), [approvals])


def test_approval_is_the_source_of_a_response(tmp_path: Path) -> None:
    result = checked(tmp_path, listed(tmp_path, IRESSA))

    assert result.evidence is not None
    assert (result.evidence[0].verified, result.evidence[0].faults) == (1, ())


def test_approval_need_not_stand_behind_a_row(tmp_path: Path) -> None:
    result = checked(tmp_path, listed(tmp_path, IRESSA, IRESSA | {"drugs": "erlotinib"}))

    assert result.evidence is not None
    assert result.evidence[0].lines[0].startswith("0 of 0 evidence items accounted for")


@pytest.mark.parametrize(
    "changed",
    [
        {"drugs": "erlotinib"},
        {"drugs": "gefitinib + carboplatin"},
        {"biomarkers": "EGFR p.T790M"},
        {"biomarkers": "v::ALK"},
        {"oncotree": "BRCA"},
        {"authority": "FDA"},
        {"label": "Iressa label of 2022-07-06"},
    ],
)
def test_evidence_that_no_approval_says_is_found(tmp_path: Path, changed: dict[str, str]) -> None:
    result = checked(tmp_path, listed(tmp_path, IRESSA | changed))

    assert "RT320" in {finding.code for finding in result.findings}


def test_approval_of_a_tumour_named_by_its_number_is_read(tmp_path: Path) -> None:
    result = checked(tmp_path, listed(tmp_path, IRESSA | {"oncotree": "ncit:C135017"}))

    assert result.evidence is not None
    assert result.evidence[0].verified == 1


def test_label_is_cited_as_the_list_names_it(tmp_path: Path) -> None:
    citations = CITATIONS.replace("Iressa, EMA label", "Iressa label")
    result = checked(tmp_path, listed(tmp_path, IRESSA), citations=citations)

    assert "RT335" in {finding.code for finding in result.findings}


EXCLUDED = (
    TABLE.replace("when: EGFR L858R", "when: KRAS G12D")
    .replace("effect: susceptibility", "effect: reduced response")
    .replace("The drug is approved for tumours with this mutation.", "The label leaves out tumours with the mutation.")
)


def test_label_that_asks_for_a_wild_type_leaves_others_out(tmp_path: Path) -> None:
    row = IRESSA | {"biomarkers": "PD-L1 >= 50%; Wild type KRAS"}
    result = checked(tmp_path, listed(tmp_path, row), table=EXCLUDED)

    assert result.evidence is not None
    assert (result.evidence[0].verified, result.evidence[0].faults) == (1, ())


def test_label_that_asks_for_a_wild_type_is_no_marker(tmp_path: Path) -> None:
    row = IRESSA | {"biomarkers": "Wild type EGFR"}
    result = checked(tmp_path, listed(tmp_path, row))

    assert "RT320" in {finding.code for finding in result.findings}
