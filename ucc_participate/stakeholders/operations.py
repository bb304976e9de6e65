"""Changes of the register of stakeholders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit.log import record
from ..kernel.decision import require
from ..kernel.errors import Invalid
from ..kernel.identity import Actor, new_public_id
from ..kernel.text import fold, sort_key
from ..vocabularies.uccn import SUBTYPES, CreativeField, Sector
from . import policies, queries
from .events import DelegateEvent, OrganisationEvent
from .models import Delegate, Organisation

KEY_LENGTH = 330


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationDetails:
    """What the register holds of an organisation. Contact data and the note are for staff only."""

    name: str
    sector: Sector
    subtype: str
    identified_by: str
    creative_field: CreativeField | None = None
    is_womens_group: bool = False
    is_youth_group: bool = False
    website: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    note: str | None = None


def register_organisation(
    session: Session, details: OrganisationDetails, *, actor: Actor, now: datetime
) -> Organisation:
    """Enter a stakeholder. Raises Invalid when the kind is not one of the sector or nothing says how it was found."""
    require(policies.can_register(actor, Organisation, now=now))
    organisation = Organisation(public_id=new_public_id(), registered_at=now)
    _write(organisation, details)
    session.add(organisation)
    _record(session, OrganisationEvent.REGISTERED, organisation, actor=actor, now=now)
    return organisation


def revise_organisation(
    session: Session, organisation: Organisation, details: OrganisationDetails, *, actor: Actor, now: datetime
) -> None:
    """Replace what the register holds of an organisation. Raises Invalid as register_organisation does."""
    require(policies.can_revise(actor, organisation, now=now))
    _write(organisation, details)
    _record(session, OrganisationEvent.REVISED, organisation, actor=actor, now=now)


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


def _write(organisation: Organisation, details: OrganisationDetails) -> None:
    if details.subtype not in SUBTYPES[details.sector.value]:
        raise Invalid(_l("Choose a kind that belongs to the sector."), field="subtype")
    if not details.identified_by:
        raise Invalid(_l("Say how the city came to know of this organisation."), field="identified_by")
    for name in OrganisationDetails.__slots__:
        setattr(organisation, name, getattr(details, name))
    organisation.folded = fold(details.name)[:KEY_LENGTH]
    organisation.sort_key = sort_key(details.name)[:KEY_LENGTH]


def _record(
    session: Session, event: OrganisationEvent, organisation: Organisation, *, actor: Actor, now: datetime
) -> None:
    payload = organisation.public_payload()
    record(session, event, actor=actor, subject=organisation.ref, payload=payload, now=now)


def _name(actor: Actor) -> str:
    return (actor.name or actor.key)[:120]
