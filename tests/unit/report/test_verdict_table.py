"""The verdicts of many samples as one table."""

from __future__ import annotations

import csv
import io

import pytest

from resistab import Interpreter
from resistab.domains.oncology.report import TABLE_COLUMNS, table_rows
from resistab.report.parquet import parquet_table
from resistab.report.set_aside import SampleSetAside
from resistab.report.table import csv_table, harmless


def test_a_row_for_each_sample_and_drug(oncology: Interpreter) -> None:
    reports = [
        oncology.interpret(oncology.genotype("LUAD", ["EGFR T790M"], sample="one")),
        oncology.interpret(oncology.genotype("MEL", ["BRAF V600E"], sample="=HYPERLINK(1)")),
    ]
    rows = list(
        csv.DictReader(io.StringIO("".join(csv_table(TABLE_COLUMNS, [list(table_rows(report)) for report in reports]))))
    )
    assert len(rows) == sum(len(report.verdicts) for report in reports)
    assert tuple(rows[0]) == TABLE_COLUMNS
    (gefitinib,) = [row for row in rows if (row["sample"], row["drug"]) == ("one", "gefitinib")]
    assert (gefitinib["verdict"], gefitinib["level"], gefitinib["used_in_tumour_type"]) == ("resistant", "5", "yes")
    (verdict,) = [verdict for verdict in reports[0].verdicts if verdict.drug == "gefitinib"]
    assert gefitinib["rows"].split() == list(verdict.rows) != []
    assert {row["sample"] for row in rows} == {"one", "'=HYPERLINK(1)"}


def test_parquet_holds_the_same_rows(oncology: Interpreter) -> None:
    from pyarrow import parquet

    rows = list(table_rows(oncology.interpret(oncology.genotype("LUAD", ["EGFR T790M"], sample="one"))))
    aside = [SampleSetAside("two", ("no tumour type",))]
    written = io.BytesIO(b"".join(parquet_table(TABLE_COLUMNS, [rows], aside)))
    read = [tuple(row.values()) for row in parquet.read_table(written).to_pylist()]
    assert read[:-1] == [tuple(field or None for field in row) for row in rows]
    assert read[-1][0] == "two"


@pytest.mark.parametrize("field", ["=1+1", "+1", "-1+1", "@SUM(A1)"])
def test_what_a_spreadsheet_would_run_is_text(field: str) -> None:
    assert harmless(field) == f"'{field}"
    assert harmless("EGFR T790M") == "EGFR T790M"
    assert harmless("-10.5") == "-10.5"
