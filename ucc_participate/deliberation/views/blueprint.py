"""The blueprint that all views of discussions share, and how they find a subject and a comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import NotFound
from ...kernel.identity import Actor
from ...kernel.web import current_actor
from ...processes.models import Process
from ...processes.queries import process_in_brief
from ...settings import Settings
from .. import queries
from ..models import Comment
from ..subjects import Discussed, Topic, kind_of
from ..telling import Addresses

bp = Blueprint("deliberation", __name__)
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A subject under discussion, with its kind and the address of its page."""

    topic: Topic
    kind: Discussed
    url: str

    @property
    def process(self) -> Process:
        return self.topic.process

    @property
    def round(self) -> Topic | None:
        """The topic where it has a round of its own, which says when comments are taken; None where phases do."""
        return self.topic if self.topic.until is not None else None

    @property
    def names(self) -> dict[str, Any]:
        """The parts of the discussion's own addresses."""
        kind, _slash, thing = self.topic.ref.partition("/")
        return {"process_id": self.process.public_id, "kind": kind, "thing": thing}


def load_place(process_id: str, ref: str) -> Place:
    """What is discussed, as far as the present actor may see it. Raises NotFound."""
    kind, actor = kind_of(ref), current_actor()
    process = process_in_brief(db.session(), process_id, actor=actor)
    topic = kind.load(db.session(), ref, actor, clock.now()) if kind is not None else None
    if kind is None or topic is None or topic.process.id != process.id:
        raise NotFound()
    return Place(topic, kind, kind.address(process, ref))


def load_comment(process_id: str, public_id: str) -> tuple[Place, Comment]:
    """A comment and what it is about, as far as the present actor may see them. Raises NotFound."""
    found = queries.get_comment(db.session(), process_id, public_id, actor=current_actor(), now=clock.now())
    return load_place(process_id, found.thread.subject), found


def in_place(place: Place, work: Callable[..., Any]) -> Any:
    """Run ``work(session, topic, actor=, now=)`` with the topic and its phases as they are then."""
    actor, now, kind, ref = current_actor(), clock.now(), place.kind, place.topic.ref

    def unit(session: Session) -> Any:
        return work(session, fresh_topic(session, kind, ref, actor, now), actor=actor, now=now)

    return perform(unit)


def fresh_topic(session: Session, kind: Discussed, ref: str, actor: Actor, now: Any) -> Topic:
    found = kind.load(session, ref, actor, now)
    if found is None:
        raise NotFound()
    return found


def change(process_id: str, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run one operation on a comment, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def unit(session: Session) -> Any:
        found = queries.comment_to_change(session, process_id, public_id, actor=actor, now=now)
        return operation(session, found, *args, actor=actor, now=now, **facts)

    return perform(unit)


def change_in(place: Place, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """As change; an operation on what was said in a round of its own learns how that round stands then."""

    def work(session: Session, comment: Comment, *, actor: Actor, now: Any) -> Any:
        if comment.thread.subject != place.topic.ref:
            raise NotFound()
        topic = fresh_topic(session, place.kind, place.topic.ref, actor, now) if place.round is not None else None
        return operation(session, comment, *args, topic=topic, actor=actor, now=now, **facts)

    return change(place.process.public_id, public_id, work)


def settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found


def addresses_of(place: Place) -> Addresses:
    """Whole addresses for mails; a new comment is read where the discussion is."""
    root = settings().public_url
    discussion = url_for("deliberation.show", **place.names)
    return Addresses(comment=root + discussion, subject=root + place.url)
