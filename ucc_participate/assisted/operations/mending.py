"""Putting right and taking back what was written down: each a new entry with a reason, never a smaller total.

Whoever holds the code on the slip may do it themselves; the log then says ``resident``.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.links import LinkAddress, mail_link
from ...accounts.models import PAPER_DOMAIN, Account, LinkPurpose
from ...accounts.queries import account_by_email
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role
from ...proposals.handing_in import correct_text, take_back, write_draft
from ...proposals.models import Content, ProposalState
from .. import policies, queries
from ..events import AssistedEvent
from ..models import AssistedItem, ItemState

SHORTEST_REASON = 5


def correct_item(
    session: Session,
    item: AssistedItem,
    content: Content,
    *,
    name: str,
    reason: str,
    holds_code: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Put the text right. ``name``: how the person is called, "" for nobody; ``reason`` stays with the city."""
    require(policies.can_correct(actor, item, now=now, holds_code=holds_code))
    proposal = item.proposal
    if proposal is None:
        raise Conflict(_l("There is no text to put right."))
    _require_reason(reason)
    role = _role(holds_code)
    named = name if content.shows_name and name else None
    if proposal.status is ProposalState.DRAFT:
        write_draft(proposal, content, author_name=named, now=now)
    else:
        correct_text(session, proposal, content, author_name=named, actor=actor, now=now, role=role)
    item.last_reason = reason
    _record(session, AssistedEvent.CORRECTED, item, actor=actor, now=now, role=role)


def withdraw_item(
    session: Session, item: AssistedItem, *, reason: str, holds_code: bool, actor: Actor, now: datetime
) -> None:
    """Take it back: the proposal leaves the list; that the person took part stays."""
    require(policies.can_withdraw(actor, item, now=now, holds_code=holds_code))
    _require_reason(reason)
    role = _role(holds_code)
    item.move_to(ItemState.WITHDRAWN)
    item.last_reason = reason
    if item.proposal is not None:
        take_back(session, item.proposal, actor=actor, now=now, role=role)
    _record(session, AssistedEvent.WITHDRAWN, item, actor=actor, now=now, role=role)


def take_over(
    session: Session, item: AssistedItem, *, email: str, address: LinkAddress, actor: Actor, now: datetime
) -> None:
    """Mail a link with which the person makes the account on their slip their own. Raises Invalid (``email``)."""
    person = session.get_one(Account, item.account_id)
    if not person.email.endswith(f"@{PAPER_DOMAIN}"):
        raise Conflict(_l("Somebody has taken over this account already. Sign in with its address."))
    if account_by_email(session, email) is not None:
        raise Invalid(
            _l("There is an account with this address already. Sign in there, or give another address."), field="email"
        )
    mail_link(
        session,
        email,
        LinkPurpose.CHANGE_EMAIL,
        person,
        locale=person.locale,
        next_url=None,
        address=address,
        now=now,
    )
    _record(session, AssistedEvent.TAKEN_OVER, item, actor=actor, now=now, role=Role.RESIDENT)


def forget_items(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: the items stay, with the reasons gone. Part of the erasing operation."""
    for item in queries.items_of(session, account):
        item.last_reason = None


def _require_reason(reason: str) -> None:
    if len(reason) < SHORTEST_REASON:
        raise Invalid(_l("Say why, in a few words."), field="reason")


def _role(holds_code: bool) -> Role:
    return Role.RESIDENT if holds_code else Role.CLERK


def _record(
    session: Session, event: AssistedEvent, item: AssistedItem, *, actor: Actor, now: datetime, role: Role
) -> None:
    record(
        session,
        event,
        actor=actor,
        subject=item.ref,
        process=item.intake.process.ref,
        payload=item.public_payload(),
        role=role,
        now=now,
    )
