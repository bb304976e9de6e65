"""How forms and dossiers hook into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.purposes import DataKind
from ..audit import drift
from ..kernel.web import register_policies
from . import blockers, drafts, gaps, operations, policies, queries
from .models import Dossier, FormVersion
from .shipped import told

_KINDS = (
    DataKind(
        "dossier",
        _l("Texts of the application that you wrote, were given to write, or commented on in your office"),
        _l("So that every text that is handed in has somebody who answers for it."),
        _l("The city’s public task of consulting its people."),
        _l("As long as the application. Your name stays with your function; what you were to write is given back."),
        _l("The city’s staff and evaluators."),
        frozenset(
            {
                "answer_version.by",
                "dossier_answer.changed_by",
                "dossier_answer.assigned_to_id",
                "answer_comment.by",
                "answer_comment.settled_by",
            }
        ),
    ),
    DataKind(
        "dossier_contacts",
        _l("How the people are reached whom the application names"),
        _l("The official form asks for the mayor and for those who answer questions."),
        _l("The city’s public task of consulting its people."),
        _l("Until somebody else is named: earlier ones are not kept."),
        _l("The city’s staff, and whoever receives the application. It stands in no log and on no public page."),
        frozenset({"dossier_answer.fields"}),
    ),
)


def init_app(app: Flask) -> None:
    """``ucc.section_panels``: callables (answer, *, actor, now) → (title, Markup) shown beside a text. The other hooks:
    drafts.py and blockers.py."""
    app.extensions.setdefault("ucc.section_panels", [])
    app.extensions.setdefault(drafts.EXTENSION, {})
    app.extensions.setdefault(blockers.BLOCKERS, []).append(gaps.blockers)
    app.extensions.setdefault(blockers.FROZEN, [])
    app.extensions.setdefault(blockers.WORDS, []).append(gaps.words)
    register_policies(app, policies, Dossier, FormVersion)
    drift.register(app, "ucc.form_version/1", _live_forms)
    drift.register(app, "ucc.dossier/1", queries.live_dossiers)
    drift.register(app, "ucc.answer/1", queries.live_answers)
    drift.register_faults(app, queries.altered_versions)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_writer)
    app.extensions.setdefault("ucc.personal_data", []).append(_to_write)
    app.extensions.setdefault("ucc.personal_data_kinds", []).extend(_KINDS)


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
