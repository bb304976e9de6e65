"""What the pages of the register share: finding the process, changing it, the frame of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...documents.uploads import StoredUpload, store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import site_day
from ...kernel.web import current_actor, see_other
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief, process_to_change
from .. import policies, wording
from ..overview import Overview, overview_of, title_of

bp = Blueprint("commitments", __name__)
Page = str | Response | tuple[str, int]
T = TypeVar("T")
DESK = "/staff/processes/<process_id>/promises"
OPEN = "/p/<process_id>/promises"


def load_process(process_id: str) -> Process:
    return process_in_brief(db.session(), process_id, actor=current_actor())


def load(process_id: str) -> Overview:
    """Everything, for whoever may see the desk."""
    process = load_process(process_id)
    require(policies.can_read_register(current_actor(), process, now=clock.now()))
    return overview_of(process, site_day(clock.now()))


def load_to_change(process_id: str) -> Overview:
    overview = load(process_id)
    require(policies.can_keep_register(current_actor(), overview.process, now=clock.now()))
    return overview


def change(process_id: str, operation: Callable[..., T], *args: Any, **facts: Any) -> T:
    """Run ``operation(session, process, …, today=, actor=, now=)`` through the one door, the process locked."""
    actor, now = current_actor(), clock.now()
    today = site_day(now)

    def work(session: Session) -> T:
        process = process_to_change(session, process_id, actor=actor)
        return operation(session, process, *args, today=today, actor=actor, now=now, **facts)

    return perform(work)


def stored_from(form: Any) -> StoredUpload | None:
    return store_upload(form.document.data) if form.document.data is not None else None


def tried(form: Any, run: Callable[[], object], page: Callable[[int], Page], endpoint: str, **values: Any) -> Page:
    """To the page of what was entered, or back to the form with the reason; nothing that was typed is lost."""
    try:
        run()
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return page(refusal.status)
    return see_other(endpoint, **values)


def desk_page(template: str, overview: Overview, *, status: int = 200, **facts: Any) -> Page:
    shown = render_template(
        template,
        process=overview.process,
        overview=overview,
        staff_navigation=process_desk_menu(overview.process),
        wording=process_wording,
        words=wording,
        title_of=title_of,
        may_keep=bool(policies.can_keep_register(current_actor(), overview.process, now=clock.now())),
        **facts,
    )
    return shown, status
