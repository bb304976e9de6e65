"""Writing down one item, or a whole sheet of them, and the second clerk's look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.queries import account_by_email
from ...accounts.references import open_without_address
from ...audit.log import record
from ...kernel.codes import Digests, new_code, read_code
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, Role, new_public_id
from ...processes.participation import join
from ...proposals.content import require_complete
from ...proposals.handing_in import draft_for, hand_in
from ...proposals.models import SHORTEST_ON_PAPER, Content, Proposal
from .. import policies, queries
from ..entry import Entry, Person
from ..events import AssistedEvent
from ..models import AssistedItem, Intake, ItemState


def enter_item(
    session: Session,
    intake: Intake,
    entry: Entry,
    *,
    currency: str,
    digests: Digests,
    key: str | None,
    actor: Actor,
    now: datetime,
) -> tuple[AssistedItem, str]:
    """Write down one item; the item and its confirmation code, which can be read from nowhere afterwards.

    ``intake`` is locked, with its process (locked too when it comes with a proposal). The same ``key`` again gives the
    same item and no code. Raises Invalid naming the field.
    """
    require(policies.can_enter(actor, intake, now=now))
    known = queries.item_by_key(session, intake, key)
    if known is not None:
        return known, ""
    return _enter(session, intake, entry, currency=currency, digests=digests, key=key, actor=actor, now=now)


def enter_many(
    session: Session,
    intake: Intake,
    entries: Sequence[Entry],
    *,
    currency: str,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> list[tuple[AssistedItem, str]]:
    """Write down a sheet, whole or not at all."""
    require(policies.can_enter(actor, intake, now=now))
    facts: dict[str, Any] = {"currency": currency, "digests": digests, "key": None, "actor": actor, "now": now}
    return [_enter(session, intake, entry, **facts) for entry in entries]


def _enter(
    session: Session,
    intake: Intake,
    entry: Entry,
    *,
    currency: str,
    digests: Digests,
    key: str | None,
    actor: Actor,
    now: datetime,
) -> tuple[AssistedItem, str]:
    person = _person(session, entry.person, locale=intake.clerk.locale, actor=actor, now=now)
    require(policies.can_enter_for(actor, person, now=now))
    code = new_code()
    intake.items += 1
    item = AssistedItem(
        public_id=new_public_id(),
        intake_id=intake.id,
        intake=intake,
        number=intake.items,
        account_id=person.id,
        state=ItemState.WAITING if intake.needs_second else ItemState.ENTERED,
        code=digests("slip", read_code(code)),
        idempotency_key=key,
        entered_by=actor.key,
        entered_at=now,
        proposal=None,
    )
    if entry.content is not None:
        item.proposal = _draft(session, intake, entry, entry.content, person, currency=currency, now=now)
    session.add(item)
    session.flush()
    if item.state is ItemState.ENTERED:
        _count_in(session, item, actor=actor, now=now)
    _record(session, AssistedEvent.ENTERED, item, actor=actor, now=now)
    return item, code


def _draft(
    session: Session, intake: Intake, entry: Entry, content: Content, person: Account, *, currency: str, now: datetime
) -> Proposal:
    named = person.display_name if content.shows_name and entry.person.name else None
    made = draft_for(intake.process, content, author_id=person.id, author_name=named, currency=currency, now=now)
    require_complete(made, shortest_title=SHORTEST_ON_PAPER)
    session.add(made)
    session.flush()
    return made


def check_item(session: Session, item: AssistedItem, *, actor: Actor, now: datetime) -> None:
    """A second clerk has compared the item with its paper: from now on it counts."""
    require(policies.can_check(actor, item, now=now))
    item.move_to(ItemState.ENTERED)
    item.checked_by, item.checked_at = actor.key, now
    _count_in(session, item, actor=actor, now=now)
    _record(session, AssistedEvent.CHECKED, item, actor=actor, now=now)


def _count_in(session: Session, item: AssistedItem, *, actor: Actor, now: datetime) -> None:
    """The person takes part, and what they propose goes on the list."""
    process = item.intake.process
    join(session, process, item.account_id, actor=actor, now=now, way_in=item.intake.way_in)
    if item.proposal is not None:
        facts: dict[str, Any] = {"role": Role.CLERK, "shortest_title": SHORTEST_ON_PAPER}
        hand_in(session, process, item.proposal, actor=actor, now=now, **facts)


def _person(session: Session, given: Person, *, locale: str, actor: Actor, now: datetime) -> Account:
    if given.email:
        known = account_by_email(session, given.email)
        if known is None or not known.is_active:
            raise Invalid(_l("Nobody has an account with this address. Leave it empty to make one."), field="email")
        return known
    return open_without_address(session, given.about, name=given.name, locale=locale, actor=actor, now=now)


def _record(session: Session, event: AssistedEvent, item: AssistedItem, *, actor: Actor, now: datetime) -> None:
    record(
        session,
        event,
        actor=actor,
        subject=item.ref,
        process=item.intake.process.ref,
        payload=item.public_payload(),
        role=Role.CLERK,
        now=now,
    )
