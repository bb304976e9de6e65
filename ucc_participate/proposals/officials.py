"""In whose name the city speaks, and what a reason must be."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..kernel.errors import Conflict, Invalid
from ..kernel.i18n import lazy_number
from ..kernel.identity import Actor
from ..kernel.text import clean_text
from . import queries
from .models import REASON_LENGTH


def official(session: Session, actor: Actor) -> str:
    """Name and function of who acts, as the public reads it. Raises Conflict when the account has no function."""
    account = queries.get_account(session, actor)
    if account is None or not account.function:
        raise Conflict(
            _l("An answer carries the name and function of an official. Add your function to your account first.")
        )
    return account.official_name


def checked_reason(reason: str, *, field: str = "reason") -> str:
    """A public reason, cleaned. Raises Invalid when it is too short or too long."""
    least, most = REASON_LENGTH
    cleaned = clean_text(reason, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Give a reason of at least %(least)s characters.", least=lazy_number(least)), field=field)
    return cleaned
