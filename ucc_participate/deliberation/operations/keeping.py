"""Erasing an author, and holding the counts to the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...kernel.identity import Actor
from .. import queries
from ..models import CommentTally, Stance, Thread, Voice

ERASURE_REASON = "The author asked for erasure."
NAMED = frozenset({Voice.RESIDENT, Voice.GUEST})
"""Voices whose shown name is a person's own; an organisation's and an official's stay."""


def forget_author(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Erase a person: comments stay without the name, which the log withholds; drafts and marks go.

    Who wants the words gone as well erases them first (``erase_comment``, “Your comments”).
    """
    written = [each for each in queries.comments_by_to_change(session, account) if each.voice in NAMED]
    translated = queries.translations_by(session, account)
    settle(session)
    _withhold_names(
        session, [*(each.ref for each in written), *(each.ref for each in translated)], actor=actor, now=now
    )
    for comment in written:
        comment.author_name = None
        comment.thread.version += 1
    for translation in translated:
        translation.translator_name = None
    for draft in queries.drafts_by(session, account):
        session.delete(draft)
    for mark in queries.marks_by(session, account):
        queries.tally_of(session, mark.comment_id).helpful -= 1
        session.delete(mark)
    for guest in queries.guests_by(session, account):
        guest.name, guest.email = "—", None


def _withhold_names(session: Session, refs: Sequence[str], *, actor: Actor, now: datetime) -> None:
    for process, fields in queries.logged_fields(session, refs, ["author"]).items():
        withhold_fields(
            session,
            fields,
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=ERASURE_REASON,
        )


def recount_discussions(session: Session, *, actor: Actor, now: datetime) -> int:
    """Hold what pages count to the rows; how many counts were wrong. Nothing that the log speaks of changes."""
    wrong = 0
    counts, tallies = queries.true_counts(session), queries.true_tallies(session)
    names = [*(f"{stance.value}_count" for stance in Stance), "reply_count"]
    for thread in session.scalars(select(Thread).with_for_update()):
        true = {name: int(counts.get(thread.id, {}).get(name) or 0) for name in names}
        if any(getattr(thread, name) != number for name, number in true.items()):
            wrong += 1
            thread.version += 1
            for name, number in true.items():
                setattr(thread, name, number)
    for tally in session.scalars(select(CommentTally)):
        if (tally.helpful, tally.replies) != (true_pair := tallies.get(tally.comment_id, (0, 0))):
            wrong += 1
            tally.helpful, tally.replies = true_pair
    return wrong
