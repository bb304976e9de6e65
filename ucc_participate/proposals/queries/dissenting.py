"""Reading minority statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...audit.models import LogOpening
from ...kernel.errors import NotFound
from ...kernel.identity import Actor, Role
from ...moderation.models import Standing
from ...processes.models import Participation, Process
from ..models import DISSENT_DAYS, AnsweringRules, Dissent

MOST_DISSENTS = 100
DISSENTS_PAGE = 20


def answering_rules(session: Session, process: Process) -> AnsweringRules:
    """The rules of a process, or the defaults; not added to the session."""
    found = session.get(AnsweringRules, process.id)
    return found or AnsweringRules(process_id=process.id, publishes_scores=False, dissent_days=DISSENT_DAYS)


def dissents_on(
    session: Session, process: Process, subject: str, *, actor: Actor, limit: int = MOST_DISSENTS
) -> list[Dissent]:
    """What was filed on one thing and the actor knows of, the oldest first."""
    rows = _whole().where(Dissent.process_id == process.id, Dissent.subject == subject, _knows_of(actor))
    return list(session.scalars(rows.order_by(Dissent.id).limit(limit)))


def list_dissents(session: Session, process: Process, *, actor: Actor, after: int | None = None) -> list[Dissent]:
    """A page of all that the actor knows of in a process, the newest first, from those older than the id ``after``."""
    rows = _whole().where(Dissent.process_id == process.id, _knows_of(actor))
    if after is not None:
        rows = rows.where(Dissent.id < after)
    return list(session.scalars(rows.order_by(Dissent.id.desc()).limit(DISSENTS_PAGE)))


def _knows_of(actor: Actor) -> ColumnElement[bool]:
    """What waits for a moderator is known to its author and to moderators alone."""
    if actor.has(Role.MODERATOR, Role.COORDINATOR):
        return true()
    is_read = Dissent.standing != Standing.HELD
    return is_read if actor.account_id is None else or_(is_read, Dissent.author_id == actor.account_id)


def get_dissent(session: Session, process: Process, public_id: str) -> Dissent:
    """Raises NotFound."""
    rows = _whole().where(Dissent.process_id == process.id, Dissent.public_id == public_id)
    found = session.scalar(rows)
    if found is None:
        raise NotFound()
    return found


def dissent_by_ref(session: Session, ref: str) -> Dissent | None:
    """With its process and organisation; None when it is not there."""
    rows = _whole().where(Dissent.public_id == ref.partition("/")[2])
    return session.scalar(rows)


def dissent_to_change(session: Session, ref: str) -> Dissent | None:
    """As dissent_by_ref, locked until the unit of work ends."""
    rows = _whole().where(Dissent.public_id == ref.partition("/")[2])
    return session.scalar(rows.with_for_update(of=Dissent))


def standing_dissent(
    session: Session, subject: str, process: Process, *, account_id: int | None, organisation_id: int | None
) -> Dissent | None:
    """What this person, or this organisation, has filed on one thing and not withdrawn."""
    rows = _whole().where(Dissent.process_id == process.id, Dissent.subject == subject, Dissent.withdrawn_at.is_(None))
    if organisation_id is not None:
        rows = rows.where(Dissent.organisation_id == organisation_id)
    else:
        rows = rows.where(Dissent.author_id == account_id, Dissent.organisation_id.is_(None))
    return session.scalar(rows.limit(1))


def takes_part(session: Session, process: Process, actor: Actor) -> bool:
    """Whether the account has done anything in this process that counts as taking part."""
    if actor.account_id is None:
        return False
    return session.get(Participation, (process.id, actor.account_id)) is not None


def dissents_of(session: Session, account: Account) -> list[Dissent]:
    return list(session.scalars(_whole().where(Dissent.author_id == account.id).order_by(Dissent.id)))


def logged_names(session: Session, dissents: list[Dissent]) -> list[tuple[int, str, str]]:
    """Index, process and subject of every entry that names the authors of these statements."""
    refs = [dissent.ref for dissent in dissents]
    rows = select(LogOpening.position, LogOpening.process, LogOpening.subject).where(LogOpening.subject.in_(refs))
    return [(row[0], str(row[1]), row[2]) for row in session.execute(rows.order_by(LogOpening.position))]


def live_dissents(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for dissent in session.scalars(_whole()):
        yield dissent.ref, dissent.public_payload()


def _whole() -> Select[Dissent]:
    return select(Dissent).options(joinedload(Dissent.process), joinedload(Dissent.organisation))
