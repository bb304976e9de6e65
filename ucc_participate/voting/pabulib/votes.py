"""The VOTES section: blocks of rows in, columns out. What a city calls a vote becomes a ballot, or is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from ..rules.ballots import NOT_STATED, BallotSet, Dimension, spans
from .files import CHANNELS, Note, PabulibError, Rejected, Votes
from .numbers import ABSENT, SECTIONS
from .points import PointsReader
from .voters import COLUMNS, Column, judged

Cells = Sequence[str]
Integers = npt.NDArray[np.int64]

_UNKNOWN = -1
_MANY = _l("This row has more cells than the section has columns.")
_VOID = _l("This vote names no project.")
_TWICE = _l("This vote names a project twice.")


class _Positions(dict[str, int]):
    """Project id → position on the ballot; a spelling with blanks around it is looked up without them."""

    def __missing__(self, text: str) -> int:
        return self.get(text.strip(), _UNKNOWN)


@dataclass(frozen=True, slots=True)
class Points:
    """How points are read, and how many a project may get on a vote."""

    reader: PointsReader
    least: int
    most: int


class VoteTable:
    """All votes of a file as they are being read. ``least`` and ``most``: how many projects a vote may name.

    ``points``: where votes have them. Choices stay in the order of the file; with neither points nor ranks it says
    nothing, and they are put in ballot order.
    """

    def __init__(
        self,
        header: list[str],
        project_ids: Sequence[str],
        least: int,
        most: int,
        points: Points | None = None,
        *,
        is_ordered: bool = False,
    ) -> None:
        self.rejected: list[Rejected] = []
        self.notes: list[Note] = []
        self._header, self._least, self._most = header, least, most
        self._positions = _Positions((project_id, place) for place, project_id in enumerate(project_ids))
        self._points, self._is_ordered = points, is_ordered or points is not None
        self._given: list[Integers] = []
        self._voters: set[str] = set()
        self._names: list[str] = []
        used = {"voter_id", "vote", "points"} if points else {"voter_id", "vote"}
        self._columns = {name: Column() for name in header if name not in used}
        self._rows: list[Integers] = []
        self._lengths: list[Integers] = []
        self._choices: list[npt.NDArray[np.uint16]] = []

    def take_text(self, lines: range, text: str) -> None:
        """Add the rows of a text without quotation marks. PabulibError where the file itself is broken."""
        width = len(self._header)
        if _has_even_rows(text, width):
            cells = text.replace("\n", ";").split(";")
            self._take_columns(lines, {name: cells[place::width] for place, name in enumerate(self._header)})
        else:
            self.take(lines, [line.split(";") for line in text.split("\n")])

    def take(self, lines: Sequence[int], rows: list[list[str]]) -> None:
        """Add rows of cells with their line numbers. PabulibError where the file itself is broken."""
        lines, rows = self._squared(lines, rows)
        if rows:
            self._take_columns(lines, dict(zip(self._header, zip(*rows, strict=True), strict=True)))

    def _take_columns(self, lines: Sequence[int], columns: Mapping[str, Cells]) -> None:
        self._require_new_voters(lines, columns["voter_id"])
        numbers = np.array(lines, dtype=np.int64)
        positions, lengths, known = self._named(numbers, columns["vote"])
        ordered = _ascending(positions, lengths)
        good = self._allowed(numbers[known], ordered, lengths)
        choices = positions if self._is_ordered else ordered
        if self._points is not None:
            given, has_points = self._pointed(self._points, numbers[known], columns["points"], lengths, known)
            good &= has_points
            self._given.append(given[np.repeat(good, lengths)])
        known[known] = good
        self._rows.append(numbers[known])
        self._lengths.append(lengths[good])
        self._choices.append(choices[np.repeat(good, lengths)].astype(np.uint16))
        for name, column in self._columns.items():
            column.extend(columns[name] if known.all() else compress(columns[name], known.tolist()))
        voters = columns["voter_id"]
        self._names.extend(map(str.strip, voters if known.all() else compress(voters, known.tolist())))

    def _pointed(
        self, points: Points, lines: Integers, cells: Cells, lengths: Integers, known: npt.NDArray[np.bool_]
    ) -> tuple[Integers, npt.NDArray[np.bool_]]:
        """The points of the rows that are known, and which of these keep the limits; the others are reported."""
        own = cells if known.all() else list(compress(cells, known.tolist()))
        given, good = points.reader.read(lines, own, lengths)
        owner = np.repeat(np.arange(len(lengths)), lengths)
        wrong = (given < points.least) | (given > points.most)
        outside = (np.bincount(owner[wrong], minlength=len(lengths)) > 0) & good
        for place in np.flatnonzero(outside).tolist():
            reason = _l("Points for a project. Allowed: %(least)d to %(most)d.", least=points.least, most=points.most)
            self.rejected.append(Rejected(int(lines[place]), "points", reason))
        return given, good & ~outside

    def votes(self) -> Votes:
        """Everything taken. PabulibError when there is no vote, or none that could be."""
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *self._rows])
        self.rejected += self._points.reader.rejected if self._points else []
        self.rejected.sort(key=lambda fault: fault.row)
        if self.rejected and not len(rows):
            first = self.rejected[0]
            raise PabulibError(first.row, first.column, _l("None of the votes can be taken: %(why)s", why=first.reason))
        codes: dict[str, Any] = {}
        for name in (name for name in COLUMNS if name in self._columns):
            codes[name], notes = judged(name, self._columns[name], rows)
            self.notes.extend(notes)
        unknown = np.full(len(rows), CHANNELS.index(NOT_STATED), dtype=np.uint8)
        channels = codes.pop("voting_method", unknown)
        dimensions = tuple(Dimension(name, COLUMNS[name][1], codes[name]) for name in ("sex", "age") if name in codes)
        offsets = spans(np.concatenate([np.zeros(0, dtype=np.int64), *self._lengths]))
        choices = np.concatenate([np.zeros(0, dtype=np.uint16), *self._choices])
        points = None
        if self._points is not None:
            points = np.concatenate([np.zeros(0, dtype=np.int64), *self._given]).astype(np.uint16)
        ballots = BallotSet(offsets, choices, dimensions, points)
        return Votes(ballots, channels, rows, self._names, self._columns)

    def _squared(self, numbers: Sequence[int], rows: list[list[str]]) -> tuple[list[int], list[list[str]]]:
        """The rows with exactly one cell a column: blank ones dropped, missing cells at the end empty."""
        kept: list[tuple[int, list[str]]] = []
        for number, cells in zip(numbers, rows, strict=True):
            if cells == [""] or not any(cells):
                continue
            if len(cells) == 1:
                again = cells[0].strip().upper() in SECTIONS
                twice = _l("The section %(section)s may not begin here.", section=cells[0])
                reason = twice if again else _l("This is neither a section nor a row with values.")
                raise PabulibError(number, cells[0][:80], reason)
            if any(cells[len(self._header) :]):
                self.rejected.append(Rejected(number, self._header[-1], _MANY))
                continue
            kept.append((number, (cells + [""] * len(self._header))[: len(self._header)]))
        return [number for number, _ in kept], [cells for _, cells in kept]

    def _require_new_voters(self, numbers: Sequence[int], spellings: Cells) -> None:
        fresh = set(map(str.strip, spellings))
        if len(fresh) < len(spellings) or "" in fresh or not self._voters.isdisjoint(fresh):
            self._refuse_voter(numbers, list(map(str.strip, spellings)))
        self._voters |= fresh

    def _refuse_voter(self, numbers: Sequence[int], voters: list[str]) -> None:
        """PabulibError at the first voter id that is empty or not new."""
        for number, voter in zip(numbers, voters, strict=True):
            if not voter:
                raise PabulibError(number, "voter_id", _l("A vote needs a voter id."))
            if voter in self._voters:
                raise PabulibError(number, "voter_id", _l("Voter %(id)s is here twice.", id=voter[:80]))
            self._voters.add(voter)

    def _named(self, lines: Integers, votes: Cells) -> tuple[Integers, Integers, npt.NDArray[np.bool_]]:
        """Positions named, their number for each vote, and which rows these are; the other rows are reported."""
        positions, lengths = self._looked_up(votes)
        known = np.ones(len(votes), dtype=np.bool_)
        if not (positions == _UNKNOWN).any():
            return positions, lengths, known
        cleaned: list[str] = []
        for place, vote in enumerate(votes):
            names = [] if vote.strip() in ABSENT else [name for name in map(str.strip, vote.split(",")) if name]
            strange = next((name for name in names if name not in self._positions), None)
            if names and strange is None:
                cleaned.append(",".join(names))
                continue
            known[place] = False
            reason = _l("Project %(id)s does not exist in this file.", id=strange[:80]) if strange else _VOID
            self.rejected.append(Rejected(int(lines[place]), "vote", reason))
        return *self._looked_up(cleaned), known

    def _looked_up(self, votes: Cells) -> tuple[Integers, Integers]:
        """Positions of all projects named, one vote after the other, and how many each vote names."""
        if not votes:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        names = ",".join(votes).split(",")
        positions = np.fromiter(map(self._positions.__getitem__, names), dtype=np.int64, count=len(names))
        lengths = np.fromiter((vote.count(",") for vote in votes), dtype=np.int64, count=len(votes)) + 1
        return positions, lengths

    def _allowed(self, lines: Integers, choices: Integers, lengths: Integers) -> npt.NDArray[np.bool_]:
        """Which votes keep the limits and name no project twice; the others are reported."""
        owner = np.repeat(np.arange(len(lengths)), lengths)
        again = (choices[1:] == choices[:-1]) & (owner[1:] == owner[:-1])
        twice = np.bincount(owner[1:][again], minlength=len(lengths)) > 0
        good: npt.NDArray[np.bool_] = ~twice & (lengths >= self._least) & (lengths <= self._most)
        for place in np.flatnonzero(~good).tolist():
            length = _l(
                "Projects named: %(many)d. Allowed: %(least)d to %(most)d.",
                many=int(lengths[place]),
                least=self._least,
                most=self._most,
            )
            self.rejected.append(Rejected(int(lines[place]), "vote", _TWICE if twice[place] else length))
        return good


def _has_even_rows(text: str, width: int) -> bool:
    """Whether every line has exactly ``width`` cells."""
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    separators = np.flatnonzero(data == ord(";"))
    ends = np.append(np.flatnonzero(data == ord("\n")), len(data))
    return bool((np.diff(np.searchsorted(separators, ends), prepend=0) == width - 1).all())


def _ascending(positions: Integers, lengths: Integers) -> Integers:
    """The positions sorted within each vote."""
    keys = np.repeat(np.arange(len(lengths), dtype=np.int64) << 16, lengths) + positions
    keys.sort()
    return keys & 0xFFFF
