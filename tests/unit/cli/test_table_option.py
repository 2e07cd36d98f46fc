"""``--table`` writes CSV or Parquet, by the name of the file."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.paths import EXAMPLES
from tests.running import Run

COHORT = str(EXAMPLES / "cohort.maf")


def test_parquet_has_the_rows_of_csv(run: Run, tmp_path: Path) -> None:
    plain, packed = tmp_path / "verdicts.csv", tmp_path / "verdicts.parquet"
    for target in (plain, packed):
        assert run("evaluate", COHORT, "--table", str(target)).returncode == 0
    with plain.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert [
        {name: field or "" for name, field in row.items()} for row in parquet.read_table(packed).to_pylist()
    ] == rows


def test_without_what_writes_parquet_it_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    done = run("evaluate", COHORT, "--table", str(tmp_path / "verdicts.parquet"))
    assert done.returncode == 2
    assert "resistab[cluster]" in " ".join(done.stderr.split())
    assert not list(tmp_path.iterdir())
