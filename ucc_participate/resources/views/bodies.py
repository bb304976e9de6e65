"""Bodies that manage the plan: one with its members, who comes and who goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.looks import shows
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import site_day
from ...kernel.web import can, current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, queries
from ..forms import BodyForm, LeavingForm, MemberForm
from ..models import Body
from .blueprint import Answer, bp, desk_page, load, load_to_write
from .providing import ROOT, seen_version

NAMES = ("name", "duties", "rhythm", "since", "until", "version")


@bp.route(f"{ROOT}/bodies/new", methods=["GET", "POST"])
def new_body(process_id: str) -> Answer:
    process, form = load_to_write(process_id), BodyForm()
    if form.validate_on_submit():
        actor, now, told = current_actor(), clock.now(), form.told()

        def work(session: Session) -> str:
            here = process_to_change(session, process_id, actor=actor)
            return operations.set_body(session, here, told, actor=actor, now=now).public_id

        try:
            made = perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The body is set up. Add who sits in it."))
            return see_other("resources.body", process_id=process_id, body_id=made)
    return desk_page("resources/body_edit.html", process, form, body=None)


@bp.get(f"{ROOT}/bodies/<body_id>")
def body(process_id: str, body_id: str) -> Answer:
    process = load(process_id)
    return _body_page(process, queries.get_body(db.session(), process, body_id))


@bp.route(f"{ROOT}/bodies/<body_id>/edit", methods=["GET", "POST"])
def edit_body(process_id: str, body_id: str) -> Answer:
    process = load_to_write(process_id)
    found = queries.get_body(db.session(), process, body_id)
    form = BodyForm(data={name: getattr(found, name) for name in NAMES})
    told = form.told() if form.validate_on_submit() else None
    if told is not None and _changed(process_id, body_id, form, operations.revise_body, told, seen=seen_version(form)):
        say(_("The body is changed."))
        return see_other("resources.body", process_id=process_id, body_id=body_id)
    current = queries.get_body(db.session(), process, body_id)
    overtaken = form.is_submitted() and seen_version(form) != current.version
    if overtaken:
        form.version.data = str(current.version)
    status = Conflict.status if overtaken else 200
    return desk_page("resources/body_edit.html", process, form, body=current, overtaken=overtaken, status=status)


@bp.post(f"{ROOT}/bodies/<body_id>/members")
def join_body(process_id: str, body_id: str) -> Answer:
    process = load_to_write(process_id)
    form = MemberForm.offering(queries.seats_offered(db.session(), process))
    found = queries.get_body(db.session(), process, body_id)
    if form.validate_on_submit():
        add, today = operations.add_member, site_day(clock.now())
        if _changed(process_id, body_id, form, add, form.told(), today=today):
            say(_("The seat is filled."))
            return see_other("resources.body", process_id=process_id, body_id=body_id)
    return _body_page(process, found, form)


@bp.route(f"{ROOT}/bodies/<body_id>/members/<int:number>/leave", methods=["GET", "POST"])
def leave_body(process_id: str, body_id: str, number: int) -> Answer:
    process, today = load_to_write(process_id), site_day(clock.now())
    found, form = queries.get_body(db.session(), process, body_id), LeavingForm(data={"until": today})
    if not 1 <= number <= len(found.members):
        raise NotFound()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"until": form.until.data, "today": today}
        if _changed(process_id, body_id, form, operations.end_membership, number, **facts):
            say(_("The seat has ended, and the name is forgotten."))
            return see_other("resources.body", process_id=process_id, body_id=body_id)
    return desk_page("resources/leave.html", process, form, body=found, member=found.members[number - 1])


@bp.post(f"{ROOT}/bodies/<body_id>/members/<int:number>/forget")
def forget_name(process_id: str, body_id: str, number: int) -> Answer:
    load_to_write(process_id)
    _change(process_id, body_id, operations.forget_name, number)
    say(_("The name is forgotten."))
    return see_other("resources.body", process_id=process_id, body_id=body_id)


def _change(process_id: str, body_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> None:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = process_to_change(session, process_id, actor=actor)
        found = queries.body_to_change(session, process, body_id)
        operation(session, found, *args, actor=actor, now=now, **facts)

    perform(work)


def _changed(process_id: str, body_id: str, form: Any, operation: Callable[..., Any], *args: Any, **facts: Any) -> bool:
    """False when it was refused, which the form says then."""
    try:
        _change(process_id, body_id, operation, *args, **facts)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return False
    return True


def _body_page(process: Process, found: Body, member_form: MemberForm | None = None) -> Answer:
    """Names only for the city's staff, whose look is noted where there is a name."""
    shows_names = can("see_names", found)
    if shows_names and request.method == "GET" and any(member.person for member in found.members):
        shows(f"{found.ref}/members", Page.CONTACT)
    offered = member_form or MemberForm.offering(queries.seats_offered(db.session(), process))
    facts: dict[str, Any] = {"body": found, "shows_names": shows_names, "member_form": offered}
    return desk_page("resources/body.html", process, member_form, **facts)
