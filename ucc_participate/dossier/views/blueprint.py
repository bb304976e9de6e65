"""What the pages of a dossier share: finding it, changing it, its frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import NotFound
from ...kernel.web import current_actor
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief, process_to_change
from .. import queries, wording
from ..models import Answer, Dossier
from ..sections import Section, section_of

bp = Blueprint("dossier", __name__)
Page = str | Response | tuple[str, int]
T = TypeVar("T")
HOME = "/staff/processes/<process_id>/application"
ONE = f"{HOME}/<dossier_id>"
TEXT = f"{ONE}/texts/<section>/<language>"


def load_process(process_id: str) -> Process:
    return process_in_brief(db.session(), process_id, actor=current_actor())


def load(process_id: str, dossier_id: str) -> tuple[Process, Dossier]:
    process = load_process(process_id)
    found = queries.get_dossier(db.session(), process, dossier_id, actor=current_actor(), now=clock.now())
    return process, found


def load_text(process_id: str, dossier_id: str, section: str, language: str) -> tuple[Dossier, Section, Answer | None]:
    """Raises NotFound for a section that nobody answers in writing and for a language that is none of ours."""
    dossier = load(process_id, dossier_id)[1]
    found = section_of(dossier.form.content, section)
    if found is None or not found.is_answered or language not in ("fa", "en", "fr"):
        raise NotFound()
    return dossier, found, queries.find_answer(db.session(), dossier, section, language)


def change(process_id: str, dossier_id: str, operation: Callable[..., T], *args: Any, **facts: Any) -> T:
    """Run ``operation(session, dossier, …, actor=, now=)`` through the one door, the dossier locked."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> T:
        process = process_to_change(session, process_id, actor=actor)
        dossier = queries.dossier_to_change(session, process, dossier_id, actor=actor, now=now)
        return operation(session, dossier, *args, actor=actor, now=now, **facts)

    return perform(work)


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
