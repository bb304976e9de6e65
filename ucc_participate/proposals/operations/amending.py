"""Amendments: proposed by whoever may comment, accepted or declined by the authors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role
from ...kernel.reasons import required_reason
from ...kernel.text import clean_text
from ...notifications.operations import queue_mail
from ...processes.participation import join
from .. import policies, queries
from ..amendments import record_amendment, screened, tell_authors
from ..company import tell_supporters
from ..events import AmendmentEvent
from ..models import (
    AMENDMENT_REASON,
    CHANGE_LENGTH,
    DECLINE_REASON,
    LONGEST_AMENDED,
    AmendedField,
    Amendment,
    AmendmentState,
    Proposal,
)
from ..versioning import publish, text_of


def propose_amendment(
    session: Session,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    field: AmendedField,
    text: str,
    reason: str,
    based_on: int | None = None,
    shows_name: bool = True,
    key: str | None = None,
    network: str | None = None,
) -> Amendment:
    """Propose what a part of the text should say instead; its authors get a mail once they can read it.

    Moderation may hold it back (amendments.screened; ``network``: sketch of the sender's). Raises Blocked and TooMany.
    A second call with the same ``key`` returns the first one's. Raises Conflict when the text is a newer one than
    ``based_on``, Invalid for a text that changes nothing and for a reason that says too little.
    """
    known = queries.amendment_with_key(session, key, actor.account_id)
    if known is not None:
        return known
    require(policies.can_amend(actor, proposal, now=now))
    old = getattr(proposal, field.value)
    amendment = Amendment(
        proposal_id=proposal.id,
        proposal=proposal,
        number=queries.last_amendment_number(session, proposal) + 1,
        author_id=actor.account_id,
        author_name=actor.name if shows_name else None,
        idempotency_key=key,
        field=field,
        state=AmendmentState.PROPOSED,
        proposed_at=now,
        reason=required_reason(reason, AMENDMENT_REASON, field="reason"),
        **_texts(proposal, field, old, text, based_on),
    )
    session.add(amendment)
    if actor.account_id is not None:
        join(session, proposal.process, actor.account_id, actor=actor, now=now)
    screened(session, amendment, actor=actor, network=network, now=now)
    _record(session, AmendmentEvent.PROPOSED, amendment, actor=actor, now=now)
    tell_authors(session, amendment, now=now)
    return amendment


def renew_amendment(
    session: Session,
    proposal: Proposal,
    number: int,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    reason: str,
    based_on: int | None = None,
    network: str | None = None,
) -> Amendment:
    """Fit one's amendment to the text as it is now. It is screened again. Raises as above."""
    amendment = _loaded(session, proposal, number)
    require(policies.can_change_amendment(actor, amendment, now=now))
    require(policies.can_amend(actor, proposal, now=now))
    texts = _texts(proposal, amendment.field, getattr(proposal, amendment.field.value), text, based_on)
    for name, value in (texts | {"reason": required_reason(reason, AMENDMENT_REASON, field="reason")}).items():
        setattr(amendment, name, value)
    screened(session, amendment, actor=actor, network=network, now=now)
    _record(session, AmendmentEvent.RENEWED, amendment, actor=actor, now=now)
    return amendment


def withdraw_amendment(session: Session, proposal: Proposal, number: int, *, actor: Actor, now: datetime) -> None:
    amendment = _loaded(session, proposal, number)
    require(policies.can_change_amendment(actor, amendment, now=now))
    amendment.settle(AmendmentState.WITHDRAWN, at=now)
    _record(session, AmendmentEvent.WITHDRAWN, amendment, actor=actor, now=now)


def accept_amendment(
    session: Session, proposal: Proposal, number: int, *, actor: Actor, now: datetime, address: str
) -> None:
    """Take it over as a new version, with credit to who proposed it; they and all supporters are told.

    Raises Conflict when it is outdated or answered already. Accepting twice changes nothing.
    """
    amendment = _loaded(session, proposal, number)
    if amendment.state is AmendmentState.ACCEPTED:
        return
    require(policies.can_answer_amendment(actor, proposal, now=now))
    require(policies.may_be_taken_over(amendment))
    if amendment.is_outdated(proposal):
        raise Conflict(
            _l("The text has changed since this was proposed. Whoever proposed it can fit it to the new text.")
        )
    amendment.settle(AmendmentState.ACCEPTED, at=now)
    change = amendment.reason[: CHANGE_LENGTH[1]].replace("\n", " ")
    values = text_of(proposal) | {
        "kind": proposal.kind,
        "level": proposal.level,
        amendment.field.value: amendment.new_text,
    }
    publish(session, proposal, values, actor=actor, now=now, change=change, amendment=amendment)
    _record(session, AmendmentEvent.ACCEPTED, amendment, actor=actor, now=now)
    tell_supporters(session, proposal, change=change, address=address, now=now)
    _tell_amender(session, amendment, address=address, now=now)


def decline_amendment(
    session: Session, proposal: Proposal, number: int, *, actor: Actor, now: datetime, reason: str, address: str
) -> None:
    """Say no, with a reason that everybody can read. Declining twice changes nothing."""
    amendment = _loaded(session, proposal, number)
    if amendment.state is AmendmentState.DECLINED:
        return
    require(policies.can_answer_amendment(actor, proposal, now=now))
    require(policies.may_be_taken_over(amendment))
    amendment.answer = required_reason(reason, DECLINE_REASON, field="answer")
    amendment.settle(AmendmentState.DECLINED, at=now)
    _record(session, AmendmentEvent.DECLINED, amendment, actor=actor, now=now)
    _tell_amender(session, amendment, address=address, now=now)


def _loaded(session: Session, proposal: Proposal, number: int) -> Amendment:
    return queries.amendment_to_change(session, proposal, number)


def _texts(proposal: Proposal, field: AmendedField, old: str, text: str, based_on: int | None) -> dict[str, Any]:
    if based_on is not None and based_on != proposal.text_version:
        raise Conflict(_l("The text has changed meanwhile. Your change is still here: fit it to the new text."))
    new = clean_text(text, max_length=LONGEST_AMENDED[field])
    if new == old:
        raise Invalid(_l("Your text says the same as the proposal. Change what should be different."), field="text")
    if field is AmendedField.SUMMARY and not new:
        raise Invalid(_l("The short text cannot be empty."), field="text")
    return {"old_text": old, "new_text": new, "base_version": proposal.text_version}


def _record(session: Session, event: AmendmentEvent, amendment: Amendment, *, actor: Actor, now: datetime) -> None:
    proposal = amendment.proposal
    role = queries.role_of_author(actor, proposal) if policies.is_author(actor, proposal) else Role.RESIDENT
    record_amendment(session, event, amendment, actor=actor, now=now, role=role)


def _tell_amender(session: Session, amendment: Amendment, *, address: str, now: datetime) -> None:
    author = amendment.author
    if author is None or not author.is_active:
        return
    is_accepted = amendment.state is AmendmentState.ACCEPTED
    data = {"title": amendment.proposal.title, "answer": amendment.answer or "", "address": address}
    facts: dict[str, Any] = {"to": author.email, "owner": author.key, "locale": author.locale}
    template = "amendment_accepted" if is_accepted else "amendment_declined"
    queue_mail(session, **facts, template=template, data=data, now=now)
