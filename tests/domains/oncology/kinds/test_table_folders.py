"""Tables of drugs in the folders of their classes, tables of regimens in a folder of their own."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.curation.check import check_ruleset
from resistab.curation.new import new_row, new_table
from resistab.domains.oncology.kinds import FILE_KINDS
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import table_place
from resistab.rulesets.digest import ruleset_digest
from tests.paths import SMALL

DAY = datetime.date(2026, 11, 29)
REGIMEN = "gefitinib + vemurafenib"
PLACES = {
    "gefitinib": "tables/egfr-tyrosine-kinase-inhibitor/gefitinib.yaml",
    "osimertinib": "tables/egfr-tyrosine-kinase-inhibitor/osimertinib.yaml",
    "vemurafenib": "tables/braf-inhibitor/vemurafenib.yaml",
}


@pytest.fixture
def by_class(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "small"
    shutil.copytree(SMALL, folder)
    for drug, place in PLACES.items():
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / "tables" / f"{drug}.yaml").rename(folder / place)
    return folder


def misplaced(folder: Path) -> list[tuple[str, str]]:
    findings = [finding for finding in check_ruleset(folder, DAY) if finding.code == "RT630"]
    return [(Path(finding.where).relative_to(folder).as_posix(), finding.message) for finding in findings]


def add_regimen(folder: Path) -> None:
    text = (folder / "drugs.yaml").read_text("utf-8")
    entry = f"  - {{name: {REGIMEN}, regimen: [gefitinib, vemurafenib], approved: false}}\n"
    (folder / "drugs.yaml").write_text(text + entry, "utf-8")


@pytest.mark.parametrize(
    ("classes", "regimen", "place"),
    [
        (["BCR::ABL1 tyrosine kinase inhibitor"], False, "tables/bcr-abl1-tyrosine-kinase-inhibitor/a-b.yaml"),
        (["MEK inhibitor", "BRAF inhibitor"], False, "tables/mek-inhibitor/a-b.yaml"),
        ([], True, "tables/combinations/a-b.yaml"),
    ],
)
def test_a_table_belongs_in_the_folder_of_the_first_class(classes: list[str], regimen: bool, place: str) -> None:
    assert table_place("a + b", classes, regimen) == place


def test_folders_of_classes_change_nothing_of_what_is_read(by_class: Path) -> None:
    flat, folders = load_rulebase_folder(SMALL), load_rulebase_folder(by_class)
    left_out = {"digest", "table_files"}
    assert folders.model_dump(exclude=left_out) == flat.model_dump(exclude=left_out)
    assert {table.drug: folders.file_of(table) for table in folders.tables} == PLACES


def test_a_table_in_a_folder_of_a_class_counts_in_the_digest(by_class: Path) -> None:
    before = ruleset_digest(by_class, FILE_KINDS)
    path = by_class / PLACES["gefitinib"]
    path.write_text(path.read_text("utf-8") + "# read\n", "utf-8")
    assert ruleset_digest(by_class, FILE_KINDS) != before


def test_a_rule_set_may_have_all_its_tables_in_one_folder() -> None:
    assert misplaced(SMALL) == []


def test_check_says_where_a_table_belongs(by_class: Path) -> None:
    assert misplaced(by_class) == []
    (by_class / PLACES["vemurafenib"]).rename(by_class / "tables/egfr-tyrosine-kinase-inhibitor/vemurafenib.yaml")
    (by_class / PLACES["osimertinib"]).rename(by_class / "tables/osimertinib.yaml")
    assert misplaced(by_class) == [
        (
            "tables/egfr-tyrosine-kinase-inhibitor/vemurafenib.yaml",
            "the table of vemurafenib lies in tables/egfr-tyrosine-kinase-inhibitor/ and belongs in "
            "tables/braf-inhibitor/",
        ),
        (
            "tables/osimertinib.yaml",
            "the table of osimertinib lies in tables/ and belongs in tables/egfr-tyrosine-kinase-inhibitor/",
        ),
    ]


def test_what_check_finds_is_placed_in_the_file_of_the_table(by_class: Path) -> None:
    path = by_class / PLACES["vemurafenib"]
    path.write_text(path.read_text("utf-8").replace("reviewed: 2026-11-21", "reviewed: 2024-11-21", 1), "utf-8")
    text = path.read_text("utf-8").replace("created: 2026-11-21", "created: 2024-11-21", 1)
    path.write_text(text, "utf-8")
    (overdue,) = [finding for finding in check_ruleset(by_class, DAY) if finding.code == "RT609"]
    assert Path(overdue.where) == path
    assert overdue.line is not None


def test_a_new_table_is_put_where_it_belongs(by_class: Path) -> None:
    (by_class / PLACES["vemurafenib"]).unlink()
    add_regimen(by_class)
    assert new_table(by_class, "vemurafenib", None, DAY).file.path == by_class / PLACES["vemurafenib"]
    made = new_table(by_class, REGIMEN, None, DAY).file
    assert (made.path, made.kind.name) == (
        by_class / "tables/combinations/gefitinib-vemurafenib.yaml",
        "table",
    )


def test_a_new_table_lies_beside_others_of_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    add_regimen(folder)
    assert new_table(folder, REGIMEN, None, DAY).file.path == folder / "tables/gefitinib-vemurafenib.yaml"


def test_a_new_row_is_put_into_the_table_of_its_drug(by_class: Path) -> None:
    add_regimen(by_class)
    made = new_table(by_class, REGIMEN, None, DAY)
    made.file.path.parent.mkdir()
    made.file.path.write_text(made.text, "utf-8")
    assert new_row(by_class, REGIMEN, DAY).file.path == made.file.path
    assert new_row(by_class, "gefitinib", DAY).file.path == by_class / PLACES["gefitinib"]
