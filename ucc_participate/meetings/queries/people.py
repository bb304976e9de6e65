"""Reading who is invited, registered, present."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import PAPER_DOMAIN, Account, Profile
from ...kernel.errors import NotFound
from ...processes.models import Invitation, Participation, Process
from ...stakeholders.models import Delegate, Organisation
from ...vocabularies.uccn import Sector
from ..counting import Present
from ..models import (
    Attendance,
    Meeting,
    MeetingInvitation,
    MeetingState,
    MeetingTold,
    Registration,
    RegistrationState,
)

PEOPLE_PAGE = 100
MOST_CHOICES = 2000
DAY_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Places:
    """How many come and how many wait. ``left``: free places, None where they are not counted."""

    coming: int
    waiting: int
    left: int | None

    @property
    def is_full(self) -> bool:
        return self.left == 0


def places_of(session: Session, meeting: Meeting) -> Places:
    counts = select(Registration.state, func.count()).where(Registration.meeting_id == meeting.id)
    found = {row[0]: row[1] for row in session.execute(counts.group_by(Registration.state))}
    coming = found.get(RegistrationState.COMING, 0)
    left = None if meeting.places is None else max(0, meeting.places - coming)
    return Places(coming, found.get(RegistrationState.WAITING, 0), left)


def registration_of(session: Session, meeting: Meeting, account_id: int | None) -> Registration | None:
    if account_id is None:
        return None
    mine = (Registration.meeting_id == meeting.id, Registration.account_id == account_id)
    found: Registration | None = session.scalar(select(Registration).where(*mine))
    return found


def place_in_queue(session: Session, registration: Registration) -> int:
    """1 for whoever comes next."""
    before = (
        Registration.meeting_id == registration.meeting_id,
        Registration.state == RegistrationState.WAITING,
        Registration.id <= registration.id,
    )
    return session.scalar(select(func.count()).where(*before)) or 0


def next_waiting(session: Session, meeting: Meeting, *, limit: int) -> list[Registration]:
    """Those who have waited longest, with their accounts, locked."""
    waiting = (Registration.meeting_id == meeting.id, Registration.state == RegistrationState.WAITING)
    query = select(Registration).where(*waiting).order_by(Registration.id).limit(limit)
    return list(session.scalars(query.options(joinedload(Registration.account)).with_for_update(of=Registration)))


def list_registrations(
    session: Session, meeting: Meeting, *, after: int | None = None, limit: int = PEOPLE_PAGE
) -> list[Registration]:
    """Those who come or wait, in the order in which they registered, with their accounts."""
    query = select(Registration).where(Registration.meeting_id == meeting.id)
    query = query.where(Registration.state != RegistrationState.WITHDRAWN).options(joinedload(Registration.account))
    if after is not None:
        query = query.where(Registration.id > after)
    return list(session.scalars(query.order_by(Registration.id).limit(limit)))


def registered_accounts(session: Session, meeting: Meeting) -> list[Account]:
    """Everybody who comes or waits: to tell them what changed."""
    query = select(Account).join(Registration, Registration.account_id == Account.id)
    wanted = (Registration.meeting_id == meeting.id, Registration.state != RegistrationState.WITHDRAWN)
    return list(session.scalars(query.where(*wanted, Account.is_active).order_by(Account.id)))


def meetings_to_remind_of(session: Session, now: datetime) -> list[tuple[str, str]]:
    """(process, meeting) whose beginning is less than a day away and of which somebody was not reminded."""
    told = exists().where(
        MeetingTold.meeting_id == Meeting.id,
        MeetingTold.account_id == Registration.account_id,
        MeetingTold.starts_at == Meeting.starts_at,
    )
    query = (
        select(Process.public_id, Meeting.public_id)
        .join(Meeting, Meeting.process_id == Process.id)
        .join(Registration, Registration.meeting_id == Meeting.id)
        .where(
            Meeting.status == MeetingState.ANNOUNCED,
            Meeting.starts_at > now,
            Meeting.starts_at <= now + DAY_BEFORE,
            Registration.state == RegistrationState.COMING,
            ~told,
        )
        .distinct()
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def unreminded(session: Session, meeting: Meeting) -> list[Account]:
    told = exists().where(
        MeetingTold.meeting_id == meeting.id,
        MeetingTold.account_id == Account.id,
        MeetingTold.starts_at == meeting.starts_at,
    )
    query = select(Account).join(Registration, Registration.account_id == Account.id)
    coming = (Registration.meeting_id == meeting.id, Registration.state == RegistrationState.COMING)
    return list(session.scalars(query.where(*coming, Account.is_active, ~told).order_by(Account.id)))


def registrations_of(session: Session, account: Account) -> list[Registration]:
    """Of an account, with meetings, oldest first."""
    query = select(Registration).where(Registration.account_id == account.id)
    return list(session.scalars(query.options(joinedload(Registration.meeting)).order_by(Registration.id)))


# --- invited organisations ------------------------------------------------------------------------------------------


def invited_by_sector(session: Session, meeting: Meeting) -> dict[Sector, int]:
    query = select(Organisation.sector, func.count()).join(
        MeetingInvitation, MeetingInvitation.organisation_id == Organisation.id
    )
    query = query.where(MeetingInvitation.meeting_id == meeting.id).group_by(Organisation.sector)
    return {row[0]: row[1] for row in session.execute(query)}


def to_invite(session: Session, meeting: Meeting, sectors: Iterable[Sector]) -> list[Organisation]:
    """Organisations of these sectors that the process invited and this meeting did not, by the alphabet."""
    invited = exists().where(
        MeetingInvitation.meeting_id == meeting.id, MeetingInvitation.organisation_id == Organisation.id
    )
    query = select(Organisation).join(Invitation, Invitation.organisation_id == Organisation.id)
    query = query.where(Invitation.process_id == meeting.process_id, Organisation.sector.in_(list(sectors)))
    query = query.where(Organisation.merged_into_id.is_(None), ~invited)
    return list(session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def count_to_invite(session: Session, meeting: Meeting) -> dict[Sector, tuple[int, int]]:
    """Sector → (how many could still be invited, how many of them can be mailed)."""
    found: dict[Sector, list[Organisation]] = {}
    for each in to_invite(session, meeting, Sector):
        found.setdefault(each.sector, []).append(each)
    return {sector: (len(many), sum(bool(each.contact_email) for each in many)) for sector, many in found.items()}


# --- who came -------------------------------------------------------------------------------------------------------


def attendance_of(session: Session, meeting: Meeting, account_id: int | None) -> Attendance | None:
    if account_id is None:
        return None
    mine = (Attendance.meeting_id == meeting.id, Attendance.account_id == account_id)
    found: Attendance | None = session.scalar(select(Attendance).where(*mine))
    return found


def line_without_account(session: Session, meeting: Meeting, number: int) -> Attendance | None:
    mine = (Attendance.meeting_id == meeting.id, Attendance.number == number, ~Attendance.has_account)
    found: Attendance | None = session.scalar(select(Attendance).where(*mine))
    return found


def attendance_by_key(session: Session, meeting: Meeting, key: str | None) -> Attendance | None:
    if not key:
        return None
    found: Attendance | None = session.scalar(
        select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.key == key)
    )
    return found


def attendance_to_change(session: Session, meeting: Meeting, number: int) -> Attendance:
    """One line of the list with its account, locked. Raises NotFound."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.number == number)
    found = session.scalar(query.options(joinedload(Attendance.account)).with_for_update(of=Attendance))
    if found is None:
        raise NotFound
    return found


def list_attendance(
    session: Session, meeting: Meeting, *, below: int | None = None, limit: int = PEOPLE_PAGE
) -> list[Attendance]:
    """The list, newest first, with accounts and organisations."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id)
    query = query.options(joinedload(Attendance.account), joinedload(Attendance.organisation))
    if below is not None:
        query = query.where(Attendance.number < below)
    return list(session.scalars(query.order_by(Attendance.number.desc()).limit(limit)))


def count_present(session: Session, meeting: Meeting) -> int:
    return session.scalar(select(func.count()).where(Attendance.meeting_id == meeting.id)) or 0


def present(session: Session, meeting: Meeting) -> list[Present]:
    """Everybody who came, by what is counted; of those who came for an organisation its sector."""
    query = (
        select(
            func.coalesce(Organisation.sector, Profile.sector),
            Profile.sex,
            Profile.birth_band,
            Attendance.has_account,
        )
        .select_from(Attendance)
        .outerjoin(Organisation, Organisation.id == Attendance.organisation_id)
        .outerjoin(Profile, Profile.account_id == Attendance.account_id)
        .where(Attendance.meeting_id == meeting.id)
        .order_by(Attendance.number)
    )
    return [Present(Sector(row[0]) if row[0] else None, row[1], row[2], row[3]) for row in session.execute(query)]


def organisations_there(session: Session, meeting: Meeting) -> list[Organisation]:
    """Each organisation for which somebody came, once, by the alphabet."""
    ids = select(Attendance.organisation_id).where(
        Attendance.meeting_id == meeting.id, Attendance.organisation_id.is_not(None)
    )
    query = select(Organisation).where(Organisation.id.in_(ids))
    return list(session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def invitation_of(session: Session, process: Process, organisation: Organisation) -> Invitation | None:
    """The invitation of an organisation to the process, locked."""
    query = select(Invitation).where(Invitation.process_id == process.id, Invitation.organisation_id == organisation.id)
    found: Invitation | None = session.scalar(query.with_for_update())
    return found


def organisations_to_choose(session: Session, process: Process | None) -> list[Organisation]:
    """For whom people may have come: those that a process invited, or with None the register, up to MOST_CHOICES."""
    query = select(Organisation).where(Organisation.merged_into_id.is_(None))
    if process is not None:
        invited = exists().where(Invitation.process_id == process.id, Invitation.organisation_id == Organisation.id)
        query = query.where(invited)
    query = query.order_by(Organisation.sort_key, Organisation.id).limit(MOST_CHOICES)
    return list(session.scalars(query))


def was_there(session: Session, meeting: Meeting, account_id: int | None, *, now: datetime, today: date) -> bool:
    """Whether the account was present, or now speaks for an organisation that was."""
    if account_id is None:
        return False
    own = exists().where(Attendance.meeting_id == meeting.id, Attendance.account_id == account_id)
    holds = (
        Delegate.account_id == account_id,
        Delegate.revoked_at.is_(None),
        Delegate.starts_on <= today,
        or_(Delegate.ends_on.is_(None), Delegate.ends_on >= today),
    )
    through = exists().where(
        and_(Attendance.meeting_id == meeting.id, Attendance.organisation_id == Delegate.organisation_id), *holds
    )
    return bool(session.scalar(select(or_(own, through))))


def speaks_for(session: Session, meeting: Meeting, account_id: int, *, today: date) -> list[Organisation]:
    """Organisations that were there and for which the account may speak today."""
    there = select(Attendance.organisation_id).where(Attendance.meeting_id == meeting.id)
    holds = (
        Delegate.account_id == account_id,
        Delegate.revoked_at.is_(None),
        Delegate.starts_on <= today,
        or_(Delegate.ends_on.is_(None), Delegate.ends_on >= today),
    )
    query = select(Organisation).join(Delegate, Delegate.organisation_id == Organisation.id)
    return list(session.scalars(query.where(*holds, Organisation.id.in_(there)).order_by(Organisation.id).distinct()))


def accounts_there(session: Session, meeting: Meeting) -> list[Account]:
    """Those present who can be written to."""
    query = select(Account).join(Attendance, Attendance.account_id == Account.id)
    reachable = (Account.is_active, ~Account.email.endswith(f"@{PAPER_DOMAIN}"))
    return list(session.scalars(query.where(Attendance.meeting_id == meeting.id, *reachable).order_by(Account.id)))


def attendances_of(session: Session, account: Account) -> list[Attendance]:
    """Of an account, with meetings and organisations, oldest first."""
    query = select(Attendance).where(Attendance.account_id == account.id)
    options = (joinedload(Attendance.meeting), joinedload(Attendance.organisation))
    return list(session.scalars(query.options(*options).order_by(Attendance.id)))


def attendances_with_names(session: Session, held_before: datetime) -> list[Attendance]:
    """Lines that still have the name of somebody without an account, of meetings that ended before then."""
    query = select(Attendance).join(Meeting, Meeting.id == Attendance.meeting_id)
    return list(session.scalars(query.where(Attendance.name.is_not(None), Meeting.ends_at < held_before)))


def profiles_without_participation(session: Session, held_before: datetime) -> Sequence[Any]:
    """Accounts made at a meeting for people who had taken part before: no other rule forgets what they said."""
    joined = exists().where(Participation.account_id == Profile.account_id)
    query = select(Profile.account_id).join(Attendance, Attendance.account_id == Profile.account_id)
    query = query.join(Meeting, Meeting.id == Attendance.meeting_id)
    return session.scalars(
        query.where(~Attendance.has_account, Meeting.ends_at < held_before, ~joined).distinct()
    ).all()


def needs_past(session: Session, held_before: datetime) -> list[int]:
    """Registrations that still say what somebody needed, for meetings that ended before then."""
    query = select(Registration.id).join(Meeting, Meeting.id == Registration.meeting_id)
    asked = or_(Registration.needs != "", Registration.wants_childcare)
    return list(session.scalars(query.where(asked, Meeting.ends_at < held_before)))


def lists_with(session: Session, account: Account) -> list[str]:
    """How the log calls the lists of people on which the account stands: a look at one is a look at the person."""
    registered = select(Registration.meeting_id).where(Registration.account_id == account.id)
    came = select(Attendance.meeting_id).where(Attendance.account_id == account.id)
    query = select(Meeting).where(or_(Meeting.id.in_(registered), Meeting.id.in_(came))).order_by(Meeting.id)
    return [f"{meeting.ref}/people" for meeting in session.scalars(query)]
