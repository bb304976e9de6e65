"""Every change of needs and assets."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.leftovers import leave_uploads
from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import record, settle
from ...audit.operations import withhold_fields
from ...documents.attaching import detach_all, with_small_copies
from ...documents.queries import documents_of
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.reasons import required_reason
from ...kernel.text import clean_line, clean_text
from ...moderation.screening import admit, refuse_blocked
from ...processes.models import Process
from .. import policies, queries
from ..events import InventoryEvent
from ..models import (
    EVIDENCE_LENGTH,
    PLACE_LENGTH,
    REASON_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    InventoryItem,
    ItemState,
    ItemText,
)

ERASURE_REASON = "The contributor asked for erasure."


def add_item(
    session: Session, process: Process, told: ItemText, *, actor: Actor, now: datetime, is_typed: bool = False
) -> InventoryItem:
    """Suggest a need or an asset; what a coordinator adds is listed at once. Raises Invalid naming the field.

    A suggestion waits for a coordinator, so that moderation holds none; it raises Blocked and TooMany. ``is_typed``:
    whether somebody typed it into a form of ours.
    """
    require(policies.can_suggest(actor, process, now=now))
    is_listed = bool(policies.can_curate(actor, process, now=now))
    if not is_listed:
        admit(session, process, actor=actor, kind="inventory", is_typed=is_typed, now=now)
    item = InventoryItem(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        author_id=actor.account_id,
        status=ItemState.SUGGESTED,
        created_at=now,
    )
    _write(session, item, told, actor)
    if is_listed:
        item.move_to(ItemState.LISTED, at=now)
    session.add(item)
    note(session, InventoryEvent.LISTED if is_listed else InventoryEvent.SUGGESTED, item, actor=actor, now=now)
    return item


def revise_item(session: Session, item: InventoryItem, told: ItemText, *, actor: Actor, now: datetime) -> None:
    """Put the text right; who contributed it stays. Saying the same again changes nothing. Raises Blocked."""
    require(policies.can_edit(actor, item, now=now))
    if not policies.can_curate(actor, item.process, now=now):
        refuse_blocked(session, item.process, actor=actor, now=now)
    before = item.public_payload()
    _write(session, item, told, actor)
    if item.public_payload() != before:
        event = InventoryEvent.REVISED if item.was_public else InventoryEvent.SUGGESTED
        note(session, event, item, actor=actor, now=now)


def list_item(session: Session, item: InventoryItem, *, actor: Actor, now: datetime) -> None:
    """Put a suggestion on the list, or put back what was retired."""
    require(policies.can_decide(actor, item, now=now))
    item.move_to(ItemState.LISTED, at=now)
    item.reason = None
    _publish_files(session, item)
    note(session, InventoryEvent.LISTED, item, actor=actor, now=now)


def retire_item(session: Session, item: InventoryItem, *, reason: str, actor: Actor, now: datetime) -> None:
    """Decline a suggestion, or take off the list what stands there; proposals that name it keep naming it."""
    require(policies.can_decide(actor, item, now=now))
    item.reason = required_reason(reason, REASON_LENGTH)
    item.move_to(ItemState.RETIRED if item.was_public else ItemState.DECLINED, at=now)
    event = InventoryEvent.RETIRED if item.was_public else InventoryEvent.DECLINED
    note(session, event, item, actor=actor, now=now)


def forget_contributor(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Erase a person: what waits goes, what was listed stays without the name, which the log withholds.

    What they chose as most important stays counted and belongs to nobody any more.
    """
    contributed = queries.contributed_by(session, account)
    named = [item for item in contributed if item.was_public]
    settle(session)
    for process, positions in queries.logged_authors(session, named).items():
        withhold_fields(
            session,
            [(position, "author") for position in positions],
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=ERASURE_REASON,
        )
    for item in contributed:
        if item.was_public:
            item.author_name, item.author_id = None, None
        else:
            leave_uploads(session, with_small_copies(detach_all(session, item.ref), item.files), now=now)
            session.delete(item)
    for choice in queries.choices_of(session, account):
        choice.account_id = None


def _write(session: Session, item: InventoryItem, told: ItemText, actor: Actor) -> None:
    item.kind = told.kind
    item.title = clean_line(told.title, max_length=TITLE_LENGTH[1])
    item.text = clean_text(told.text, max_length=TEXT_LENGTH)
    item.evidence = clean_text(told.evidence, max_length=EVIDENCE_LENGTH)
    item.place = clean_line(told.place, max_length=PLACE_LENGTH) or None
    if len(item.title) < TITLE_LENGTH[0]:
        raise Invalid(
            _l("Write a title of at least %(least)s characters.", least=lazy_number(TITLE_LENGTH[0])), field="title"
        )
    if item.kind.is_asset and not item.evidence:
        raise Invalid(_l("Say how this is known: a source, a register, who told you."), field="evidence")
    if item.author_id is not None and item.author_id == actor.account_id:
        item.author_name = _shown_name(session, told, actor)


def _shown_name(session: Session, told: ItemText, actor: Actor) -> str | None:
    """Who speaks for the city is named with the office; a resident as they chose."""
    account = session.get(Account, actor.account_id)
    if account is None:
        return None
    if actor.has(Role.COORDINATOR) and account.function:
        return account.official_name
    return account.display_name if told.shows_name else None


def _publish_files(session: Session, item: InventoryItem) -> None:
    """What is public has public files."""
    for document in documents_of(session, item.ref):
        document.is_public = item.was_public


def note(session: Session, event: InventoryEvent, item: InventoryItem, *, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        event,
        actor=actor,
        subject=item.ref,
        process=item.process.ref,
        payload=item.public_payload() if item.was_public else None,
        now=now,
        role=Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None,
    )
