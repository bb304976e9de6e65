"""Tables that people bring and take away: CSV and XLSX, told apart by content, read row by row, written safely."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import openpyxl
from flask_babel import lazy_gettext as _l
from openpyxl.utils.exceptions import InvalidFileException

from .errors import Invalid
from .text import clean_line

MOST_ROWS: Final = 200_000
MOST_CELLS: Final = 200
MOST_UNPACKED: Final = 300_000_000
LONGEST_CELL: Final = 20_000
_MARKS: Final = (",", ";", "\t")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """``number``: as a spreadsheet counts it, the first row is 1. ``cells``: cleaned text, "" where nothing is."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was brought. ``sha256``: of the file's bytes. Rows without any text are left out."""

    name: str
    sha256: str
    rows: tuple[Row, ...]


def read_table(stream: BinaryIO, *, name: str, max_bytes: int) -> Table:
    """Read a CSV (UTF-8, with comma, semicolon or tab) or the first sheet of an XLSX file. Raises Invalid."""
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise Invalid(
            _l("This file is too large. It may have at most %(most)s MB.", most=max(1, max_bytes // 1_000_000))
        )
    if not data.strip():
        raise Invalid(_l("This file is empty. Choose another one."))
    found = _xlsx_rows(data) if data.startswith(b"PK\x03\x04") else _csv_rows(data)
    return Table(clean_line(name)[:160], hashlib.sha256(data).hexdigest(), tuple(_kept(found)))


def _kept(found: Iterable[Sequence[str]]) -> Iterator[Row]:
    for number, cells in enumerate(found, start=1):
        if number > MOST_ROWS:
            raise Invalid(_l("This table has too many rows: at most %(most)s. Bring it in parts.", most=MOST_ROWS))
        if len(cells) > MOST_CELLS or any(len(cell) > LONGEST_CELL for cell in cells):
            raise Invalid(_l("Row %(row)s is too long for a table.", row=number))
        cleaned = tuple(clean_line(cell) for cell in cells)
        if any(cleaned):
            yield Row(number, cleaned)


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_l("This file is no table. Save it as CSV (UTF-8) or as XLSX.")) from None
    if "\0" in text:
        raise Invalid(_l("This file is no table. Save it as CSV (UTF-8) or as XLSX."))
    first = text.partition("\n")[0]
    mark = max(_MARKS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=mark)
    except csv.Error:
        raise Invalid(_l("This file is no table. Save it as CSV (UTF-8) or as XLSX.")) from None


def _xlsx_rows(data: bytes) -> Iterator[list[str]]:
    unreadable = Invalid(_l("This spreadsheet cannot be read. Save it once more as XLSX, or as CSV (UTF-8)."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise unreadable
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for cells in sheet.iter_rows(values_only=True):
            yield [_text(cell) for cell in cells]
    except Invalid:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError):
        raise unreadable from None


def _text(cell: Any) -> str:
    """A cell as people see it: whole numbers without a point, days as 2026-03-21."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def write_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark that spreadsheets need; nothing in it is taken for a formula."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[Any]], *, title: str, is_right_to_left: bool) -> bytes:
    """One sheet, its first row frozen."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = is_right_to_left
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _safe(cell: Any) -> Any:
    """Text that a spreadsheet would compute gets an apostrophe in front; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
