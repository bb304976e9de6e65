"""Setting up polling places and their boxes, and keeping the signed protocol."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...documents.attaching import attach
from ...documents.models import Document
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...voting.models import Vote
from ...voting.operations import await_paper
from .. import policies
from ..events import BoxEvent, PlaceEvent
from ..models import BallotBox, BoxState, PollingPlace
from ..recording import record_box

MOST_BOXES = 20


def announce_place(
    session: Session,
    vote: Vote,
    *,
    name: str,
    location: str,
    opens_at: datetime,
    closes_at: datetime,
    boxes: int,
    printed: int | None,
    actor: Actor,
    now: datetime,
) -> PollingPlace:
    """A new polling place with ``boxes`` boxes; without any it has kiosks alone. ``vote`` is locked, with its process.

    With boxes the vote is not counted before their papers are in. Raises Invalid naming the field.
    """
    require(policies.can_set_up(actor, vote, now=now))
    _require_hours(vote, opens_at, closes_at)
    if not 0 <= boxes <= MOST_BOXES:
        raise Invalid(_l("Between none and %(most)s boxes.", most=MOST_BOXES), field="boxes")
    if boxes and vote.rules.get("decides", "person") != "person":
        raise Invalid(
            _l("Here the result depends on sectors, and a paper tells none: no boxes, kiosks."), field="boxes"
        )
    place = PollingPlace(
        public_id=new_public_id(),
        vote_id=vote.id,
        vote=vote,
        name=name,
        location=location,
        opens_at=opens_at,
        closes_at=closes_at,
        printed=printed,
        created_at=now,
    )
    session.add(place)
    session.flush()
    _record_place(session, PlaceEvent.ANNOUNCED, place, actor, now)
    for number in range(1, boxes + 1):
        box = BallotBox(place_id=place.id, place=place, number=number, state=BoxState.OPEN, handed_out=0, spoiled=0)
        box.invalid = {}
        session.add(box)
        record_box(session, BoxEvent.SET_UP, box, actor, now)
    if boxes:
        await_paper(session, vote, actor=actor, now=now)
    return place


def revise_place(
    session: Session,
    place: PollingPlace,
    *,
    name: str,
    location: str,
    opens_at: datetime,
    closes_at: datetime,
    printed: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Another room, other hours. ``place`` is locked, with its vote and the vote's process."""
    require(policies.can_set_up(actor, place.vote, now=now))
    _require_hours(place.vote, opens_at, closes_at)
    place.name, place.location, place.printed = name, location, printed
    place.opens_at, place.closes_at = opens_at, closes_at
    _record_place(session, PlaceEvent.REVISED, place, actor, now)


def _require_hours(vote: Vote, opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise Invalid(_l("It must close after it opens."), field="closes_at")
    if opens_at < vote.opens_at:
        raise Invalid(_l("The vote opens later than this."), field="opens_at")
    if closes_at > vote.closes_at:
        raise Invalid(_l("The vote closes earlier than this."), field="closes_at")


def keep_protocol(
    session: Session, place: PollingPlace, stored: StoredUpload, *, title: str, actor: Actor, now: datetime
) -> Document:
    """Keep the scan of the signed protocol, for the staff alone; the log has its fingerprint."""
    require(policies.can_keep_protocol(actor, place, now=now))
    document = attach(session, place.ref, stored, kind="scan", title=title, actor=actor, now=now)
    record(
        session,
        PlaceEvent.PROTOCOL_KEPT,
        actor=actor,
        subject=f"{place.ref}/scan/{document.public_id}",
        process=place.vote.process.ref,
        payload={"scan": document.public_payload()},
        schema="ucc.scan/1",
        now=now,
    )
    return document


def _record_place(session: Session, event: PlaceEvent, place: PollingPlace, actor: Actor, now: datetime) -> None:
    facts: dict[str, Any] = {"subject": place.ref, "process": place.vote.process.ref}
    record(session, event, actor=actor, now=now, payload=place.public_payload(), **facts)
