"""The blueprint that all views of proposals share, and how they load and change one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import NotFound
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import process_in_brief, process_to_change
from ...settings import Settings
from .. import policies, queries
from ..models import Proposal

bp = Blueprint("proposals", __name__)
Answer = str | Response | tuple[str, int]


def load_process(process_id: str) -> Process:
    """The process with its phases, as far as the present actor may see it. Raises NotFound."""
    return process_in_brief(db.session(), process_id, actor=current_actor())


def load(process_id: str, public_id: str) -> tuple[Process, Proposal]:
    """A proposal and its process, as far as the present actor reads them. Raises NotFound, also for a hidden text."""
    process, found = load_known(process_id, public_id)
    if not policies.reads_text(current_actor(), found):
        raise NotFound()
    return process, found


def load_known(process_id: str, public_id: str) -> tuple[Process, Proposal]:
    """As load, also when the actor may only know that something is hidden here."""
    process = load_process(process_id)
    found = queries.get_proposal(db.session(), process, public_id, actor=current_actor(), now=clock.now())
    return process, found


def change(process_id: str, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run one operation on the proposal, loaded and locked with its process inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=actor)
        found = queries.proposal_to_change(session, process, public_id, actor=actor, now=now)
        return operation(session, found, *args, actor=actor, now=now, **facts)

    return perform(work)


def settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found


def address_of_page(endpoint: str, **values: Any) -> str:
    """The full address of a page, for mails."""
    return f"{settings().public_url}{url_for(endpoint, **values)}"


def address_of(process_id: str, public_id: str) -> str:
    """Where people find a proposal, for mails and receipts."""
    path = url_for("proposals.show", process_id=process_id, public_id=public_id)
    return f"{settings().public_url}{path}"
