"""Who may write down what others brought, check it, put it right. Nobody does it for themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from ..accounts.models import Account
from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, Role
from ..processes.models import CAPABILITIES, Capability, Process, ProcessState
from ..processes.policies import can_view
from ..proposals.models import ProposalState
from .models import AssistedItem, Intake, ItemState

LATE_PAPER = timedelta(days=10)
"""How long after the end of the proposals paper that was written in time may still be entered."""
CLERKS_ONLY = _l("Only clerks and coordinators of the city write down what others bring.")


def can_see_desk(actor: Actor, process: Process, *, now: datetime) -> Decision:
    evaluator = actor.has(Role.EVALUATOR)
    return first_refusal([can_view(actor, process, now=now), ALLOWED if evaluator else _is_clerk(actor)])


def can_open(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """While the process takes proposals, and LATE_PAPER after that. Needs ``phases`` loaded."""
    return first_refusal([can_view(actor, process, now=now), _is_clerk(actor), _takes_paper(process, now)])


def can_enter(actor: Actor, intake: Intake, *, now: datetime) -> Decision:
    """The clerk whose session it is, while it lasts. Needs ``process`` with its phases."""
    own = ALLOWED if actor.account_id == intake.clerk_id else Denied(_l("This is another clerk’s session."))
    over = Denied(_l("This session is over. Begin a new one."), Conflict)
    return first_refusal(
        [_is_clerk(actor), own, ALLOWED if intake.is_open(now) else over, _takes_paper(intake.process, now)]
    )


def can_enter_for(actor: Actor, person: Account, *, now: datetime) -> Decision:
    if actor.account_id == person.id:
        return Denied(_l("Nobody writes down something for themselves. Send it from your own account."))
    return ALLOWED


def can_close(actor: Actor, intake: Intake, *, now: datetime) -> Decision:
    own = actor.account_id == intake.clerk_id or actor.has(Role.COORDINATOR)
    gone = Denied(_l("This session is closed already."), Conflict)
    return first_refusal(
        [
            _is_clerk(actor),
            ALLOWED if own else Denied(_l("This is another clerk’s session.")),
            gone if intake.closed_at is not None else ALLOWED,
        ]
    )


def can_check(actor: Actor, item: AssistedItem, *, now: datetime) -> Decision:
    """Another clerk than the one who wrote it down."""
    same = Denied(_l("You have written this down yourself: a second clerk must compare it."))
    done = Denied(_l("This item does not wait for a second clerk."), Conflict)
    return first_refusal(
        [
            _is_clerk(actor),
            same if actor.key == item.entered_by else ALLOWED,
            ALLOWED if item.state is ItemState.WAITING else done,
        ]
    )


def can_correct(actor: Actor, item: AssistedItem, *, now: datetime, holds_code: bool = False) -> Decision:
    """A clerk, or whoever holds the code on the slip; until the city has answered or a vote is announced.

    Needs ``proposal`` loaded.
    """
    right = ALLOWED if holds_code else _is_clerk(actor)
    gone = Denied(_l("This item is withdrawn."), Conflict)
    return first_refusal([right, gone if item.state is ItemState.WITHDRAWN else ALLOWED, _is_still_free(item)])


def can_withdraw(actor: Actor, item: AssistedItem, *, now: datetime, holds_code: bool = False) -> Decision:
    return can_correct(actor, item, now=now, holds_code=holds_code)


def _is_clerk(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.CLERK, Role.COORDINATOR) else Denied(CLERKS_ONLY)


def _takes_paper(process: Process, now: datetime) -> Decision:
    if process.status is not ProcessState.OPEN:
        return Denied(_l("Paper can be entered while the process is open."), Conflict)
    phases = [phase for phase in process.phases if Capability.PROPOSE in CAPABILITIES[phase.kind]]
    if any(phase.starts_at <= now < phase.ends_at + LATE_PAPER for phase in phases):
        return ALLOWED
    return Denied(_l("Proposals are not taken now, on paper neither."), Conflict)


def _is_still_free(item: AssistedItem) -> Decision:
    proposal = item.proposal
    if proposal is None:
        return ALLOWED
    if proposal.status is ProposalState.ANSWERED:
        return Denied(_l("The city has answered. The text stays as it was answered."), Conflict)
    if proposal.on_ballot_at is not None:
        return Denied(_l("It is on a ballot. The text stays as people vote on it."), Conflict)
    return ALLOWED
