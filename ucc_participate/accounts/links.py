"""Mailed links: made, mailed and used up inside the operations whose part they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..kernel.errors import UccError
from ..notifications.operations import queue_mail
from . import queries, tokens
from .models import Account, LinkPurpose, SignInLink

LINK_LIFE = timedelta(minutes=30)
MOST_LINKS = 5
"""Links mailed to one address within LINK_LIFE; more requests are answered the same way and mail nothing."""

LinkAddress = Callable[[str], str]
"""The public address of a link, from its token."""


class LinkSpent(UccError):
    """The link is unknown, was used, or is too old."""

    status = 410


def mail_link(
    session: Session,
    email: str,
    purpose: LinkPurpose,
    account: Account | None,
    *,
    locale: str,
    next_url: str | None,
    address: LinkAddress,
    now: datetime,
) -> None:
    """Make a link, store its digest, and queue the mail with it; an address that got many lately gets no more."""
    if queries.count_links(session, email, now - LINK_LIFE) >= MOST_LINKS:
        return
    token = make_link(session, email, purpose, account, next_url=next_url, now=now)
    data = {"link": address(token), "minutes": int(LINK_LIFE.total_seconds() // 60)}
    language = account.locale if account is not None else locale
    owner = account.key if account is not None else None
    queue_mail(session, to=email, owner=owner, locale=language, template=purpose.value, data=data, now=now)


def make_link(
    session: Session, email: str, purpose: LinkPurpose, account: Account | None, *, next_url: str | None, now: datetime
) -> str:
    """Store a new link; its token, which is stored nowhere."""
    token = tokens.new_token()
    session.add(
        SignInLink(
            token_hash=tokens.digest(token),
            purpose=purpose,
            email=email,
            account_id=account.id if account is not None else None,
            next_url=next_url,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return token


def take_link(session: Session, token: str, purpose: LinkPurpose, *, now: datetime) -> SignInLink:
    """Use up a link, and with one for signing up or in every other one of the address. Raises LinkSpent."""
    link = queries.find_link(session, token)
    if link is not None:
        session.refresh(link, with_for_update=True)
    if link is None or link.purpose is not purpose or not link.is_usable(now):
        raise LinkSpent(_l("This link no longer works."))
    link.used_at = now
    if purpose is not LinkPurpose.CHANGE_EMAIL:
        for other in session.scalars(queries.open_links(link.email).with_for_update()):
            other.used_at = now
    return link
