"""How forms and dossiers hook into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel.web import register_policies
from . import blockers, drafts, gaps, operations, policies, queries
from .models import Dossier, FormVersion
from .shipped import told


def init_app(app: Flask) -> None:
    """``ucc.section_panels``: callables (answer, *, actor, now) → (title, Markup) shown beside a text. The other hooks:
    drafts.py and blockers.py."""
    app.extensions.setdefault("ucc.section_panels", [])
    app.extensions.setdefault(drafts.EXTENSION, {})
    app.extensions.setdefault(blockers.BLOCKERS, []).append(gaps.blockers)
    app.extensions.setdefault(blockers.FROZEN, [])
    register_policies(app, policies, Dossier, FormVersion)
    drift.register(app, "ucc.form_version/1", _live_forms)
    drift.register(app, "ucc.dossier/1", queries.live_dossiers)
    drift.register(app, "ucc.answer/1", queries.live_answers)
    drift.register_faults(app, queries.altered_versions)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_writer)
    app.extensions.setdefault("ucc.personal_data", []).append(_to_write)


def _live_forms(session: Session) -> Any:
    for form in queries.forms(session):
        yield form.ref, told(form)


def _to_write(session: Session, account: Account) -> dict[str, Any]:
    given = [
        {
            "process": answer.dossier.process.public_id,
            "section": answer.section,
            "language": answer.language,
            "state": answer.state.value,
        }
        for answer in queries.assigned_to(session, account)
    ]
    return {"dossier_texts": given}
