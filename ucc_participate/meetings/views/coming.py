"""Registering, saying that one is here, raising a hand, and confirming or objecting to minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import Denied, require
from ...kernel.errors import Invalid, NotFound
from ...kernel.i18n import reader, site_day
from ...kernel.identity import Actor
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes.models import Process
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisations
from .. import codes, operations, policies, queries
from ..entry import Came
from ..forms import GuestForm, HereForm, RegistrationForm, VoiceForm
from ..mailing import mailing
from ..models import Attendance, Meeting, RegistrationState
from ..setup import digests
from .blueprint import Answer, bp, change, load, page

PRESENT = "present"
"""In the session's cookie: the lines of attendance lists that this browser filled in without an account."""


@bp.route("/p/<process_id>/meetings/<meeting_id>/register", methods=["GET", "POST"])
def register(process_id: str, meeting_id: str) -> Answer:
    process, meeting = load(process_id, meeting_id)
    actor, now = current_actor(), clock.now()
    require(policies.can_register(actor, meeting, now=now))
    known = queries.registration_of(db.session(), meeting, actor.account_id)
    given = {} if known is None else {"needs": known.needs, "wants_childcare": known.wants_childcare}
    form = RegistrationForm(data=given) if request.method == "GET" else RegistrationForm()
    if not form.validate_on_submit():
        places = queries.places_of(db.session(), meeting)
        return page("meetings/register.html", process, form, meeting=meeting, known=known, places=places)
    facts = {"needs": form.needs.data or "", "wants_childcare": form.wants_childcare.data}
    made = change(process_id, meeting_id, _as_account(operations.register, actor), **facts)
    if made.state is RegistrationState.WAITING:
        say(_("All places are taken. You are on the waiting list, and we write to you as soon as one is free."))
    else:
        say(_("You have a place. We write to you a day before."))
    return see_other("meetings.show", process_id=process_id, meeting_id=meeting_id)


def _as_account(operation: Any, actor: Actor) -> Any:
    """The operation with the actor's account as its third argument, loaded in the unit of work."""

    def run(session: Session, meeting: Meeting, **facts: Any) -> Any:
        return operation(session, meeting, session.get_one(Account, actor.account_id), **facts)

    return run


@bp.post("/p/<process_id>/meetings/<meeting_id>/unregister")
def unregister(process_id: str, meeting_id: str) -> Answer:
    load(process_id, meeting_id)
    operation = _as_account(operations.withdraw_registration, current_actor())
    change(process_id, meeting_id, operation, mailing=mailing())
    say(_("Your place is free for somebody else."))
    return see_other("meetings.show", process_id=process_id, meeting_id=meeting_id)


@bp.route("/p/<process_id>/meetings/<meeting_id>/here/<code>", methods=["GET", "POST"])
@public
@limiter.limit("120 per minute")
def here(process_id: str, meeting_id: str, code: str) -> Answer:
    """Where the code on the wall leads: one press for whoever is signed in, a short form for everybody else."""
    process, meeting = load(process_id, meeting_id)
    actor, now = current_actor(), clock.now()
    opens = codes.opens(meeting, code, digests(), now)
    require(policies.can_attend(actor, meeting, now=now, code_opens=opens))
    form: Any = HereForm() if actor.is_signed_in else GuestForm()
    offered = _organisations(meeting, actor)
    form.offer(offered)
    line = _own_line(meeting, actor)
    if line is None and form.validate_on_submit():
        chosen = next((each for each in offered if each.public_id == form.organisation.data), None)
        try:
            made = change(process_id, meeting_id, _attending(actor, form, chosen), code_opens=opens)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            _remember(meeting, made, actor)
            say(_("You are on the list of those who are here. Welcome!"))
            return see_other("meetings.here", process_id=process_id, meeting_id=meeting_id, code=code)
    show = queries.open_show(db.session(), meeting) if line is not None else None
    return page("meetings/here.html", process, form, meeting=meeting, line=line, show=show, code=code)


def _organisations(meeting: Meeting, actor: Actor) -> list[Organisation]:
    """For which one may say that one is here: those one speaks for; without an account those invited."""
    if actor.is_signed_in:
        return get_organisations(db.session(), sorted(actor.delegations))
    return queries.organisations_to_choose(db.session(), meeting.process)


def _attending(actor: Actor, form: Any, chosen: Organisation | None) -> Any:
    locale, key = reader().locale, None if actor.is_signed_in else form.idempotency_key.data
    chosen_id = chosen.id if chosen else None
    given = form.came(None) if not actor.is_signed_in else Came()

    def run(session: Session, meeting: Meeting, **facts: Any) -> Attendance:
        account = session.get_one(Account, actor.account_id) if actor.account_id is not None else None
        organisation = session.get_one(Organisation, chosen_id) if chosen_id is not None else None
        came = replace(given, organisation=organisation)
        return operations.attend(session, meeting, account, came, locale=locale, key=key, **facts)

    return run


def _own_line(meeting: Meeting, actor: Actor) -> Attendance | None:
    """The line of whoever asks: of their account, or the one that this browser filled in."""
    if actor.is_signed_in:
        return queries.attendance_of(db.session(), meeting, actor.account_id)
    number = cookie.get(PRESENT, {}).get(meeting.public_id)
    if not isinstance(number, int):
        return None
    return queries.line_without_account(db.session(), meeting, number)


def _remember(meeting: Meeting, line: Attendance, actor: Actor) -> None:
    if not actor.is_signed_in:
        cookie[PRESENT] = {meeting.public_id: line.number}


@bp.post("/p/<process_id>/meetings/<meeting_id>/here/<code>/hand")
@public
@limiter.limit("120 per minute")
def hand(process_id: str, meeting_id: str, code: str) -> Answer:
    """Somebody present answers the question that is open. It is no vote."""
    _process, meeting = load(process_id, meeting_id)
    line, option = _own_line(meeting, current_actor()), request.form.get("option", type=int)
    number = request.form.get("show", type=int)
    if line is None or option is None or number is None:
        raise NotFound
    line_id = line.id

    def run(session: Session, found: Meeting, **facts: Any) -> None:
        show = queries.show_to_change(session, found, number)
        operations.raise_hand(session, show, session.get(Attendance, line_id), option=option, **facts)

    change(process_id, meeting_id, run)
    say(_("Your hand is counted. You can change your answer while the question is open."))
    return see_other("meetings.here", process_id=process_id, meeting_id=meeting_id, code=code)


@bp.route("/p/<process_id>/meetings/<meeting_id>/minutes/speak", methods=["GET", "POST"])
def speak(process_id: str, meeting_id: str) -> Answer:
    """Confirm draft minutes or object to them. What was typed too late stays on the page, to be kept."""
    process, meeting = load(process_id, meeting_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    minutes, today = queries.standing(session, meeting), site_day(now)
    facts: dict[str, Any] = {
        "minutes": minutes,
        "was_there": queries.was_there(session, meeting, actor.account_id, now=now, today=today),
        "has_spoken": queries.has_spoken(session, minutes, actor.account_id),
    }
    may = policies.can_speak_on_minutes(actor, meeting, now=now, **facts)
    form = VoiceForm()
    offered = queries.speaks_for(session, meeting, actor.account_id or 0, today=today)
    form.offer(offered)
    if request.method == "GET" or not form.text.data:
        require(may)
    if form.validate_on_submit():
        if isinstance(may, Denied):
            form.refuse(Invalid(may.reason))
            return _late(process, meeting, form)
        try:
            change(process_id, meeting_id, _speaking(actor, form, offered), was_there=facts["was_there"])
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It stands beside the minutes."))
            return see_other("meetings.minutes", process_id=process_id, meeting_id=meeting_id)
    return page("meetings/speak.html", process, form, meeting=meeting, minutes=minutes, may=may)


def _late(process: Process, meeting: Meeting, form: VoiceForm) -> Answer:
    shown = page("meetings/speak.html", process, form, meeting=meeting, minutes=None, may=None)
    return (shown[0] if isinstance(shown, tuple) else str(shown)), 409


def _speaking(actor: Actor, form: VoiceForm, offered: list[Organisation]) -> Any:
    chosen = next((each.id for each in offered if each.public_id == form.organisation.data), None)
    said: dict[str, Any] = {"kind": form.kind.data, "text": form.text.data or "", "shows_name": form.shows_name.data}

    def run(session: Session, meeting: Meeting, **facts: Any) -> Any:
        account = session.get_one(Account, actor.account_id)
        organisation = session.get_one(Organisation, chosen) if chosen is not None else None
        return operations.speak_on_minutes(session, meeting, account, organisation=organisation, **said, **facts)

    return run
