"""What a record is built from: the log up to one checkpoint, and the ballots that it commits to. Reads only."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Connection

from ..audit import canonical, queries, reading, tiles
from ..audit.models import Checkpoint, LogEntry, LogOpening
from ..kernel.clock import from_utc_text
from ..kernel.db import table_of
from ..voting import pabulib
from ..voting.models import Ballot, Vote
from ..voting.rules import (
    BallotKind,
    BallotSet,
    Election,
    Option,
    count,
    pack,
    pack_points,
    pack_ranking,
    unpack,
    unpack_points,
)
from . import verify

_entries, _openings, _ballots = table_of(LogEntry), table_of(LogOpening), table_of(Ballot)
CHUNK = 500
SHORT = 12
"""Letters of a word that is kept once, however often it comes."""
SEALED_TYPES = ("ballot.cast_openly", "ballot.recast_openly")
UNTOLD = ("ballot", "ballots")
MILESTONES = (
    *("process.published", "process.opened", "process.closed", "roll.frozen"),
    *("vote.announced", "vote.opened", "vote.closed", "vote.tallied", "vote.certified", "figures.published"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the city is, for the Pabulib files: English name of the country, name of the city."""

    country: str
    city: str


def once(value: Any, known: dict[str, str]) -> Any:
    """The same with names and short words as one object however often they come: half the memory of a long story."""
    if isinstance(value, dict):
        return {known.setdefault(name, name): once(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [once(each, known) for each in value]
    return known.setdefault(value, value) if isinstance(value, str) and len(value) <= SHORT else value


class RecordSource:
    """One process up to one checkpoint. ``url`` is the public address of the record."""

    def __init__(
        self, connection: Connection, checkpoint: Checkpoint, *, process_ref: str, vkey: str, url: str, place: Place
    ) -> None:
        self._connection = connection
        self.process_ref, self.vkey, self.url, self._place = process_ref, vkey, url, place
        self.size, self.root, self.note = checkpoint.size, checkpoint.root, checkpoint.note
        self.origin = checkpoint.note.partition("\n")[0]
        self.time = self._time_of(self.size - 1)

    @property
    def citation(self) -> str:
        """About 90 characters for the application form: origin, size, root, address."""
        return f"{self.origin} · {self.size} · {base64.b64encode(self.root).decode('ascii')} · {self.url}"

    @property
    def moment(self) -> datetime:
        """When the newest entry was written."""
        return from_utc_text(self.time)

    def tile(self, place: tiles.Place) -> bytes:
        if place.level is None:
            return reading.bundle(self._connection, place.n, place.width)
        return reading.tile(self._connection, place.level, place.n, place.width)

    def earlier_checkpoints(self) -> dict[int, str]:
        """Size → note of the first checkpoint that covered each milestone of the process, but for the record's own."""
        milestones = (
            select(_openings.c.position)
            .join(_entries, _entries.c.position == _openings.c.position)
            .where(_openings.c.process == self.process_ref, _openings.c.position < self.size)
            .where(_entries.c.type.in_(MILESTONES))
            .order_by(_openings.c.position)
        )
        positions = self._connection.scalars(milestones).all()
        found = [reading.first_checkpoint_covering(self._connection, position) for position in positions]
        return {checkpoint.size: checkpoint.note for checkpoint in found if checkpoint and checkpoint.size < self.size}

    def story(self) -> verify.Story:
        """What the process's entries say, the ballots left out: memory grows with proposals, not with ballots."""
        story = verify.Story()
        kinds = select(_entries.c.type, func.count(), func.min(_entries.c.position), func.max(_entries.c.position))
        mine = _entries.c.process == self.process_ref
        counted = kinds.where(mine, _entries.c.position < self.size).group_by(_entries.c.type)
        for kind, number, first, last in self._connection.execute(counted).all():
            story.count(kind, number, self._time_of(first), self._time_of(last))
        known: dict[str, str] = {}
        for row in self._told():
            values, fields = json.loads(row.entry), once(queries.visible_fields(row), known)
            story.tell(row.position, values["type"], row.subject, values["time"], fields)
        return story

    def opening_lines(self) -> Iterator[bytes]:
        """The lines of openings.jsonl, by index. Ballots of organisations stay sealed while their vote is open."""
        sealed = self._sealed_votes()
        joined = select(_openings, _entries.c.type).join(_entries, _entries.c.position == _openings.c.position)
        for row in self._stream(joined):
            if row.type in SEALED_TYPES and "/".join(row.subject.split("/")[:2]) in sealed:
                continue
            yield canonical.dumps(queries.opening_object(row)) + b"\n"

    def ballot_lines(self, vote: verify.Vote) -> Iterator[bytes]:
        """V.ballots.csv: commitment, salt, choices, points and sector where there are; sorted by commitment."""
        ids = [option["id"] for option in vote.state["options"]]
        form = verify.ballot_file(vote.agreed())
        yield f"{form.header}\n".encode("ascii")
        columns = [_ballots.c.commitment, _ballots.c.salt, _ballots.c.choices]
        rows = self._ballots(vote, *columns, *sector_columns(form.has_sector))
        with self._connection.execute(rows.execution_options(yield_per=CHUNK)) as found:
            for row in found:
                cells = [row.commitment, bytes(row.salt).hex(), *said(row.choices, ids, has_points=form.has_points)]
                cells += [row.sector] if form.has_sector else []
                yield f"{','.join(cells)}\n".encode("ascii")

    def write_pabulib(self, out: Any, vote: verify.Vote) -> None:
        """V.pb, with the result counted again from the ballots."""
        state = vote.state
        options = tuple(Option(option["id"], option["title"], option["cost"]) for option in state["options"])
        title = next(iter(state["title"].values()))
        drawn = vote.drawn()
        lot = None if drawn is None else tuple(drawn)
        election = Election(vote.ref, title, state["franchise"], state["rules"], options, lot)
        has_points = BallotKind(state["rules"]["ballot"]).has_points
        ballots = BallotSet.from_packed(self._packed(vote), has_points=has_points)
        pabulib.write(cast("BinaryIO", out), election, count(ballots, election), ballots, self._meta(state, title))

    def _packed(self, vote: verify.Vote) -> list[bytes]:
        if vote.state["franchise"] == "individual":
            return [bytes(choices) for choices in self._connection.scalars(self._ballots(vote, _ballots.c.choices))]
        ids = {option["id"]: at for at, option in enumerate(vote.state["options"])}
        kind = BallotKind(vote.state["rules"]["ballot"])
        return [packed_openly(fields, ids, kind) for fields in self._open_ballots(vote)]

    def _open_ballots(self, vote: verify.Vote) -> list[dict[str, Any]]:
        prefix = f"{vote.ref}/organisation/"
        newest = (
            select(func.max(_openings.c.position))
            .where(_openings.c.subject.startswith(prefix), _openings.c.position < self.size)
            .group_by(_openings.c.subject)
        )
        rows = self._connection.execute(select(_openings).where(_openings.c.position.in_(newest)))
        return [queries.visible_fields(row) for row in rows]

    def _ballots(self, vote: verify.Vote, *columns: Any) -> Select[Any]:
        vote_table = table_of(Vote)
        return (
            select(*columns)
            .join(vote_table, vote_table.c.id == _ballots.c.vote_id)
            .where(vote_table.c.public_id == vote.id, ~_ballots.c.is_superseded)
            .order_by(_ballots.c.commitment)
        )

    def _meta(self, state: verify.Fields, title: str) -> dict[str, str]:
        return {
            "description": title,
            "country": self._place.country,
            "unit": self._place.city,
            "instance": state["opens_at"][:4],
            "date_begin": _day(state["opens_at"]),
            "date_end": _day(state["closes_at"]),
        }

    def _sealed_votes(self) -> set[str]:
        """Votes of organisations that were not closed before the checkpoint."""

        def votes(kind: str) -> set[str]:
            rows = select(_entries.c.subject).where(
                _entries.c.process == self.process_ref, _entries.c.type == kind, _entries.c.position < self.size
            )
            return set(self._connection.scalars(rows))

        return votes("vote.opened") - votes("vote.closed")

    def _told(self) -> Iterator[Any]:
        joined = select(_openings, _entries.c.entry, _entries.c.type).join(
            _entries, _entries.c.position == _openings.c.position
        )
        return (row for row in self._stream(joined) if row.type.partition(".")[0] not in UNTOLD)

    def _stream(self, query: Select[Any]) -> Iterator[Any]:
        mine = query.where(_openings.c.process == self.process_ref, _openings.c.position < self.size)
        ordered = mine.order_by(_openings.c.position).execution_options(yield_per=CHUNK)
        with self._connection.execute(ordered) as rows:
            yield from rows

    def _time_of(self, position: int) -> str:
        [entry] = reading.entry_bytes(self._connection, position, position + 1)
        return str(json.loads(entry)["time"])


def sector_columns(has_sector: bool) -> list[Any]:
    """The column of the group of sectors that a ballot counts in, where that decides."""
    return [_ballots.c.sector] if has_sector else []


def said(packed: bytes, ids: Sequence[str], *, has_points: bool) -> list[str]:
    """Choices, and points where ballots have them, of a ballot at rest as the cells of its line."""
    if not has_points:
        return ["|".join(ids[at] for at in unpack(packed))]
    pairs = unpack_points(packed)
    return ["|".join(ids[at] for at, _ in pairs), "|".join(str(points) for _, points in pairs)]


def packed_openly(fields: verify.Fields, ids: dict[str, int], kind: BallotKind) -> bytes:
    """The ballot of an organisation, as it is on the record, at rest."""
    places = [ids[choice] for choice in fields["choices"]]
    if kind.has_points:
        return pack_points(dict(zip(places, fields["points"], strict=True)))
    return pack_ranking(places) if kind.is_ranked else pack(places)


def has_pabulib(vote: verify.Vote) -> bool:
    """Whether the vote can be written as a Pabulib file: every ballot counts once, whatever the kind and the rule."""
    weights = vote.on_roll("weights").values()
    return vote.agreed()["decides"] == "person" and all(weight == 1 for weight in weights)


def _day(moment: str) -> str:
    """``2026-03-21T…Z`` → ``21.03.2026``, as Pabulib writes days."""
    return datetime.strptime(moment[:10], "%Y-%m-%d").strftime("%d.%m.%Y")  # noqa: DTZ007
