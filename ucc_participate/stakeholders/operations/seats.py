"""Seats: who may act for an organisation, granted and revoked by named persons."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from .. import policies, queries
from ..events import DelegateEvent
from ..models import Delegate, Organisation


def grant_delegate(
    session: Session,
    organisation: Organisation,
    account: Account | None,
    *,
    mandate: str,
    starts_on: date,
    ends_on: date | None,
    actor: Actor,
    now: datetime,
) -> Delegate:
    """Let an account act for an organisation from a day to a day (both included; no end when None)."""
    require(policies.can_grant(actor, organisation, now=now))
    if account is None or not account.is_active:
        raise Invalid(_l("Nobody has an account with this address. Ask them to sign up first."), field="email")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(_l("The mandate would end before it begins."), field="ends_on")
    delegate = Delegate(
        public_id=new_public_id(),
        organisation_id=organisation.id,
        account_id=account.id,
        mandate=mandate,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=_name(actor),
        granted_at=now,
    )
    session.add(delegate)
    record(session, DelegateEvent.GRANTED, actor=actor, subject=organisation.ref, now=now)
    return delegate


def revoke_delegate(
    session: Session, organisation: Organisation, delegate: Delegate, *, actor: Actor, now: datetime
) -> None:
    """Withdraw a mandate from now on. Raises Conflict when it was withdrawn before."""
    require(policies.can_revoke(actor, delegate, now=now))
    delegate.revoked_at = now
    delegate.revoked_by = _name(actor)
    record(session, DelegateEvent.REVOKED, actor=actor, subject=organisation.ref, now=now)


def forget_delegate(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: their mandates end, and what was written of them goes."""
    for delegate in queries.mandates_of(session, account):
        if delegate.revoked_at is None:
            delegate.revoked_at, delegate.revoked_by = now, actor.key
            record(session, DelegateEvent.REVOKED, actor=actor, subject=delegate.organisation.ref, now=now)
        delegate.mandate = ""


def _name(actor: Actor) -> str:
    return (actor.name or actor.key)[:120]
