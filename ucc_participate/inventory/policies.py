"""Who may do what with needs and assets: people suggest while proposals are taken, coordinators decide."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound, SignInNeeded
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Capability, Process, ProcessState
from .models import InventoryItem, ItemState

PUBLIC = frozenset({ItemState.LISTED, ItemState.RETIRED})
COORDINATORS_ONLY = _l("Only a coordinator of the city decides on needs and assets.")


def can_view(actor: Actor, item: InventoryItem, *, now: datetime) -> Decision:
    """What waits is seen by whoever suggested it and by coordinators; needs ``process`` loaded."""
    own = actor.account_id is not None and actor.account_id == item.author_id
    if item.status not in PUBLIC and not own and not actor.has(Role.COORDINATOR):
        return Denied(None, NotFound)
    return processes.can_view(actor, item.process, now=now)


def can_suggest(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Every resident who is signed in, while the process takes proposals; coordinators until it is closed."""
    if not (actor.is_signed_in or actor.is_system):
        return Denied(_l("Sign in first."), SignInNeeded)
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators read everything and take no part. Use an account of your own."))
    if actor.is_guest:
        return Denied(processes.GUESTS_COMMENT)
    closed = Denied(_l("Needs and assets are collected while the process takes proposals."), Conflict)
    is_open = process.allows(Capability.PROPOSE, now) or can_curate(actor, process, now=now)
    return first_refusal([processes.can_view(actor, process, now=now), ALLOWED if is_open else closed])


def can_curate(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Publish, edit, retire: a coordinator, until the process is closed."""
    if not actor.has(Role.COORDINATOR):
        return Denied(COORDINATORS_ONLY)
    if process.status is ProcessState.CLOSED:
        return Denied(_l("This process is closed. Its record is complete."), Conflict)
    return processes.can_view(actor, process, now=now)


def can_edit(actor: Actor, item: InventoryItem, *, now: datetime) -> Decision:
    """A coordinator; and whoever suggested it, while it waits."""
    if item.status is ItemState.DECLINED:
        return Denied(_l("This suggestion was not taken. Suggest it anew if it has changed."), Conflict)
    own = actor.account_id is not None and actor.account_id == item.author_id
    if own and item.status is ItemState.SUGGESTED:
        return can_suggest(actor, item.process, now=now)
    return first_refusal([can_view(actor, item, now=now), can_curate(actor, item.process, now=now)])


def can_decide(actor: Actor, item: InventoryItem, *, now: datetime) -> Decision:
    """Put on the list, decline, retire, put back."""
    return first_refusal([can_view(actor, item, now=now), can_curate(actor, item.process, now=now)])


def can_rank(actor: Actor, process: Process, *, now: datetime, organisation: str | None = None) -> Decision:
    """Residents, and delegates for their organisation (public id), while proposals or the discussion are open.

    Who has not signed in is asked to only while there is something to say.
    """
    closed = Denied(_l("Needs are ranked while the process takes proposals or discusses them."), Conflict)
    is_open = process.allows(Capability.PROPOSE, now) or process.allows(Capability.COMMENT, now)
    if not actor.is_signed_in:
        wanted = Denied(_l("Sign in first."), SignInNeeded) if is_open else closed
        return first_refusal([processes.can_view(actor, process, now=now), wanted])
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators read everything and take no part. Use an account of your own."))
    if actor.is_guest:
        return Denied(processes.GUESTS_COMMENT)
    if organisation is not None and organisation not in actor.delegations:
        return Denied(_l("You are not a delegate of this organisation, or your mandate has ended."))
    return first_refusal([processes.can_view(actor, process, now=now), ALLOWED if is_open else closed])
