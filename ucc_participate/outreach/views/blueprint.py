"""The blueprint that all views of reaching out share, and the frame of their desk pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db
from ...kernel.web import current_actor
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import PhaseKind, Process
from ...processes.queries import get_process
from ...processes.timetable import last_day
from ...stakeholders.setup import site_day
from ...vocabularies.uccn import SECTORS
from .. import wording

bp = Blueprint("outreach", __name__)
Answer = str | Response | tuple[str, int]
LABELS = {"sectors": SECTORS, "channels": process_wording.CHANNELS, "states": process_wording.INVITATION_STATES}


def load(public_id: str) -> Process:
    """The process as far as the present actor may see it. Raises NotFound."""
    return get_process(db.session(), public_id, actor=current_actor())


def today() -> date:
    return site_day(clock.now())


def usual_end(process: Process) -> date:
    """How long codes are good unless somebody says otherwise: until the last day on which something can be done."""
    kinds = (PhaseKind.VOTE, PhaseKind.ANSWER, PhaseKind.DISCUSS, PhaseKind.PROPOSE)
    ends = [phase.ends_at for phase in process.phases if phase.kind in kinds]
    return max(last_day(max(ends)), today()) if ends else today()


def desk_page(template: str, process: Process, form: Any = None, **facts: Any) -> Answer:
    page = render_template(
        template,
        process=process,
        form=form,
        labels=LABELS,
        wording=wording,
        staff_navigation=process_desk_menu(process),
        **facts,
    )
    return (page, 422) if form is not None and form.error_list else page
