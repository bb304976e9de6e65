"""What the city says to a proposal, in the name of an official."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor
from ...kernel.text import clean_text
from ...notifications.operations import queue_mail
from .. import policies, queries, search
from ..events import ProposalEvent
from ..models import REASON_LENGTH, Outcome, Proposal, ProposalState
from ..recording import record_state


def answer_proposal(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, outcome: Outcome, reason: str, address: str
) -> None:
    """Answer in the name of the acting official, and tell the author by mail; ``address`` is the proposal's page.

    Raises Invalid when the reason is too short, Conflict when the account does not say what office it speaks for.
    """
    if not _is_said_already(proposal, outcome, reason):
        require(policies.can_answer(actor, proposal, now=now))
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
    official = _official(session, actor)
    before = proposal.tags
    proposal.move_to(ProposalState.ANSWERED, at=now)
    proposal.outcome, proposal.reason, proposal.answered_by = outcome, _checked_reason(reason), official
    proposal.updated_at = now
    search.retag(session, proposal, before)
    record_state(session, event, proposal, actor=actor, now=now)
    _tell_author(session, event, proposal, outcome, address, now)


def _is_said_already(proposal: Proposal, outcome: Outcome, reason: str) -> bool:
    """Whether this very answer stands: the second press of a button."""
    return proposal.outcome is outcome and proposal.reason == clean_text(reason)


def _official(session: Session, actor: Actor) -> str:
    """Name and function of who answers, as the public reads it."""
    account = queries.get_account(session, actor)
    if account is None or not account.function:
        raise Conflict(
            _l("An answer carries the name and function of an official. Add your function to your account first.")
        )
    return account.official_name


def _checked_reason(reason: str) -> str:
    least, most = REASON_LENGTH
    cleaned = clean_text(reason, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Give a reason of at least %(least)s characters.", least=least), field="reason")
    return cleaned


def _tell_author(
    session: Session, event: ProposalEvent, proposal: Proposal, outcome: Outcome, address: str, now: datetime
) -> None:
    author = proposal.author
    if author is None or not author.is_active:
        return
    template = "proposal_answered" if event is ProposalEvent.ANSWERED else "proposal_answer_corrected"
    data = {
        "name": author.display_name,
        "title": proposal.title,
        "outcome": list(Outcome).index(outcome),
        "reason": proposal.reason,
        "answered_by": proposal.answered_by,
        "address": address,
    }
    facts: dict[str, Any] = {"to": author.email, "owner": author.key, "locale": author.locale}
    queue_mail(session, **facts, template=template, data=data, now=now)
