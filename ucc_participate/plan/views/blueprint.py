"""The blueprint that all views of the plan share, and how they load and change what it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.web import current_actor
from ...processes import policies as processes
from ...processes.models import Process
from ...processes.queries import process_in_brief, process_to_change
from .. import policies, queries
from ..models import Initiative, Plan

bp = Blueprint("plan", __name__)
Answer = str | Response | tuple[str, int]


def load_process(process_id: str) -> Process:
    """The process with its phases, as far as the present actor may see it. Raises NotFound."""
    return process_in_brief(db.session(), process_id, actor=current_actor())


def process_at_desk(process_id: str) -> Process:
    """As load_process, for those who read the desk."""
    process = load_process(process_id)
    require(processes.can_read_desk(current_actor(), Process, now=clock.now()))
    return process


def load_initiative(process: Process, public_id: str) -> Initiative:
    return queries.get_initiative(db.session(), process, public_id, actor=current_actor(), now=clock.now())


def initiative_to_edit(process: Process, public_id: str) -> Initiative:
    """As load_initiative; raises Forbidden or Conflict where the present actor cannot write."""
    found = load_initiative(process, public_id)
    require(policies.can_edit_plan(current_actor(), found.plan, now=clock.now()))
    return found


def change_plan(process_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run one operation on the plan, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        plan: Plan = queries.plan_to_change(session, process_to_change(session, process_id, actor=actor))
        return operation(session, plan, *args, actor=actor, now=now, **facts)

    return perform(work)


def change_initiative(process_id: str, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run one operation on the initiative, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=actor)
        initiative = queries.initiative_to_change(session, process, public_id)
        return operation(session, initiative, *args, actor=actor, now=now, **facts)

    return perform(work)
