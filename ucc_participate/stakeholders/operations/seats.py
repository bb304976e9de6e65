"""Seats: who may act for an organisation, granted and revoked by named persons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.leftovers import leave_uploads
from ...accounts.models import Account
from ...audit.log import record
from ...documents.attaching import attach, detach_all
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from .. import policies, queries
from ..entry import record_state
from ..events import DelegateEvent, OrganisationEvent
from ..models import MOST_CONFIRMATIONS, Delegate, Organisation


def grant_delegate(
    session: Session,
    organisation: Organisation,
    account: Account | None,
    *,
    mandate: str,
    starts_on: date,
    ends_on: date | None,
    document: StoredUpload | None = None,
    actor: Actor,
    now: datetime,
) -> Delegate:
    """Let an account act for an organisation from a day to a day (both included; no end when None).

    ``document``: the mandate as a file; only the staff can open it, and the log keeps its hash.
    """
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
        granted_by=actor.key,
        granted_at=now,
    )
    session.add(delegate)
    payload = _attach_mandate(session, delegate, document, actor=actor, now=now)
    record(session, DelegateEvent.GRANTED, actor=actor, subject=organisation.ref, payload=payload, now=now)
    return delegate


def _attach_mandate(
    session: Session, delegate: Delegate, document: StoredUpload | None, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    if document is None:
        return {}
    attached = attach(session, delegate.ref, document, kind="mandate", title=document.name[:160], actor=actor, now=now)
    return {"document": attached.public_payload()}


def revoke_delegate(
    session: Session, organisation: Organisation, delegate: Delegate, *, actor: Actor, now: datetime
) -> None:
    """Withdraw a mandate from now on. Raises Conflict when it was withdrawn before."""
    require(policies.can_revoke(actor, delegate, now=now))
    delegate.revoked_at, delegate.revoked_by = now, actor.key
    record(session, DelegateEvent.REVOKED, actor=actor, subject=organisation.ref, now=now)


def forget_delegate(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: their mandates end, and what was written of them goes."""
    for delegate in queries.mandates_of(session, account):
        if delegate.revoked_at is None:
            delegate.revoked_at, delegate.revoked_by = now, actor.key
            record(session, DelegateEvent.REVOKED, actor=actor, subject=delegate.organisation.ref, now=now)
        delegate.mandate = ""
        leave_uploads(session, detach_all(session, delegate.ref), now=now)


def set_quorum(
    session: Session, organisation: Organisation, *, confirmations: int, actor: Actor, now: datetime
) -> None:
    """How many delegates must agree before a ballot of the organisation counts (1 or more).

    Votes whose roll is frozen already keep what was set at that moment.
    """
    require(policies.can_set_quorum(actor, organisation, now=now))
    if not 1 <= confirmations <= MOST_CONFIRMATIONS:
        raise Invalid(_l("Write a number from 1 to %(most)s.", most=MOST_CONFIRMATIONS), field="confirmations")
    organisation.ballot_confirmations = confirmations
    record_state(session, OrganisationEvent.QUORUM_SET, organisation, actor=actor, now=now)
