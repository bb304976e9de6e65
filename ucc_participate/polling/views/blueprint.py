"""The blueprint that all views of polling places share, and how they find and change things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import NotFound
from ...kernel.web import current_actor
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import get_process
from ...voting import queries as voting
from ...voting.models import Vote
from .. import queries, wording
from ..models import PollingPlace

bp = Blueprint("polling", __name__)
Answer = str | Response | tuple[str, int]
DESK = "/staff/processes/<process_id>/votes/<vote_id>/polling"


def load(process_id: str, vote_id: str) -> tuple[Process, Vote]:
    """A vote of a process that the present actor may see. Raises NotFound."""
    process = get_process(db.session(), process_id, actor=current_actor())
    vote = voting.get_vote(db.session(), vote_id)
    if vote.process_id != process.id:
        raise NotFound
    return process, vote


def load_place(process_id: str, vote_id: str, place_id: str) -> tuple[Process, Vote, PollingPlace]:
    process, vote = load(process_id, vote_id)
    return process, vote, queries.get_place(db.session(), vote, place_id)


def change(process_id: str, vote_id: str, work: Callable[..., Any]) -> Any:
    """``work(session, vote, actor=…, now=…)`` with the vote locked, in one unit of work."""
    load(process_id, vote_id)
    actor, now = current_actor(), clock.now()

    def run(session: Session) -> Any:
        return work(session, voting.vote_to_change(session, vote_id), actor=actor, now=now)

    return perform(run)


def serve(process_id: str, vote_id: str, work: Callable[..., Any]) -> Any:
    """As change, but the vote is only held against closing: many tables work side by side."""
    load(process_id, vote_id)
    actor, now = current_actor(), clock.now()

    def run(session: Session) -> Any:
        return work(session, voting.vote_to_cast_in(session, vote_id), actor=actor, now=now)

    return perform(run)


def desk_page(template: str, process: Process, vote: Vote, form: Any = None, **facts: Any) -> Answer:
    here = {"process_id": process.public_id, "vote_id": vote.public_id}
    facts = {"wording": wording, "staff_navigation": process_desk_menu(process), "here": here, **facts}
    page = render_template(template, process=process, vote=vote, form=form, now=clock.now(), **facts)
    return (page, 422) if form is not None and form.error_list else page


def pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def city(locale: str) -> str:
    return str(current_app.extensions["ucc.settings"].city(locale))
