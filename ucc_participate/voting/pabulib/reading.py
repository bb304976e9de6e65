"""Reading a `.pb` file: META and PROJECTS row by row, VOTES in blocks of some megabytes, a column at a time.

Taken as they come: a byte order mark, CRLF, quoted cells, decimal commas, ``target`` for ``beneficiaries``, ``None``
for nothing, blank lines, cells that are missing at the end of a row.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from flask_babel import lazy_gettext as _l

from ..rules.ballots import MAX_OPTIONS
from . import numbers
from .checks import remarks
from .files import PabulibError, PabulibFile, Project
from .numbers import ABSENT, SECTIONS, Money
from .votes import VoteTable

REQUIRED = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
WHOLE = ("num_projects", "num_votes", "min_length", "max_length", "min_project_score_threshold")
DAYS = ("date_begin", "date_end")
VOTE_TYPES = ("approval", "choose-1")
BLOCK = 1 << 22

Row = tuple[int, list[str]]
Source = str | os.PathLike[str] | BinaryIO | TextIO


def read(source: Source) -> PabulibFile:
    """The whole file, from a path or an open file. PabulibError when it is broken; single bad votes are listed."""
    with _opened(source) as stream:
        try:
            return _File(stream).read()
        except UnicodeDecodeError as error:
            raise PabulibError(_row_of_bad_bytes(stream), "", _l("This row is not UTF-8 text.")) from error


class _File:
    """A file being read: where we are, and what has been found so far."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.row = 0
        self.meta: dict[str, str] = {}
        self.meta_rows: dict[str, int] = {}

    def read(self) -> PabulibFile:
        rows = self._rows(self.stream)
        self._expect("META", next(rows, None))
        self._read_meta(rows)
        costed = self._read_projects(rows)
        budget = numbers.money(self.meta["budget"], self.meta_rows["budget"], "budget")
        limit = self._limit()
        scale = numbers.common_scale([budget, *limit, *(cost for cost, _ in costed)])
        projects = [_project(cost.in_minor(scale), cells, cost.row) for cost, cells in costed]
        table = self._read_votes(rows, projects)
        file = PabulibFile(
            self.meta, scale, budget.in_minor(scale), projects, table.votes(), table.rejected, table.notes
        )
        file.notes.extend(remarks(file, self.meta_rows, limit[0].in_minor(scale) if limit else None))
        return file

    def _limit(self) -> list[Money]:
        """What the projects of one vote may cost together, if META says."""
        key = "max_sum_cost"
        return [numbers.money(self.meta[key], self.meta_rows[key], key)] if self.meta.get(key) else []

    def _rows(self, lines: Iterable[str]) -> Iterator[Row]:
        """Rows that are not blank, each with the number of the line on which it begins."""
        before = self.row
        reader = csv.reader(lines, delimiter=";")
        while True:
            self.row = before + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise PabulibError(self.row, "", _l("This row cannot be read: %(why)s.", why=str(error))) from error
            if cells is None:
                return
            if any(cells):
                yield self.row, [cell.strip() for cell in cells]

    def _expect(self, section: str, row: Row | None) -> None:
        """PabulibError unless the row begins that section."""
        if row is None:
            raise PabulibError(self.row, section, _l("The section %(section)s is missing.", section=section))
        if _marker(row[1]) != section:
            found = row[1][0][:80]
            raise PabulibError(
                row[0],
                found,
                _l("“%(found)s” stands where the section %(section)s should begin.", found=found, section=section),
            )

    def _section_rows(self, rows: Iterator[Row], following: str) -> Iterator[Row]:
        """The rows up to the marker of the next section, which must be ``following``."""
        for row, cells in rows:
            if _marker(cells):
                self._expect(following, (row, cells))
                return
            if not any(cells[1:]) and len(cells) == 1:
                raise PabulibError(row, cells[0][:80], _l("This is neither a section nor a row with values."))
            yield row, cells
        self._expect(following, None)

    def _read_meta(self, rows: Iterator[Row]) -> None:
        for row, cells in self._section_rows(rows, "PROJECTS"):
            key, value = cells[0], cells[1]
            if (key, value) == ("key", "value"):
                continue
            if key in self.meta:
                raise PabulibError(row, key, _l("This key stands in META twice."))
            self.meta[key], self.meta_rows[key] = ("" if value in ABSENT else value), row
        for key in REQUIRED:
            if not self.meta.get(key):
                raise PabulibError(self.meta_rows.get(key, self.row), key, _l("META does not say %(key)s.", key=key))
        for key in WHOLE:
            if self.meta.get(key):
                self.meta[key] = str(numbers.whole(self.meta[key], self.meta_rows[key], key))
        for key in DAYS:
            numbers.require_day(self.meta[key], self.meta_rows[key], key)
        if self.meta["vote_type"] not in VOTE_TYPES:
            raise PabulibError(
                self.meta_rows["vote_type"],
                "vote_type",
                _l("Votes of the type “%(type)s” cannot be counted here yet.", type=self.meta["vote_type"][:80]),
            )

    def _read_projects(self, rows: Iterator[Row]) -> list[tuple[Money, dict[str, str]]]:
        """Each project's cost and cells by column name."""
        header = self._header(rows, "PROJECTS", ("project_id", "cost"))
        found: dict[str, tuple[Money, dict[str, str]]] = {}
        for row, cells in self._section_rows(rows, "VOTES"):
            if len(cells) > len(header):
                raise PabulibError(row, header[-1], _l("This row has more cells than the section has columns."))
            named = {name: "" if cell in ABSENT else cell for name, cell in zip(header, cells, strict=False)}
            if not named["project_id"] or "," in named["project_id"]:
                raise PabulibError(row, "project_id", _l("A project needs an id without a comma."))
            if named["project_id"] in found:
                raise PabulibError(row, "project_id", _l("Project %(id)s is here twice.", id=named["project_id"][:80]))
            found[named["project_id"]] = numbers.money(named.get("cost", ""), row, "cost"), named
        if not 0 < len(found) < MAX_OPTIONS:
            raise PabulibError(self.row, "PROJECTS", _l("A vote needs projects, and fewer than 65,536 of them."))
        return list(found.values())

    def _read_votes(self, rows: Iterator[Row], projects: list[Project]) -> VoteTable:
        header = self._header(rows, "VOTES", ("voter_id", "vote"))
        most = 1 if self.meta["vote_type"] == "choose-1" else int(self.meta.get("max_length") or len(projects))
        least = max(1, int(self.meta.get("min_length") or 1))
        table = VoteTable(header, [project.id for project in projects], least, most)
        while text := self.stream.read(BLOCK):
            text += self.stream.readline()
            if '"' in text:
                self._take_quoted(table, text)
                break
            text = text.removesuffix("\n")
            lines = range(self.row + 1, self.row + 2 + text.count("\n"))
            self.row = lines[-1]
            table.take_text(lines, text)
        return table

    def _take_quoted(self, table: VoteTable, text: str) -> None:
        """Take a text and all that follows it in the file, cell by cell."""
        quoted = self._rows(chain(io.StringIO(text), self.stream))
        while block := list(islice(quoted, BLOCK // 64)):
            table.take([row for row, _ in block], [cells for _, cells in block])

    def _header(self, rows: Iterator[Row], section: str, required: tuple[str, str]) -> list[str]:
        row, cells = next(rows, (self.row, []))
        if cells[:1] != [required[0]] or required[1] not in cells:
            raise PabulibError(
                row,
                cells[0][:80] if cells else "",
                _l("The columns of %(section)s must be named, %(first)s first.", section=section, first=required[0]),
            )
        if len(set(cells)) < len(cells):
            raise PabulibError(row, section, _l("Two columns of %(section)s have the same name.", section=section))
        return ["beneficiaries" if name in {"target", "targets"} else name for name in cells]


def _marker(cells: list[str]) -> str | None:
    """The section that a row begins, if it does."""
    name = cells[0].upper()
    return name if name in SECTIONS and not any(cells[1:]) else None


def _project(cost: int, cells: dict[str, str], row: int) -> Project:
    def number(column: str) -> int | None:
        return numbers.whole(cells[column], row, column) if cells.get(column) else None

    def names(column: str) -> tuple[str, ...]:
        return tuple(name for name in map(str.strip, cells.get(column, "").split(",")) if name)

    typed = {"project_id", "name", "cost", "votes", "selected", "category", "beneficiaries"}
    return Project(
        id=cells["project_id"],
        title=cells.get("name") or cells["project_id"],
        cost=cost,
        votes=number("votes"),
        selected=number("selected"),
        categories=names("category"),
        beneficiaries=names("beneficiaries"),
        fields={name: cell for name, cell in cells.items() if name not in typed and cell},
        row=row,
    )


@contextmanager
def _opened(source: Source) -> Iterator[TextIO]:
    """The source as lines of text that end in a newline, without a byte order mark."""
    if isinstance(source, (str, os.PathLike)):
        with Path(source).open(encoding="utf-8-sig") as stream:
            yield stream
    elif isinstance(source, io.TextIOBase):
        yield cast("TextIO", source)
    else:
        stream = io.TextIOWrapper(cast("BinaryIO", source), encoding="utf-8-sig")
        try:
            yield stream
        finally:
            stream.detach()


def _row_of_bad_bytes(stream: TextIO) -> int:
    """The number of the first line that is not UTF-8, 0 where the source cannot be read again."""
    if not stream.buffer.seekable():
        return 0
    stream.buffer.seek(0)
    return next(number for number, line in enumerate(stream.buffer, start=1) if not _is_text(line))


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
