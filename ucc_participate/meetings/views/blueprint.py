"""The blueprint that all views of meetings share, and how they load and change one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.web import current_actor
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief, process_to_change
from ...settings import Settings
from .. import queries, wording
from ..models import Meeting

bp = Blueprint("meetings", __name__)
Answer = str | Response | tuple[str, int]


def load_process(process_id: str) -> Process:
    """The process with its phases, as far as the present actor may see it. Raises NotFound."""
    return process_in_brief(db.session(), process_id, actor=current_actor())


def load(process_id: str, meeting_id: str) -> tuple[Process, Meeting]:
    process = load_process(process_id)
    return process, queries.get_meeting(db.session(), process, meeting_id)


def change(process_id: str, meeting_id: str, operation: Callable[..., Any], **facts: Any) -> Any:
    """Run ``operation(session, meeting, …)`` on the meeting, loaded and locked with its process in its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=actor)
        meeting = queries.meeting_to_change(session, process, meeting_id)
        return operation(session, meeting, actor=actor, now=now, **facts)

    return perform(work)


def settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found


def address_of(meeting: Meeting, endpoint: str = "meetings.show", **values: Any) -> str:
    """The public address of a page of the meeting, for mails, calendars and codes; needs ``process`` loaded."""
    path = url_for(endpoint, process_id=meeting.process.public_id, meeting_id=meeting.public_id, **values)
    return f"{settings().public_url}{path}"


def page(template: str, process: Process, form: Any = None, **facts: Any) -> Answer:
    shown = render_template(template, process=process, form=form, wording=wording, **facts)
    return (shown, 422) if form is not None and form.error_list else shown


def desk_page(template: str, process: Process, form: Any = None, **facts: Any) -> Answer:
    return page(template, process, form, staff_navigation=process_desk_menu(process), **facts)
