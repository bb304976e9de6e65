"""Everything that is stored about a person, as data for that person.

Higher domains add theirs to the list ``app.extensions["ucc.personal_data"]``: functions ``(session, account) -> dict``
whose members are added to the whole.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from ..kernel.clock import utc_text
from ..kernel.db import db
from . import queries
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
    return data


def _account(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "name": account.display_name,
        "function": account.function,
        "language": account.locale,
        "calendar": account.calendar,
        "has_password": account.password_hash is not None,
        "opened_at": utc_text(account.created_at),
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
