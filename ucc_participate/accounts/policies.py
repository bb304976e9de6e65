"""Who may do what with accounts and roles."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.errors import Conflict, NotFound, SignInNeeded
from ..kernel.identity import Actor, Role
from .models import GRANTABLE_ROLES, Account, RoleGrant

_LAST_COORDINATOR = _l("This is the last coordinator. Make somebody else a coordinator first.")


def can_see_people(actor: Actor, _kind: type[Account], *, now: datetime) -> Decision:
    """The list of accounts with their addresses and roles."""
    if not actor.is_signed_in and not actor.is_system:
        return Denied(_l("Sign in to see this page."), SignInNeeded)
    if not actor.has(Role.COORDINATOR):
        return Denied(_l("Only coordinators see this page."))
    return ALLOWED


def can_grant(
    actor: Actor, account: Account, *, now: datetime, role: Role, held: frozenset[Role] = frozenset()
) -> Decision:
    """``held``: the roles that the account has now."""
    if not actor.has(Role.COORDINATOR):
        return Denied(_l("Only coordinators give and end roles."))
    if role not in GRANTABLE_ROLES:
        return Denied(_l("Nobody can be given this role."))
    if not account.is_active:
        return Denied(_l("This account is closed."), Conflict)
    if role in held:
        return Denied(_l("This person has this role already."), Conflict)
    return ALLOWED


def can_revoke(actor: Actor, grant: RoleGrant, *, now: datetime, coordinators: int) -> Decision:
    """``coordinators``: how many accounts are coordinators now."""
    if not actor.has(Role.COORDINATOR):
        return Denied(_l("Only coordinators give and end roles."))
    if not grant.holds(now):
        return Denied(_l("This role has ended already."), Conflict)
    if grant.role is Role.COORDINATOR and coordinators <= 1:
        return Denied(_LAST_COORDINATOR, Conflict)
    return ALLOWED


def can_change(actor: Actor, account: Account, *, now: datetime) -> Decision:
    """Everything on the person's own page. Nobody else's account is there at all."""
    if actor.account_id != account.id or not account.is_active:
        return Denied(_l("This account is not there."), NotFound)
    return ALLOWED


def can_name_function(actor: Actor, account: Account, *, now: datetime) -> Decision:
    """The function stands beside the names of officials, under answers and processes."""
    decision = can_change(actor, account, now=now)
    if decision and not actor.is_staff:
        return Denied(_l("Only officials name their function."))
    return decision


def can_erase(actor: Actor, account: Account, *, now: datetime, is_last_coordinator: bool) -> Decision:
    """Oneself; and the system those whom nobody uses any more or who were erased before a copy was restored."""
    decision = ALLOWED if actor.is_system and account.is_active else can_change(actor, account, now=now)
    if decision and is_last_coordinator:
        return Denied(_LAST_COORDINATOR, Conflict)
    return decision


def can_look(actor: Actor, *, now: datetime) -> Decision:
    """At personal data of others: staff alone, and it is noted."""
    if not actor.is_staff:
        return Denied(_l("Only the city’s staff sees this page."))
    return ALLOWED


def can_retain(actor: Actor, *, now: datetime) -> Decision:
    """Removing what is past its time: the clock alone."""
    return ALLOWED if actor.is_system else Denied(None, NotFound)
