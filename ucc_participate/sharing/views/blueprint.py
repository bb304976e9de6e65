"""What the pages of giving and taking share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.i18n import in_language, reader
from ...kernel.web import current_actor
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief
from .. import policies, queries

bp = Blueprint("sharing", __name__)
Answer = str | Response | tuple[str, int]


def process_here(process_id: str) -> Process:
    return process_in_brief(db.session(), process_id, actor=current_actor())


def process_at_desk(process_id: str) -> Process:
    """For those who give and take. Raises Forbidden for others."""
    process = process_here(process_id)
    require(policies.can_share(current_actor(), process, now=clock.now()))
    return process


def desk_page(template: str, process: Process, **facts: Any) -> str:
    """A page of the staff, beside the menu of the process."""
    return render_template(template, process=process, staff_navigation=process_desk_menu(process), **facts)


def initiative_names(process: Process) -> dict[int, str]:
    """Choices of a form: key → number and title."""
    found = queries.initiatives_by_number(db.session(), process)
    return {each.id: f"{each.number}. {in_language(each.title, reader().locale).text}" for each in found}
