"""The blueprint that all views of needs and assets share, and how they load and change one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import Denied
from ...kernel.errors import SignInNeeded
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import process_in_brief, process_to_change
from .. import policies, queries
from ..models import InventoryItem

bp = Blueprint("inventory", __name__)
Answer = str | Response | tuple[str, int]


def offers_ranking(process: Process) -> bool:
    """Whether to lead somebody to the needs that matter most: who may choose now, or could after signing in."""
    decision = policies.can_rank(current_actor(), process, now=clock.now())
    return bool(decision) or (isinstance(decision, Denied) and decision.error is SignInNeeded)


def load_process(process_id: str) -> Process:
    return process_in_brief(db.session(), process_id, actor=current_actor())


def load(process_id: str, public_id: str) -> tuple[Process, InventoryItem]:
    process = load_process(process_id)
    found = queries.get_item(db.session(), process, public_id, actor=current_actor(), now=clock.now())
    return process, found


def change(process_id: str, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> InventoryItem:
    """Run one operation on an item, locked."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> InventoryItem:
        process = process_to_change(session, process_id, actor=actor)
        item = queries.item_to_change(session, process, public_id, actor=actor, now=now)
        operation(session, item, *args, actor=actor, now=now, **facts)
        return item

    return perform(work)
