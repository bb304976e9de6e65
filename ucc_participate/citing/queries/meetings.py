"""Minutes, their decisions, and votes, as things that a paragraph rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ...kernel.text import fold, search_terms
from ...meetings.models import Meeting, Minutes
from ...processes.models import Process
from ...voting.models import Franchise, Vote, VoteState
from ..sources import Cited, Hand, Kind, Known, Part


def minutes_in_force(session: Session, process: Process) -> Sequence[Minutes]:
    """The newest published minutes of every meeting of the process, with the meeting."""
    query = select(Minutes).join(Minutes.meeting).where(Meeting.process_id == process.id)
    newest: dict[int, Minutes] = {}
    for minutes in session.scalars(query.options(joinedload(Minutes.meeting)).order_by(Minutes.number)):
        newest[minutes.meeting_id] = minutes
    return list(newest.values())


def find(session: Session, process: Process, known: Known) -> Iterator[Cited]:
    minuted, decided = known.of(Kind.MINUTES), known.of(Kind.DECISION)
    if minuted:
        meetings = {pair.partition("/")[0] for pair in minuted}
        query = (
            select(Minutes)
            .join(Minutes.meeting)
            .where(Meeting.process_id == process.id, Meeting.public_id.in_(meetings))
        )
        for minutes in session.scalars(query.options(joinedload(Minutes.meeting))):
            if f"{minutes.meeting.public_id}/{minutes.number}" in minuted:
                yield _minutes(process, minutes)
    if decided:
        for minutes in minutes_in_force(session, process):
            for decision in minutes.decisions:
                if f"{minutes.meeting.public_id}/{decision['number']}" in decided:
                    yield decision_of(process, minutes, decision)
    if known.of(Kind.VOTE):
        query_votes = select(Vote).where(Vote.process_id == process.id, Vote.public_id.in_(known.of(Kind.VOTE)))
        yield from (_vote(process, vote) for vote in session.scalars(query_votes))


def search(session: Session, process: Process, words: str, kinds: Collection[str], limit: int) -> Iterator[Cited]:
    if Kind.MINUTES in kinds or Kind.DECISION in kinds:
        left = limit
        for minutes in minutes_in_force(session, process):
            if Kind.MINUTES in kinds and says(words, minutes.text, *minutes.meeting.title.values()) and left:
                left -= 1
                yield _minutes(process, minutes)
            for decision in minutes.decisions if Kind.DECISION in kinds else ():
                if says(words, decision["text"]) and left:
                    left -= 1
                    yield decision_of(process, minutes, decision)
    if Kind.VOTE in kinds:
        votes = session.scalars(select(Vote).where(Vote.process_id == process.id).order_by(Vote.id))
        yield from [_vote(process, vote) for vote in votes if says(words, *vote.title.values())][:limit]


def says(words: str, *texts: str | None) -> bool:
    """Whether every word begins a word of the texts, however they are spelt. No words: everything."""
    told = fold(" ".join(text or "" for text in texts)).split()
    return all(any(word.startswith(term) for word in told) for term in search_terms(words))


def _where(process: Process, meeting: Meeting) -> Mapping[str, Any]:
    return {"process_id": process.public_id, "meeting_id": meeting.public_id}


def _there(meeting: Meeting) -> tuple[Hand, ...]:
    counts = meeting.counts or {}
    organisations = sum((counts.get("organisations") or {}).values())
    people = Hand(Part.MEETING, number=counts.get("people"))
    return (people, Hand(Part.ORGANISATION, number=organisations)) if organisations else (people,)


def _minutes(process: Process, minutes: Minutes) -> Cited:
    return Cited(
        ref=minutes.ref(minutes.meeting),
        kind=Kind.MINUTES,
        title=minutes.meeting.title,
        where=("meetings.minutes", _where(process, minutes.meeting)),
        hands=_there(minutes.meeting),
        at=minutes.meeting.starts_at,
        about={"number": minutes.number},
    )


def decision_of(process: Process, minutes: Minutes, decision: Mapping[str, Any]) -> Cited:
    number = decision["number"]
    return Cited(
        ref=f"{minutes.meeting.ref}/decision/{number}",
        kind=Kind.DECISION,
        title=decision["text"],
        where=("meetings.minutes", {**_where(process, minutes.meeting), "_anchor": f"decision-{number}"}),
        hands=_there(minutes.meeting),
        at=minutes.meeting.starts_at,
        about={"number": number},
    )


def _vote(process: Process, vote: Vote) -> Cited:
    is_counted = vote.status is VoteState.CLOSED and vote.result
    ballots = vote.result["ballots"] if vote.result and is_counted else None
    part = Part.VOTERS if vote.franchise is Franchise.INDIVIDUAL else Part.ORGANISATION
    return Cited(
        ref=vote.ref,
        kind=Kind.VOTE,
        title=vote.title,
        where=("voting.show", {"process_id": process.public_id, "public_id": vote.public_id}),
        hands=(Hand(part, number=ballots),) if ballots is not None else (),
        at=vote.closes_at,
    )
