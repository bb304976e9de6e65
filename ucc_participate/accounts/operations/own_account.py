"""What people change in their own account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict
from ...kernel.identity import Actor
from ...notifications.operations import queue_mail
from .. import policies, queries
from ..events import AccountEvent
from ..links import LinkAddress, LinkSpent, mail_link, take_link
from ..models import AboutYou, Account, Consent, LinkPurpose, Profile
from ..references import account_ref, actor_of


def update_account(
    session: Session,
    account: Account,
    *,
    display_name: str,
    function: str | None,
    locale: str,
    calendar: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """``function``: what officials are called under their answers; others have none."""
    session.refresh(account, with_for_update=True)
    require(policies.can_change(actor, account, now=now))
    if function != account.function:
        require(policies.can_name_function(actor, account, now=now))
    account.display_name, account.function = display_name, function
    account.locale, account.calendar = locale, calendar
    _record(session, AccountEvent.UPDATED, account, actor=actor, now=now)


def update_profile(session: Session, account: Account, *, about: AboutYou, actor: Actor, now: datetime) -> None:
    """Replace what the person said of themselves; saying nothing removes the row."""
    session.refresh(account, with_for_update=True)
    require(policies.can_change(actor, account, now=now))
    profile = queries.profile_of(session, account)
    if about.is_empty and profile is not None:
        session.delete(profile)
    elif not about.is_empty:
        profile = profile or Profile(account_id=account.id)
        profile.sex, profile.birth_band = about.sex, about.birth_band
        profile.district, profile.sector = about.district, about.sector
        session.add(profile)
    _record(session, AccountEvent.UPDATED, account, actor=actor, now=now)


def give_consent(session: Session, account: Account, *, terms_version: str, actor: Actor, now: datetime) -> None:
    """Agree to a version of the terms; once is enough."""
    session.refresh(account, with_for_update=True)
    require(policies.can_change(actor, account, now=now))
    if queries.has_consented(session, account, terms_version):
        return
    session.add(Consent(account_id=account.id, terms_version=terms_version, given_at=now))
    _record(session, AccountEvent.CONSENT_GIVEN, account, actor=actor, now=now)


def set_password(session: Session, account: Account, *, password_hash: str | None, actor: Actor, now: datetime) -> None:
    """Set, change or (None) remove the password; ends every other sign-in and tells the person by mail."""
    session.refresh(account, with_for_update=True)
    require(policies.can_change(actor, account, now=now))
    account.password_hash = password_hash
    account.session_version += 1
    _record(session, AccountEvent.SIGN_IN_METHOD_CHANGED, account, actor=actor, now=now)
    _mail(session, account, "password_changed", now=now)


def renew_password_hash(session: Session, account: Account, *, password_hash: str, actor: Actor, now: datetime) -> None:
    """Store the same password hashed with today's parameters."""
    session.refresh(account, with_for_update=True)
    require(policies.can_change(actor, account, now=now))
    account.password_hash = password_hash
    _record(session, AccountEvent.SIGN_IN_METHOD_CHANGED, account, actor=actor, now=now)


def sign_out_everywhere(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """End every sign-in of the account, this one too."""
    session.refresh(account, with_for_update=True)
    require(policies.can_change(actor, account, now=now))
    account.session_version += 1
    _record(session, AccountEvent.UPDATED, account, actor=actor, now=now)


def request_email_change(
    session: Session, account: Account, *, email: str, address: LinkAddress, actor: Actor, now: datetime
) -> None:
    """Mail a link to the new address. One that belongs to another account gets none, and nobody learns that."""
    require(policies.can_change(actor, account, now=now))
    if queries.account_by_email(session, email) is None:
        purpose, locale = LinkPurpose.CHANGE_EMAIL, account.locale
        mail_link(session, email, purpose, account, locale=locale, next_url=None, address=address, now=now)


def change_email(session: Session, token: str, *, actor: Actor, now: datetime) -> Account:
    """Use up a link that was mailed to a new address: from now on it is the account's. The old one is told."""
    link = take_link(session, token, LinkPurpose.CHANGE_EMAIL, now=now)
    account = session.get(Account, link.account_id, with_for_update=True)
    if account is None or not account.is_active:
        raise LinkSpent(_l("This account is closed."))
    if queries.account_by_email(session, link.email) is not None:
        raise Conflict(_l("There is an account with this address already."))
    _mail(session, account, "email_changed", now=now)
    account.email = link.email
    _record(session, AccountEvent.SIGN_IN_METHOD_CHANGED, account, actor=actor_of(account), now=now)
    return account


def _mail(session: Session, account: Account, template: str, *, now: datetime) -> None:
    facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
    queue_mail(session, **facts, template=template, data={}, now=now)


def _record(session: Session, event: AccountEvent, account: Account, *, actor: Actor, now: datetime) -> None:
    record(session, event, actor=actor, subject=account_ref(session, account), now=now)
