"""Who may do what with a proposal: role × visibility × phase × state, the first refusal wins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict, NotFound, SignInNeeded
from ...kernel.i18n import lazy_end, lazy_moment
from ...kernel.identity import Actor, Role
from ...processes import policies as processes
from ...processes.models import Capability, PhaseKind, Process, ProcessState
from ...processes.policies import GUESTS_COMMENT
from ..models import Proposal, ProposalState
from .authors import is_author, is_first_author
from .moderating import knows_of

SIGN_IN = _l("Sign in first. What you have typed is kept as a draft once you are signed in.")
COORDINATORS_ONLY = _l("Only a coordinator of the city answers proposals.")
AUTHORS_ONLY = _l("Only its author may do this.")


def can_view(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """A draft exists for its authors alone; needs ``process`` loaded."""
    if (proposal.is_draft and not is_author(actor, proposal)) or not knows_of(actor, proposal):
        return Denied(None, NotFound)
    return processes.can_view(actor, proposal.process, now=now)


def can_draft(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """May keep a text here: before proposals open too, so that nobody has to write in haste."""
    return first_refusal([is_resident(actor), processes.can_view(actor, process, now=now), is_running(process)])


def can_submit(actor: Actor, process: Process, *, now: datetime, organisation: str | None = None) -> Decision:
    """May hand in a proposal, for oneself or for an organisation (public id) that one is a delegate of."""
    return first_refusal(
        [
            is_resident(actor),
            processes.can_view(actor, process, now=now),
            _takes_proposals(process, now),
            speaks_for(actor, organisation),
        ]
    )


def can_edit(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """A draft, by its authors; what was sent stays as it is."""
    sent = Denied(_l("This proposal has been sent. Its text stays as it is."), Conflict)
    return first_refusal(
        [can_view(actor, proposal, now=now), _by_author(actor, proposal), ALLOWED if proposal.is_draft else sent]
    )


def can_discard(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """By who began it: co-authors may leave, not throw away what others have written."""
    return first_refusal([can_edit(actor, proposal, now=now), _by_first_author(actor, proposal)])


def can_withdraw(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """By who began it, until it is answered, stands on a ballot or the vote begins; needs ``process`` with phases."""
    return first_refusal(
        [
            can_view(actor, proposal, now=now),
            _by_first_author(actor, proposal),
            _can_be_withdrawn(proposal),
            is_running(proposal.process),
            is_on_no_ballot(proposal),
            _before_the_vote(proposal.process, now),
        ]
    )


def can_see_receipt(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    return first_refusal([can_view(actor, proposal, now=now), _by_author(actor, proposal)])


def can_list_answers(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The desk's list of what has its answer and what waits for it."""
    if not (actor.is_staff or actor.has(Role.EVALUATOR)):
        return Denied(_l("This page is for the city’s staff."))
    return processes.can_view(actor, process, now=now)


def can_answer_in(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """May answer proposals of this process, as the desk's list asks before it leads to them."""
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)


def can_answer(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """Once, while the process runs: also when answers are overdue."""
    answered = Denied(_l("This proposal has been answered meanwhile. You can correct that answer."), Conflict)
    return first_refusal(
        [
            *_by_coordinator(actor, proposal, now),
            ALLOWED if proposal.status is not ProposalState.ANSWERED else answered,
            _is_open_for_answers(proposal),
        ]
    )


def can_correct(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """The earlier answer stays in the log."""
    waiting = Denied(_l("This proposal has no answer yet."), Conflict)
    carried_on = Denied(_l("This proposal was merged or split. What came of it is answered in its place."), Conflict)
    return first_refusal(
        [
            *_by_coordinator(actor, proposal, now),
            ALLOWED if not proposal.is_carried_on else carried_on,
            ALLOWED if proposal.status is not ProposalState.SUBMITTED else waiting,
            _is_open_for_answers(proposal),
        ]
    )


def can_import(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Into a process that was held elsewhere, and only there."""
    if not actor.has(Role.COORDINATOR):
        return Denied(_l("Only a coordinator of the city may import proposals."))
    if not process.is_imported:
        return Denied(_l("Proposals can be imported only into a process that was held elsewhere."), Conflict)
    return ALLOWED


def can_take_plan(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Into an open process, which goes on from it, or into one that was held elsewhere."""
    role: Decision = ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)
    fits = process.is_imported or process.status is ProcessState.OPEN
    elsewhere = Denied(_l("A plan is taken into an open process, or into one that was held elsewhere."), Conflict)
    return first_refusal([role, ALLOWED if fits else elsewhere])


def _by_author(actor: Actor, proposal: Proposal) -> Decision:
    return ALLOWED if is_author(actor, proposal) else Denied(AUTHORS_ONLY)


def _by_first_author(actor: Actor, proposal: Proposal) -> Decision:
    return ALLOWED if is_first_author(actor, proposal) else Denied(AUTHORS_ONLY)


def _by_coordinator(actor: Actor, proposal: Proposal, now: datetime) -> list[Decision]:
    role: Decision = ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)
    return [can_view(actor, proposal, now=now), role]


def is_resident(actor: Actor) -> Decision:
    if not actor.is_signed_in:
        return Denied(SIGN_IN, SignInNeeded)
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators read everything and take no part. Use an account of your own."))
    if actor.is_guest:
        return Denied(GUESTS_COMMENT)
    return ALLOWED


def speaks_for(actor: Actor, organisation: str | None) -> Decision:
    if organisation is None or organisation in actor.delegations:
        return ALLOWED
    return Denied(_l("You are not a delegate of this organisation, or your mandate has ended."))


def is_running(process: Process) -> Decision:
    if process.status is ProcessState.CLOSED:
        return Denied(_l("This process is closed. Its record is complete."), Conflict)
    return ALLOWED


def _takes_proposals(process: Process, now: datetime) -> Decision:
    return ALLOWED if process.allows(Capability.PROPOSE, now) else Denied(_why_closed(process, now), Conflict)


def _why_closed(process: Process, now: datetime) -> Any:
    phase = process.phase_of(PhaseKind.PROPOSE)
    if process.status is ProcessState.CLOSED or phase is None:
        return _l("This process takes no proposals now.")
    if now >= phase.ends_at:
        return _l(
            "Proposals closed on %(moment)s. Your text is still here: save it as a draft or copy it.",
            moment=lazy_end(phase.ends_at),
        )
    if now < phase.starts_at:
        return _l(
            "Proposals open on %(moment)s. Save your text as a draft until then.", moment=lazy_moment(phase.starts_at)
        )
    return _l("This process has not been opened yet. Save your text as a draft until then.")


def _can_be_withdrawn(proposal: Proposal) -> Decision:
    reasons = {
        ProposalState.DRAFT: _l("A draft has not been sent. You can throw it away."),
        ProposalState.ANSWERED: _l("The city has answered. An answered proposal stays."),
        ProposalState.WITHDRAWN: _l("This proposal has been withdrawn already."),
    }
    reason = reasons.get(proposal.status)
    return ALLOWED if reason is None else Denied(reason, Conflict)


def is_on_no_ballot(proposal: Proposal) -> Decision:
    if proposal.on_ballot_at is None:
        return ALLOWED
    return Denied(_l("This proposal is on the ballot of a vote. What is on a ballot stays."), Conflict)


def _before_the_vote(process: Process, now: datetime) -> Decision:
    vote = process.phase_of(PhaseKind.VOTE)
    if vote is None or now < vote.starts_at:
        return ALLOWED
    return Denied(_l("The vote has begun. What may be on the ballot stays."), Conflict)


def _is_open_for_answers(proposal: Proposal) -> Decision:
    if proposal.is_concealed:
        return Denied(_l("Moderation withholds this proposal. It is answered once everybody can read it."), Conflict)
    if proposal.status is ProposalState.WITHDRAWN:
        return Denied(_l("This proposal has been withdrawn. It needs no answer."), Conflict)
    if proposal.status is ProposalState.DRAFT or proposal.process.status is not ProcessState.OPEN:
        return Denied(_l("Answers can be given and corrected only while the process is open."), Conflict)
    return ALLOWED
