"""Setting up: places and boxes, the roll's lines without accounts, what is entered, the end."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...documents.queries import documents_of
from ...documents.uploads import store_upload
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, say, see_other
from ...voting import operations as voting_operations
from ...voting import policies as voting_policies
from ...voting import queries as voting
from ...voting.models import Vote
from .. import operations, policies, queries
from ..forms import EmptyForm, ListsForm, PlaceForm, ProtocolForm
from ..models import BoxState, PollingPlace
from .blueprint import DESK, Answer, bp, change, desk_page, load, load_place


@bp.get(DESK)
def desk(process_id: str, vote_id: str) -> Answer:
    """All places of a vote with their boxes, code letters, and what is still missing before the count."""
    process, vote = load(process_id, vote_id)
    actor, now, session = current_actor(), clock.now(), db.session()
    require(policies.can_watch(actor, vote, now=now))
    return desk_page("polling/desk.html", process, vote, **_desk_facts(session, vote))


def _desk_facts(session: Session, vote: Vote) -> dict[str, Any]:
    actor, now = current_actor(), clock.now()
    places = queries.places_of(session, vote)
    boxes = [box for place in places for box in place.boxes]
    return {
        "places": places,
        "letters": queries.letters_of(session, vote),
        "on_paper": voting.slots_on_paper(session, vote),
        "entered": voting.papers_entered(session, vote),
        "lines": len(voting.lines_on_roll(session, vote)),
        "ready": sum(1 for box in boxes if box.state is BoxState.AGREED),
        "may_set_up": policies.can_set_up(actor, vote, now=now),
        "may_issue": policies.can_issue_codes(actor, vote, now=now),
        "may_print": policies.can_print_ballots(actor, vote, now=now),
        "may_enter": policies.can_enter(actor, vote, now=now),
        "may_end": policies.can_end(actor, vote, now=now),
        "may_extend_roll": voting_policies.can_extend_roll(actor, vote, now=now),
    }


@bp.route(f"{DESK}/new", methods=["GET", "POST"])
def announce(process_id: str, vote_id: str) -> Answer:
    process, vote = load(process_id, vote_id)
    require(policies.can_set_up(current_actor(), vote, now=clock.now()))
    hours = {"opens_at": vote.opens_at, "closes_at": vote.closes_at}
    form = PlaceForm(data=hours) if request.method == "GET" else PlaceForm()
    if form.validate_on_submit():
        facts = {field: form[field].data for field in ("name", "location", "opens_at", "closes_at", "boxes", "printed")}

        def work(session: Session, found: Vote, **who: Any) -> str:
            return operations.announce_place(session, found, **facts, **who).public_id

        try:
            made = change(process_id, vote_id, work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The polling place is announced. It stands on the page of the vote."))
            return see_other("polling.place", process_id=process_id, vote_id=vote_id, place_id=made)
    return desk_page("polling/announce.html", process, vote, form)


@bp.route(f"{DESK}/<place_id>/revise", methods=["GET", "POST"])
def revise(process_id: str, vote_id: str, place_id: str) -> Answer:
    process, vote, place = load_place(process_id, vote_id, place_id)
    require(policies.can_set_up(current_actor(), vote, now=clock.now()))
    form = PlaceForm(obj=place, boxes=len(place.boxes)) if request.method == "GET" else PlaceForm()
    del form.boxes
    if form.validate_on_submit():
        facts = {field: form[field].data for field in ("name", "location", "opens_at", "closes_at", "printed")}

        def work(session: Session, found: Vote, **who: Any) -> None:
            operations.revise_place(session, queries.place_to_change(session, found, place_id), **facts, **who)

        try:
            change(process_id, vote_id, work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The change is public."))
            return see_other("polling.place", process_id=process_id, vote_id=vote_id, place_id=place_id)
    return desk_page("polling/announce.html", process, vote, form, place=place)


@bp.get(f"{DESK}/<place_id>")
def place(process_id: str, vote_id: str, place_id: str) -> Answer:
    """One place: its boxes, kiosks, what waits for a second person, its protocol."""
    process, vote, found = load_place(process_id, vote_id, place_id)
    require(policies.can_watch(current_actor(), vote, now=clock.now()))
    return desk_page("polling/place.html", process, vote, **place_facts(found))


def place_facts(found: PollingPlace) -> dict[str, Any]:
    actor, now, session = current_actor(), clock.now(), db.session()
    return {
        "place": found,
        "kiosks": queries.kiosks_of(session, found),
        "mishaps": queries.mishaps_waiting(session, found),
        "scans": documents_of(session, found.ref),
        "may_serve": policies.can_serve(actor, found, now=now),
        "may_keep": policies.can_keep_protocol(actor, found, now=now),
        "may_set_up": policies.can_set_up(actor, found.vote, now=now),
    }


@bp.route(f"{DESK}/lists", methods=["GET", "POST"])
def lists(process_id: str, vote_id: str) -> Answer:
    """Put the lines of the city's lists on the roll: people without an account."""
    process, vote = load(process_id, vote_id)
    require(voting_policies.can_extend_roll(current_actor(), vote, now=clock.now()))
    form = ListsForm()
    if form.validate_on_submit():

        def work(session: Session, found: Vote, **who: Any) -> int:
            return voting_operations.put_lists_on_roll(session, found, reason=form.reason.data or "", **who)

        try:
            number = change(process_id, vote_id, work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(
                ngettext(
                    "%(num)s person of the lists is on the roll.",
                    "%(num)s people of the lists are on the roll.",
                    number,
                )
            )
            return see_other("polling.desk", process_id=process_id, vote_id=vote_id)
    return desk_page("polling/lists.html", process, vote, form)


@bp.route(f"{DESK}/<place_id>/protocol/keep", methods=["GET", "POST"])
def keep_protocol(process_id: str, vote_id: str, place_id: str) -> Answer:
    process, vote, found = load_place(process_id, vote_id, place_id)
    require(policies.can_keep_protocol(current_actor(), found, now=clock.now()))
    form = ProtocolForm()
    if not form.validate_on_submit():
        return desk_page("polling/keep.html", process, vote, form, place=found)
    stored, title = store_upload(form.scan.data), form.title.data or ""

    def work(session: Session, held: Vote, **who: Any) -> None:
        at = queries.place_to_change(session, held, place_id)
        operations.keep_protocol(session, at, stored, title=title, **who)

    change(process_id, vote_id, work)
    say(_("The protocol is kept. Its fingerprint is in the log."))
    return see_other("polling.place", process_id=process_id, vote_id=vote_id, place_id=place_id)


@bp.post(f"{DESK}/enter")
def enter(process_id: str, vote_id: str) -> Answer:
    """Put the papers of all agreed boxes to the ballots."""
    return _or_why(process_id, vote_id, operations.enter_boxes, _("The papers are among the ballots now."))


@bp.post(f"{DESK}/end")
def end(process_id: str, vote_id: str) -> Answer:
    return _or_why(
        process_id, vote_id, operations.end_paper, _("All boxes are in. The vote is counted once it is closed.")
    )


def _or_why(process_id: str, vote_id: str, operation: Any, done: Any) -> Answer:
    """Do it, or show the desk with the reason for which it cannot be done now."""
    process, vote = load(process_id, vote_id)
    form = EmptyForm()
    try:
        change(process_id, vote_id, operation)
    except Conflict as refusal:
        form.form_errors.append(str(refusal.reason))
        return desk_page("polling/desk.html", process, vote, form, **_desk_facts(db.session(), vote))
    say(done)
    return see_other("polling.desk", process_id=process_id, vote_id=vote_id)
