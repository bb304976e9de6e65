"""Opening accounts."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict
from ...kernel.identity import Actor, new_public_id
from ...notifications.operations import hand_over_messages
from .. import policies, queries
from ..events import AccountEvent
from ..links import take_link
from ..models import AboutYou, Account, Consent, LinkPurpose
from ..references import account_ref, actor_of, tell
from ..retention import note_use


def sign_up(
    session: Session,
    token: str,
    *,
    display_name: str,
    locale: str,
    password_hash: str | None,
    about: AboutYou,
    terms_version: str,
    actor: Actor,
    now: datetime,
) -> tuple[Account, str | None]:
    """Open the account of whoever holds a link for signing up: the account, and where the person wanted to go."""
    link = take_link(session, token, LinkPurpose.SIGN_UP, now=now)
    account = _open(session, link.email, display_name, locale, now=now, password_hash=password_hash)
    person = actor_of(account)
    hand_over_messages(session, link.email, account.key)
    note_use(session, account, now=now)
    record(session, AccountEvent.CREATED, actor=person, subject=account_ref(session, account), now=now)
    _agree(session, account, terms_version, now=now)
    tell(session, account, about)
    return account, link.next_url


def create_account(
    session: Session,
    *,
    email: str,
    display_name: str,
    locale: str,
    actor: Actor,
    now: datetime,
    function: str | None = None,
    password_hash: str | None = None,
    about: AboutYou | None = None,
    terms_version: str | None = None,
) -> Account:
    """Open an account for somebody: officials from the command line, people of a demonstration."""
    require(policies.can_see_people(actor, Account, now=now))
    account = _open(session, email, display_name, locale, now=now, password_hash=password_hash, function=function)
    record(session, AccountEvent.CREATED, actor=actor, subject=account_ref(session, account), now=now)
    if terms_version is not None:
        _agree(session, account, terms_version, now=now)
    tell(session, account, about or AboutYou())
    return account


def _open(
    session: Session,
    email: str,
    display_name: str,
    locale: str,
    *,
    now: datetime,
    password_hash: str | None,
    function: str | None = None,
) -> Account:
    if queries.account_by_email(session, email) is not None:
        raise Conflict(_l("There is an account with this address already. Sign in."))
    account = Account(
        public_id=new_public_id(),
        email=email.strip().lower(),
        display_name=display_name,
        function=function,
        password_hash=password_hash,
        locale=locale,
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def _agree(session: Session, account: Account, terms_version: str, *, now: datetime) -> None:
    session.add(Consent(account_id=account.id, terms_version=terms_version, given_at=now))
    subject = account_ref(session, account)
    record(session, AccountEvent.CONSENT_GIVEN, actor=actor_of(account), subject=subject, now=now)
