"""How the register hooks into the application: policies, drift check, whom an account may act for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..documents.models import Document
from ..documents.queries import documents_by_subject
from ..kernel.clock import utc_text
from ..kernel.db import db
from ..kernel.i18n import site_day
from ..kernel.identity import Actor, Role
from ..kernel.web import register_policies
from ..settings import Settings
from . import operations, policies, queries
from .models import Delegate, Nomination, Organisation, RegisterImport, Tag

PREVIEW_KEPT = timedelta(days=7)
"""How long a table waits that nobody takes in: it may hold contact data."""


def init_app(app: Flask) -> None:
    """``ucc.actor_facts``: callables (account id, now) → what an actor is allowed beyond its roles.

    ``ucc.organisation_panels``: callables (organisation) → Markup or None, shown on the organisation's page.
    ``ucc.seat_panels``: callables () → Markup, shown where people see for whom they speak.
    ``ucc.merge_parts``: what higher domains know of an entry that is merged (lineage.py).
    """
    register_policies(app, policies, Organisation, Delegate, Nomination, Tag, RegisterImport)
    drift.register(app, "ucc.organisation/1", queries.live_states)
    drift.register(app, "ucc.organisation_tag/1", queries.live_tags)
    drift.register(app, "ucc.nomination/1", queries.live_nominations)
    app.extensions.setdefault("ucc.actor_facts", []).append(_delegations)
    app.extensions.setdefault("ucc.organisation_panels", [])
    app.extensions.setdefault("ucc.seat_panels", [])
    app.extensions.setdefault("ucc.merge_parts", [])
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_delegate)
    app.extensions.setdefault("ucc.personal_data", []).append(_mandates)
    app.extensions.setdefault("ucc.personal_subjects", []).append(_subjects)
    app.extensions.setdefault("ucc.personal_documents", []).append(_mandate_documents)
    app.extensions.setdefault("ucc.retention", {})["register_imports"] = _forget_previews
    app.jinja_env.globals.update(site_day=site_day)


def _forget_previews(session: Session, _settings: Settings, actor: Actor, now: datetime) -> int:
    return operations.forget_previews(session, brought_before=now - PREVIEW_KEPT, actor=actor, now=now)


def _mandates(session: Session, account: Account) -> dict[str, Any]:
    """For whom the account may or might speak, as data for that person."""
    given = [
        {
            "organisation": delegate.organisation.name,
            "mandate": delegate.mandate,
            "starts_on": delegate.starts_on.isoformat(),
            "ends_on": delegate.ends_on.isoformat() if delegate.ends_on else None,
            "withdrawn_at": utc_text(delegate.revoked_at) if delegate.revoked_at else None,
        }
        for delegate in queries.mandates_of(session, account)
    ]
    return {"mandates": given}


def _mandate_documents(session: Session, account: Account) -> list[Document]:
    """The account's mandates that came as files."""
    subjects = [delegate.ref for delegate in queries.mandates_of(session, account)]
    return [document for found in documents_by_subject(session, subjects).values() for document in found]


def _organisations(session: Session, account: Account) -> list[str]:
    """Whose contact page names the account, or named it before it was merged into another one."""
    living = {delegate.organisation for delegate in queries.mandates_of(session, account)}
    merged = [merge.merged for each in living for merge in queries.merged_into(session, each)]
    return sorted({each.ref for each in (*living, *merged)})


def _subjects(session: Session, account: Account) -> list[str]:
    """Organisations whose contact page names the account, and its mandates that came as files."""
    return [*_organisations(session, account), *(document.ref for document in _mandate_documents(session, account))]


def _delegations(account_id: int, now: datetime) -> dict[str, Any]:
    found = queries.delegations(db.session(), account_id, now=now, today=site_day(now))
    return {"delegations": found, "roles": frozenset({Role.DELEGATE}) if found else frozenset()}
