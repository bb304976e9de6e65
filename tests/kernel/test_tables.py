"""Tables that people bring: CSV and XLSX, broken ones refused with a sentence, hostile ones in bounded memory."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.tables import MOST_ROWS, Row, Table, read_table, write_csv, write_xlsx


def read(data: bytes, max_bytes: int = 1_000_000) -> Table:
    return read_table(io.BytesIO(data), name="list.csv", max_bytes=max_bytes)


def rows(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read(data).rows]


def sheet(*lines: list[object]) -> bytes:
    book: Any = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_whatever_separates_its_cells(mark, end):
    text = f"نام{mark}سال{end}سارا{mark}۱۳۷۰{end}"
    assert rows(("\ufeff" + text).encode()) == [("نام", "سال"), ("سارا", "۱۳۷۰")]


def test_quoted_cells_may_hold_what_separates_and_breaks_lines():
    assert rows(b'name,note\n"a, b","two\nlines"\n') == [("name", "note"), ("a, b", "two lines")]


def test_empty_rows_are_left_out_and_the_others_keep_their_number():
    assert read(b"name\n\n,,\nSara\n").rows == (Row(1, ("name",)), Row(4, ("Sara",)))


def test_a_spreadsheet_is_read_as_people_see_it():
    data = sheet(["name", "year", "on"], ["سارا", 1991.0, date(2026, 3, 21)], ["Ali", None, True])
    assert rows(data) == [("name", "year", "on"), ("سارا", "1991", "2026-03-21"), ("Ali", "", "True")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"\xff\xfe\x00bad",
        b"a\0b",
        b"PK\x03\x04 not a zip",
        b"x" * 2_000_000,
        ",".join("x" * 300).encode(),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(app, data):
    with app.app_context(), pytest.raises(Invalid) as refusal:
        read(data)
    assert str(refusal.value.reason).endswith(".")


def test_a_table_of_too_many_rows_is_refused(app):
    with app.app_context(), pytest.raises(Invalid):
        read(b"x\n" * (MOST_ROWS + 1), max_bytes=10_000_000)


def test_a_zip_that_swells_is_not_unpacked(app):
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(310):
            part.write(b"0" * 1_000_000)
    with app.app_context(), pytest.raises(Invalid):
        read(buffer.getvalue())


def test_what_is_written_comes_back_and_no_cell_is_a_formula():
    table: list[list[Any]] = [["name", "votes"], ["=HYPERLINK(1)", 3], ["سارا", -2], ["-1+1", None]]
    expected = [("name", "votes"), ("'=HYPERLINK(1)", "3"), ("سارا", "-2"), ("'-1+1", "")]
    assert rows(write_csv(table)) == expected
    assert rows(write_xlsx(table, title="People", is_right_to_left=True)) == expected


def test_a_persian_sheet_runs_from_the_right():
    book: Any = openpyxl.load_workbook(io.BytesIO(write_xlsx([["نام"]], title="نام‌ها", is_right_to_left=True)))
    assert book.active.sheet_view.rightToLeft
