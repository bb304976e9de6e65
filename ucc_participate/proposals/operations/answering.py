"""What the city says to a proposal, in the name of an official."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from ...kernel.text import clean_text
from ...notifications.operations import queue_mail
from .. import policies, queries, search
from ..events import ProposalEvent
from ..models import Outcome, Proposal, ProposalState
from ..officials import checked_reason, official
from ..publishing import publish_appraisal
from ..recording import record_state


def answer_proposal(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, outcome: Outcome, reason: str, address: str
) -> None:
    """Answer in the name of the acting official, and tell whoever wrote it by mail; ``address`` is the proposal's page.

    Raises Invalid when the reason is too short, Conflict when the account does not say what office it speaks for, and
    while its authors are asked about merging or splitting it: that plan is carried out or given up first.
    """
    if not _is_said_already(proposal, outcome, reason):
        require(policies.can_answer(actor, proposal, now=now))
        require(policies.is_in_no_plan(proposal, queries.waiting_elsewhere(session, [proposal.id])))
        _answer(session, ProposalEvent.ANSWERED, proposal, actor, now, outcome, reason, address)


def correct_answer(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, outcome: Outcome, reason: str, address: str
) -> None:
    """Replace an answer; the earlier one stays in the log. Saying the same again changes nothing. Raises as above."""
    if not _is_said_already(proposal, outcome, reason):
        require(policies.can_correct(actor, proposal, now=now))
        _answer(session, ProposalEvent.ANSWER_CORRECTED, proposal, actor, now, outcome, reason, address)


def _answer(
    session: Session,
    event: ProposalEvent,
    proposal: Proposal,
    actor: Actor,
    now: datetime,
    outcome: Outcome,
    reason: str,
    address: str,
) -> None:
    named = official(session, actor)
    before = proposal.tags
    proposal.move_to(ProposalState.ANSWERED, at=now)
    proposal.outcome, proposal.reason, proposal.answered_by = outcome, checked_reason(reason), named
    proposal.updated_at = now
    search.retag(session, proposal, before)
    record_state(session, event, proposal, actor=actor, now=now)
    publish_appraisal(session, proposal, actor=actor, now=now)
    _tell_authors(session, event, proposal, outcome, address, now)


def _is_said_already(proposal: Proposal, outcome: Outcome, reason: str) -> bool:
    """Whether this very answer stands: the second press of a button."""
    return proposal.outcome is outcome and proposal.reason == clean_text(reason)


def _tell_authors(
    session: Session, event: ProposalEvent, proposal: Proposal, outcome: Outcome, address: str, now: datetime
) -> None:
    """Everybody who wrote it, along or before it was merged, and who endorses it, in their own language."""
    template = "proposal_answered" if event is ProposalEvent.ANSWERED else "proposal_answer_corrected"
    authors = set(queries.credited_ids(session, proposal))
    for account in queries.accounts_to_tell(session, proposal):
        data = {
            "is_author": account.id in authors,
            "name": account.display_name,
            "title": proposal.title,
            "outcome": list(Outcome).index(outcome),
            "reason": proposal.reason,
            "answered_by": proposal.answered_by,
            "address": address,
        }
        facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **facts, template=template, data=data, now=now)
