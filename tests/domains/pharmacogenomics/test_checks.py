"""What must hold between the files of a rule set of germline genotypes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.domains.pharmacogenomics import kinds
from resistab.domains.pharmacogenomics.checks import CODES, check_evidence, read_pairs
from tests.domains.pharmacogenomics.conftest import FaultsOf
from tests.paths import SMALL_PHARMACOGENOMICS

ROW = "when: conclusion dpyd-poor\n"
PAIRS = (
    "Gene,Drug,CPICLevel,CPICLevelStatus,PMID\n"
    "HLA-B,abacavir,A,Final,24561393;22378157\n"
    "DPYD,fluorouracil,A,Final,29152729\n"
    "TPMT,mercaptopurine,A,Final,30447069\n"
    "NUDT15,mercaptopurine,A,Final,30447069\n"
    "G6PD,rasburicase,A,Final,36049896\n"
    "CYP2B6,efavirenz,A,Final,31006110\n"
)


def test_the_small_rule_set_has_no_fault() -> None:
    assert kinds.read(SMALL_PHARMACOGENOMICS).faults == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("tables/fluorouracil.yaml", ROW, "when: DPYD activity 0\n", "RT801"),
        ("phenotypes/tpmt.yaml", "TPMT none with none", "TPMT activity 0", "RT801"),
        ("phenotypes/tpmt.yaml", "TPMT none with none", "NUDT15 none with none", "RT801"),
        ("phenotypes/tpmt.yaml", "TPMT none with none", "not TPMT none with none", "RT801"),
        ("genes.yaml", "function: none, activity: 0}", "function: none}", "RT802"),
        (
            "genes.yaml",
            '{name: "*98", function: uncertain}',
            '{name: "*98", function: uncertain, activity: 1}',
            "RT802",
        ),
        ("genes.yaml", "reference: B\n", "reference: C\n", "RT802"),
        ("phenotypes/dpyd.yaml", "DPYD activity 1 to 1.5", "DPYD activity 1", "RT803"),
        ("phenotypes/dpyd.yaml", "DPYD activity at most 0.5", "DPYD activity at most 1", "RT803"),
        ("tables/fluorouracil.yaml", ROW, "when: conclusion dpyd-normal\n", "RT804"),
        ("tables/fluorouracil.yaml", "id: FU-003\n    status: active", "id: FU-003\n    status: draft", "RT804"),
        ("ruleset.yaml", "caution: 10", "caution: 40", "RT805"),
        ("ruleset.yaml", "  no_action: nothing to do\n", "", "RT805"),
        ("ruleset.yaml", "combine: max", "combine: sum", "RT805"),
        ("citations.yaml", "PMID:24561393", "CPIC:HLA-B/abacavir", "RT806"),
    ],
)
def test_what_only_this_domain_checks(faults_of: FaultsOf, file: str, old: str, new: str, code: str) -> None:
    assert code in CODES
    assert code in {fault.code for fault in faults_of(file, old, new)}


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("genes.yaml", "symbol: NUDT15", "symbol: TPMT", "RT101"),
        ("genes.yaml", 'aliases: ["c.1905+1G>A", rs3918290]', 'aliases: ["*1"]', "RT101"),
        ("tables/fluorouracil.yaml", "id: FU-002", "id: FU-001", "RT102"),
        ("phenotypes/g6pd.yaml", "gene: G6PD", "gene: G6PC", "RT110"),
        ("tables/fluorouracil.yaml", "drug: fluorouracil", "drug: fluorouracyl", "RT112"),
        ("tables/fluorouracil.yaml", ROW, "when: conclusion dpyd-pour\n", "RT117"),
        ("citations.yaml", "PMID:24561393", "PMID:24561394", "RT303"),
        ("tables/fluorouracil.yaml", "id: FU-001\n    status: active", "id: FU-001\n    status: retired", "RT306"),
        ("tables/abacavir.yaml", "id: ABC-001\n    status: active", "id: ABC-001\n    status: retired", "RT804"),
    ],
)
def test_what_every_rule_set_is_checked_for(faults_of: FaultsOf, file: str, old: str, new: str, code: str) -> None:
    assert code in {fault.code for fault in faults_of(file, old, new)}


def test_a_reference_that_is_no_publication_says_why(faults_of: FaultsOf) -> None:
    old, new = "{reference: PMID:24561393,", "{exception: named only, reference: CPIC:HLA-B/abacavir,"
    assert "RT806" not in {fault.code for fault in faults_of("citations.yaml", old, new)}


def test_a_fault_names_file_and_line(faults_of: FaultsOf) -> None:
    (fault,) = faults_of("tables/fluorouracil.yaml", ROW, "when: conclusion dpyd-pour\n")
    assert str(fault) == (
        "small/tables/fluorouracil.yaml:5:11: unknown conclusion 'dpyd-pour'; expected one of phenotypes; "
        "did you mean dpyd-poor or dpyd-normal?"
    )


def evidence_of(tmp_path: Path, pairs: str) -> tuple[list[str], int]:
    """The codes of faults beside a list of pairs, and how many evidence items were verified."""
    (tmp_path / "cpic.csv").write_text(pairs, encoding="utf-8")
    reading = kinds.read(SMALL_PHARMACOGENOMICS)
    found = check_evidence(reading.files, read_pairs([tmp_path]))
    return [fault.code for fault in found.faults], found.verified


def test_evidence_that_the_list_bears_out_is_verified(tmp_path: Path) -> None:
    assert evidence_of(tmp_path, PAIRS) == ([], 15)


@pytest.mark.parametrize(
    ("old", "new", "code", "faults"),
    [
        ("DPYD,fluorouracil", "DPYD,tegafur", "RT325", 3),
        ("A,Final,29152729", "A,Final,1", "RT320", 3),
        ("A,Final,29152729", "B,Final,29152729", "RT322", 3),
        ("A,Final,29152729", "A,Provisional,29152729", "RT322", 3),
    ],
)
def test_evidence_that_differs_is_a_fault(tmp_path: Path, old: str, new: str, code: str, faults: int) -> None:
    assert evidence_of(tmp_path, PAIRS.replace(old, new)) == ([code] * faults, 15 - faults)


def test_a_list_of_pairs_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cpic\.csv"):
        read_pairs([tmp_path])


def test_a_file_that_cannot_be_read_blames_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    shutil.copytree(SMALL_PHARMACOGENOMICS, folder)
    (folder / "genes.yaml").write_text("genes: 1\n", encoding="utf-8")
    assert {fault.where for fault in kinds.read(folder).faults} == {"small/genes.yaml"}
