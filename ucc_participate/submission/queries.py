"""Reading seats, questions, and what is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from ..accounts.tokens import digest
from ..dossier.models import Dossier
from ..dossier.queries import dossiers_of
from ..kernel.errors import NotFound
from ..plan.models import Plan, PlanVersion, Stage
from ..processes.models import Process
from .models import Evaluator, Question


def find_dossier(session: Session, process: Process, public_id: str | None) -> Dossier | None:
    """The one with this id; without an id the application. None when there is none. Whoever asks."""
    found = dossiers_of(session, process)
    if public_id:
        return next((each for each in found if each.public_id == public_id), None)
    return found[0] if found else None


def submitted_version(session: Session, plan: Plan) -> PlanVersion | None:
    """The plan as it was fixed for handing in last, with its content."""
    query = select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.stage == Stage.SUBMITTED)
    newest = query.order_by(PlanVersion.number.desc()).limit(1)
    return session.scalar(newest.options(undefer(PlanVersion.content), joinedload(PlanVersion.plan)))


def evaluator_by_token(session: Session, token: str) -> Evaluator | None:
    query = select(Evaluator).where(Evaluator.token_hash == digest(token))
    return session.scalar(query.options(joinedload(Evaluator.process).selectinload(Process.phases)))


def evaluator_at(session: Session, public_id: str) -> Evaluator | None:
    """Who sits on a seat, with the process."""
    query = select(Evaluator).where(Evaluator.public_id == public_id)
    return session.scalar(query.options(joinedload(Evaluator.process)))


def evaluator_to_change(session: Session, process: Process, public_id: str) -> Evaluator:
    """Locked until the unit of work ends. Raises NotFound."""
    query = select(Evaluator).where(Evaluator.public_id == public_id, Evaluator.process_id == process.id)
    found = session.scalar(query.options(joinedload(Evaluator.process)).with_for_update(of=Evaluator))
    if found is None:
        raise NotFound()
    return found


def list_evaluators(session: Session, process: Process) -> list[Evaluator]:
    """Newest first."""
    query = select(Evaluator).where(Evaluator.process_id == process.id).order_by(Evaluator.id.desc())
    return list(session.scalars(query))


def named_after_the_end(session: Session, now: datetime) -> Sequence[Evaluator]:
    """Evaluators of all processes whose seat has ended and whose name is still there."""
    has_ended = or_(Evaluator.revoked_at.is_not(None), Evaluator.until <= now)
    return session.scalars(select(Evaluator).where(has_ended, Evaluator.name != "")).all()


def list_questions(session: Session, process: Process) -> Sequence[Question]:
    """What waits first, then newest first; with who asked."""
    query = select(Question).where(Question.process_id == process.id).order_by(Question.id.desc())
    found = session.scalars(query.options(joinedload(Question.evaluator), joinedload(Question.process)))
    return sorted(found, key=lambda each: each.answer is not None)


def count_unanswered(session: Session, process: Process) -> int:
    query = select(func.count()).select_from(Question)
    return session.scalar(query.where(Question.process_id == process.id, Question.answer.is_(None))) or 0


def question_to_answer(session: Session, process: Process, public_id: str) -> Question:
    """Locked until the unit of work ends. Raises NotFound."""
    query = select(Question).where(Question.public_id == public_id, Question.process_id == process.id)
    loaded = (joinedload(Question.evaluator), joinedload(Question.process).selectinload(Process.phases))
    found = session.scalar(query.options(*loaded).with_for_update(of=Question))
    if found is None:
        raise NotFound()
    return found


def live_evaluators(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for evaluator in session.scalars(select(Evaluator)):
        yield evaluator.ref, evaluator.public_payload()


def live_questions(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for question in session.scalars(select(Question).options(selectinload(Question.evaluator))):
        yield question.ref, question.public_payload()
