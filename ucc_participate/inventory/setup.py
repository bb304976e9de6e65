"""How needs and assets hook into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel import web
from ..kernel.clock import utc_text
from . import operations, policies, queries
from .models import InventoryItem


def init_app(app: Flask) -> None:
    """``ucc.inventory_uses``: callables (session, process, items) → {public id: (how many, address)} of what builds on
    an item; higher domains add theirs."""
    app.extensions.setdefault("ucc.inventory_uses", [])
    web.register_policies(app, policies, InventoryItem)
    drift.register(app, "ucc.inventory/1", queries.live_states)
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
    return {"inventory": contributed}
