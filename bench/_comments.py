"""Comments of a proposal, as rows: what pages read, without the log."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from ucc_participate.deliberation.models import LOTS, Comment, CommentTally, Stance, Thread
from ucc_participate.kernel.db import table_of
from ucc_participate.kernel.identity import new_public_id
from ucc_participate.proposals.models import Proposal

SIDES = (Stance.FOR, Stance.AGAINST, Stance.FOR, Stance.QUESTION, Stance.AGAINST, Stance.REMARK)
WORDS = (
    *("کارگاه", "شب", "بافنده", "خانه", "محله", "راه", "چراغ", "مدرسه"),
    *("کودک", "دلیل", "هزینه", "سال", "بازار", "رودخانه", "دست", "نقش"),
)
REPLIED = 4
"""Every so manieth comment has a reply."""


def fill(connection: Connection, proposal: Proposal, authors: list[int], count: int, now: datetime) -> None:
    """So many comments, every fourth with a reply."""
    chance = random.Random(count)
    subject = f"proposal/{proposal.public_id}"
    counts = {f"{stance.value}_count": sum(SIDES[n % 6] is stance for n in range(count)) for stance in Stance}
    row = {"process_id": proposal.process_id, "subject": subject, "version": 1, "reply_count": count // REPLIED}
    found = connection.execute(insert(table_of(Thread)).values(row | counts).returning(table_of(Thread).c.id))
    thread_id = found.scalar_one()
    tops = [_comment(chance, proposal, thread_id, authors, now, SIDES[n % 6], None, n) for n in range(count)]
    ids = _write(connection, tops)
    below = [_comment(chance, proposal, thread_id, authors, now, None, at, 0) for at in ids[REPLIED - 1 :: REPLIED]]
    _tally(connection, thread_id, zip(ids, tops, strict=True), chance)
    _tally(connection, thread_id, zip(_write(connection, below), below, strict=True), chance)


def _comment(
    chance: random.Random,
    proposal: Proposal,
    thread_id: int,
    authors: list[int],
    now: datetime,
    stance: Stance | None,
    parent_id: int | None,
    number: int,
) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "process_id": proposal.process_id,
        "thread_id": thread_id,
        "parent_id": parent_id,
        "stance": stance,
        "voice": "resident",
        "author_id": authors[number % len(authors)],
        "author_name": "Sara" if number % 5 else None,
        "text": " ".join(chance.choices(WORDS, k=chance.randint(12, 60))),
        "language": "fa",
        "edition": 1,
        "status": "posted",
        "standing": "shown",
        "turn": 1 + number // len(authors),
        "lot": chance.randrange(LOTS),
        "written_at": now - timedelta(minutes=number),
        "version": 1,
    }


def _write(connection: Connection, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    table = table_of(Comment)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def _tally(connection: Connection, thread_id: int, rows: Any, chance: random.Random) -> None:
    tallies = [
        {
            "comment_id": at,
            "thread_id": thread_id,
            "stance": row["stance"],
            "helpful": chance.randint(0, 30),
            "replies": int(row["stance"] is not None and number % REPLIED == REPLIED - 1),
        }
        for number, (at, row) in enumerate(rows)
    ]
    if tallies:
        connection.execute(insert(table_of(CommentTally)), tallies)
