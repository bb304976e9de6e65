"""What becomes of somebody's part in opinion maps when they are erased: answers go, statements stay without a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...kernel.identity import Actor
from .. import queries
from ..models import OpinionAnswer, OpinionParticipant

ERASURE_REASON = "A person asked that what leads to them be removed."


def forget_participant(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Open maps lose the answers at the next count; results of closed ones are sums of many and stay.

    A statement is what others have answered: it stays, as somebody's. An organisation's name is no personal data.
    """
    mine = select(OpinionParticipant.id).where(OpinionParticipant.account_id == account.id)
    session.execute(delete(OpinionAnswer).where(OpinionAnswer.participant_id.in_(mine)))
    session.execute(delete(OpinionParticipant).where(OpinionParticipant.account_id == account.id))
    written = queries.written_by(session, account)
    named = [statement for statement in written if statement.author_name and not statement.speaks_for]
    settle(session)
    for process, positions in queries.logged_authors(session, named).items():
        withhold_fields(
            session,
            [(position, "author") for position in positions],
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=ERASURE_REASON,
        )
    for statement in written:
        statement.author_id = None
        statement.author_name = statement.author_name if statement.speaks_for else None
