"""Spreadsheets as others make or break them: cells far away, parts that are damaged, passwords."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from resistab.domains.oncology.inputs import spreadsheet
from tests.domains.oncology.inputs.laboratory_files import ReadFile, texts

Refusal = Callable[..., list[str]]
SHEET = "xl/worksheets/sheet1.xml"


def saved(*rows: list[object]) -> bytes:
    """A spreadsheet with these rows."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same with one part of the archive changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as target:
        for item in archive.namelist():
            target.writestr(item, change(archive.read(item)) if item == name else archive.read(item))
    return made.getvalue()


WHOLE = saved(["alteration", "copies"], ["EGFR T790M", None])


def test_cells_far_away_take_no_more_room_than_others(read_file: ReadFile) -> None:
    far = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>KRAS G12D</t></is></c></row>'
    empty = "".join(f'<row r="{row}"><c r="XFD{row}"/></row>' for row in range(3, 2003))
    content = with_part(WHOLE, SHEET, lambda xml: xml.replace(b"</sheetData>", f"{empty}{far}</sheetData>".encode()))

    (genotype,) = read_file("a.xlsx", content)
    assert texts(genotype) == ["EGFR T790M", "KRAS G12D"]


def test_rows_are_kept_as_the_cells_that_hold_something(tmp_path, read_file: ReadFile) -> None:
    empty = "".join(f'<row r="{row}"><c r="A{row}"/><c r="XFD{row}"/></row>' for row in range(3, 53))
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_part(WHOLE, SHEET, lambda xml: xml.replace(b"</sheetData>", f"{empty}</sheetData>".encode())))

    _, _, rows = spreadsheet._sheet(path)
    assert [(line, sorted(row)) for line, row in rows] == [(1, [1, 2]), (2, [1])]


def test_cells_in_columns_without_a_name_are_told(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.xlsx", saved(["alteration"], ["EGFR T790M", "in cis with C797S"]))
    assert genotype.notes == ("cells of the spreadsheet in columns without a name were not read: B2",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (re.sub(rb"(PK\x01\x02.{4}).", lambda match: match[1] + b"\x01", WHOLE, flags=re.DOTALL), "is encrypted"),
        (with_part(WHOLE, SHEET, lambda xml: xml[:200]), "is damaged"),
        (with_part(WHOLE, SHEET, lambda xml: xml.replace(b'r="A2"', b'r="@2"')), "is damaged"),
        (with_part(WHOLE, "xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", b"<shoots>")), "is damaged"),
        (WHOLE[:800] + b"\x00" * 40 + WHOLE[840:], "is damaged"),
        (WHOLE[: len(WHOLE) // 2], "is truncated or damaged"),
    ],
)
def test_a_damaged_spreadsheet_is_refused_in_a_line(refusal: Refusal, content: bytes, said: str) -> None:
    (line,) = refusal("a.xlsx", content)
    assert said in line


def test_what_a_spreadsheet_may_unpack_to_is_bounded(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_MOST_UNPACKED", 1000)
    (line,) = refusal("a.xlsx", WHOLE)
    assert "is too large once unpacked" in line
