"""Reading the register, the readings and the conferences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from ..accounts.models import Account
from ..accounts.queries import coordinator_grants
from ..dossier.models import Dossier, DossierState
from ..kernel.errors import NotFound
from ..outreach.models import Activity, ActivityKind, Newsletter
from ..partners.models import PartnerCity, PartnerState
from ..plan.models import Plan, PlanVersion, Stage
from ..processes.models import Process, ProcessState
from ..processes.timetable import day_begins
from .models import OPEN, Commitment, CommitmentKind, Conference, Designation, Reading


def submitted_version(session: Session, process: Process) -> PlanVersion | None:
    """The newest version that was frozen as submitted, with its content; None before that."""
    return session.scalar(_submitted(process).limit(1))


def submitted_versions(session: Session, process: Process) -> Sequence[PlanVersion]:
    """All of them with their content, the newest first."""
    return list(session.scalars(_submitted(process)))


def _submitted(process: Process) -> Select[PlanVersion]:
    query = select(PlanVersion).join(Plan, Plan.id == PlanVersion.plan_id)
    query = query.where(Plan.process_id == process.id, PlanVersion.stage == Stage.SUBMITTED)
    return query.order_by(PlanVersion.number.desc()).options(undefer(PlanVersion.content), joinedload(PlanVersion.plan))


def designation_of(session: Session, process: Process) -> Designation | None:
    return session.scalar(_designations().where(Designation.process_id == process.id))


def designation_to_change(session: Session, process: Process) -> Designation | None:
    return session.scalar(_designations().where(Designation.process_id == process.id).with_for_update(of=Designation))


def _designations() -> Select[Designation]:
    return select(Designation).options(joinedload(Designation.process))


def register_of(session: Session, process: Process) -> Sequence[Commitment]:
    """Every promise, also the withdrawn ones, those due first in front."""
    query = select(Commitment).where(Commitment.process_id == process.id).options(joinedload(Commitment.process))
    return list(session.scalars(query.order_by(Commitment.due_on.is_(None), Commitment.due_on, Commitment.id)))


def commitment_to_change(session: Session, process: Process, public_id: str) -> Commitment:
    """Locked until the unit of work ends. Raises NotFound."""
    found: Commitment = _one(session, _in(process, public_id).with_for_update(of=Commitment))
    return found


def get_commitment(session: Session, process: Process, public_id: str) -> Commitment:
    """Raises NotFound."""
    found: Commitment = _one(session, _in(process, public_id))
    return found


def duty(session: Session, process: Process, kind: CommitmentKind, year: int) -> Commitment | None:
    """What membership asks in one of its years."""
    query = select(Commitment).where(
        Commitment.process_id == process.id, Commitment.kind == kind, Commitment.year == year
    )
    return session.scalar(query.options(joinedload(Commitment.process)))


def _in(process: Process, public_id: str) -> Select[Commitment]:
    query = select(Commitment).where(Commitment.process_id == process.id, Commitment.public_id == public_id)
    return query.options(joinedload(Commitment.process))


def _one(session: Session, query: Select[Any]) -> Any:
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def readings_of(session: Session, process: Process, indicator: str | None = None) -> Sequence[Reading]:
    """All of them, the corrected too, in the order in which they were entered."""
    query = select(Reading).where(Reading.process_id == process.id)
    if indicator is not None:
        query = query.where(Reading.indicator == indicator)
    return list(session.scalars(query.options(joinedload(Reading.corrects)).order_by(Reading.id)))


def get_reading(session: Session, process: Process, public_id: str) -> Reading:
    """Raises NotFound."""
    query = select(Reading).where(Reading.process_id == process.id, Reading.public_id == public_id)
    found: Reading = _one(session, query.options(joinedload(Reading.process), joinedload(Reading.corrects)))
    return found


def conferences_of(session: Session, process: Process) -> Sequence[Conference]:
    query = select(Conference).where(Conference.process_id == process.id).options(joinedload(Conference.process))
    return list(session.scalars(query.order_by(Conference.year)))


def conference_to_change(session: Session, process: Process, year: int) -> Conference | None:
    query = select(Conference).where(Conference.process_id == process.id, Conference.year == year)
    return session.scalar(query.options(joinedload(Conference.process)).with_for_update(of=Conference))


def designated(session: Session) -> Sequence[Designation]:
    """Every process whose city is a member."""
    return list(session.scalars(_designations().order_by(Designation.id)))


def due_until(session: Session, process: Process, day: date) -> Sequence[Commitment]:
    """What is still open and due by that day, the longest overdue first."""
    query = select(Commitment).where(
        Commitment.process_id == process.id, Commitment.status.in_(OPEN), Commitment.due_on <= day
    )
    return list(session.scalars(query.order_by(Commitment.due_on, Commitment.id)))


def coordinators(session: Session, now: datetime) -> Sequence[Account]:
    ids = coordinator_grants(now).subquery().c.account_id
    return list(session.scalars(select(Account).where(Account.id.in_(select(ids))).order_by(Account.id)))


def cities_at_work(session: Session, process: Process) -> Sequence[PartnerCity]:
    """Partner cities with which something is agreed or done."""
    at_work = PartnerCity.status.in_((PartnerState.AGREED, PartnerState.ACTIVE))
    query = select(PartnerCity).where(PartnerCity.process_id == process.id, at_work)
    return list(session.scalars(query.order_by(PartnerCity.id)))


def is_done(session: Session, about: str | None) -> bool:
    """Whether what a promise rests on shows by itself that it was kept: a review that people could take part in, a
    report that is frozen, a conference that was told of. What is only drafted shows nothing."""
    kind, _slash, known = (about or "").partition("/")
    if kind == "process":
        begun = Process.status.in_((ProcessState.OPEN, ProcessState.CLOSED))
        return session.scalar(select(Process.id).where(Process.public_id == known, begun)) is not None
    if kind == "dossier":
        frozen = Dossier.status == DossierState.FROZEN
        return session.scalar(select(Dossier.id).where(Dossier.public_id == known, frozen)) is not None
    return bool(known)


def activities_since(session: Session, process: Process, since: date) -> dict[ActivityKind, int]:
    """How often the city reached out in which way, without what did not take place."""
    query = select(Activity.kind, func.count()).where(Activity.process_id == process.id, Activity.is_current)
    query = query.where(~Activity.is_void, Activity.held_on >= since).group_by(Activity.kind).order_by(Activity.kind)
    return {row[0]: row[1] for row in session.execute(query)}


def newsletters_since(session: Session, process: Process, since: date) -> int:
    query = select(func.count()).select_from(Newsletter).where(Newsletter.process_id == process.id)
    return session.scalar(query.where(Newsletter.sent_at >= day_begins(since))) or 0


def process_titles(session: Session, refs: Sequence[str]) -> dict[str, Process]:
    """Processes by ref, of those that the public may know."""
    known = [ref.removeprefix("process/") for ref in refs if ref.startswith("process/")]
    query = select(Process).where(Process.public_id.in_(known), Process.status != ProcessState.DRAFT)
    return {process.ref: process for process in session.scalars(query)} if known else {}


def live_designations(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for designation in session.scalars(_designations()):
        yield designation.ref, designation.public_payload()


def live_commitments(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for commitment in session.scalars(select(Commitment).execution_options(yield_per=500)):
        yield commitment.ref, commitment.public_payload()


def live_readings(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for reading in session.scalars(select(Reading).options(joinedload(Reading.corrects))):
        yield reading.ref, reading.public_payload()


def live_conferences(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for conference in session.scalars(select(Conference)):
        yield conference.ref, conference.public_payload()
