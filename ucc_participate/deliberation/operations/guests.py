"""People of partner cities: invited by a coordinator, by a link in a mail, to comment on one process (rule X4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts import tokens
from ...accounts.events import AccountEvent
from ...accounts.links import LinkSpent
from ...accounts.models import Account, Consent
from ...accounts.queries import account_by_email
from ...accounts.references import account_ref, actor_of
from ...accounts.retention import note_use
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_line
from ...notifications.operations import hand_over_messages, queue_mail
from ...processes.models import Process
from .. import policies, queries
from ..events import GuestEvent
from ..models import NAME_LENGTH, PLACE_LENGTH, Guest

LONGEST_STAY = timedelta(days=366)


def invite_guest(
    session: Session,
    process: Process,
    *,
    name: str,
    email: str,
    city: str,
    country: str,
    locale: str,
    until: datetime,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> Guest:
    """Mail somebody of another city a link; ``address`` makes the whole address from its token.

    Raises Conflict when the mail address has an account here: people of this city are no guests.
    """
    require(policies.can_invite_guests(actor, process, now=now))
    if not now < until <= now + LONGEST_STAY:
        days = lazy_number(LONGEST_STAY.days)
        raise Invalid(_l("The invitation ends in the future, within %(days)s days.", days=days), field="until")
    if account_by_email(session, email) is not None:
        raise Conflict(_l("There is an account with this address already. It needs no invitation as a guest."))
    token = tokens.new_token()
    guest = Guest(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        name=clean_line(name, max_length=NAME_LENGTH),
        city=clean_line(city, max_length=PLACE_LENGTH),
        country=clean_line(country, max_length=PLACE_LENGTH),
        email=email.strip().lower(),
        locale=locale,
        token_hash=tokens.digest(token),
        until=until,
        invited_by=actor.key,
        invited_at=now,
    )
    session.add(guest)
    session.flush()
    _note(session, GuestEvent.INVITED, guest, process, actor=actor, now=now)
    title = process.title.get(locale) or next(iter(process.title.values()))
    data = {"name": guest.name, "title": title, "link": address(token)}
    queue_mail(session, to=email, locale=locale, template="guest_invited", data=data, now=now)
    return guest


def come_as_guest(session: Session, token: str, *, terms_version: str, actor: Actor, now: datetime) -> Account:
    """Open the account of whoever holds the link. Raises LinkSpent when it was used, has ended or is unknown."""
    guest = queries.guest_by_token(session, token)
    if guest is not None:
        session.refresh(guest, ["account_id", "revoked_at", "came_at", "email"], with_for_update=True)
    if guest is None or guest.email is None or guest.came_at is not None or not guest.may_comment(now):
        raise LinkSpent(_l("This invitation was taken up, or has ended."))
    if account_by_email(session, guest.email) is not None:
        raise Conflict(_l("There is an account with this address already. Sign in."))
    account = _open_account(session, guest, terms_version, now=now)
    guest.account_id, guest.came_at, guest.email = account.id, now, None
    person = actor_of(account)
    _note(session, GuestEvent.CAME, guest, guest.process, actor=person, now=now, role=Role.VISITOR)
    return account


def revoke_guest(session: Session, process: Process, guest: Guest, *, actor: Actor, now: datetime) -> None:
    """End an invitation before its time. What the guest said stays."""
    require(policies.can_revoke_guest(actor, guest, now=now))
    guest.revoked_at = now
    guest.email = None
    _note(session, GuestEvent.REVOKED, guest, process, actor=actor, now=now)


def _open_account(session: Session, guest: Guest, terms_version: str, *, now: datetime) -> Account:
    account = Account(
        public_id=new_public_id(),
        email=str(guest.email),
        display_name=guest.name,
        locale=guest.locale,
        created_at=now,
        guest_of=guest.process.public_id,
    )
    session.add(account)
    session.flush()
    person, subject = actor_of(account), account_ref(session, account)
    hand_over_messages(session, account.email, account.key)
    note_use(session, account, now=now)
    record(session, AccountEvent.CREATED, actor=person, subject=subject, now=now, role=Role.VISITOR)
    session.add(Consent(account_id=account.id, terms_version=terms_version, given_at=now))
    record(session, AccountEvent.CONSENT_GIVEN, actor=person, subject=subject, now=now, role=Role.VISITOR)
    return account


def _note(
    session: Session,
    event: GuestEvent,
    guest: Guest,
    process: Process,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
) -> None:
    ref, payload = guest.ref(process), guest.public_payload()
    record(session, event, actor=actor, subject=ref, process=process.ref, payload=payload, now=now, role=role)
