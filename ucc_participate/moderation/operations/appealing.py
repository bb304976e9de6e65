"""An author's appeal against a decision, and what another moderator makes of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import policies, queries
from ..deciding import Addresses, checked_words, locked, note, note_decision, set_standing, tell_authors
from ..events import ModerationEvent
from ..kinds import Kinds, load_contribution
from ..models import Act, Appeal, AppealOutcome, Case, Decision, Standing, Waiting


def appeal(
    session: Session, kinds: Kinds, case: Case, decision: Decision, *, words: str, actor: Actor, now: datetime
) -> Appeal:
    """Ask another moderator to look at it again, once for each decision. Raises Invalid (``words``)."""
    contribution, case = locked(session, kinds, case.ref, now=now)
    known = queries.appeal_of(session, decision)
    require(policies.can_appeal(actor, contribution, decision, known, now=now))
    made = Appeal(
        decision_id=decision.id,
        process_id=case.process_id,
        account_id=actor.account_id,
        words=checked_words(words),
        at=now,
    )
    session.add(made)
    case.wait(Waiting.APPEALED, since=now)
    note(session, ModerationEvent.APPEALED, contribution, {"kind": case.kind}, actor=actor, now=now)
    return made


def decide_appeal(
    session: Session,
    kinds: Kinds,
    case: Case,
    outcome: AppealOutcome,
    *,
    answer: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the decision stand or take it back; never by the moderator who made it. Raises Invalid (``words``)."""
    contribution = load_contribution(kinds, session, case.ref)
    waiting, decision = queries.open_appeal(session, case)
    require(policies.can_decide_appeal(actor, contribution, decision, waiting, now=now))
    contribution, case = locked(session, kinds, case.ref, now=now)
    waiting, decision = queries.open_appeal(session, case)
    said = checked_words(answer)
    waiting.outcome, waiting.answer = outcome, said
    waiting.decided_by_id, waiting.decided_at = actor.account_id, now
    if outcome is AppealOutcome.OVERTURNED and contribution.standing is not Standing.SHOWN:
        note_decision(session, case, Act.RESTORED, None, said, actor=actor, now=now)
        set_standing(session, kinds, contribution, Standing.SHOWN, actor=actor, now=now)
    case.settle()
    payload = {"kind": case.kind, "outcome": outcome.value, "words": said}
    note(session, ModerationEvent.APPEAL_DECIDED, contribution, payload, actor=actor, now=now)
    facts = {
        "outcome": list(AppealOutcome).index(outcome),
        "words": said,
        "address": addresses.own(contribution.process, case.public_id),
    }
    tell_authors(session, contribution, "moderation_appeal_decided", facts, actor=actor, now=now)
