"""Every change: seats of evaluators, their questions, the city's answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts import tokens
from ..accounts.links import LinkSpent
from ..accounts.models import Account
from ..accounts.policies import can_retain
from ..accounts.retention import note_retention
from ..audit.log import record
from ..dossier.queries import dossiers_of
from ..dossier.sections import section_of
from ..kernel.decision import require
from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_number
from ..kernel.identity import Actor, new_public_id
from ..kernel.text import clean_line, clean_text
from ..notifications.operations import queue_mail
from ..processes.models import Process
from . import policies, queries
from .events import EvaluatorEvent, QuestionEvent
from .models import ANSWER_LENGTH, NAME_LENGTH, OFFICE_LENGTH, QUESTION_LENGTH, Evaluator, Question

LONGEST_STAY = timedelta(days=366)


def invite_evaluator(
    session: Session,
    process: Process,
    *,
    name: str,
    office: str,
    email: str,
    locale: str,
    until: datetime,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> Evaluator:
    """Mail somebody the link to a seat; ``address`` makes the whole address from its token.

    Raises Invalid: also while there is nothing to read yet.
    """
    require(policies.can_invite_evaluators(actor, process, now=now))
    if not dossiers_of(session, process):
        raise Invalid(_l("There is no dossier yet. Begin the application first, then an evaluator can read it."))
    if not now < until <= now + LONGEST_STAY:
        days = lazy_number(LONGEST_STAY.days)
        raise Invalid(_l("The invitation ends in the future, within %(days)s days.", days=days), field="until")
    token = tokens.new_token()
    evaluator = Evaluator(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        name=clean_line(name, max_length=NAME_LENGTH),
        office=clean_line(office, max_length=OFFICE_LENGTH),
        locale=locale,
        token_hash=tokens.digest(token),
        until=until,
        invited_by=actor.key,
        invited_at=now,
    )
    session.add(evaluator)
    _note(session, EvaluatorEvent.INVITED, evaluator, process, actor=actor, now=now)
    title = process.title.get(locale) or next(iter(process.title.values()))
    data = {"name": evaluator.name, "title": title, "link": address(token)}
    queue_mail(session, to=email.strip().lower(), locale=locale, template="evaluator_invited", data=data, now=now)
    return evaluator


def take_seat(session: Session, token: str, *, actor: Actor, now: datetime) -> Evaluator:
    """The seat that a link opens; the first time is noted, as done from the seat and not by ``actor``.

    Raises LinkSpent when it has ended or is unknown.
    """
    evaluator = queries.evaluator_by_token(session, token)
    if evaluator is not None:
        session.refresh(evaluator, ["came_at", "revoked_at"], with_for_update=True)
    if evaluator is None or not evaluator.may_read(now):
        raise LinkSpent(_l("This invitation has ended."))
    if evaluator.came_at is None:
        evaluator.came_at = now
        _note(session, EvaluatorEvent.CAME, evaluator, evaluator.process, actor=evaluator.seated, now=now)
    return evaluator


def revoke_evaluator(session: Session, evaluator: Evaluator, *, actor: Actor, now: datetime) -> None:
    """End a seat before its time, at once. What was asked stays."""
    require(policies.can_revoke_evaluator(actor, evaluator, now=now))
    evaluator.revoked_at = now
    _note(session, EvaluatorEvent.REVOKED, evaluator, evaluator.process, actor=actor, now=now)


def forget_evaluators(session: Session, *, actor: Actor, now: datetime) -> int:
    """The names of those whose seat has ended go; for which office they read, and what they asked, stays. How many."""
    require(can_retain(actor, now=now))
    ended = queries.named_after_the_end(session, now)
    for evaluator in ended:
        evaluator.name = ""
    if ended:
        note_retention(session, "evaluators", len(ended), actor=actor, now=now)
    return len(ended)


def put_question(
    session: Session, evaluator: Evaluator, *, text: str, section: str, actor: Actor, now: datetime
) -> Question:
    """Ask the city, about a section of the form or the whole. Raises Invalid naming the field."""
    require(policies.can_ask(actor, evaluator, now=now))
    question = Question(
        public_id=new_public_id(),
        process_id=evaluator.process_id,
        process=evaluator.process,
        evaluator=evaluator,
        section=_known_section(session, evaluator.process, section),
        text=_checked(text, QUESTION_LENGTH, field="text"),
        put_at=now,
    )
    session.add(question)
    session.flush()
    _tell(session, QuestionEvent.PUT, question, actor=actor, now=now)
    return question


def answer_question(session: Session, question: Question, *, text: str, actor: Actor, now: datetime) -> None:
    """Answer for the city, once, with name and function. Raises Invalid."""
    require(policies.can_answer_question(actor, question, now=now))
    said = _checked(text, ANSWER_LENGTH, field="text")
    account = session.get(Account, actor.account_id) if actor.account_id is not None else None
    question.answered_by = account.official_name if account is not None else actor.key
    question.answer, question.answered_at = said, now
    _tell(session, QuestionEvent.ANSWERED, question, actor=actor, now=now)


def _known_section(session: Session, process: Process, section: str) -> str:
    if not section:
        return ""
    contents = [dossier.form.content for dossier in dossiers_of(session, process)]
    if not any(section_of(content, section) for content in contents):
        raise Invalid(_l("The form has no such section."), field="section")
    return section


def _checked(text: str, length: tuple[int, int], *, field: str) -> str:
    least, most = length
    cleaned = clean_text(text, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Write at least %(least)s characters.", least=lazy_number(least)), field=field)
    return cleaned


def _note(
    session: Session, event: EvaluatorEvent, evaluator: Evaluator, process: Process, *, actor: Actor, now: datetime
) -> None:
    payload = evaluator.public_payload()
    record(session, event, actor=actor, subject=evaluator.ref, process=process.ref, payload=payload, now=now)


def _tell(session: Session, event: QuestionEvent, question: Question, *, actor: Actor, now: datetime) -> None:
    payload, process = question.public_payload(), question.process.ref
    record(session, event, actor=actor, subject=question.ref, process=process, payload=payload, now=now)
