"""Who may change the register of stakeholders: the city's staff. Everybody may read its public part."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.errors import Conflict, SignInNeeded
from ..kernel.identity import Actor, Role
from .models import Delegate, Nomination, Organisation, RegisterImport, Tag

STAFF_ONLY = _l("Only the city’s staff keeps the register. Tell them what is missing or wrong.")


MERGED = _l("This entry was merged into another one. Change that one.")


def _on_living_entry(actor: Actor, organisation: Organisation) -> Decision:
    if actor.is_staff and organisation.is_merged:
        return Denied(MERGED, Conflict)
    return _by_staff(actor)


def _by_staff(actor: Actor) -> Decision:
    return ALLOWED if actor.is_staff else Denied(STAFF_ONLY)


def _by_coordinator(actor: Actor) -> Decision:
    allowed = actor.has(Role.COORDINATOR)
    return ALLOWED if allowed else Denied(_l("Only a coordinator of the city may do this."))


def can_register(actor: Actor, _register: type[Organisation], *, now: datetime) -> Decision:
    return _by_staff(actor)


def can_revise(actor: Actor, organisation: Organisation, *, now: datetime) -> Decision:
    return _on_living_entry(actor, organisation)


def can_merge(actor: Actor, organisation: Organisation, *, now: datetime) -> Decision:
    """May put this entry and another one together; asked of both."""
    return _on_living_entry(actor, organisation)


def can_be_one(merged: Organisation, survivor: Organisation) -> Decision:
    """Whether two entries could be one organisation at all."""
    if merged.public_id == survivor.public_id:
        return Denied(_l("This is one entry. Choose another one to merge it with."), Conflict)
    if merged.sector is not survivor.sector:
        return Denied(_l("The two stand in different sectors. Revise the one that is wrong first."), Conflict)
    return ALLOWED


def can_bring(actor: Actor, _tables: type[RegisterImport], *, now: datetime) -> Decision:
    """May bring a table of organisations and see what became of earlier ones."""
    return _by_staff(actor)


def can_carry_out(actor: Actor, table: RegisterImport, *, now: datetime) -> Decision:
    if actor.is_staff and table.done_at is not None:
        return Denied(_l("This table has been taken in already."), Conflict)
    return _by_staff(actor)


def can_fetch_contacts(actor: Actor, _register: type[Organisation], *, now: datetime) -> Decision:
    """May fetch the register with its contact data; the log notes it."""
    return _by_staff(actor)


def can_add(actor: Actor, _tags: type[Tag], *, now: datetime) -> Decision:
    """May add a word by which organisations are found."""
    return _by_coordinator(actor)


def can_nominate(actor: Actor, _nominations: type[Nomination], *, now: datetime) -> Decision:
    """Anybody may name an organisation that is missing, without an account."""
    return ALLOWED


def can_see_seats(actor: Actor, _delegates: type[Delegate], *, now: datetime) -> Decision:
    """May read for whom they themselves speak."""
    return ALLOWED if actor.is_signed_in else Denied(_l("Sign in first."), SignInNeeded)


def can_see_queue(actor: Actor, _nominations: type[Nomination], *, now: datetime) -> Decision:
    """May read what people said when they named one."""
    return _by_staff(actor)


def can_answer(actor: Actor, nomination: Nomination, *, now: datetime) -> Decision:
    if not actor.is_staff:
        return Denied(STAFF_ONLY)
    if nomination.outcome is not None:
        return Denied(_l("This has been answered already."), Conflict)
    return ALLOWED


def can_see_contact(actor: Actor, _organisation: Organisation, *, now: datetime) -> Decision:
    """Contact data, notes and names of delegates."""
    return _by_staff(actor)


def can_grant(actor: Actor, organisation: Organisation, *, now: datetime) -> Decision:
    """May name a delegate."""
    return _on_living_entry(actor, organisation)


def can_set_quorum(actor: Actor, _organisation: Organisation, *, now: datetime) -> Decision:
    """May say how many of its delegates must agree on a ballot."""
    return _by_coordinator(actor)


def can_revoke(actor: Actor, delegate: Delegate, *, now: datetime) -> Decision:
    if not actor.is_staff:
        return Denied(STAFF_ONLY)
    if delegate.revoked_at is not None:
        return Denied(_l("This mandate has been withdrawn already."), Conflict)
    return ALLOWED
