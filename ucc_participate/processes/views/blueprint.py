"""The blueprint that all views of processes share, and how they change one."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.web import current_actor
from .. import queries
from ..models import Process

bp = Blueprint("processes", __name__)
Answer = str | Response | tuple[str, int]


def load(public_id: str) -> Process:
    """The process as far as the present actor may see it. Raises NotFound."""
    return queries.get_process(db.session(), public_id, actor=current_actor())


def change(public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run one operation on the process, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = queries.process_to_change(session, public_id, actor=actor)
        return operation(session, process, *args, actor=actor, now=now, **facts)

    return perform(work)
