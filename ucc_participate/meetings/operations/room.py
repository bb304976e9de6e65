"""In the room: who came, the signed sheet, quick shows of hands, turns of speaking, and closing the list."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...accounts.models import Account, Sex
from ...accounts.references import open_without_address
from ...documents.attaching import attach
from ...documents.models import Document
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import Actor, Role
from ...processes import invitations
from ...processes.events import StakeholderEvent
from ...processes.models import Channel, ProcessState, WayIn
from ...processes.participation import join
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import Sector
from .. import policies, queries
from ..counting import attendance_counts
from ..entry import Came
from ..events import AttendanceEvent, HandsEvent, MeetingEvent
from ..models import Attendance, AttendanceWay, Hand, Meeting, MeetingState, ShowOfHands, SpeakingTurn
from ..recording import record_part, record_state

SHEET = "sheet"
MOST_OPTIONS = 6
MOST_HANDS = 100_000


def attend(
    session: Session,
    meeting: Meeting,
    account: Account | None,
    came: Came,
    *,
    code_opens: bool,
    locale: str,
    key: str | None,
    actor: Actor,
    now: datetime,
) -> Attendance:
    """Whoever scanned the code says that they are here; a second time changes nothing. ``meeting`` is locked.

    ``account``: of whoever is signed in, None: the short form. Somebody signed in comes for an organisation only as its
    delegate.
    """
    require(policies.can_attend(actor, meeting, now=now, code_opens=code_opens))
    if account is None:
        known = queries.attendance_by_key(session, meeting, key)
        return known or _write_down(session, meeting, came, AttendanceWay.FORM, locale, key, actor=actor, now=now)
    known = queries.attendance_of(session, meeting, account.id)
    if known is not None:
        return known
    if came.organisation is not None and came.organisation.public_id not in actor.delegations:
        raise Invalid(_l("You do not speak for this organisation."), field="organisation")
    facts: dict[str, Any] = {"way": AttendanceWay.CODE, "has_account": True, "organisation": came.organisation}
    return _add(session, meeting, account, actor=actor, now=now, **facts)


def note_attendance(
    session: Session, meeting: Meeting, came: Came, *, locale: str, key: str | None, actor: Actor, now: datetime
) -> Attendance:
    """A clerk writes somebody on the list who has no account or does not use it here. The same ``key`` again gives the
    same line. ``meeting`` is locked."""
    require(policies.can_note_attendance(actor, meeting, now=now))
    known = queries.attendance_by_key(session, meeting, key)
    if known is not None:
        return known
    return _write_down(session, meeting, came, AttendanceWay.CLERK, locale, key, actor=actor, now=now)


def withdraw_attendance(session: Session, meeting: Meeting, line: Attendance, *, actor: Actor, now: datetime) -> None:
    """A line was a mistake; until the list is closed it counts nowhere, so nothing has to be put right elsewhere."""
    require(policies.can_note_attendance(actor, meeting, now=now))
    session.execute(delete(Hand).where(Hand.attendance_id == line.id))
    part = f"attendance/{line.number}"
    session.delete(line)
    record_part(session, AttendanceEvent.WITHDRAWN, meeting, part, actor=actor, now=now, by_random_name=True)


def keep_sheet(
    session: Session, meeting: Meeting, stored: StoredUpload, *, title: str, actor: Actor, now: datetime
) -> Document:
    """Keep a scan of the signed sheet as evidence: for the city's staff alone; the log has its fingerprint."""
    require(policies.can_keep_sheet(actor, meeting, now=now))
    document = attach(session, meeting.ref, stored, kind=SHEET, title=title, actor=actor, now=now)
    part, payload = f"sheet/{document.public_id}", {"sheet": document.public_payload()}
    record_part(session, AttendanceEvent.SHEET_KEPT, meeting, part, actor=actor, now=now, payload=payload)
    return document


def hold_meeting(session: Session, meeting: Meeting, *, floor: int, actor: Actor, now: datetime) -> None:
    """The meeting was held: its list is closed and counted once, people become participants, organisations attended.

    Everybody joins now, in an order drawn by lot, and not when they scanned the code: the log does not tell in which
    order people came. ``floor``: the smallest group that is shown. ``meeting`` is locked, with its process.
    """
    require(policies.can_hold(actor, meeting, now=now))
    _end_room(session, meeting, actor=actor, now=now)
    session.flush()
    there = queries.organisations_there(session, meeting)
    sectors = [each.sector for each in there]
    meeting.counts = attendance_counts(
        queries.present(session, meeting),
        {sector: sectors.count(sector) for sector in Sector},
        year=meeting.starts_at.year,
        floor=floor,
    )
    meeting.speaking = queries.speaking_seconds(queries.turns(session, meeting), now) or None
    meeting.move_to(MeetingState.HELD)
    meeting.held_at = now
    if meeting.process.status is ProcessState.OPEN:
        _count_in(session, meeting, there, actor=actor, now=now)
    record_state(session, MeetingEvent.HELD, meeting, actor=actor, now=now)


def ask_hands(
    session: Session, meeting: Meeting, *, question: str, options: Sequence[str], actor: Actor, now: datetime
) -> ShowOfHands:
    """Ask the room something; a question that is open is closed first. It is no vote."""
    require(policies.can_facilitate(actor, meeting, now=now))
    given = list(dict.fromkeys(option for option in options if option))
    if not 2 <= len(given) <= MOST_OPTIONS:
        raise Invalid(_l("Give between 2 and %(most)s different answers.", most=MOST_OPTIONS), field="options")
    _close_open(session, meeting, actor=actor, now=now)
    meeting.last_hands += 1
    show = ShowOfHands(
        meeting_id=meeting.id,
        number=meeting.last_hands,
        question=question,
        options=given,
        typed=[0] * len(given),
        by_phone=[0] * len(given),
        asked_at=now,
    )
    session.add(show)
    record_part(session, HandsEvent.ASKED, meeting, f"hands/{show.number}", actor=actor, now=now)
    return show


def type_hands(
    session: Session, meeting: Meeting, show: ShowOfHands, *, counted: Sequence[int], actor: Actor, now: datetime
) -> None:
    """What the facilitator counted in the room, and with it the end of the question."""
    require(policies.can_facilitate(actor, meeting, now=now))
    require(policies.can_raise_hand(actor, show, now=now, is_present=True))
    if len(counted) != len(show.options) or not all(0 <= number <= MOST_HANDS for number in counted):
        raise Invalid(_l("Write how many hands you counted for each answer."), field="counted")
    show.typed = list(counted)
    _close_hands(session, meeting, show, actor=actor, now=now)


def _close_hands(session: Session, meeting: Meeting, show: ShowOfHands, *, actor: Actor, now: datetime) -> None:
    """End a question: hands raised by telephone are counted, and who raised them is forgotten. No operation."""
    show.by_phone = queries.hands_by_phone(session, show)
    show.closed_at = now
    session.execute(delete(Hand).where(Hand.show_id == show.id))
    part, payload = f"hands/{show.number}", show.public_payload()
    record_part(session, HandsEvent.SHOWN, meeting, part, actor=actor, now=now, payload=payload)


def raise_hand(
    session: Session, show: ShowOfHands, line: Attendance | None, *, option: int, actor: Actor, now: datetime
) -> None:
    """Somebody present answers by telephone; the last answer counts while the question is open. Nothing of it is in
    the log but the sums at its end."""
    require(policies.can_raise_hand(actor, show, now=now, is_present=line is not None))
    if line is None or not 0 <= option < len(show.options):
        raise NotFound
    hand = session.get(Hand, (show.id, line.id)) or Hand(show_id=show.id, attendance_id=line.id)
    hand.option = option
    session.add(hand)


def note_turn(
    session: Session,
    meeting: Meeting,
    *,
    sector: Sector | None,
    sex: Sex | None,
    is_pause: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Somebody of this sector and sex begins to speak, which ends the turn before; ``is_pause``: nobody speaks."""
    require(policies.can_facilitate(actor, meeting, now=now))
    _end_turn(session, meeting, now)
    if not is_pause:
        session.add(SpeakingTurn(meeting_id=meeting.id, sector=sector, sex=sex, began_at=now))


def _end_turn(session: Session, meeting: Meeting, now: datetime) -> None:
    running = queries.running_turn(session, meeting)
    if running is not None:
        running.ended_at = min(now, meeting.ends_at) if running.began_at < meeting.ends_at else now


def _close_open(session: Session, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    show = queries.open_show(session, meeting)
    if show is not None:
        _close_hands(session, meeting, show, actor=actor, now=now)


def _end_room(session: Session, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    _close_open(session, meeting, actor=actor, now=now)
    _end_turn(session, meeting, now)


def _write_down(
    session: Session,
    meeting: Meeting,
    came: Came,
    way: AttendanceWay,
    locale: str,
    key: str | None,
    *,
    actor: Actor,
    now: datetime,
) -> Attendance:
    person = open_without_address(session, came.about, name="", locale=locale, actor=actor, now=now)
    facts: dict[str, Any] = {"way": way, "has_account": False, "organisation": came.organisation, "key": key}
    facts |= {"name": came.name or None, "took_part_before": came.took_part_before}
    return _add(session, meeting, person, actor=actor, now=now, **facts)


def _add(
    session: Session,
    meeting: Meeting,
    account: Account,
    *,
    way: AttendanceWay,
    organisation: Organisation | None,
    actor: Actor,
    now: datetime,
    **facts: Any,
) -> Attendance:
    meeting.last_attendance += 1
    line = Attendance(
        meeting_id=meeting.id,
        number=meeting.last_attendance,
        account_id=account.id,
        organisation_id=organisation.id if organisation is not None else None,
        way=way,
        noted_by=actor.key if way is AttendanceWay.CLERK else None,
        at=now,
        **facts,
    )
    session.add(line)
    session.flush()
    role = Role.CLERK if way is AttendanceWay.CLERK else None
    part, payload = f"attendance/{line.number}", {"way": way.value}
    record_part(
        session,
        AttendanceEvent.NOTED,
        meeting,
        part,
        actor=actor,
        now=now,
        payload=payload,
        role=role,
        by_random_name=True,
    )
    return line


def _count_in(
    session: Session, meeting: Meeting, there: Sequence[Organisation], *, actor: Actor, now: datetime
) -> None:
    lines = [line for line in queries.list_attendance(session, meeting, limit=100_000) if not line.took_part_before]
    random.SystemRandom().shuffle(lines)
    for line in lines:
        join(session, meeting.process, line.account_id, actor=actor, now=now, way_in=WayIn.WORKSHOP)
    for organisation in there:
        _attended(session, meeting, organisation, actor=actor, now=now)


def _attended(session: Session, meeting: Meeting, organisation: Organisation, *, actor: Actor, now: datetime) -> None:
    """The organisation came, the first time in this process; who came unasked was invited by the meeting itself."""
    process = meeting.process
    invitation = queries.invitation_of(session, process, organisation)
    by: dict[str, Any] = {"actor": actor, "now": now}
    if invitation is None:
        invitation = invitations.invite(session, process, organisation, channel=Channel.MEETING, **by)
    if invitation.attended_at is None:
        invitation.attended_at = meeting.starts_at
        invitations.note(session, StakeholderEvent.ATTENDED, invitation, process, organisation, **by)
