"""The blueprint that all views of votes share, and how they find and change one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import NotFound
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import get_process
from .. import queries
from ..models import Vote

bp = Blueprint("voting", __name__)
Answer = str | Response | tuple[str, int]


def load(process_id: str, public_id: str) -> tuple[Process, Vote]:
    """A vote of a process that the present actor may see. Raises NotFound."""
    process = get_process(db.session(), process_id, actor=current_actor())
    vote = queries.get_vote(db.session(), public_id)
    if vote.process_id != process.id:
        raise NotFound
    return process, vote


def change(public_id: str, operation: Callable[..., Any], **facts: Any) -> Any:
    """Run one operation on the vote, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        return operation(session, queries.vote_to_change(session, public_id), actor=actor, now=now, **facts)

    return perform(work)
