"""Counting the votes of a process again, from the ballots that lie there, beside what the log says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.commitments import commit_digests, field_digest
from ..audit.models import LogEntry, LogOpening
from ..audit.queries import opening_object, visible_fields
from ..processes.models import Process
from ..voting import counting
from ..voting.events import VoteEvent
from ..voting.models import Vote
from ..voting.queries import list_votes
from ..voting.result import sha256_of


@dataclass(frozen=True, slots=True)
class Recount:
    """``index``: of the entry that tells the result, None when the log tells none. ``sha256``: of the new result,
    None when the ballots cannot be counted at all."""

    vote: Vote
    index: int | None
    ballots: int
    sha256: str | None
    is_as_logged: bool
    is_as_published: bool

    @property
    def is_equal(self) -> bool:
        return self.is_as_logged and self.is_as_published


def recount(session: Session, process: Process) -> list[Recount]:
    """Every vote that has a result, in order of opening."""
    return [_again(session, vote) for vote in list_votes(session, process) if vote.result is not None]


def _again(session: Session, vote: Vote) -> Recount:
    index, told = _told(session, vote)
    published = vote.result or {}
    try:
        ballots = counting.ballots_of(session, vote)
        counted = json.loads(json.dumps(counting.result_of(vote, ballots, roll=(told or published)["roll"])))
    except (ValueError, IndexError, KeyError):
        return Recount(vote, index, 0, None, False, False)
    return Recount(vote, index, len(ballots), sha256_of(counted), counted == told, counted == published)


def _told(session: Session, vote: Vote) -> tuple[int | None, dict[str, Any] | None]:
    """Index and result of the newest entry that tells one; no result where it is not what the entry committed to."""
    rows = (
        select(LogOpening, LogEntry.entry)
        .join(LogEntry, LogEntry.position == LogOpening.position)
        .where(LogEntry.subject == vote.ref, LogEntry.type == VoteEvent.TALLIED.value)
        .order_by(LogOpening.position.desc())
        .limit(1)
    )
    found = session.execute(rows).first()
    if found is None:
        return None, None
    opening, entry = found
    return opening.position, visible_fields(opening).get("result") if _opens(opening, entry) else None


def _opens(opening: LogOpening, entry: bytes) -> bool:
    """The log cannot be changed without breaking it; what opens its entries lies beside it and could be."""
    told: dict[str, Any] = opening_object(opening)
    digests = [field_digest(bytes.fromhex(salt), name, value) for name, (salt, value) in told["fields"].items()]
    digests += [bytes.fromhex(digest) for digest in told["withheld"].values()]
    return bool(commit_digests(digests) == json.loads(entry)["commit"])
