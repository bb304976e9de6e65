"""What the pages share: finding process and dossier, changing them, their frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...dossier.models import Dossier
from ...dossier.queries import application_of, dossier_to_change
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.web import current_actor
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import get_process, process_to_change
from .. import policies, wording

bp = Blueprint("readiness", __name__)
Page = str | Response | tuple[str, int]
T = TypeVar("T")
HOME = "/staff/processes/<process_id>/readiness"
ATTACHMENTS = "/staff/processes/<process_id>/attachments"


def load(process_id: str) -> tuple[Process, Dossier | None]:
    """The process and its application, for those who may read it."""
    process = get_process(db.session(), process_id, actor=current_actor())
    require(policies.can_read_readiness(current_actor(), process, now=clock.now()))
    return process, application_of(db.session(), process)


def load_dossier(process_id: str) -> tuple[Process, Dossier]:
    """Raises NotFound before the application was begun."""
    process, dossier = load(process_id)
    if dossier is None:
        raise NotFound()
    return process, dossier


def change(process_id: str, work: Callable[..., T]) -> T:
    """Run ``work(session, dossier, actor=, now=)`` through the one door, the dossier locked."""
    actor, now = current_actor(), clock.now()

    def unit(session: Session) -> T:
        process = process_to_change(session, process_id, actor=actor)
        found = application_of(session, process)
        if found is None:
            raise NotFound()
        dossier = dossier_to_change(session, process, found.public_id, actor=actor, now=now)
        return work(session, dossier, actor=actor, now=now)

    return perform(unit)


def desk_page(template: str, process: Process, *, status: int = 200, **facts: Any) -> Page:
    shown = render_template(
        template,
        process=process,
        staff_navigation=process_desk_menu(process),
        wording=process_wording,
        words=wording,
        **facts,
    )
    return shown, status
