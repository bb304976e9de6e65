"""Guests from other cities: the coordinators' list of them, and the page to which their mail leads."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...accounts import sessions
from ...accounts.links import LinkSpent
from ...accounts.models import TERMS_VERSION
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief
from .. import operations, policies, queries
from ..forms import GuestForm
from .blueprint import Answer, bp, settings

COMING_LIMIT = "30 per hour"


@bp.route("/staff/processes/<public_id>/guests", methods=["GET", "POST"])
def guests(public_id: str) -> Answer:
    process = _load(public_id)
    form = GuestForm()
    if not form.validate_on_submit():
        return _page(form, process, status=422 if form.errors else 200)
    try:
        _invite(form, public_id)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason, field="email"))
        return _page(form, process, status=refusal.status)
    say(_("The invitation is on its way."))
    return see_other("deliberation.guests", public_id=public_id)


def _load(public_id: str) -> Process:
    process = process_in_brief(db.session(), public_id, actor=current_actor())
    require(policies.can_invite_guests(current_actor(), process, now=clock.now()))
    return process


def _invite(form: GuestForm, public_id: str) -> None:
    actor, now, root = current_actor(), clock.now(), settings().public_url
    paths = current_app.url_map.bind("localhost")
    facts = {name: form[name].data for name in ("name", "email", "city", "country", "locale")}
    until = form.ends_at()

    def work(session: Session) -> None:
        process = process_in_brief(session, public_id, actor=actor)
        operations.invite_guest(
            session,
            process,
            **facts,
            until=until,
            address=lambda token: root + paths.build("deliberation.come", {"token": token}),
            actor=actor,
            now=now,
        )

    perform(work)


def _page(form: GuestForm, process: Process, *, status: int) -> Answer:
    found = queries.list_guests(db.session(), process)
    page = render_template(
        "deliberation/guests.html",
        form=form,
        process=process,
        guests=found,
        now=clock.now(),
        wording=process_wording,
        staff_navigation=process_desk_menu(process),
    )
    return page, status


@bp.post("/staff/processes/<public_id>/guests/<guest_id>/revoke")
def revoke_guest(public_id: str, guest_id: str) -> Response:
    _load(public_id)
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = process_in_brief(session, public_id, actor=actor)
        guest = queries.guest_to_change(session, process, guest_id)
        operations.revoke_guest(session, process, guest, actor=actor, now=now)

    perform(work)
    say(_("The invitation is ended."))
    return see_other("deliberation.guests", public_id=public_id)


@bp.route("/guest/<token>", methods=["GET", "POST"])
@public
@limiter.limit(COMING_LIMIT)
def come(token: str) -> Answer:
    """Looking at the link changes nothing: programs that read mails open links too. The button takes it up."""
    actor, now = current_actor(), clock.now()
    guest = queries.guest_by_token(db.session(), token)
    is_usable = guest is not None and guest.came_at is None and guest.may_comment(now)
    if not is_usable:
        return render_template("deliberation/come.html", guest=None, process=None), LinkSpent.status
    if request.method == "GET":
        return render_template("deliberation/come.html", guest=guest, process=guest.process if guest else None)
    account = perform(
        lambda session: operations.come_as_guest(session, token, terms_version=TERMS_VERSION, actor=actor, now=now)
    )
    sessions.start(account)
    say(_("Welcome, %(name)s. You can comment as a guest.", name=account.display_name))
    return see_other("proposals.index", process_id=account.guest_of)
