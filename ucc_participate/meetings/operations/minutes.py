"""Minutes: kept at the desk, published as a draft, confirmed or objected to, answered, final."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..entry import NewDecision
from ..events import MeetingEvent, MinutesEvent, MinutesVoiceEvent
from ..mailing import Mailing
from ..models import (
    DecisionLink,
    Meeting,
    MeetingState,
    Minutes,
    MinutesDesk,
    MinutesState,
    MinutesVoice,
    VoiceKind,
)
from ..recording import record_part, record_state

SHORTEST_MINUTES = 20
SHORTEST_OBJECTION = 10


class Overtaken(Conflict):
    """Somebody saved or published another text meanwhile."""

    def __init__(self) -> None:
        super().__init__(_l("Somebody saved another text while you were writing. Nothing of yours is saved yet."))


def save_minutes(
    session: Session,
    meeting: Meeting,
    *,
    text: str,
    decisions: Sequence[NewDecision],
    based_on: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what is written so far; nobody but the staff sees it. ``meeting`` is locked.

    ``based_on``: stamp of the text that it was written on, None: of none. Raises Overtaken when that is not the newest.
    """
    require(policies.can_publish_minutes(actor, meeting, now=now))
    _require_newest(session, meeting, based_on)
    desk = session.get(MinutesDesk, meeting.id) or MinutesDesk(meeting_id=meeting.id)
    desk.text, desk.decisions, desk.saved_at = text, _rows(decisions), now
    session.add(desk)


def publish_minutes(
    session: Session,
    meeting: Meeting,
    *,
    text: str,
    decisions: Sequence[NewDecision],
    mailing: Mailing,
    based_on: str | None = None,
    actor: Actor,
    now: datetime,
) -> Minutes:
    """Publish a draft, open for objections for the days of the process; those who were there are told.

    ``meeting`` is locked. Raises Invalid (``text``) and Overtaken as save_minutes.
    """
    require(policies.can_publish_minutes(actor, meeting, now=now))
    _require_newest(session, meeting, based_on)
    days = queries.rules_of(session, meeting.process).objection_days
    minutes = _add(session, meeting, text, decisions, MinutesState.DRAFT, now + timedelta(days=days), now)
    meeting.move_to(MeetingState.MINUTES_DRAFT)
    for account in queries.accounts_there(session, meeting):
        mailing.write(session, meeting, account, "meeting_minutes", now=now, days=days)
    _record(session, MinutesEvent.PUBLISHED, meeting, minutes, actor=actor, now=now)
    return minutes


def speak_on_minutes(
    session: Session,
    meeting: Meeting,
    account: Account,
    *,
    kind: VoiceKind,
    text: str,
    organisation: Organisation | None,
    shows_name: bool,
    was_there: bool,
    actor: Actor,
    now: datetime,
) -> MinutesVoice:
    """Confirm the draft or object to it. An objection stays in the record, with its answer, whatever becomes of it.

    ``organisation``: for which the account speaks. ``meeting`` is locked. Raises Invalid (``text``, ``organisation``).
    """
    minutes = queries.standing(session, meeting)
    spoken = queries.has_spoken(session, minutes, account.id)
    facts: dict[str, Any] = {"minutes": minutes, "was_there": was_there, "has_spoken": spoken}
    require(policies.can_speak_on_minutes(actor, meeting, now=now, **facts))
    if kind is VoiceKind.OBJECTION and len(text) < SHORTEST_OBJECTION:
        raise Invalid(_l("Say what is wrong or missing, in a sentence."), field="text")
    if organisation is not None and organisation.public_id not in actor.delegations:
        raise Invalid(_l("You do not speak for this organisation."), field="organisation")
    meeting.last_voice += 1
    voice = MinutesVoice(
        meeting_id=meeting.id,
        minutes_id=minutes.id if minutes else 0,
        minutes=minutes,
        number=meeting.last_voice,
        account_id=account.id,
        organisation_id=organisation.id if organisation else None,
        organisation=organisation,
        kind=kind,
        text=text if kind is VoiceKind.OBJECTION else "",
        author=account.display_name if shows_name and organisation is None else None,
        said_at=now,
    )
    session.add(voice)
    session.flush()
    event = MinutesVoiceEvent.OBJECTED if kind is VoiceKind.OBJECTION else MinutesVoiceEvent.CONFIRMED
    role = Role.DELEGATE if organisation is not None else Role.RESIDENT
    _record_voice(session, event, meeting, voice, actor=actor, now=now, role=role)
    return voice


def answer_voice(
    session: Session, meeting: Meeting, voice: MinutesVoice, *, answer: str, actor: Actor, now: datetime
) -> None:
    """Say what becomes of an objection: taken up, or not and why. Raises Invalid (``answer``)."""
    require(policies.can_answer_voice(actor, voice, now=now))
    if len(answer) < SHORTEST_OBJECTION:
        raise Invalid(_l("Say in a sentence what becomes of it."), field="answer")
    voice.answer, voice.answered_by, voice.answered_at = answer, actor.key, now
    _record_voice(session, MinutesVoiceEvent.ANSWERED, meeting, voice, actor=actor, now=now, role=None)


def finalise_minutes(
    session: Session,
    meeting: Meeting,
    *,
    text: str,
    decisions: Sequence[NewDecision],
    based_on: str | None = None,
    actor: Actor,
    now: datetime,
) -> Minutes:
    """The version that stays, after the objections and with them. ``meeting`` is locked. Raises Overtaken."""
    _require_newest(session, meeting, based_on)
    draft, unanswered = queries.standing(session, meeting), queries.count_unanswered(session, meeting)
    require(policies.can_finalise_minutes(actor, meeting, now=now, minutes=draft, unanswered=unanswered))
    until = draft.objections_until if draft else now
    minutes = _add(session, meeting, text, decisions, MinutesState.FINAL, until, now)
    meeting.move_to(MeetingState.MINUTES_FINAL)
    _record(session, MinutesEvent.FINALISED, meeting, minutes, actor=actor, now=now)
    return minutes


def _add(
    session: Session,
    meeting: Meeting,
    text: str,
    decisions: Sequence[NewDecision],
    state: MinutesState,
    until: datetime,
    now: datetime,
) -> Minutes:
    if len(text) < SHORTEST_MINUTES:
        raise Invalid(_l("Write what was said, in a few sentences at least."), field="text")
    before = queries.standing(session, meeting)
    minutes = Minutes(
        meeting_id=meeting.id,
        number=before.number + 1 if before else 1,
        state=state,
        text=text,
        decisions=_rows(decisions),
        objections_until=until,
        published_at=now,
    )
    session.add(minutes)
    session.execute(delete(MinutesDesk).where(MinutesDesk.meeting_id == meeting.id))
    session.execute(delete(DecisionLink).where(DecisionLink.meeting_id == meeting.id))
    session.flush()
    for number, decision in enumerate(decisions, start=1):
        for proposal in dict.fromkeys(decision.proposals):
            session.add(DecisionLink(meeting_id=meeting.id, number=number, proposal_id=proposal.id))
    return minutes


def _rows(decisions: Sequence[NewDecision]) -> list[dict[str, Any]]:
    return [decision.row(number) for number, decision in enumerate(decisions, start=1)]


def _record(
    session: Session, event: MinutesEvent, meeting: Meeting, minutes: Minutes, *, actor: Actor, now: datetime
) -> None:
    """The text is in the entry of the minutes; the meeting's own state says that there are some."""
    part, payload = f"minutes/{minutes.number}", minutes.public_payload()
    record_part(session, event, meeting, part, actor=actor, now=now, payload=payload)
    record_state(session, MeetingEvent.REVISED, meeting, actor=actor, now=now)


def _record_voice(
    session: Session,
    event: MinutesVoiceEvent,
    meeting: Meeting,
    voice: MinutesVoice,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None,
) -> None:
    """Residents stand there under the random name of the meeting, officials under that of the process."""
    part, payload = f"voice/{voice.number}", voice.public_payload()
    is_own = event is not MinutesVoiceEvent.ANSWERED
    record_part(session, event, meeting, part, actor=actor, now=now, payload=payload, role=role, by_random_name=is_own)


def _require_newest(session: Session, meeting: Meeting, based_on: str | None) -> None:
    if based_on is not None and based_on != queries.stamp_of(session, meeting):
        raise Overtaken
