"""The blueprint that all views of opinion maps share, and how they load and change one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import process_in_brief
from .. import queries
from ..models import OpinionMap

bp = Blueprint("opinions", __name__)
Answer = str | Response | tuple[str, int]


def load_process(process_id: str) -> Process:
    """The process with its phases, as far as the present actor may see it. Raises NotFound."""
    return process_in_brief(db.session(), process_id, actor=current_actor())


def load(process_id: str, public_id: str) -> OpinionMap:
    """A map with its process, as far as the present actor may see them. Raises NotFound."""
    return queries.get_map(db.session(), process_id, public_id, actor=current_actor())


def change(process_id: str, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run one operation on the map, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        found = queries.map_to_change(session, process_id, public_id, actor=actor)
        return operation(session, found, *args, actor=actor, now=now, **facts)

    return perform(work)
