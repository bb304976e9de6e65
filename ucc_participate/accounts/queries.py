"""Reading accounts, roles and links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from ..audit.log import SERVER_SCOPE
from ..audit.models import LogEntry, LogOpening, LogPseudonym
from ..audit.queries import LoggedEntry, visible_fields
from ..kernel.clock import from_utc_text
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, Role
from . import tokens
from .models import Account, AccountUse, Consent, LinkPurpose, Profile, RoleGrant, SignInAttempt, SignInLink

Reading = Session | scoped_session[Any]
"""Both sessions read: the request's and the one of a change."""


def get_account(session: Reading, public_id: str) -> Account:
    """Raises NotFound for an unknown or closed account."""
    found: Account | None = session.scalar(select(Account).where(Account.public_id == public_id, Account.is_active))
    if found is None:
        raise NotFound(_l("There is no such account."))
    return found


def own_account(session: Reading, actor: Actor) -> Account:
    """The account that acts. Raises NotFound when it was closed meanwhile, or there never was one."""
    found = session.get(Account, actor.account_id) if actor.account_id is not None else None
    if found is None or not found.is_active:
        raise NotFound(_l("There is no such account."))
    return found


def account_by_email(session: Reading, email: str) -> Account | None:
    """The account with this address, written in whatever case."""
    found: Account | None = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    return found


def accounts_by_id(session: Reading, ids: Iterable[int]) -> Sequence[Account]:
    """Those of them that are active, in the order of their ids."""
    rows = select(Account).where(Account.id.in_(list(ids)), Account.is_active)
    return session.scalars(rows.order_by(Account.id)).all()


def account_with_roles(session: Reading, public_id: str, now: datetime) -> tuple[Account, frozenset[Role]] | None:
    """An account and the roles that hold now, in one statement; None when there is no such account."""
    held = and_(RoleGrant.account_id == Account.id, _holds(now))
    query = select(Account, RoleGrant.role).outerjoin(RoleGrant, held).where(Account.public_id == public_id)
    rows: list[Any] = list(session.execute(query))
    if not rows:
        return None
    return rows[0].Account, frozenset(row.role for row in rows if row.role is not None)


def roles_of(session: Reading, account: Account, now: datetime) -> frozenset[Role]:
    """The roles that the account holds now."""
    rows = session.scalars(select(RoleGrant.role).where(RoleGrant.account_id == account.id, _holds(now)))
    return frozenset(rows)


def grants_of(session: Reading, account: Account) -> Sequence[RoleGrant]:
    """Every grant the account ever had, newest first."""
    rows = select(RoleGrant).where(RoleGrant.account_id == account.id)
    return session.scalars(rows.order_by(RoleGrant.granted_at.desc(), RoleGrant.id.desc())).all()


def get_grant(session: Reading, account: Account, role: str, now: datetime) -> RoleGrant:
    """The grant by which the account holds this role now. Raises NotFound."""
    rows = select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.role == role, _holds(now))
    found: RoleGrant | None = session.scalar(rows) if role in set(Role) else None
    if found is None:
        raise NotFound(_l("This person does not have this role."))
    return found


def coordinator_count(session: Reading, now: datetime) -> int:
    """How many accounts are coordinators now."""
    return session.scalar(select(func.count()).select_from(coordinator_grants(now).subquery())) or 0


def is_last_coordinator(session: Reading, account: Account, now: datetime) -> bool:
    rows = session.scalars(coordinator_grants(now)).all()
    return [grant.account_id for grant in rows] == [account.id]


def coordinator_grants(now: datetime) -> Select[RoleGrant]:
    """The grants of those who are coordinators now."""
    return select(RoleGrant).where(RoleGrant.role == Role.COORDINATOR, _holds(now))


def staff_with_roles(session: Reading, now: datetime) -> list[tuple[Account, list[Role]]]:
    """Everybody who holds a role now, by name, with the roles in their usual order."""
    rows = session.execute(
        select(Account, RoleGrant.role).join(RoleGrant, RoleGrant.account_id == Account.id).where(_holds(now))
    )
    held: dict[Account, list[Role]] = {}
    for account, role in rows:
        held.setdefault(account, []).append(role)
    order = list(Role)
    people = sorted(held, key=lambda account: (account.display_name, account.id))
    return [(account, sorted(held[account], key=order.index)) for account in people]


def accounts_page(
    session: Session, *, search: str = "", before: str | None = None, limit: int = 50
) -> Sequence[Account]:
    """Active accounts for the staff's list, newest first, by key: those made before account ``before`` (public id).

    ``search``: the beginning of an e-mail address.
    """
    rows = select(Account).where(Account.is_active).order_by(Account.id.desc()).limit(limit)
    if search:
        rows = rows.where(Account.email.startswith(search.strip().lower(), autoescape=True))
    if before is not None:
        last = select(Account.id).where(Account.public_id == before).scalar_subquery()
        rows = rows.where(Account.id < last)
    return session.scalars(rows).all()


def names_by_key(session: Reading, keys: Iterable[str | None]) -> dict[str, str]:
    """Names of the accounts that did something, by actor key; the system is not among them."""
    pairs = (key.partition(":") for key in set(keys) if key)
    ids = [int(number) for kind, _colon, number in pairs if kind == "account"]
    rows = session.scalars(select(Account).where(Account.id.in_(ids)))
    return {account.key: account.display_name for account in rows}


def pseudonyms_of(session: Reading, account: Account) -> dict[str, str]:
    """How the log calls the person, by scope."""
    rows = select(LogPseudonym.scope, LogPseudonym.pseudonym).where(LogPseudonym.person == account.key)
    rows = rows.order_by(LogPseudonym.scope)
    return {row.scope: row.pseudonym for row in session.execute(rows)}


def profile_of(session: Reading, account: Account) -> Profile | None:
    return session.get(Profile, account.id)


def consents_of(session: Reading, account: Account) -> Sequence[Consent]:
    return session.scalars(select(Consent).where(Consent.account_id == account.id).order_by(Consent.given_at)).all()


def has_consented(session: Reading, account: Account, terms_version: str) -> bool:
    row = select(Consent.id).where(Consent.account_id == account.id, Consent.terms_version == terms_version)
    return session.scalar(row) is not None


def find_link(session: Reading, token: str) -> SignInLink | None:
    """The link that was mailed with this token, whether it still works or not."""
    return session.scalar(select(SignInLink).where(SignInLink.token_hash == tokens.digest(token)))


def count_links(session: Reading, email: str, since: datetime) -> int:
    """How many links were mailed to this address since then."""
    rows = select(func.count()).where(SignInLink.email == email, SignInLink.created_at > since)
    return session.scalar(rows) or 0


def open_links(email: str) -> Select[SignInLink]:
    """Links for signing up or in that were mailed to this address and not used."""
    purposes = (LinkPurpose.SIGN_UP, LinkPurpose.SIGN_IN)
    return select(SignInLink).where(
        SignInLink.email == email, SignInLink.used_at.is_(None), SignInLink.purpose.in_(purposes)
    )


def count_attempts(session: Reading, key: str, since: datetime) -> int:
    """How many passwords were tried under this key since then."""
    rows = select(func.count()).where(SignInAttempt.key == key, SignInAttempt.at > since)
    return session.scalar(rows) or 0


def unused_accounts(session: Reading, since: datetime, *, now: datetime, limit: int) -> Sequence[Account]:
    """Accounts into which nobody has signed in since then and that were not asked yet, locked, oldest first.

    Neither staff (a role ends otherwise) nor people who came on paper, who have no address to be asked at.
    """
    rows = _unused(since, now).where(AccountUse.asked_at.is_(None))
    return session.scalars(rows.limit(limit).with_for_update(of=Account)).all()


def silent_accounts(
    session: Reading, since: datetime, *, asked_before: datetime, now: datetime, limit: int
) -> Sequence[Account]:
    """Of the unused ones those who were asked before that moment and have not signed in."""
    rows = _unused(since, now).where(AccountUse.asked_at <= asked_before)
    return session.scalars(rows.limit(limit).with_for_update(of=Account)).all()


def _unused(since: datetime, now: datetime) -> Select[Account]:
    used_before = or_(
        AccountUse.last_used_on < since.date(), and_(AccountUse.account_id.is_(None), Account.created_at < since)
    )
    in_office = select(RoleGrant.id).where(RoleGrant.account_id == Account.id, _holds(now)).exists()
    rows = select(Account).outerjoin(AccountUse, AccountUse.account_id == Account.id).order_by(Account.id)
    return rows.where(Account.is_active, ~Account.email.endswith(".invalid"), used_before, ~in_office)


def active_accounts(session: Reading) -> Iterator[Account]:
    """Every account that is not closed, a thousand at a time."""
    return iter(session.scalars(select(Account).where(Account.is_active).execution_options(yield_per=1000)))


def last_use(session: Reading, account: Account) -> str | None:
    """The day of the last sign-in, as ISO text."""
    use = session.get(AccountUse, account.id)
    return None if use is None else use.last_used_on.isoformat()


def entries_about(session: Session, account: Account) -> list[LoggedEntry]:
    """Every entry of the log that the account made or that is about it, oldest first.

    Each pseudonym is looked for where its scope says: entries of a process, of a vote, or of the server.
    """
    found: dict[int, LoggedEntry] = {}
    for scope, name in pseudonyms_of(session, account).items():
        for row in session.execute(_entries_under(scope, name)):
            entry = bytes(row.entry)
            found[row.position] = LoggedEntry(row.position, entry, json.loads(entry))
    return [found[position] for position in sorted(found)]


def _entries_under(scope: str, name: str) -> Select[int, bytes]:
    """The canonical bytes of an entry begin with its actor, ``{"actor":"<32 hex>"``."""
    acted = func.substr(LogEntry.entry, 1, 43) == f'{{"actor":"{name}"'.encode()
    rows = select(LogEntry.position, LogEntry.entry)
    if scope == SERVER_SCOPE:
        return rows.where(or_(and_(LogEntry.process.is_(None), acted), LogEntry.subject == f"account/{name}"))
    if scope.startswith("vote/"):
        return rows.where(LogEntry.subject.startswith(f"{scope}/"), acted)
    return rows.where(or_(and_(LogEntry.process == scope, acted), LogEntry.subject == f"{scope}/participant/{name}"))


def retention_entries(session: Session, rules: Iterable[str], *, limit: int) -> list[tuple[datetime, str, int]]:
    """When what these rules removed because its time was over, and how much, newest first."""
    rows = select(LogOpening).where(LogOpening.subject.in_([f"retention/{rule}" for rule in rules]))
    openings = session.scalars(rows.order_by(LogOpening.position.desc()).limit(limit)).all()
    found = {row.position: visible_fields(row) for row in openings}
    entries = select(LogEntry.position, LogEntry.entry).where(LogEntry.position.in_(found))
    told = {row.position: json.loads(row.entry)["time"] for row in session.execute(entries)}
    return [(from_utc_text(told[at]), str(fields["rule"]), int(fields["count"])) for at, fields in found.items()]


def _holds(now: datetime) -> ColumnElement[bool]:
    return and_(RoleGrant.granted_at <= now, or_(RoleGrant.revoked_at.is_(None), RoleGrant.revoked_at > now))
