"""The desk of a process: who of which sector was invited, answered and takes part."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.web import current_actor, decide, say, see_other
from ...stakeholders.queries import get_organisation
from ...vocabularies.uccn import SECTORS
from .. import operations, queries, wording
from ..forms import AnswerForm
from ..frame import process_desk_menu
from ..models import InvitationState, Process
from .blueprint import bp, load


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
