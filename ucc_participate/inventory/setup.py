"""How needs and assets hook into the application."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel import clock, web
from ..kernel.clock import utc_text
from ..kernel.db import db, perform
from ..kernel.identity import system_actor
from ..processes.queries import process_to_change
from . import operations, policies, queries
from .models import InventoryItem

RANK_SECONDS = 24 * 3600.0


def init_app(app: Flask) -> None:
    """``ucc.inventory_uses``: callables (session, process, items) → {public id: (how many, address)} of what builds on
    an item; higher domains add theirs. A third member says what it is (``initiatives``), proposals without one."""
    app.extensions.setdefault("ucc.inventory_uses", [])
    web.register_policies(app, policies, InventoryItem)
    drift.register(app, "ucc.inventory/1", queries.live_states)
    drift.register(app, "ucc.need_ranking/1", queries.live_rankings)
    app.extensions["ucc.jobs"].add("inventory.rank", rank, every_seconds=RANK_SECONDS)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_contributor)
    app.extensions.setdefault("ucc.personal_data", []).append(_contributed_by)


def _contributed_by(session: Session, account: Account) -> dict[str, Any]:
    contributed = [
        {
            "process": item.process.public_id,
            "kind": item.kind.value,
            "state": item.status.value,
            "title": item.title,
            "text": item.text,
            "shown_name": item.author_name,
            "sent_at": utc_text(item.created_at),
        }
        for item in queries.contributed_by(session, account)
    ]
    return {"inventory": contributed, "need_choices": _chosen_by(session, account)}


def _chosen_by(session: Session, account: Account) -> list[dict[str, Any]]:
    choices = queries.choices_of(session, account)
    titles = queries.titles_of(session, {need for choice in choices for need in choice.needs})
    return [
        {"process": choice.process.public_id, "most_important": [titles[need] for need in choice.needs]}
        for choice in choices
    ]


def rank() -> None:
    """Publish the counts of every process where enough is new."""
    actor, now = system_actor("ranking"), clock.now()
    floor = current_app.extensions["ucc.settings"].smallest_group
    for public_id in queries.processes_with_news(db.session()):
        perform(partial(_told, public_id=public_id, floor=floor, actor=actor, now=now))


def _told(session: Session, *, public_id: str, **facts: Any) -> bool:
    process = process_to_change(session, public_id, actor=facts["actor"])
    return operations.tell_ranking(session, process, **facts)
