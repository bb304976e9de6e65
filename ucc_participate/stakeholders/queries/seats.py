"""Who speaks for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from ...accounts.models import Account
from ...kernel.errors import NotFound
from ..models import Delegate, Organisation


def list_delegates(session: Session, organisation: Organisation) -> list[Delegate]:
    """Every mandate that was ever given, newest first, with its account."""
    query = select(Delegate).where(Delegate.organisation_id == organisation.id).options(selectinload(Delegate.account))
    return list(session.scalars(query.order_by(Delegate.id.desc())))


def get_delegate(session: Session, organisation: Organisation, public_id: str) -> Delegate:
    """A mandate of this organisation with its account. Raises NotFound."""
    found = next((each for each in list_delegates(session, organisation) if each.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def delegate_to_change(session: Session, organisation: Organisation, public_id: str) -> Delegate:
    """A mandate of this organisation, locked until the unit of work ends. Raises NotFound."""
    of_it = Delegate.organisation_id == organisation.id
    found = session.scalar(select(Delegate).where(Delegate.public_id == public_id, of_it).with_for_update())
    if found is None:
        raise NotFound()
    return found


def mandates_of(session: Session, account: Account) -> list[Delegate]:
    """Every mandate that the account ever had, with the organisation, oldest first."""
    query = select(Delegate).where(Delegate.account_id == account.id).options(selectinload(Delegate.organisation))
    return list(session.scalars(query.order_by(Delegate.id)))


def current_delegates(
    session: Session, organisation_ids: Collection[int], *, now: datetime, today: date
) -> dict[int, dict[int, str]]:
    """Who may act for organisations now: organisation id → account id → the name they show; every organisation is a
    key. Somebody with two mandates is there once."""
    found: dict[int, dict[int, str]] = {organisation_id: {} for organisation_id in organisation_ids}
    query = select(Delegate.organisation_id, Account.id, Account.display_name)
    query = query.join(Account, Account.id == Delegate.account_id)
    query = query.where(Delegate.organisation_id.in_(found), *_holds(now, today))
    for row in session.execute(query.order_by(Delegate.id)):
        found[row.organisation_id][row.id] = row.display_name
    return found


def delegates_of(organisation_ids: Select[Any], *, now: datetime, today: date) -> Select[Any]:
    """A select of the ids of accounts that may act for any of these organisations (a select of their ids) now."""
    return select(Delegate.account_id).where(Delegate.organisation_id.in_(organisation_ids), *_holds(now, today))


def _holds(now: datetime, today: date) -> tuple[ColumnElement[bool], ...]:
    """Granted, not revoked, within its days."""
    return (
        or_(Delegate.revoked_at.is_(None), Delegate.revoked_at > now),
        Delegate.starts_on <= today,
        or_(Delegate.ends_on.is_(None), Delegate.ends_on >= today),
    )


def delegations(session: Session, account_id: int, *, now: datetime, today: date) -> frozenset[str]:
    """Public ids of the organisations for which the account may act: granted, not revoked, within its days."""
    query = select(Organisation.public_id).join(Delegate).where(Delegate.account_id == account_id, *_holds(now, today))
    return frozenset(session.scalars(query))
