"""An opinion map that was held elsewhere with Pol.is, taken over whole from the folder that Pol.is exports.

One operation, one transaction: nothing is half imported. Nobody here knows who answered: participants have no account.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.decision import require
from ..kernel.errors import Invalid
from ..kernel.identity import Actor, new_public_id
from ..kernel.text import clean_line, clean_text
from ..moderation.models import Standing
from ..processes.events import ProcessEvent
from ..processes.models import Process, ProcessState
from ..processes.policies import can_create
from . import policies
from .events import OpinionMapEvent, StatementEvent
from .finding import find
from .likeness import key_of
from .models import LONGEST_STATEMENT, Adding, Answer, OpinionAnswer, OpinionMap, OpinionParticipant, Showing, Statement
from .recording import record_map, record_statement

ANSWERS: Final = {"1": Answer.AGREE, "-1": Answer.DISAGREE, "0": Answer.PASS}
HIDDEN: Final = "-1"
"""``moderated``: 1 let through, 0 not looked at and shown, -1 taken out."""
LONGEST_TITLE: Final = 160
SEED: Final = 1
BLOCK: Final = 5_000


@dataclass(frozen=True, slots=True)
class Comment:
    """``number`` is Pol.is's id plus one: its comments begin at 0."""

    number: int
    text: str
    is_hidden: bool
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Vote:
    comment: int
    voter: str
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """``votes``: every line, in the order of time: of two by one person on one comment the later one counts."""

    topic: str
    description: str
    url: str
    comments: list[Comment]
    votes: list[Vote]


def read(folder: Path) -> Conversation:
    """The export of one conversation: summary.csv, comments.csv, votes.csv. Raises Invalid, naming file and line."""
    summary = {row[0]: row[1] for row in csv.reader(_lines(folder / "summary.csv")) if len(row) > 1}
    comments = sorted(_rows(folder / "comments.csv", _comment), key=lambda comment: comment.number)
    known = {comment.number for comment in comments}
    if len(known) != len(comments):
        raise Invalid(_l("%(file)s: a comment stands there twice.", file="comments.csv"))
    votes = sorted(_rows(folder / "votes.csv", _vote), key=lambda vote: vote.at)
    if any(vote.comment not in known for vote in votes):
        raise Invalid(_l("%(file)s: a vote on a comment that is not there.", file="votes.csv"))
    topic = clean_line(summary.get("topic"))[:LONGEST_TITLE] or folder.name
    return Conversation(
        topic, clean_text(summary.get("conversation-description")), summary.get("url", ""), comments, votes
    )


def _lines(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise Invalid(_l("%(file)s is missing.", file=path.name))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from stream


def _rows(path: Path, read_row: Any) -> Iterator[Any]:
    for number, row in enumerate(csv.DictReader(_lines(path)), 2):
        try:
            yield read_row(row)
        except (KeyError, ValueError, TypeError, OverflowError, OSError) as fault:
            raise Invalid(_l("%(file)s, row %(row)s cannot be read.", file=path.name, row=number)) from fault


def _comment(row: dict[str, str]) -> Comment:
    text = clean_line(row["comment-body"])
    short = text if len(text) <= LONGEST_STATEMENT else text[: LONGEST_STATEMENT - 1].rstrip() + "…"
    return Comment(int(row["comment-id"]) + 1, short, row["moderated"] == HIDDEN, _moment(row["timestamp"]))


def _vote(row: dict[str, str]) -> Vote:
    return Vote(int(row["comment-id"]) + 1, row["voter-id"], ANSWERS[row["vote"]], _moment(row["timestamp"]))


def _moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, tz=timezone.utc)


def import_conversation(
    session: Session,
    found: Conversation,
    *,
    process: Process | None,
    source: str,
    language: str,
    actor: Actor,
    now: datetime,
) -> OpinionMap:
    """Make a closed map in a process that was held elsewhere, or in a new one. ``source``: shown with the process."""
    if process is None:
        process = _make_process(session, found, source, language, actor=actor, now=now)
    require(policies.can_import(actor, process, now=now))
    if not found.votes:
        raise Invalid(_l("Nobody voted in this conversation."))
    made = _map(process, found, language, now)
    session.add(made)
    session.flush()
    statements = _statements(session, made, found, language)
    _answers(session, made, found, statements)
    session.flush()
    made.close(find(session, made).result, at=now)
    record_map(session, OpinionMapEvent.IMPORTED, made, actor=actor, now=now)
    for statement in statements.values():
        record_statement(session, StatementEvent.ADDED, statement, actor=actor, now=now)
    return made


def _map(process: Process, found: Conversation, language: str, now: datetime) -> OpinionMap:
    return OpinionMap(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        title={language: found.topic},
        question={language: found.description or found.topic},
        opens_at=found.votes[0].at,
        closes_at=found.votes[-1].at + timedelta(seconds=1),
        adding=Adding.EVERYBODY,
        showing=Showing.CLOSED,
        least_answered=1,
        seed=SEED,
        created_at=now,
    )


def _statements(session: Session, made: OpinionMap, found: Conversation, language: str) -> dict[int, Statement]:
    rows = {
        comment.number: Statement(
            public_id=new_public_id(),
            map_id=made.id,
            map=made,
            number=comment.number,
            text=comment.text,
            folded=key_of(comment.text)[: 2 * LONGEST_STATEMENT],
            language=language,
            is_seed=False,
            standing=Standing.HIDDEN if comment.is_hidden else Standing.SHOWN,
            created_at=comment.written_at,
        )
        for comment in found.comments
    }
    session.add_all(rows.values())
    session.flush()
    return rows


def _answers(session: Session, made: OpinionMap, found: Conversation, statements: dict[int, Statement]) -> None:
    first: dict[str, datetime] = {}
    last: dict[tuple[str, int], Vote] = {}
    for vote in found.votes:
        first.setdefault(vote.voter, vote.at)
        last[vote.voter, vote.comment] = vote
    people = {voter: OpinionParticipant(map_id=made.id, joined_at=at) for voter, at in first.items()}
    session.add_all(people.values())
    session.flush()
    rows = [
        {
            "participant_id": people[vote.voter].id,
            "statement_id": statements[vote.comment].id,
            "answer": vote.answer,
            "answered_at": vote.at,
        }
        for vote in last.values()
    ]
    for begin in range(0, len(rows), BLOCK):
        session.execute(insert(OpinionAnswer), rows[begin : begin + BLOCK])


def _make_process(
    session: Session, found: Conversation, source: str, language: str, *, actor: Actor, now: datetime
) -> Process:
    """A closed process for a conversation that belongs to none here."""
    require(can_create(actor, Process, now=now))
    if not found.votes:
        raise Invalid(_l("Nobody voted in this conversation."))
    began, ended = found.votes[0].at, found.votes[-1].at
    process = Process(
        public_id=new_public_id(),
        title={language: found.topic},
        purpose={"en": f"A conversation held elsewhere with Pol.is ({found.url}), imported from {source}."},
        is_imported=True,
        status=ProcessState.CLOSED,
        created_at=now,
        published_at=began,
        opened_at=began,
        closed_at=ended,
        phases=[],
        documents=[],
        scope={},
        open_questions={},
        promise={},
        decision_maker={},
        responsible="",
        targets={},
        min_open_days=21,
    )
    session.add(process)
    session.flush()
    for event in (ProcessEvent.CREATED, ProcessEvent.CLOSED):
        facts: dict[str, Any] = {"subject": process.ref, "process": process.ref, "payload": process.public_payload()}
        record(session, event, actor=actor, now=now, **facts)
    return process
