"""Tables of text: how fields are quoted, how numbers are written, and how many columns there may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.core.numbers import plain_number
from resistab.files.tables import TextRow, number_of, read_table


def rows(folder: Path, content: str) -> list[dict[str, str]]:
    path = folder / "a.tsv"
    path.write_text(content)
    return [dict(row.fields) for row in read_table(path).rows]


@pytest.mark.parametrize(
    "content",
    [
        '"gene"\t"change"\n"EGFR"\t"T790M, once"\n',
        'gene\tchange\nEGFR\t"T790M, once"\n',
        'gene,change\nEGFR,"T790M, once"\n',
    ],
)
def test_quotes_around_fields_are_taken_off(tmp_path: Path, content: str) -> None:
    assert rows(tmp_path, content) == [{"gene": "EGFR", "change": "T790M, once"}]


def test_a_quote_within_a_field_of_a_tsv_stays(tmp_path: Path) -> None:
    assert rows(tmp_path, 'gene\tchange\nEGFR\t5" of\n') == [{"gene": "EGFR", "change": '5" of'}]
    assert rows(tmp_path, 'gene\tchange\nEGFR\t"a ""b"""\n') == [{"gene": "EGFR", "change": 'a "b"'}]


def test_of_ten_thousand_columns_each_is_looked_at_once(tmp_path: Path) -> None:
    """Counted in comparisons of names: with each name compared with each there would be a hundred million."""
    names = [f"s{number}" for number in range(10_000)]
    table = "\t".join(names) + "\n" + "\t".join("0" * 10_000) + "\n"
    (row,) = rows(tmp_path, table)
    assert len(row) == 10_000
    with pytest.raises(InputError, match="the column 's7' is there twice"):
        rows(tmp_path, table.replace("s8\t", "s7\t", 1))


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("-0.5", -0.5), (".5", 0.5), ("1.5e-3", 0.0015), ("+2.", 2)])
def test_a_number_is_written_in_digits(text: str, value: float) -> None:
    assert plain_number(text) == value


@pytest.mark.parametrize(
    "text",
    ["0_1", "1_000", "nan", "inf", "Infinity", "1e999", "0x1F", "0x1p3", "٣", "1,5", "1:30", "9" * 5000, "", "e5"],
)
def test_what_python_alone_takes_for_a_number_is_none(text: str) -> None:
    assert plain_number(text) is None
    if text and text != "nan":
        with pytest.raises(InputError, match="is no number"):
            number_of(TextRow("a.tsv", 2, {"copies": text}), "copies", 0)
