"""What people say to statements: agree, disagree, or pass; the last word counts until the map closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ...audit.log import pseudonym, record
from ...kernel.decision import require
from ...kernel.identity import Actor, Role
from ...processes.participation import join
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import Sector
from .. import policies, queries
from ..events import OpinionEvent
from ..models import Answer, OpinionAnswer, OpinionMap, OpinionParticipant


@dataclass(frozen=True, slots=True)
class Voice:
    """As whom a person answers: for themselves, or as somebody of an organisation. Chosen with the first answer."""

    organisation: Organisation | None = None

    @property
    def sector(self) -> Sector | None:
        return None if self.organisation is None else self.organisation.sector


def answer_statement(
    session: Session,
    opinion_map: OpinionMap,
    number: int,
    answer: Answer,
    *,
    actor: Actor,
    now: datetime,
    voice: Voice | None = None,
) -> None:
    """Say something to a statement, or something else than before. A person has one voice in a map.

    The log learns that somebody took part, at the first answer; never what was said, and not how often.
    """
    require(policies.can_answer(actor, opinion_map, now=now))
    statement = queries.statement_numbered(session, opinion_map, number)
    participant = queries.participant_of(session, opinion_map, actor)
    if participant is None:
        participant = _join(session, opinion_map, voice or Voice(), actor=actor, now=now)
    row = {"participant_id": participant.id, "statement_id": statement.id, "answer": answer, "answered_at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    given = dialect.insert(OpinionAnswer).values(row)
    keys = [OpinionAnswer.participant_id, OpinionAnswer.statement_id]
    said = {"answer": given.excluded.answer, "answered_at": given.excluded.answered_at}
    session.execute(given.on_conflict_do_update(index_elements=keys, set_=said, where=OpinionAnswer.answer != answer))


def _join(
    session: Session, opinion_map: OpinionMap, voice: Voice, *, actor: Actor, now: datetime
) -> OpinionParticipant:
    """The row of a person in a map. Two first answers at once make one."""
    organisation = voice.organisation.public_id if voice.organisation else None
    require(policies.can_speak_for(actor, organisation))
    row = {"map_id": opinion_map.id, "account_id": actor.account_id, "sector": voice.sector, "joined_at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(
        dialect.insert(OpinionParticipant).values(row).on_conflict_do_nothing().returning(OpinionParticipant.id)
    ).first()
    if made is not None:
        _tell(session, opinion_map, voice, actor=actor, now=now)
    return session.scalars(queries.participation_of(opinion_map, actor)).one()


def _tell(session: Session, opinion_map: OpinionMap, voice: Voice, *, actor: Actor, now: datetime) -> None:
    process = opinion_map.process
    if actor.account_id is not None:
        join(session, process, actor.account_id, actor=actor, now=now)
    name = pseudonym(session.connection(), actor, process.ref)
    subject = f"{opinion_map.ref}/participant/{name}"
    role = Role.DELEGATE if voice.organisation else Role.RESIDENT
    record(session, OpinionEvent.JOINED, actor=actor, subject=subject, process=process.ref, now=now, role=role)
