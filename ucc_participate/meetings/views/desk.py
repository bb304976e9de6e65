"""The staff's desk: calling, changing, inviting, who comes, who came, the signed sheet, closing the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...accounts.looks import shows
from ...accounts.references import Page
from ...documents.queries import documents_of
from ...documents.uploads import store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import reader
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import SECTORS
from .. import codes, operations, policies, queries
from ..forms import CancelForm, InviteForm, ListForm, NoticeForm, RulesForm, SheetForm
from ..mailing import mailing
from ..models import Meeting
from ..setup import digests
from .blueprint import Answer, address_of, bp, change, desk_page, load, load_process, settings


@bp.get("/staff/processes/<process_id>/meetings")
def desk(process_id: str) -> Answer:
    return _desk(load_process(process_id), None)


@bp.post("/staff/processes/<process_id>/meetings/rules")
def rules(process_id: str) -> Answer:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    require(policies.can_set_rules(actor, process, now=now))
    form = RulesForm()
    if not form.validate_on_submit():
        return _desk(process, form)
    facts: dict[str, Any] = {"notice_days": form.notice_days.data, "objection_days": form.objection_days.data}

    def work(session: Session) -> None:
        found = process_to_change(session, process_id, actor=actor)
        operations.set_rules(session, found, actor=actor, now=now, **facts)

    perform(work)
    say(_("From now on meetings are announced by these rules. Those that are announced stay as they are."))
    return see_other("meetings.desk", process_id=process_id)


def _desk(process: Process, form: RulesForm | None) -> Answer:
    session, actor, now = db.session(), current_actor(), clock.now()
    require(policies.can_read_desk(actor, process, now=now))
    standing = queries.rules_of(session, process)
    after = request.args.get("after") if request.method == "GET" else None
    return desk_page(
        "meetings/desk.html",
        process,
        form or RulesForm(formdata=None, data=standing.public_payload()),
        to_come=queries.list_to_come(session, process, now=now),
        waiting=queries.list_waiting(session, process, now=now),
        past=queries.list_past(session, process, now=now, after=after),
        rules=standing,
        may_announce=policies.can_announce(actor, process, now=now),
        may_set_rules=bool(policies.can_set_rules(actor, process, now=now)),
        now=now,
    )


@bp.route("/staff/processes/<process_id>/meetings/new", methods=["GET", "POST"])
def new(process_id: str) -> Answer:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    require(policies.can_announce(actor, process, now=now))
    form = NoticeForm()
    if form.validate_on_submit():
        notice, because = form.notice(), form.because.data or ""

        def work(session: Session) -> str:
            found = process_to_change(session, process_id, actor=actor)
            made = operations.announce_meeting(session, found, notice, short_because=because, actor=actor, now=now)
            return made.public_id

        try:
            made = perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The meeting is announced. Invite organisations to it, and print the code for the wall."))
            return see_other("meetings.manage", process_id=process_id, meeting_id=made)
    rules = queries.rules_of(db.session(), process)
    return desk_page("meetings/edit.html", process, form, meeting=None, rules=rules)


@bp.get("/staff/processes/<process_id>/meetings/<meeting_id>")
def manage(process_id: str, meeting_id: str) -> Answer:
    """One meeting at the desk: numbers, and every next step."""
    process, meeting = load(process_id, meeting_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    require(policies.can_read_desk(actor, process, now=now))
    unanswered, minutes = queries.count_unanswered(session, meeting), queries.standing(session, meeting)
    verbs = ("revise", "cancel", "invite_to", "see_people", "note_attendance", "facilitate", "hold", "keep_sheet")
    may = {verb: getattr(policies, f"can_{verb}")(actor, meeting, now=now) for verb in verbs}
    may["write"] = policies.can_publish_minutes(actor, meeting, now=now)
    facts: dict[str, Any] = {"minutes": minutes, "unanswered": unanswered}
    may["finalise"] = policies.can_finalise_minutes(actor, meeting, now=now, **facts)
    return desk_page(
        "meetings/manage.html",
        process,
        None,
        meeting=meeting,
        may=may,
        minutes=minutes,
        unanswered=unanswered,
        places=queries.places_of(session, meeting),
        present=queries.count_present(session, meeting),
        invited=queries.invited_by_sector(session, meeting),
        sheets=documents_of(session, meeting.ref),
        sectors=SECTORS,
        now=now,
    )


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/edit", methods=["GET", "POST"])
def edit(process_id: str, meeting_id: str) -> Answer:
    process, meeting = load(process_id, meeting_id)
    require(policies.can_revise(current_actor(), meeting, now=clock.now()))
    form = NoticeForm.of(meeting) if request.method == "GET" else NoticeForm()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"notice": form.notice(), "because": form.because.data or "", "mailing": mailing()}
        try:
            is_moved = change(process_id, meeting_id, operations.revise_meeting, **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            told = _("The notice is changed. Everybody who registered is told of the new time and place.")
            say(told if is_moved else _("The notice is changed."))
            return see_other("meetings.manage", process_id=process_id, meeting_id=meeting_id)
    rules = queries.rules_of(db.session(), process)
    return desk_page("meetings/edit.html", process, form, meeting=meeting, rules=rules)


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/cancel", methods=["GET", "POST"])
def cancel(process_id: str, meeting_id: str) -> Answer:
    process, meeting = load(process_id, meeting_id)
    require(policies.can_cancel(current_actor(), meeting, now=clock.now()))
    form = CancelForm()
    if form.validate_on_submit():
        facts = {"because": form.because.data or "", "mailing": mailing()}
        try:
            count = change(process_id, meeting_id, operations.cancel_meeting, **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(
                ngettext(
                    "The meeting is cancelled. %(num)s person who registered is told.",
                    "The meeting is cancelled. %(num)s people who registered are told.",
                    count,
                )
            )
            return see_other("meetings.manage", process_id=process_id, meeting_id=meeting_id)
    places = queries.places_of(db.session(), meeting)
    return desk_page("meetings/cancel.html", process, form, meeting=meeting, places=places)


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/invite", methods=["GET", "POST"])
def invite(process_id: str, meeting_id: str) -> Answer:
    """Sectors with how many organisations each would add, and how many of them get a mail."""
    process, meeting = load(process_id, meeting_id)
    require(policies.can_invite_to(current_actor(), meeting, now=clock.now()))
    session = db.session()
    left = queries.count_to_invite(session, meeting)
    form = InviteForm()
    form.sectors.offer([(each.value, SECTORS[each.value]) for each in left])
    if form.validate_on_submit():
        facts: dict[str, Any] = {"sectors": form.sectors.data, "locale": form.locale.data, "mailing": mailing()}
        try:
            count = change(process_id, meeting_id, operations.invite_to_meeting, **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            said = ngettext("%(num)s organisation is invited.", "%(num)s organisations are invited.", count)
            say(said)
            return see_other("meetings.manage", process_id=process_id, meeting_id=meeting_id)
    facts = {"left": left, "invited": queries.invited_by_sector(session, meeting), "sectors": SECTORS}
    return desk_page("meetings/invite.html", process, form, meeting=meeting, **facts)


@bp.get("/staff/processes/<process_id>/meetings/<meeting_id>/people")
def people(process_id: str, meeting_id: str) -> Answer:
    """Who registered and what they need. The look is noted."""
    process, meeting = load(process_id, meeting_id)
    require(policies.can_see_people(current_actor(), meeting, now=clock.now()))
    shows(f"{meeting.ref}/people", Page.MEETING)
    after = request.args.get("after", type=int)
    found = queries.list_registrations(db.session(), meeting, after=after, limit=queries.PEOPLE_PAGE + 1)
    shown = found[: queries.PEOPLE_PAGE]
    return desk_page(
        "meetings/people.html",
        process,
        None,
        meeting=meeting,
        registrations=shown,
        next_after=shown[-1].id if len(found) > len(shown) else None,
        places=queries.places_of(db.session(), meeting),
    )


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/list", methods=["GET", "POST"])
def attendance(process_id: str, meeting_id: str) -> Answer:
    """The list of those who came: a line for whoever has no account, one after the other by keyboard alone."""
    process, meeting = load(process_id, meeting_id)
    actor, now = current_actor(), clock.now()
    require(policies.can_see_people(actor, meeting, now=now))
    may_note = policies.can_note_attendance(actor, meeting, now=now)
    form, noted = ListForm(), None
    offered = queries.organisations_to_choose(db.session(), None)
    form.offer(offered)
    if request.method == "POST":
        require(may_note)
    if form.validate_on_submit():
        try:
            noted = change(process_id, meeting_id, _noting(form, offered))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            form = ListForm(formdata=None, data=form.kept())
            form.offer(offered)
    shows(f"{meeting.ref}/people", Page.MEETING)
    below = request.args.get("below", type=int)
    found = queries.list_attendance(db.session(), meeting, below=below, limit=queries.PEOPLE_PAGE + 1)
    shown = found[: queries.PEOPLE_PAGE]
    return desk_page(
        "meetings/list.html",
        process,
        form,
        meeting=meeting,
        lines=shown,
        next_below=shown[-1].number if len(found) > len(shown) else None,
        present=queries.count_present(db.session(), meeting),
        noted=noted,
        may_note=may_note,
    )


def _noting(form: ListForm, offered: list[Organisation]) -> Callable[..., Any]:
    chosen = next((each.id for each in offered if each.public_id == form.organisation.data), None)
    locale, key = reader().locale, form.idempotency_key.data

    def run(session: Session, meeting: Meeting, **facts: Any) -> Any:
        organisation = session.get_one(Organisation, chosen) if chosen is not None else None
        return operations.note_attendance(session, meeting, form.came(organisation), locale=locale, key=key, **facts)

    return run


@bp.post("/staff/processes/<process_id>/meetings/<meeting_id>/list/<int:number>/withdraw")
def withdraw_line(process_id: str, meeting_id: str, number: int) -> Answer:
    _process, meeting = load(process_id, meeting_id)
    require(policies.can_note_attendance(current_actor(), meeting, now=clock.now()))

    def run(session: Session, found: Meeting, **facts: Any) -> None:
        line = queries.attendance_to_change(session, found, number)
        operations.withdraw_attendance(session, found, line, **facts)

    change(process_id, meeting_id, run)
    say(_("The line is taken back. The log says that there was one."))
    return see_other("meetings.attendance", process_id=process_id, meeting_id=meeting_id)


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/sheet", methods=["GET", "POST"])
def sheet(process_id: str, meeting_id: str) -> Answer:
    process, meeting = load(process_id, meeting_id)
    require(policies.can_keep_sheet(current_actor(), meeting, now=clock.now()))
    form = SheetForm()
    if not form.validate_on_submit():
        return desk_page("meetings/sheet.html", process, form, meeting=meeting)
    stored, title = store_upload(form.scan.data), form.title.data or ""
    change(process_id, meeting_id, operations.keep_sheet, stored=stored, title=title)
    say(_("The sheet is kept. Its fingerprint is in the log."))
    return see_other("meetings.manage", process_id=process_id, meeting_id=meeting_id)


@bp.post("/staff/processes/<process_id>/meetings/<meeting_id>/hold")
def hold(process_id: str, meeting_id: str) -> Answer:
    load(process_id, meeting_id)
    change(process_id, meeting_id, operations.hold_meeting, floor=settings().smallest_group)
    say(_("The list is closed and counted. Whoever is on it takes part in the process."))
    return see_other("meetings.manage", process_id=process_id, meeting_id=meeting_id)


@bp.get("/staff/processes/<process_id>/meetings/<meeting_id>/wall")
def wall(process_id: str, meeting_id: str) -> Answer:
    """The code to print for the wall, and a sheet to sign."""
    process, meeting = load(process_id, meeting_id)
    require(policies.can_facilitate(current_actor(), meeting, now=clock.now()))
    address = address_of(meeting, "meetings.here", code=codes.wall_code(meeting, digests()))
    return desk_page("meetings/wall.html", process, None, meeting=meeting, qr=qr_svg(address), lines=range(1, 21))
