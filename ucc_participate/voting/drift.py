"""What the drift check asks of rolls and secret ballots, whose rows are no states that an entry repeats."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..audit import commitments
from ..audit.models import LogEntry, LogOpening
from ..audit.queries import visible_fields
from . import counting, queries
from .analysing import EDITION
from .events import BallotEvent, BallotsEvent, RollEvent, VoteEvent
from .finding import find
from .models import Ballot, Franchise, RollEntry, Vote, VoteAnalysis, VoteState
from .packing import marks_of
from .result import sha256_of

CHUNK = 5_000
COMMITTING = (BallotsEvent.BATCHED, BallotsEvent.IMPORTED)


def faults(session: Session) -> Iterator[str]:
    """What rows of rolls and ballots do not have as the log says, each with its entry."""
    for vote in session.scalars(select(Vote).options(selectinload(Vote.options)).order_by(Vote.id)).all():
        yield from _roll_faults(session, vote)
        if vote.franchise is Franchise.INDIVIDUAL:
            yield from _slot_faults(session, vote)
            yield from _ballot_faults(session, vote)
        yield from _result_faults(session, vote)
        yield from _analysis_faults(session, vote)


def _told(session: Session, vote: Vote, kinds: Iterable[str]) -> list[tuple[int, str, dict[str, Any]]]:
    """(index, type, payload) of the vote's own entries of these types, oldest first."""
    wanted = [str(kind) for kind in kinds]
    rows = (
        select(LogOpening, LogEntry.type)
        .join(LogEntry, LogEntry.position == LogOpening.position)
        .where(LogEntry.subject == vote.ref, LogEntry.type.in_(wanted))
        .order_by(LogOpening.position)
    )
    return [(opening.position, kind, visible_fields(opening)) for opening, kind in session.execute(rows)]


def _roll_faults(session: Session, vote: Vote) -> Iterator[str]:
    """Slots run from 1 to the number that the newest entry of the roll gives. Imported votes keep no roll."""
    slots = list(session.scalars(select(RollEntry.slot).where(RollEntry.vote_id == vote.id).order_by(RollEntry.slot)))
    told = _told(session, vote, RollEvent)
    if not told:
        yield from (f"{vote.ref}: the roll has {len(slots)} rows and no entry" for _ in slots[:1])
        return
    index, _kind, payload = told[-1]
    if _is_imported(session, vote) and not slots:
        return
    expected = set(range(1, payload["slots"] + 1))
    yield from (f"{vote.ref}/slot/{at:06d}: entry {index} tells of it, its row is gone" for at in expected - {*slots})
    yield from (f"{vote.ref}/slot/{at:06d}: there is a row, entry {index} ends before it" for at in {*slots} - expected)
    yield from _struck_faults(session, vote)
    if vote.franchise is Franchise.ORGANISATION:
        yield from _sector_faults(session, vote, index, payload["by_sector"])
        yield from _lapsed_faults(session, vote)


def _struck_faults(session: Session, vote: Vote) -> Iterator[str]:
    """Whoever was taken off the roll is whom the log says, and nobody else."""
    told = {payload["slot"] for _index, _kind, payload in _told(session, vote, [RollEvent.REDUCED])}
    struck = select(RollEntry.slot).where(RollEntry.vote_id == vote.id, RollEntry.struck_at.is_not(None))
    held = set(session.scalars(struck))
    yield from (f"{vote.ref}/slot/{at:06d}: whether it is off the roll is not what the log says" for at in told ^ held)


def _is_imported(session: Session, vote: Vote) -> bool:
    return bool(_told(session, vote, [BallotsEvent.IMPORTED]))


def _sector_faults(session: Session, vote: Vote, index: int, told: dict[str, int]) -> Iterator[str]:
    """Of organisations every sector is counted in the open."""
    rows = select(RollEntry.sector, func.count()).where(RollEntry.vote_id == vote.id).group_by(RollEntry.sector)
    held = {sector.value: number for sector, number in session.execute(rows) if sector is not None}
    if held != told:
        yield f"{vote.ref}: the sectors of the roll are not what entry {index} says"


def _lapsed_faults(session: Session, vote: Vote) -> Iterator[str]:
    """Which organisations did not vote because their delegates had not agreed is what the closing said."""
    told = {
        ref
        for _index, _kind, payload in _told(session, vote, [BallotsEvent.LAPSED])
        for ref in payload["organisations"]
    }
    held = {organisation.ref for organisation in queries.lapsed_organisations(session, vote)}
    yield from (f"{vote.ref}/{ref}: whether its ballot lapsed is not what the log says" for ref in sorted(told ^ held))


def _slot_faults(session: Session, vote: Vote) -> Iterator[str]:
    """A slot is marked as used if and only if an entry says so."""
    prefix = f"{vote.ref}/slot/"
    rows = (
        select(LogEntry.subject, func.max(LogEntry.position))
        .where(LogEntry.subject.startswith(prefix, autoescape=True), LogEntry.type == str(BallotEvent.CAST))
        .group_by(LogEntry.subject)
    )
    told: dict[str, int] = {row[0]: row[1] for row in session.execute(rows)}
    used = select(RollEntry.slot).where(RollEntry.vote_id == vote.id, RollEntry.has_voted)
    held = {f"{prefix}{slot:06d}" for slot in session.scalars(used)}
    yield from (f"{slot}: entry {told[slot]} says that it has voted" for slot in sorted(told.keys() - held))
    yield from (f"{slot}: it is marked as used, no entry says so" for slot in sorted(held - told.keys()))


def _ballot_faults(session: Session, vote: Vote) -> Iterator[str]:
    """Every ballot is the one that was committed to, none is missing, none was added."""
    logged = {
        commitment: index
        for index, _kind, payload in _told(session, vote, COMMITTING)
        for commitment in payload["commitments"]
    }
    replaced = {
        commitment: index
        for index, _kind, payload in _told(session, vote, [BallotsEvent.SUPERSEDED])
        for commitment in payload["commitments"]
    }
    seen: Counter[str] = Counter()
    rows = select(Ballot).where(Ballot.vote_id == vote.id).execution_options(yield_per=CHUNK)
    for ballot in session.scalars(rows):
        seen[ballot.commitment] += 1
        yield from _one_ballot_faults(vote, ballot, logged, replaced)
    yield from (f"ballot {each}: entry {logged[each]} tells of it, its row is gone" for each in logged.keys() - seen)
    yield from (f"ballot {each}: it lies there {number} times" for each, number in seen.items() if number > 1)
    yield from _number_faults(session, vote, seen.total(), len(logged))


def _one_ballot_faults(vote: Vote, ballot: Ballot, logged: dict[str, int], replaced: dict[str, int]) -> Iterator[str]:
    index = logged.get(ballot.commitment)
    if index is None and (ballot.is_batched or vote.status is VoteState.CLOSED):
        yield f"ballot {ballot.commitment}: there is a row and no entry"
    told = f"entry {index}" if index is not None else "its commitment"
    if not ballot.is_superseded and _commitment_of(vote, ballot) != ballot.commitment:
        yield f"ballot {ballot.commitment}: its choices are not what {told} says"
    if vote.status is VoteState.CLOSED and ballot.is_superseded != (ballot.commitment in replaced):
        said = replaced.get(ballot.commitment, index)
        yield f"ballot {ballot.commitment}: whether it was replaced is not what entry {said} says"


def _commitment_of(vote: Vote, ballot: Ballot) -> str | None:
    """What choices and salt commit to; None where they cannot be a ballot of this vote."""
    try:
        said = marks_of(vote, bytes(ballot.choices))
        return commitments.ballot(bytes(ballot.salt), vote.ref, said.codes, points=said.points, sector=ballot.sector)
    except (ValueError, IndexError):
        return None


def _number_faults(session: Session, vote: Vote, held: int, logged: int) -> Iterator[str]:
    """While a vote is open not all ballots are committed to yet, but each has the entry of its slot."""
    if _is_imported(session, vote) or vote.status is VoteState.CLOSED:
        return
    casting = (str(BallotEvent.CAST), str(BallotEvent.RECAST))
    mine = LogEntry.subject.startswith(f"{vote.ref}/slot/", autoescape=True)
    cast = session.scalar(select(func.count()).select_from(LogEntry).where(mine, LogEntry.type.in_(casting))) or 0
    if cast != held:
        yield f"{vote.ref}: {cast} ballots were cast by the log, there are {held} rows, {logged} committed to"


def _result_faults(session: Session, vote: Vote) -> Iterator[str]:
    """The published result is the count of the ballots that lie there."""
    for index, _kind, payload in _told(session, vote, [VoteEvent.TALLIED])[-1:]:
        try:
            ballots = counting.ballots_of(session, vote)
            counted = counting.result_of(vote, ballots, roll=payload["result"]["roll"])
        except (ValueError, IndexError):
            counted = None
        if _plain(counted) != payload["result"]:
            yield f"{vote.ref}: the ballots do not give the result that entry {index} says"


def _analysis_faults(session: Session, vote: Vote) -> Iterator[str]:
    """The kept analysis speaks of this result, and follows from the ballots. What would have changed the result takes
    a thousand counts and is not sought again."""
    kept = session.get(VoteAnalysis, vote.id)
    if kept is None or kept.edition != EDITION or vote.result is None:
        return
    if kept.result_sha256 != sha256_of(vote.result):
        yield f"{vote.ref}: the kept analysis is of another result"
        return
    complete = session.scalars(queries.with_all(select(Vote)).where(Vote.id == vote.id)).one()
    try:
        found = _plain(find(session, complete, with_changes=False))
    except (ValueError, IndexError):
        found = {}
    if _lasting(found) != _lasting(kept.found):
        yield f"{vote.ref}: the ballots do not give the analysis that is kept"


def _lasting(found: dict[str, Any]) -> dict[str, Any]:
    """Without what rests on more than the ballots: the city's population, and whom a proposal is said to be for."""
    people = [each for each in found.get("people", ()) if not each["key"].startswith("reserved_")]
    return {**found, "changes": [], "weighted": None, "people": people}


def _plain(result: Any) -> Any:
    return json.loads(json.dumps(result))
