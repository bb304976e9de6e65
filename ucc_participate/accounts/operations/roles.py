"""Roles: dated rows, granted and revoked by named actors, never edited otherwise."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.identity import Actor, Role
from .. import policies, queries
from ..events import AccountEvent
from ..models import Account, RoleGrant
from ..references import account_ref


def grant_role(session: Session, account: Account, role: Role, *, actor: Actor, now: datetime) -> RoleGrant:
    session.refresh(account, with_for_update=True)
    held = queries.roles_of(session, account, now)
    require(policies.can_grant(actor, account, now=now, role=role, held=held))
    grant = RoleGrant(account_id=account.id, role=role, granted_by=actor.key, granted_at=now)
    session.add(grant)
    subject = account_ref(session, account)
    record(session, AccountEvent.ROLE_GRANTED, actor=actor, subject=subject, payload={"role": role.value}, now=now)
    return grant


def revoke_role(session: Session, account: Account, role: str, *, actor: Actor, now: datetime) -> None:
    """End a role that the account holds. Raises NotFound, Forbidden, or Conflict for the last coordinator."""
    coordinators = len(session.scalars(queries.coordinator_grants(now).with_for_update()).all())
    grant = queries.get_grant(session, account, role, now)
    require(policies.can_revoke(actor, grant, now=now, coordinators=coordinators))
    grant.revoke(by=actor.key, at=now)
    subject = account_ref(session, account)
    record(session, AccountEvent.ROLE_REVOKED, actor=actor, subject=subject, payload={"role": role}, now=now)
