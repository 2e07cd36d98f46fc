"""The worked example on cell lines: from the columns of GDSC's data to lines of the plain table."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from resistab.domains.oncology import measures
from resistab.domains.oncology.interpreter import TumourInterpreter
from tests.paths import ROOT
from tools.gdsc_table import (
    COLUMNS,
    DRUGS,
    FEATURES,
    IC50,
    LINES,
    TUMOURS,
    cutoff,
    data_folder,
    read_as,
    read_lines,
    read_responses,
    table_rows,
)

FOLDER = data_folder()
NEEDS_DATA = pytest.mark.skipif(
    FOLDER is None,
    reason="gdsctools is not installed, see docs/tumour_measurements.md",
)


def packed(path: Path, text: str) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    packed(
        tmp_path / FEATURES,
        "COSMIC_ID,TISSUE_FACTOR,MSI_FACTOR,BRAF_mut,BCR-ABL_mut,EWSR1-FLI1_mut,EWSR1-X_mut,ACACA_mut,"
        "gain_cnaPANCAN124_(EGFR)\n1,skin,0,1,0,0,0,1,1\n2,bone,1,0,0,1,1,0,0\n3,nowhere,0,0,1,0,0,0,0\n",
    )
    packed(tmp_path / LINES, "SAMPLE_NAME,COSMIC_ID,GDSC2\nA,1,melanoma\nB,2,ewings_sarcoma\nC,3,somewhere\n")
    packed(tmp_path / IC50, "COSMIC_ID,Drug_1373_IC50,Drug_1032_IC50,Drug_1377_IC50\n1,-3.5,,1\n2,4,,\n3,NaN,2,3\n")
    return tmp_path


def test_columns_become_findings(oncology: TumourInterpreter, small: Path) -> None:
    lines = read_lines(small / FEATURES, small / LINES, oncology.rulebase)
    assert [(line.id, line.tumour, line.findings) for line in lines] == [
        ("1", "MEL", ("BRAF mutation",)),
        ("2", "ES", ("MSI high", "EWSR1::FLI1")),
        ("3", "TISSUE", ("BCR::ABL1",)),
    ]
    # What the rule set does not know, and gains of segments, are not taken.
    assert lines[0].assayed == ("MSI", "BRAF mutation", "ABL1 fusion", "EWSR1 fusion")


def test_a_finding_is_read_as_the_user_says(oncology: TumourInterpreter, small: Path) -> None:
    lines = read_as(read_lines(small / FEATURES, small / LINES, oncology.rulebase), {"BRAF mutation": "BRAF V600E"})
    assert lines[0].findings == ("BRAF V600E",)


def test_of_two_compounds_the_one_with_more_values(small: Path) -> None:
    found = read_responses(small / IC50, {"dabrafenib": (1373,), "afatinib": (1032, 1377), "imatinib": (34,)})
    assert found == {"dabrafenib": {"1": -3.5, "2": 4.0}, "afatinib": {"1": 1.0, "3": 3.0}}


def test_the_cutoff_parts_the_sensitive_share() -> None:
    assert cutoff([4.0, 1.0, 3.0, 2.0], 0.25) == 1.5
    assert cutoff([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert cutoff([1.0, 2.0], 0.01) == 1.5


def test_findings_stand_in_the_first_line(oncology: TumourInterpreter, small: Path) -> None:
    lines = read_lines(small / FEATURES, small / LINES, oncology.rulebase)
    responses = {"dabrafenib": {"1": -3.5, "2": 4.0}, "afatinib": {"1": 1.0, "3": 3.0}}
    rows = list(table_rows(lines, responses, 0.25))
    assert [(row["sample"], row["drug"], row.get("findings")) for row in rows] == [
        ("1", "dabrafenib", "BRAF mutation"),
        ("1", "afatinib", None),
        ("2", "dabrafenib", "MSI high; EWSR1::FLI1"),
        ("3", "afatinib", "BCR::ABL1"),
    ]
    assert (rows[0]["value"], rows[0]["resistant_from"], rows[0]["measure"]) == ("-3.5", "0.25", "ln IC50")


def test_names_are_those_of_the_rule_set(oncology: TumourInterpreter) -> None:
    assert [drug for drug in DRUGS if drug not in oncology.rulebase.table_by_drug] == []
    codes = {tumour.code for tumour in oncology.rulebase.tumour_types}
    assert [code for code in TUMOURS.values() if code not in codes] == []


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gdsc") / "gdsc.csv"
    drugs = ("dabrafenib", "imatinib", "rebemadlin")
    options = [word for drug in drugs for word in ("--drug", drug)]
    command = [sys.executable, str(ROOT / "tools" / "gdsc_table.py"), "-o", str(path), *options]
    subprocess.run(command, check=True, cwd=ROOT)
    return path


@NEEDS_DATA
def test_every_measured_line_is_in_the_table(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    counts = {drug: sum(row["drug"] == drug for row in rows) for drug in ("dabrafenib", "imatinib", "rebemadlin")}
    assert counts == {"dabrafenib": 870, "imatinib": 412, "rebemadlin": 846}


@NEEDS_DATA
def test_every_drug_was_measured() -> None:
    assert FOLDER is not None
    assert read_responses(FOLDER / IC50, DRUGS).keys() == DRUGS.keys()


@NEEDS_DATA
def test_markers_shift_responses_as_is_known(oncology: TumourInterpreter, table: Path) -> None:
    """BRAF and dabrafenib, BCR::ABL1 and imatinib lower ln IC50; TP53 raises that of nutlin-3a (rebemadlin)."""
    measured = measures.read(oncology, [table])
    shifts = {}
    for drug, text in (("dabrafenib", "BRAF mutation"), ("imatinib", "BCR::ABL1"), ("rebemadlin", "TP53 mutation")):
        of = measured.drugs[drug]
        feature = measures.feature(text)
        held = measures.values(oncology, drug, [feature], measured.genotypes(of))[:, 0]
        with_it, without = of.numbers[held == 1], of.numbers[held == 0]
        shifts[drug] = (len(with_it), len(without), round(float(np.mean(with_it) - np.mean(without)), 2))
    # The package's own test has 554 lines with TP53 for that drug.
    assert shifts == {
        "dabrafenib": (72, 798, -4.28),
        "imatinib": (5, 407, -4.10),
        "rebemadlin": (554, 292, 1.57),
    }
