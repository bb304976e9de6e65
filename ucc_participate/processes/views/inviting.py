"""The desk of a process: who of which sector was invited, answered and takes part; inviting them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.web import current_actor, decide, say, see_other
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisation, get_organisations
from ...vocabularies.uccn import SECTORS
from .. import operations, queries, wording
from ..forms import AnswerForm, InvitationForm
from ..frame import process_desk_menu
from ..models import Channel, InvitationState, Process
from .blueprint import Answer, bp, load


@bp.get("/staff/processes/<public_id>/stakeholders")
def board(public_id: str) -> str:
    process, session = load(public_id), db.session()
    require(decide("read_desk", Process))
    return render_template(
        "processes/board.html",
        process=process,
        board=queries.presence_of_stakeholders(session, process),
        invitations=queries.list_invitations(session, process),
        overrides=queries.list_overrides(session, process),
        wording=wording,
        sectors=SECTORS,
        answers=(InvitationState.ANSWERED, InvitationState.DECLINED),
        staff_navigation=process_desk_menu(process),
    )


@bp.route("/staff/processes/<public_id>/invite", methods=["GET", "POST"])
def invite(public_id: str) -> Answer:
    process = load(public_id)
    require(decide("invite", process))
    form, offered = InvitationForm(), queries.list_uninvited(db.session(), process)
    form.organisations.offer([(each.public_id, each.name, SECTORS[each.sector.value]) for each in offered])
    if not form.validate_on_submit():
        return _invite_page("processes/invite.html", process, form, offered, status=422 if form.errors else 200)
    chosen = [each for each in offered if each.public_id in (form.organisations.data or ())]
    if not form.confirmed.data:
        return _invite_page("processes/invite_confirm.html", process, form, chosen, status=200)
    mail = _mail(public_id, form.locale.data) if form.channel.data is Channel.EMAIL else None
    try:
        _invite(public_id, [each.public_id for each in chosen], form.channel.data, mail)
    except Invalid as refusal:
        form.refuse(refusal)
        return _invite_page("processes/invite.html", process, form, offered, status=422)
    say(ngettext("%(num)s organisation is invited.", "%(num)s organisations are invited.", len(chosen)))
    return see_other("processes.board", public_id=public_id)


def _invite_page(
    template: str, process: Process, form: InvitationForm, listed: Sequence[Organisation], *, status: int
) -> Answer:
    menu = process_desk_menu(process)
    page = render_template(
        template, process=process, form=form, listed=listed, sectors=SECTORS, wording=wording, staff_navigation=menu
    )
    return page, status


def _mail(public_id: str, locale: str) -> operations.InvitationMail:
    address = current_app.extensions["ucc.settings"].public_url + url_for("processes.show", public_id=public_id)
    return operations.InvitationMail(locale, address)


def _invite(public_id: str, chosen: list[str], channel: Channel, mail: operations.InvitationMail | None) -> None:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = queries.process_to_change(session, public_id, actor=actor)
        organisations = get_organisations(session, chosen)
        operations.invite_organisations(
            session, process, organisations, channel=channel, mail=mail, actor=actor, now=now
        )

    perform(work)


@bp.post("/staff/processes/<public_id>/stakeholders/<organisation_id>/answer")
def answer(public_id: str, organisation_id: str) -> Response:
    form, actor, now = AnswerForm(), current_actor(), clock.now()
    require(decide("record_answer", load(public_id)))
    if not form.validate_on_submit():
        raise NotFound()
    said = form.answer.data

    def work(session: Session) -> None:
        process = queries.process_to_change(session, public_id, actor=actor)
        organisation = get_organisation(session, organisation_id)
        invitation = queries.invitation_to_change(session, process, organisation)
        operations.record_answer(session, invitation, process, organisation, answer=said, actor=actor, now=now)

    perform(work)
    say(_("The answer is noted."))
    return see_other("processes.board", public_id=public_id)
