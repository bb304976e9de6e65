"""How eligibility hooks into the application: policies, drift, erasing, own data, the banner on a process's pages."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..documents.models import Document
from ..documents.queries import documents_by_subject
from ..kernel import clock
from ..kernel.clock import utc_text
from ..kernel.codes import Digests
from ..kernel.db import db, perform
from ..kernel.identity import system_actor
from ..processes.models import Process
from . import operations, queries

TIDY_SECONDS = 3600.0


def init_app(app: Flask) -> None:
    drift.register(app, "ucc.eligibility/1", queries.live_rules)
    app.extensions["ucc.jobs"].add("eligibility.tidy", _tidy, every_seconds=TIDY_SECONDS)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_proofs)
    app.extensions.setdefault("ucc.personal_data", []).append(_proofs)
    app.extensions.setdefault("ucc.personal_subjects", []).append(_scans)
    app.extensions.setdefault("ucc.personal_documents", []).append(_consent_documents)
    app.jinja_env.globals.update(unchecked_because=unchecked_because)


def unchecked_because(process: Process) -> str | None:
    """The public reason for which nobody is checked in the process, None where people are: for the red banner."""
    return None if process.is_imported else queries.rules_of(db.session(), process).unchecked_because


def _consent_documents(session: Session, account: Account) -> list[Document]:
    """Scans of guardians' consents to the account's part."""
    subjects = [consent.ref for consent in queries.consents_to(session, account)]
    return [document for found in documents_by_subject(session, subjects).values() for document in found]


def _scans(session: Session, account: Account) -> list[str]:
    return [document.ref for document in _consent_documents(session, account)]


def _tidy() -> None:
    actor, now = system_actor("tidy"), clock.now()
    perform(lambda session: operations.remove_stale(session, actor=actor, now=now))


def digests() -> Digests:
    return Digests(str(current_app.secret_key))


def _proofs(session: Session, account: Account) -> dict[str, Any]:
    """What the account has proved, as data for that person."""
    return {
        "proofs": [
            {
                "way": proof.method.value,
                "since": utc_text(proof.verified_at),
                "birth_year": proof.birth_year,
                "revoked_at": utc_text(proof.revoked_at) if proof.revoked_at else None,
                "revoked_because": proof.revoked_because,
            }
            for proof in queries.proofs_of(session, account)
        ],
        "guardians": [
            {"guardian": consent.guardian, "since": utc_text(consent.recorded_at)}
            for consent in queries.consents_to(session, account)
        ],
    }
