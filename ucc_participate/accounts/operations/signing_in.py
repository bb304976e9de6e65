"""Mailed links and passwords. What a stranger can ask for is answered the same way whoever has an account."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import UccError
from ...kernel.identity import Actor
from .. import policies, queries
from ..links import LinkAddress, LinkSpent, mail_link, make_link, take_link
from ..models import Account, DataLook, LinkPurpose, SignInAttempt, SignInLink
from ..retention import note_use

ATTEMPT_WINDOW = timedelta(minutes=15)
MOST_ATTEMPTS = (5, 30)
"""Passwords tried within ATTEMPT_WINDOW: for one account from one network address, for one account from anywhere."""
KEPT = timedelta(days=1)


class TooManyAttempts(UccError):
    """Passwords were tried too often; a link by e-mail still works."""

    status = 429


def request_link(
    session: Session,
    *,
    email: str,
    locale: str,
    next_url: str | None,
    address: LinkAddress,
    actor: Actor,
    now: datetime,
) -> None:
    """Mail a link: to sign in when there is an account with this address, else to open one."""
    account = queries.account_by_email(session, email)
    purpose = LinkPurpose.SIGN_UP if account is None else LinkPurpose.SIGN_IN
    mail_link(session, email, purpose, account, locale=locale, next_url=next_url, address=address, now=now)


def renew_link(session: Session, token: str, *, locale: str, address: LinkAddress, actor: Actor, now: datetime) -> None:
    """Mail a new link in place of one that no longer works, to the same address. Nothing happens for an unknown one."""
    spent = queries.find_link(session, token)
    if spent is None or spent.purpose is LinkPurpose.CHANGE_EMAIL:
        return
    account = queries.account_by_email(session, spent.email)
    purpose = LinkPurpose.SIGN_UP if account is None else LinkPurpose.SIGN_IN
    mail_link(session, spent.email, purpose, account, locale=locale, next_url=spent.next_url, address=address, now=now)


def issue_link(session: Session, account: Account, *, actor: Actor, now: datetime) -> str:
    """The token of a new link for signing in, to be handed over by other means than mail."""
    require(policies.can_see_people(actor, Account, now=now))
    return make_link(session, account.email, LinkPurpose.SIGN_IN, account, next_url=None, now=now)


def sign_in_by_link(session: Session, token: str, *, actor: Actor, now: datetime) -> tuple[Account, str | None]:
    """Use up a link for signing in: the account, and where the person wanted to go. Raises LinkSpent."""
    link = take_link(session, token, LinkPurpose.SIGN_IN, now=now)
    account = session.get(Account, link.account_id)
    if account is None or not account.is_active:
        raise LinkSpent(_l("This account is closed."))
    note_use(session, account, now=now)
    return account, link.next_url


def begin_password_sign_in(session: Session, *, keys: tuple[str, str], actor: Actor, now: datetime) -> None:
    """Count an attempt before the password is looked at, so that many at once are counted too.

    ``keys``: for the account from this network address, for the account alone. Raises TooManyAttempts.
    """
    for key, most in zip(keys, MOST_ATTEMPTS, strict=True):
        if queries.count_attempts(session, key, now - ATTEMPT_WINDOW) >= most:
            raise TooManyAttempts(
                _l("The password was tried too often. Wait %(minutes)s minutes, or ask for a link by e-mail.",
                   minutes=int(ATTEMPT_WINDOW.total_seconds() // 60))
            )  # fmt: skip
    session.add_all([SignInAttempt(key=key, at=now) for key in keys])


def finish_password_sign_in(
    session: Session, account: Account, *, keys: tuple[str, str], actor: Actor, now: datetime
) -> None:
    """The password was right: forget the attempts."""
    note_use(session, account, now=now)
    session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_(keys)))


def remove_stale(session: Session, *, actor: Actor, now: datetime) -> None:
    """Throw away links, attempts and memories of looks that are a day past any use."""
    session.execute(delete(SignInLink).where(SignInLink.expires_at < now - KEPT))
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))
    session.execute(delete(DataLook).where(DataLook.at < now - KEPT))
