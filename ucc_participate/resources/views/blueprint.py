"""The blueprint that all views of resources share, and the frame of their desk pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.web import current_actor
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief
from ...vocabularies.uccn import SECTORS
from .. import policies, wording
from ..terms import PlanTerms

bp = Blueprint("resources", __name__)
Answer = str | Response | tuple[str, int]


def load(process_id: str) -> Process:
    """The process, for whoever may read the desk of resources."""
    process = process_in_brief(db.session(), process_id, actor=current_actor())
    require(policies.can_read(current_actor(), process, now=clock.now()))
    return process


def load_to_write(process_id: str) -> Process:
    """The process, for coordinators."""
    process = load(process_id)
    require(policies.can_provide(current_actor(), process, now=clock.now()))
    return process


def terms_of(process: Process) -> PlanTerms | None:
    terms: PlanTerms | None = current_app.extensions["ucc.plan_terms"](db.session(), process)
    return terms


def desk_page(template: str, process: Process, form: Any = None, *, status: int = 200, **facts: Any) -> Answer:
    """``form``: the one whose errors are told at the top."""
    page = render_template(
        template,
        process=process,
        form=form,
        words=wording,
        wording=process_wording,
        sectors=SECTORS,
        may_write=bool(policies.can_provide(current_actor(), process, now=clock.now())),
        staff_navigation=process_desk_menu(process),
        **facts,
    )
    return page, (422 if status == 200 and form is not None and form.error_list else status)
