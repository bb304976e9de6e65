"""What operations on accounts share: how the log names them, what their people say of themselves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from ..audit import log
from ..kernel.identity import Actor, Role, new_public_id
from .events import AccountEvent
from .models import PAPER_DOMAIN, AboutYou, Account, Profile


class Page(StrEnum):
    """Kinds of staff pages that show personal data, as the log writes them (``personal_data.read``)."""

    PERSON = "person"
    COUNTER = "counter"
    CONTACT = "contact"
    ASSISTED = "assisted"
    MEETING = "meeting"


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


def open_without_address(
    session: Session, about: AboutYou, *, name: str, locale: str, actor: Actor, now: datetime
) -> Account:
    """An account for somebody who has none and counts like everybody else; mails reach nobody. Part of an operation.

    ``name``: "" for nobody's.
    """
    public_id = new_public_id()
    person = Account(
        public_id=public_id,
        email=f"{public_id}@{PAPER_DOMAIN}",
        display_name=name or "–",
        locale=locale,
        created_at=now,
    )
    session.add(person)
    session.flush()
    log.record(session, AccountEvent.CREATED, actor=actor, subject=account_ref(session, person), now=now)
    tell(session, person, about)
    return person
