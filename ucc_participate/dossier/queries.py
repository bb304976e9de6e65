"""Reading forms, dossiers, answers, their versions and comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ..accounts.models import Account
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.identity import Actor
from ..processes.models import Process
from . import policies
from .models import Answer, AnswerComment, AnswerState, AnswerVersion, Dossier, FormVersion, Purpose
from .sections import section_of


def forms(session: Session) -> Sequence[FormVersion]:
    """Every form in use or corrected, newest call first."""
    return list(session.scalars(select(FormVersion).order_by(FormVersion.year.desc(), FormVersion.id.desc())))


def find_form(session: Session, code: str) -> FormVersion | None:
    return session.scalar(select(FormVersion).where(FormVersion.code == code))


def corrections(session: Session, root: str) -> int:
    """How many corrected editions of a form there are."""
    mine = FormVersion.code.startswith(f"{root}+", autoescape=True)
    return session.scalar(select(func.count()).select_from(FormVersion).where(mine)) or 0


def uses_of_forms(session: Session) -> dict[int, int]:
    """How many dossiers stand on a form, by its key."""
    query = select(Dossier.form_id, func.count()).group_by(Dossier.form_id)
    return {row[0]: row[1] for row in session.execute(query)}


def dossiers_of(session: Session, process: Process) -> Sequence[Dossier]:
    """The application first, then the reports; whoever asks."""
    query = _whole().where(Dossier.process_id == process.id)
    return sorted(session.scalars(query), key=lambda each: (each.purpose is not Purpose.APPLICATION, -each.id))


def application_of(session: Session, process: Process) -> Dossier | None:
    """The dossier with which the city applies, with form and process loaded; None before it was begun."""
    query = _whole().where(Dossier.process_id == process.id, Dossier.purpose == Purpose.APPLICATION)
    return session.scalar(query.order_by(Dossier.id.desc()).limit(1))


def get_dossier(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> Dossier:
    """Raises NotFound when it is not there or the actor may not see it."""
    return _found(session, _whole().where(Dossier.process_id == process.id, Dossier.public_id == public_id), actor, now)


def dossier_to_change(session: Session, process: Process, public_id: str, *, actor: Actor, now: datetime) -> Dossier:
    """As get_dossier, locked until the unit of work ends: with it everything that is in it."""
    query = _whole().where(Dossier.process_id == process.id, Dossier.public_id == public_id)
    return _found(session, query.with_for_update(of=Dossier), actor, now)


def _found(session: Session, query: Select[Dossier], actor: Actor, now: datetime) -> Dossier:
    dossier = session.scalar(query)
    if dossier is None:
        raise NotFound()
    require(policies.can_read(actor, dossier, now=now))
    return dossier


def _whole() -> Select[Dossier]:
    return select(Dossier).options(joinedload(Dossier.process).selectinload(Process.phases), joinedload(Dossier.form))


def answers_of(session: Session, dossier: Dossier) -> dict[tuple[str, str], Answer]:
    """By section and language, with who shall write them and what they cite."""
    query = select(Answer).where(Answer.dossier_id == dossier.id).options(*_with_parts()).order_by(Answer.id)
    return {(answer.section, answer.language): answer for answer in session.scalars(query)}


def find_answer(session: Session, dossier: Dossier, section: str, language: str) -> Answer | None:
    query = select(Answer).where(
        Answer.dossier_id == dossier.id, Answer.section == section, Answer.language == language
    )
    return session.scalar(query.options(*_with_parts()))


def _with_parts() -> tuple[Any, ...]:
    return (
        joinedload(Answer.assigned_to),
        selectinload(Answer.citations),
        joinedload(Answer.dossier).joinedload(Dossier.process),
    )


def versions_of(session: Session, answer: Answer) -> Sequence[AnswerVersion]:
    """Newest first."""
    query = select(AnswerVersion).where(AnswerVersion.answer_id == answer.id)
    return list(session.scalars(query.order_by(AnswerVersion.number.desc())))


def text_of_version(session: Session, answer: Answer, number: int | None) -> str | None:
    """The text with this number; None when there is none."""
    query = select(AnswerVersion.text).where(AnswerVersion.answer_id == answer.id, AnswerVersion.number == number)
    return session.scalar(query) if number is not None else None


def comments_of(session: Session, answer: Answer) -> Sequence[AnswerComment]:
    """What waits first, then what is dealt with; oldest first."""
    query = select(AnswerComment).where(AnswerComment.answer_id == answer.id).order_by(AnswerComment.id)
    return sorted(session.scalars(query), key=lambda each: each.settled_at is not None)


def comment_to_settle(session: Session, answer: Answer, public_id: str) -> AnswerComment:
    """Raises NotFound."""
    query = select(AnswerComment).where(AnswerComment.answer_id == answer.id, AnswerComment.public_id == public_id)
    found = session.scalar(query.with_for_update())
    if found is None:
        raise NotFound()
    return found


def open_comments(session: Session, dossier: Dossier) -> dict[int, int]:
    """How many comments wait, by the key of the answer."""
    query = select(AnswerComment.answer_id, func.count()).join(Answer).where(Answer.dossier_id == dossier.id)
    waiting = query.where(AnswerComment.settled_at.is_(None)).group_by(AnswerComment.answer_id)
    return {row[0]: row[1] for row in session.execute(waiting)}


def assigned_to(session: Session, account: Account) -> Sequence[Answer]:
    """Every text that this person shall write, with its dossier and process."""
    query = select(Answer).where(Answer.assigned_to_id == account.id).order_by(Answer.id)
    return list(session.scalars(query.options(joinedload(Answer.dossier).joinedload(Dossier.process))))


def live_dossiers(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: every dossier as its newest entry says it."""
    for dossier in session.scalars(select(Dossier).options(joinedload(Dossier.form))):
        yield dossier.ref, dossier.public_payload()


def live_answers(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: the texts of frozen dossiers whole; of others only that the row is there still.

    A text that was never final when its dossier was frozen is in no entry; one that calls itself frozen must have one.
    What was frozen once and stands beside the form now is not handed in.
    """
    with_form = joinedload(Answer.dossier).selectinload(Dossier.form)
    query = select(Answer).options(with_form, selectinload(Answer.citations))
    for answer in session.scalars(query.where(or_(Answer.frozen_once, Answer.state == AnswerState.FROZEN))):
        told = answer.public_payload()
        is_told = (
            answer.state is AnswerState.FROZEN or section_of(answer.dossier.form.content, answer.section) is not None
        )
        yield answer.ref, told if answer.dossier.is_frozen and is_told else {"section": told["section"]}


def altered_versions(session: Session) -> Iterator[str]:
    """For the drift check, in words: a frozen text that is not its newest version."""
    query = select(Answer, AnswerVersion.text).join(
        AnswerVersion, (AnswerVersion.answer_id == Answer.id) & (AnswerVersion.number == Answer.number)
    )
    frozen = query.where(Answer.frozen_once).options(joinedload(Answer.dossier))
    for answer, text in session.execute(frozen):
        if answer.dossier.is_frozen and not answer.is_personal and answer.text != text:
            yield f"{answer.ref}: its text is not version {answer.number}"
