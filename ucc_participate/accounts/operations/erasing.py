"""Erasing a person: what tells who they were goes, what they did in public stays in the log, without a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from ...audit.events import LogEvent
from ...audit.log import record
from ...audit.models import LogPseudonym
from ...audit.operations import withhold_fields
from ...kernel.decision import require
from ...kernel.identity import Actor
from ...notifications.operations import forget_messages
from .. import leftovers, policies, queries
from ..events import AccountEvent
from ..models import Account, AccountUse, Consent, DataLook, Profile, SignInLink
from ..references import account_ref

OWN_WISH = "The person asked for it."
UNUSED = "Nobody used the account any more, and nobody answered."
ERASED_BEFORE = "It had been erased before an older copy of the database was restored."


class Eraser(Protocol):
    """What a higher domain does when a person is erased, in the same transaction, before the pseudonyms go.

    Whoever withholds fields of the log locks its own rows first, then calls ``audit.log.settle``: an entry that waits
    for its index has no opening yet that could be withheld. Whoever removes documents gives what ``detach_all``
    answers to ``accounts.leftovers.leave_uploads``: the files go right after the COMMIT.
    """

    def __call__(self, session: Session, account: Account, *, actor: Actor, now: datetime) -> None: ...


def erase_account(
    session: Session,
    account: Account,
    *,
    erasers: Iterable[Eraser],
    actor: Actor,
    now: datetime,
    reason: str = OWN_WISH,
) -> None:
    """Remove every piece of personal data of an account for ever. ``leftovers.clear`` follows the COMMIT."""
    coordinators = session.scalars(queries.coordinator_grants(now).with_for_update()).all()
    session.refresh(account, with_for_update=True)
    is_last = [grant.account_id for grant in coordinators] == [account.id]
    require(policies.can_erase(actor, account, now=now, is_last_coordinator=is_last))
    for eraser in erasers:
        eraser(session, account, actor=actor, now=now)
    _end_roles(session, account, actor=actor, now=now)
    _record_erasure(session, account, actor=actor, now=now, reason=reason)
    leftovers.leave(session, [f"list:{leftovers.digest_of(account)}", leftovers.SHELF, leftovers.SCRUB], now=now)
    _remove_messages(session, account, now=now)
    _remove_rows(session, account)
    account.anonymise()


def _end_roles(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    subject = account_ref(session, account)
    for grant in queries.grants_of(session, account):
        if grant.holds(now):
            grant.revoke(by=actor.key, at=now)
            payload = {"role": grant.role.value}
            record(session, AccountEvent.ROLE_REVOKED, actor=actor, subject=subject, payload=payload, now=now)


def _record_erasure(session: Session, account: Account, *, actor: Actor, now: datetime, reason: str) -> None:
    """The entry stands under the pseudonym that is about to be forgotten."""
    subject = account_ref(session, account)
    withhold_fields(
        session, [], actor=actor, now=now, event=LogEvent.ERASURE_EXECUTED, subject=subject, process=None, reason=reason
    )


def _remove_messages(session: Session, account: Account, *, now: datetime) -> None:
    links = select(SignInLink.email).where(_links_of(account))
    names = forget_messages(session, account.key, {account.email, *session.scalars(links)})
    leftovers.leave(session, (f"mail:{name}" for name in names), now=now)


def _links_of(account: Account) -> ColumnElement[bool]:
    return or_(SignInLink.account_id == account.id, SignInLink.email == account.email)


def _remove_rows(session: Session, account: Account) -> None:
    subject = account_ref(session, account)
    session.execute(delete(SignInLink).where(_links_of(account)))
    session.execute(delete(Consent).where(Consent.account_id == account.id))
    session.execute(delete(Profile).where(Profile.account_id == account.id))
    session.execute(delete(AccountUse).where(AccountUse.account_id == account.id))
    session.execute(delete(DataLook).where(or_(DataLook.subject == subject, DataLook.actor == account.key)))
    session.execute(delete(LogPseudonym).where(LogPseudonym.person == account.key))
