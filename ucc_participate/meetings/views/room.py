"""The facilitator's two pages: one that the whole room reads, and one in the hand."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.models import Sex
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.i18n import latin_digits
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, say, see_other
from ...vocabularies.uccn import SECTORS, Sector
from .. import codes, operations, policies, queries, wording
from ..forms import HandsForm
from ..models import Meeting, agenda_times
from ..setup import digests
from .blueprint import Answer, address_of, bp, change, desk_page, load


@bp.get("/staff/processes/<process_id>/meetings/<meeting_id>/screen")
def screen(process_id: str, meeting_id: str) -> Answer:
    """Read from the last row: what is on now and until when, what comes, the question, the code."""
    process, meeting = load(process_id, meeting_id)
    now = clock.now()
    require(policies.can_facilitate(current_actor(), meeting, now=now))
    session, agenda = db.session(), agenda_times(meeting.starts_at, meeting.items)
    show = queries.open_show(session, meeting)
    address = address_of(meeting, "meetings.here", code=codes.screen_code(meeting, digests(), now))
    shown = render_template(
        "meetings/screen.html",
        process=process,
        meeting=meeting,
        agenda=agenda,
        current=next((line for line in agenda if line[1] <= now < line[2]), None),
        show=show,
        phone=queries.hands_by_phone(session, show) if show else [],
        present=queries.count_present(session, meeting),
        speaking=queries.speaking_seconds(queries.turns(session, meeting), now),
        qr=qr_svg(address) if meeting.doors_are_open(now) else None,
        turn_seconds=int(codes.TURN.total_seconds()),
        wording=wording,
        now=now,
    )
    response = make_response(shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/room", methods=["GET", "POST"])
def room(process_id: str, meeting_id: str) -> Answer:
    """In the facilitator's hand: who speaks, what is asked, how many hands. POST asks the room something."""
    process, meeting = load(process_id, meeting_id)
    now = clock.now()
    require(policies.can_facilitate(current_actor(), meeting, now=now))
    form = HandsForm()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"question": form.question.data or "", "options": form.answers}
        try:
            change(process_id, meeting_id, operations.ask_hands, **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The question is on the screen. Count the hands and write them down here."))
            return see_other("meetings.room", process_id=process_id, meeting_id=meeting_id)
    session = db.session()
    turns, show = queries.turns(session, meeting), queries.open_show(session, meeting)
    return desk_page(
        "meetings/room.html",
        process,
        form,
        meeting=meeting,
        agenda=agenda_times(meeting.starts_at, meeting.items),
        show=show,
        phone=queries.hands_by_phone(session, show) if show else [],
        done=[each for each in queries.shows(session, meeting) if not each.is_open],
        running=next((each for each in turns if each.ended_at is None), None),
        speaking=queries.speaking_seconds(turns, now),
        sectors=SECTORS,
        sexes=wording.SEXES,
        now=now,
    )


@bp.post("/staff/processes/<process_id>/meetings/<meeting_id>/room/hands/<int:number>")
def hands(process_id: str, meeting_id: str, number: int) -> Answer:
    load(process_id, meeting_id)
    typed = [latin_digits(value).strip() for value in request.form.getlist("counted")]
    if not all(value.isascii() and value.isdigit() and len(value) <= 6 for value in typed if value):
        say(_("Write how many hands you counted for each answer."))
        return see_other("meetings.room", process_id=process_id, meeting_id=meeting_id)
    counted = [int(value or 0) for value in typed]

    def run(session: Session, found: Meeting, **facts: Any) -> None:
        show = queries.show_to_change(session, found, number)
        operations.type_hands(session, found, show, counted=counted, **facts)

    change(process_id, meeting_id, run)
    say(_("The hands are in the log. They are no vote."))
    return see_other("meetings.room", process_id=process_id, meeting_id=meeting_id)


@bp.post("/staff/processes/<process_id>/meetings/<meeting_id>/room/turn")
def turn(process_id: str, meeting_id: str) -> Answer:
    """One tap: somebody of this sector and sex begins to speak; without a word of who: nobody does."""
    load(process_id, meeting_id)
    sector, _dash, sex = request.form.get("who", "").partition("-")
    facts: dict[str, Any] = {"is_pause": not sector}
    try:
        facts["sector"] = Sector(sector) if sector not in ("", "not_stated") else None
        facts["sex"] = Sex(sex) if sex not in ("", "not_stated") else None
    except ValueError:
        raise NotFound from None
    change(process_id, meeting_id, operations.note_turn, **facts)
    return see_other("meetings.room", process_id=process_id, meeting_id=meeting_id, _anchor="speaking")
