"""Calling a meeting: its notice, changes of it, organisations that are invited, cancelling it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...notifications.operations import queue_mail
from ...processes.models import Process
from ...vocabularies.uccn import Sector
from .. import policies, queries
from ..events import MeetingEvent, MeetingInvitationEvent, RulesEvent
from ..mailing import Mailing
from ..models import Meeting, MeetingInvitation, MeetingRules, MeetingState, Mode, Notice
from ..recording import record_part, record_state
from ..waiting import move_up

SHORTEST_REASON = 5
MOST_DAYS = 90
LONGEST_MEETING = timedelta(days=3)
_WHEN_AND_WHERE = ("starts_at", "ends_at", "mode", "place")


def set_rules(
    session: Session, process: Process, *, notice_days: int, objection_days: int, actor: Actor, now: datetime
) -> None:
    """How early meetings of a process are announced, and how long their draft minutes are open."""
    require(policies.can_set_rules(actor, process, now=now))
    for field, days in (("notice_days", notice_days), ("objection_days", objection_days)):
        if not 1 <= days <= MOST_DAYS:
            raise Invalid(_l("Choose between 1 and %(most)s days.", most=MOST_DAYS), field=field)
    rules = session.get(MeetingRules, process.id) or MeetingRules(process_id=process.id)
    rules.notice_days, rules.objection_days = notice_days, objection_days
    session.add(rules)
    subject, payload = f"{process.ref}/meetings", rules.public_payload()
    record(session, RulesEvent.SET, actor=actor, subject=subject, process=process.ref, payload=payload, now=now)


def announce_meeting(
    session: Session, process: Process, notice: Notice, *, short_because: str, actor: Actor, now: datetime
) -> Meeting:
    """Make a meeting public. ``short_because``: why it is announced later than the process says, else "".

    Raises Invalid naming the field.
    """
    require(policies.can_announce(actor, process, now=now))
    _require_sense(notice, now)
    meeting = Meeting(public_id=new_public_id(), process_id=process.id, process=process, status=MeetingState.ANNOUNCED)
    meeting.say(notice)
    meeting.announced_at, meeting.revision = now, 0
    meeting.last_attendance = meeting.last_voice = meeting.last_hands = 0
    meeting.short_notice_because = _short_notice(session, meeting, short_because, now)
    session.add(meeting)
    session.flush()
    record_state(session, MeetingEvent.ANNOUNCED, meeting, actor=actor, now=now)
    return meeting


def revise_meeting(
    session: Session, meeting: Meeting, notice: Notice, *, because: str, mailing: Mailing, actor: Actor, now: datetime
) -> bool:
    """Change the notice; True when time or place changed: that needs a reason, and those who registered are told at
    once. ``meeting`` is locked. Raises Invalid naming the field."""
    require(policies.can_revise(actor, meeting, now=now))
    _require_sense(notice, now)
    is_moved = any(getattr(meeting, name) != getattr(notice, name) for name in _WHEN_AND_WHERE)
    if is_moved and len(because) < SHORTEST_REASON:
        raise Invalid(_l("Time or place changed. Say why: everybody can read it."), field="because")
    is_earlier = notice.starts_at < meeting.starts_at
    meeting.say(notice)
    meeting.revision += 1
    if is_moved:
        meeting.moved_because, meeting.changed_at = because, now
        if is_earlier:
            meeting.short_notice_because = _short_notice(session, meeting, because, now) or meeting.short_notice_because
        for account in queries.registered_accounts(session, meeting):
            mailing.write(session, meeting, account, "meeting_moved", now=now, at_once=True, because=because)
    move_up(session, meeting, mailing=mailing, now=now)
    event = MeetingEvent.MOVED if is_moved else MeetingEvent.REVISED
    record_state(session, event, meeting, actor=actor, now=now)
    return is_moved


def cancel_meeting(
    session: Session, meeting: Meeting, *, because: str, mailing: Mailing, actor: Actor, now: datetime
) -> int:
    """Call it off with a reason; how many were told at once."""
    require(policies.can_cancel(actor, meeting, now=now))
    if len(because) < SHORTEST_REASON:
        raise Invalid(_l("Say why, in a few words: everybody can read it."), field="because")
    meeting.move_to(MeetingState.CANCELLED)
    meeting.cancelled_because, meeting.changed_at = because, now
    meeting.revision += 1
    registered = queries.registered_accounts(session, meeting)
    for account in registered:
        mailing.write(session, meeting, account, "meeting_cancelled", now=now, at_once=True, because=because)
    record_state(session, MeetingEvent.CANCELLED, meeting, actor=actor, now=now)
    return len(registered)


def invite_to_meeting(
    session: Session,
    meeting: Meeting,
    sectors: Iterable[Sector],
    *,
    locale: str,
    mailing: Mailing,
    actor: Actor,
    now: datetime,
) -> int:
    """Invite every organisation of these sectors that the process invited; by mail where there is an address.

    How many these were. Raises Invalid (``sectors``) when nobody is left.
    """
    require(policies.can_invite_to(actor, meeting, now=now))
    organisations = queries.to_invite(session, meeting, sectors)
    if not organisations:
        raise Invalid(_l("Nobody is left to invite: invite organisations to the process first."), field="sectors")
    facts = mailing.facts(meeting, locale)
    for each in organisations:
        invitation = MeetingInvitation(meeting_id=meeting.id, organisation_id=each.id, invited_at=now)
        invitation.by_mail = bool(each.contact_email)
        session.add(invitation)
        if each.contact_email:
            data = facts | {"organisation": each.name, "contact": each.contact_name or ""}
            queue_mail(
                session,
                to=each.contact_email,
                locale=locale,
                template="meeting_invitation",
                data=data,
                now=now,
                not_before=mailing.not_before,
            )
    payload: dict[str, Any] = {"organisations": sorted(each.ref for each in organisations)}
    record_part(session, MeetingInvitationEvent.INVITED, meeting, "", actor=actor, now=now, payload=payload)
    return len(organisations)


def _require_sense(notice: Notice, now: datetime) -> None:
    if not notice.title:
        raise Invalid(_l("Write this in at least one language."), field="title")
    if notice.starts_at <= now:
        raise Invalid(_l("A meeting is announced before it begins."), field="starts_at")
    if not notice.starts_at < notice.ends_at <= notice.starts_at + LONGEST_MEETING:
        raise Invalid(_l("The end must be after the beginning, and at most three days later."), field="ends_at")
    if notice.mode is not Mode.ONLINE and not notice.place:
        raise Invalid(_l("Say where people meet."), field="place")
    if notice.mode is not Mode.IN_PERSON and not notice.link:
        raise Invalid(_l("Give the address of the online meeting. Only those who registered see it."), field="link")
    if notice.places is not None and notice.places < 1:
        raise Invalid(_l("At least one place, or leave it empty."), field="places")
    length = sum(item.minutes for item in notice.agenda)
    if timedelta(minutes=length) > notice.ends_at - notice.starts_at:
        raise Invalid(_l("The agenda takes longer than the meeting."), field="agenda")


def _short_notice(session: Session, meeting: Meeting, because: str, now: datetime) -> str | None:
    """The published reason when there are fewer days than the process promises. Raises Invalid without one."""
    days = queries.rules_of(session, meeting.process).notice_days
    if meeting.starts_at - now >= timedelta(days=days):
        return None
    if len(because) < SHORTEST_REASON:
        short = lazy_ngettext(
            "Meetings of this process are announced %(num)s day before. Say why this one is not.",
            "Meetings of this process are announced %(num)s days before. Say why this one is not.",
            days,
        )
        raise Invalid(short, field="because")
    return because
