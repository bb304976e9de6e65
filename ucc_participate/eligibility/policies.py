"""Who may fix the rules, hand out proofs, and prove something."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..accounts.models import Account
from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, SignInNeeded
from ..kernel.identity import Actor, Role
from ..processes.models import Process, ProcessState
from ..processes.policies import can_view
from .models import Verification

COORDINATORS_ONLY = _l("Only a coordinator of the city may do this.")
STAFF_ONLY = _l("Only coordinators and clerks of the city check who may take part.")
FIXED = _l("The process is open. Who may vote was fixed before and stays as it is.")
CLOSED = _l("This process is closed.")


def can_set_rules(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Until the process opens (rule P9: eligibility is fixed before opening)."""
    is_settled = process.status in (ProcessState.OPEN, ProcessState.CLOSED)
    return first_refusal(
        [
            can_view(actor, process, now=now),
            _by_coordinator(actor),
            Denied(FIXED, Conflict) if is_settled else ALLOWED,
        ]
    )


def can_hand_out(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Lists and codes: until the process is closed; each later one is a public entry of the log."""
    return first_refusal([can_view(actor, process, now=now), _by_coordinator(actor), _not_closed(process)])


def can_see_desk(actor: Actor, process: Process, *, now: datetime) -> Decision:
    return first_refusal([can_view(actor, process, now=now), _by_staff(actor)])


def can_check(actor: Actor, account: Account, *, now: datetime) -> Decision:
    """A clerk who has seen the person's paper; nobody checks themselves."""
    own = actor.account_id is not None and actor.account_id == account.id
    return first_refusal(
        [_by_staff(actor), Denied(_l("Nobody checks themselves. Ask a colleague.")) if own else ALLOWED]
    )


def can_record_guardian(actor: Actor, account: Account, process: Process, *, now: datetime) -> Decision:
    return first_refusal([can_check(actor, account, now=now), _not_closed(process)])


def can_revoke(actor: Actor, verification: Verification, *, now: datetime) -> Decision:
    gone = Denied(_l("This proof has been revoked already."), Conflict)
    return first_refusal([_by_coordinator(actor), gone if verification.revoked_at is not None else ALLOWED])


def can_prove(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """One's own eligibility, before and while the process runs."""
    signed_in = ALLOWED if actor.is_signed_in else Denied(_l("Sign in first."), SignInNeeded)
    return first_refusal([can_view(actor, process, now=now), signed_in, _not_closed(process)])


def _by_coordinator(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)


def _by_staff(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR, Role.CLERK) else Denied(STAFF_ONLY)


def _not_closed(process: Process) -> Decision:
    return Denied(CLOSED, Conflict) if process.status is ProcessState.CLOSED else ALLOWED
