"""What operations on accounts share: how the log names them, what their people say of themselves."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from ..audit import log
from ..kernel.identity import Actor, Role
from .models import AboutYou, Account, Profile


class Page(StrEnum):
    """Kinds of staff pages that show personal data, as the log writes them (``personal_data.read``)."""

    PERSON = "person"
    COUNTER = "counter"
    CONTACT = "contact"
    ASSISTED = "assisted"


def actor_of(account: Account, *roles: Role) -> Actor:
    """The account acting for itself."""
    held = frozenset({Role.RESIDENT, *roles})
    name, guest_of = account.display_name, account.guest_of
    return Actor(account.key, account_id=account.id, roles=held, name=name, guest_of=guest_of)


def account_ref(session: Session, account: Account) -> str:
    """``account/<pseudonym>``: the subject of entries about an account. Makes the pseudonym at first use."""
    return f"account/{log.pseudonym(session.connection(), actor_of(account), log.SERVER_SCOPE)}"


def tell(session: Session, account: Account, about: AboutYou) -> None:
    """Keep what somebody says of themselves when their account is opened. Part of the opening operation."""
    if not about.is_empty:
        facts = {"sex": about.sex, "birth_band": about.birth_band, "district": about.district, "sector": about.sector}
        session.add(Profile(account_id=account.id, **facts))
