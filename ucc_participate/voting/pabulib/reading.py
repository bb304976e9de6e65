"""Reading a `.pb` file: META and PROJECTS row by row, VOTES in blocks of some megabytes, a column at a time.

Taken as they come: a byte order mark, CRLF, quoted cells, decimal commas, thousands apart, ``target`` for
``beneficiaries``, ``None`` for nothing, blank lines, cells that are missing or too many and empty at the end of a row,
columns in any order and case.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from flask_babel import lazy_gettext as _l

from ...kernel.text import clean_line
from ..rules.ballots import MAX_OPTIONS, MAX_POINTS
from . import checks, kinds, numbers
from .codes import codes_of
from .election import DIVIDED, UNKNOWN_CURRENCY, has_own_ranking, own_scale
from .files import Note, PabulibError, PabulibFile, Project, Votes
from .numbers import ABSENT, SECTIONS, Money
from .points import PointsReader
from .votes import Points, VoteTable

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
WHOLE = (
    *("num_projects", "num_votes", "min_length", "max_length", "min_project_score_threshold"),
    *("max_points", "max_sum_points", "min_sum_points"),
)
DAYS = ("date_begin", "date_end")
LIMITS = ("min_length", "max_length")
PURSES = ("min_sum_cost", "max_sum_cost")
ALIASES = {"target": "beneficiaries", "targets": "beneficiaries"}
TRUTHS = {"true": "1", "false": "0"}
BLOCK = 1 << 22
_END = "\0end of the file"

Row = tuple[int, list[str]]
Source = str | os.PathLike[str] | BinaryIO | TextIO


def read(source: Source) -> PabulibFile:
    """The whole file, from a path or an open file. PabulibError when it is broken; single bad votes are listed."""
    with _opened(source) as stream:
        try:
            return _File(stream).read()
        except UnicodeDecodeError as error:
            row, column = _place_of_bad_bytes(stream)
            raise PabulibError(row, column, _l("This row is not UTF-8 text.")) from error


class _File:
    """A file being read: where we are, and what has been found so far."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.row = 0
        self.meta: dict[str, str] = {}
        self.meta_rows: dict[str, int] = {}
        self.notes: list[Note] = []

    def read(self) -> PabulibFile:
        rows = self._rows(self.stream)
        first = next(rows, None)
        self._expect("META", first and (first[0], [first[1][0].lstrip("\ufeff"), *first[1][1:]]))
        self._read_meta(rows)
        costed = self._read_projects(rows)
        amounts = self._amounts()
        self.notes.extend(checks.of_money([*chain(*amounts.values()), *(cost for cost, _ in costed)]))
        scale = numbers.common_scale([*chain(*amounts.values()), *(cost for cost, _ in costed)])
        scale = max(scale, own_scale(self.meta))
        money = {key: tuple(amount.in_minor(scale) for amount in found) for key, found in amounts.items()}
        projects = self._projects(costed, scale)
        table = self._read_votes(rows, projects)
        votes = table.votes()
        if not len(votes):
            raise PabulibError(self.row, "VOTES", _l("There is no vote in this file."))
        return self._file(scale, money, projects, votes, table)

    def _file(
        self, scale: int, money: dict[str, tuple[int, ...]], projects: list[Project], votes: Votes, table: VoteTable
    ) -> PabulibFile:
        """Everything together, with what is odd about it."""
        [budget] = money["budget"]
        purse = money.get("max_sum_cost", (budget,) if self.meta["vote_type"] == "knapsack" else (None,))[0]
        ballots, ballot_rules = kinds.settled(
            self.meta, votes.ballots, projects, purse, budget, is_ranking=has_own_ranking(self.meta)
        )
        shares = {key: money[key] for key in DIVIDED if key in money}
        file = PabulibFile(
            meta=self.meta,
            scale=scale,
            budget=budget,
            projects=projects,
            votes=replace(votes, ballots=ballots),
            ballot_rules=ballot_rules,
            shares=shares,
            rejected=table.rejected,
            notes=self.notes + table.notes,
        )
        file.notes.extend(checks.remarks(file, self.meta_rows, money.get("min_sum_cost"), purse))
        return file

    def _amounts(self) -> dict[str, list[Money]]:
        """The amounts of META by their key: the budget, its parts, what the projects of one vote may cost together."""
        found: dict[str, list[Money]] = {}
        for key in ("budget", *PURSES, *DIVIDED):
            if not self.meta.get(key):
                continue
            parts = [part for part in self.meta[key].strip("[]").split(",") if part.strip()]
            texts = [part.strip(" '") for part in parts] if key in DIVIDED else [self.meta[key]]
            found[key] = [numbers.money(text, self.meta_rows[key], key) for text in texts]
            self.meta[key] = ",".join(map(str, found[key]))
        return found

    def _rows(self, lines: Iterable[str]) -> Iterator[Row]:
        """Rows that are not blank, each with the number of the line on which it begins."""
        before = self.row
        reader = csv.reader(chain(lines, [_END]), delimiter=";")
        while True:
            self.row = before + reader.line_num + 1
            try:
                cells = next(reader)
            except csv.Error as error:
                raise PabulibError(self.row, "", _l("This row cannot be read: %(why)s.", why=str(error))) from error
            if cells and cells[-1].endswith(_END):
                self._require_closed(cells)
                return
            if any(cells):
                yield self.row, [cell.strip() for cell in cells]

    def _require_closed(self, cells: list[str]) -> None:
        """PabulibError when the end of the file stands within quotation marks: all from there on is one cell."""
        if cells != [_END]:
            reason = _l("A quotation mark opens in this row and never closes.")
            raise PabulibError(self.row, str(_l("cell %(number)s", number=len(cells))), reason)

    def _expect(self, section: str, row: Row | None) -> None:
        """PabulibError unless the row begins that section."""
        if row is None:
            raise PabulibError(self.row, section, _l("The section %(section)s is missing.", section=section))
        if _marker(row[1]) != section:
            found = row[1][0][:80]
            raise PabulibError(
                row[0],
                found or section,
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
            if not key:
                raise PabulibError(row, "key", _l("A value of META needs a key."))
            if key in self.meta:
                raise PabulibError(row, key, _l("This key stands in META twice."))
            self.meta[key], self.meta_rows[key] = ("" if value in ABSENT else _printable(value, row, key)), row
        for key in REQUIRED:
            if not self.meta.get(key):
                raise PabulibError(self.meta_rows.get(key, self.row), key, _l("META does not say %(key)s.", key=key))
        for key in WHOLE:
            if self.meta.get(key):
                self.meta[key] = str(numbers.whole(self.meta[key], self.meta_rows[key], key))
        for key in DAYS:
            self.meta[key] = numbers.day(self.meta[key], self.meta_rows[key], key)
        self._check_words()
        self._check_limits()

    def _check_words(self) -> None:
        """The type of the ballot, the rule and the currency, in the letters that we know them by."""
        self.meta["vote_type"], self.meta["rule"] = self.meta["vote_type"].lower(), self.meta["rule"].lower()
        if self.meta["vote_type"] not in kinds.VOTE_TYPES:
            raise PabulibError(
                self.meta_rows["vote_type"],
                "vote_type",
                _l("Votes of the type “%(type)s” cannot be counted here.", type=self.meta["vote_type"][:80]),
            )
        currency = self.meta.get("currency", "")
        if currency and not re.fullmatch("[A-Za-z]{3}", currency):
            text = _l("“%(currency)s” is no currency code: amounts are shown without one.", currency=currency[:20])
            self.notes.append(Note(self.meta_rows["currency"], "currency", text))
            currency = UNKNOWN_CURRENCY
        self.meta["currency"] = currency.upper()

    def _check_limits(self) -> None:
        """PabulibError where no vote could be as long as META wants it."""
        least, most = (int(self.meta.get(key) or 1) for key in LIMITS)
        if most < 1 or (self.meta.get("max_length") and least > most):
            reason = _l("No vote can name so few projects: the least is %(least)s.", least=max(1, least))
            raise PabulibError(self.meta_rows["max_length"], "max_length", reason)

    def _read_projects(self, rows: Iterator[Row]) -> list[tuple[Money, dict[str, str]]]:
        """Each project's cost and cells by column name."""
        header = self._header(rows, "PROJECTS", ("project_id", "cost"))
        found: dict[str, tuple[Money, dict[str, str]]] = {}
        for row, cells in self._section_rows(rows, "VOTES"):
            if any(cells[len(header) :]):
                raise PabulibError(row, header[-1], _l("This row has more cells than the section has columns."))
            named = {name: "" if cell in ABSENT else cell for name, cell in zip(header, cells, strict=False)}
            if not named.get("project_id") or "," in named["project_id"]:
                raise PabulibError(row, "project_id", _l("A project needs an id without a comma."))
            if named["project_id"] in found:
                raise PabulibError(row, "project_id", _l("Project %(id)s is here twice.", id=named["project_id"][:80]))
            found[named["project_id"]] = numbers.money(named.get("cost", ""), row, "cost"), named
        if not 0 < len(found) < MAX_OPTIONS:
            raise PabulibError(self.row, "PROJECTS", _l("A vote needs projects, and fewer than 65,536 of them."))
        if int(self.meta.get("min_length") or 1) > len(found):
            reason = _l("A vote cannot name so many projects: there are %(many)s.", many=len(found))
            raise PabulibError(self.meta_rows["min_length"], "min_length", reason)
        return list(found.values())

    def _projects(self, costed: list[tuple[Money, dict[str, str]]], scale: int) -> list[Project]:
        """The projects with their costs in minor units; a note for each id that a ballot of ours cannot hold."""
        codes = codes_of(cells["project_id"] for _, cells in costed)
        projects = [_project(cost.in_minor(scale), codes, cells, cost.row) for cost, cells in costed]
        for project in projects:
            if project.code != project.id:
                text = _l("Project %(id)s is called %(code)s here.", id=project.id[:80], code=project.code)
                self.notes.append(Note(project.row, "project_id", text))
        return projects

    def _read_votes(self, rows: Iterator[Row], projects: list[Project]) -> VoteTable:
        header = self._header(rows, "VOTES", ("voter_id", "vote"))
        most = 1 if self.meta["vote_type"] == "choose-1" else int(self.meta.get("max_length") or len(projects))
        least = max(1, int(self.meta.get("min_length") or 1))
        is_ordered = self.meta["vote_type"] in ("ordinal", "scoring")
        ids, points = [project.id for project in projects], self._points(header)
        table = VoteTable(header, ids, least, most, points, is_ordered=is_ordered)
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

    def _points(self, header: list[str]) -> Points | None:
        """How the points of this kind of votes are read; None where they have none."""
        kind = self.meta["vote_type"]
        if "points" not in header:
            if kind == "cumulative":
                raise PabulibError(
                    self.row, "points", _l("%(section)s has no column %(name)s.", section="VOTES", name="points")
                )
            return None
        if kind not in (*kinds.POINTED, "ordinal"):
            self.notes.append(Note(self.row, "points", _l("Votes of this type have no points: they are not counted.")))
            return None
        floor = self.meta.get("min_points")
        least = numbers.whole(floor, self.meta_rows["min_points"], "min_points") if floor else 0
        return Points(PointsReader(may_lack=kind == "ordinal"), least, int(self.meta.get("max_points") or MAX_POINTS))

    def _take_quoted(self, table: VoteTable, text: str) -> None:
        """Take a text and all that follows it in the file, cell by cell."""
        quoted = self._rows(chain(io.StringIO(text), self.stream))
        while block := list(islice(quoted, BLOCK // 64)):
            table.take([row for row, _ in block], [cells for _, cells in block])

    def _header(self, rows: Iterator[Row], section: str, required: tuple[str, str]) -> list[str]:
        row, cells = next(rows, (self.row, []))
        while cells and not cells[-1]:
            cells.pop()
        names = [ALIASES.get(name, name) for name in map(str.lower, cells)]
        for name in required:
            if name not in names:
                reason = _l("%(section)s has no column %(name)s.", section=section, name=name)
                raise PabulibError(row, name, reason)
        if len(set(names)) < len(names):
            raise PabulibError(row, section, _l("Two columns of %(section)s have the same name.", section=section))
        return names


def _marker(cells: list[str]) -> str | None:
    """The section that a row begins, if it does."""
    name = cells[0].upper()
    return name if name in SECTIONS and not any(cells[1:]) else None


def _printable(text: str, row: int, column: str) -> str:
    """The text without characters that hide or reorder others; PabulibError where it holds none that can be kept."""
    if "\0" in text:
        raise PabulibError(row, column, _l("This cell holds a null character."))
    return clean_line(text)


def _project(cost: int, codes: dict[str, str], cells: dict[str, str], row: int) -> Project:
    def score() -> int | None:
        text = re.sub(r"\.0+$", "", cells.get("score", ""))
        return int(text) if re.fullmatch("[0-9]{1,15}", text) else None

    def number(column: str) -> int | None:
        text = TRUTHS.get(cells.get(column, "").lower(), cells.get(column))
        return numbers.whole(text, row, column) if text else None

    def names(column: str) -> tuple[str, ...]:
        return tuple(name for name in map(str.strip, cells.get(column, "").split(",")) if name)

    typed = {"project_id", "name", "cost", "votes", "score", "selected", "category", "beneficiaries"}
    return Project(
        id=cells["project_id"],
        code=codes[cells["project_id"]],
        title=_printable(cells.get("name") or "", row, "name") or cells["project_id"],
        cost=cost,
        votes=number("votes"),
        score=score(),
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


def _place_of_bad_bytes(stream: TextIO) -> tuple[int, str]:
    """The number of the first line that is not UTF-8 and its cell; 0 where the source cannot be read again."""
    if not stream.buffer.seekable():
        return 0, ""
    stream.buffer.seek(0)
    for number, line in enumerate(stream.buffer, start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            return number, str(_l("cell %(number)s", number=line[: error.start].count(b";") + 1))
    return 0, ""
