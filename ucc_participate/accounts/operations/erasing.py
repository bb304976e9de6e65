"""Erasing a person: what tells who they were goes, what they did in public stays in the log, without a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from ...audit.events import LogEvent
from ...audit.log import record
from ...audit.models import LogPseudonym
from ...audit.operations import withhold_fields
from ...kernel.decision import require
from ...kernel.identity import Actor
from ...notifications.operations import forget_address
from .. import policies, queries
from ..events import AccountEvent
from ..models import Account, Consent, Profile, SignInLink
from ..references import account_ref

REASON = "The person asked for it."


class Eraser(Protocol):
    """What a higher domain does when a person is erased, in the same transaction, before the pseudonyms go.

    Whoever withholds fields of the log locks its own rows first, then calls ``audit.log.settle``: an entry that waits
    for its index has no opening yet that could be withheld.
    """

    def __call__(self, session: Session, account: Account, *, actor: Actor, now: datetime) -> None: ...


def erase_account(
    session: Session, account: Account, *, erasers: Iterable[Eraser], actor: Actor, now: datetime
) -> None:
    """Remove every piece of personal data of an account for ever."""
    coordinators = session.scalars(queries.coordinator_grants(now).with_for_update()).all()
    session.refresh(account, with_for_update=True)
    is_last = [grant.account_id for grant in coordinators] == [account.id]
    require(policies.can_erase(actor, account, now=now, is_last_coordinator=is_last))
    for eraser in erasers:
        eraser(session, account, actor=actor, now=now)
    _end_roles(session, account, actor=actor, now=now)
    _record_erasure(session, account, actor=actor, now=now)
    _remove_rows(session, account)
    account.anonymise()


def _end_roles(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    subject = account_ref(session, account)
    for grant in queries.grants_of(session, account):
        if grant.holds(now):
            grant.revoke(by=actor.key, at=now)
            payload = {"role": grant.role.value}
            record(session, AccountEvent.ROLE_REVOKED, actor=actor, subject=subject, payload=payload, now=now)


def _record_erasure(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """The entry stands under the pseudonym that is about to be forgotten."""
    subject = account_ref(session, account)
    withhold_fields(
        session, [], actor=actor, now=now, event=LogEvent.ERASURE_EXECUTED, subject=subject, process=None, reason=REASON
    )


def _remove_rows(session: Session, account: Account) -> None:
    links = or_(SignInLink.account_id == account.id, SignInLink.email == account.email)
    for address in {account.email, *session.scalars(select(SignInLink.email).where(links))}:
        forget_address(session, address)
    session.execute(delete(SignInLink).where(links))
    session.execute(delete(Consent).where(Consent.account_id == account.id))
    session.execute(delete(Profile).where(Profile.account_id == account.id))
    session.execute(delete(LogPseudonym).where(LogPseudonym.person == account.key))
