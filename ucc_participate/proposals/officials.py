"""In whose name the city speaks, and what a reason must be."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..kernel.errors import Conflict
from ..kernel.identity import Actor
from ..kernel.reasons import required_reason
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
    return required_reason(reason, REASON_LENGTH, field=field)
