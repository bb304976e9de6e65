"""Everything that is stored about a person, as data for that person.

Higher domains add theirs to the list ``app.extensions["ucc.personal_data"]``: functions ``(session, account) -> dict``
whose members are added to the whole.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from ..audit.queries import opened_fields
from ..kernel.clock import utc_text
from ..kernel.db import db
from ..notifications.models import OutboxMessage
from ..notifications.queries import messages_to
from . import looks, queries
from .models import Account


def everything_about(account: Account, *, now: datetime) -> dict[str, Any]:
    data = {
        "written_at": utc_text(now),
        "account": _account(account),
        "about_you": _profile(account),
        "consents": [
            {"terms_version": consent.terms_version, "given_at": utc_text(consent.given_at)}
            for consent in queries.consents_of(db.session(), account)
        ],
        "roles": [
            {
                "role": grant.role.value,
                "granted_at": utc_text(grant.granted_at),
                "revoked_at": utc_text(grant.revoked_at) if grant.revoked_at else None,
            }
            for grant in queries.grants_of(db.session(), account)
        ],
        "names_in_the_log": queries.pseudonyms_of(db.session(), account),
    }
    for section in current_app.extensions["ucc.personal_data"]:
        data.update(section(db.session(), account))
    data["looks"] = [_look(look) for look in looks.looks_at(db.session(), account, looks.subjects_of(account))]
    data["messages"] = [_message(message) for message in messages_to(db.session(), account.key)]
    data["log"] = _log(account)
    return data


def _look(look: looks.Look) -> dict[str, Any]:
    return {"at": utc_text(look.at), "role": look.role, "function": look.who, "page": look.page}


def _message(message: OutboxMessage) -> dict[str, Any]:
    return {"about": message.template, "state": message.state.value, "at": utc_text(message.sent_at or message.send_at)}


def _log(account: Account) -> list[dict[str, Any]]:
    """Every entry by the person or about them, oldest first, with what the log opens of it."""
    entries = queries.entries_about(db.session(), account)
    fields = opened_fields(db.session.connection(), [entry.position for entry in entries])
    return [
        {
            "index": entry.position,
            "at": entry.values["time"],
            "type": entry.values["type"],
            "subject": entry.values["subject"],
            "role": entry.values["role"],
            "called": entry.values["actor"],
            "fields": fields.get(entry.position, {}),
        }
        for entry in entries
    ]


def _account(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "name": account.display_name,
        "function": account.function,
        "language": account.locale,
        "calendar": account.calendar,
        "has_password": account.password_hash is not None,
        "opened_at": utc_text(account.created_at),
        "last_sign_in_on": queries.last_use(db.session(), account),
    }


def _profile(account: Account) -> dict[str, Any] | None:
    profile = queries.profile_of(db.session(), account)
    if profile is None:
        return None
    return {
        "sex": profile.sex.value if profile.sex else None,
        "born_from": profile.birth_band,
        "born_until": profile.birth_band + 4 if profile.birth_band is not None else None,
        "district": profile.district,
        "sector": profile.sector.value if profile.sector else None,
    }
