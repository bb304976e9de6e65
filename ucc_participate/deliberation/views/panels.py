"""A discussion on a page: the part that is the same for everybody is drawn once for each state of the discussion.

Whoever has said or marked something there gets it drawn afresh, with what is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import Denied
from ...kernel.errors import SignInNeeded
from ...kernel.fragments import Fragments
from ...kernel.i18n import reader, site_day
from ...kernel.web import current_actor
from ...vocabularies.uccn import SECTORS
from .. import policies, queries, wording
from ..models import SIDES, Comment, Stance, Thread
from ..queries import Order, Round
from .blueprint import Place, settings

EXTENSION = "ucc.discussion_fragments"
MOST_FRAGMENTS = 400


@dataclass(frozen=True, slots=True)
class Reader:
    """What of a discussion is different for who reads it. ``marked``: ids of comments found helpful.

    ``may_reply``: whoever may speak, and the city where a round is over.
    """

    may_speak: bool
    may_reply: bool
    may_mark: bool
    marked: frozenset[int]
    own: dict[int, Comment]
    refusal: Any = None

    @property
    def is_anybody(self) -> bool:
        """Whether others with the same rights see the very same."""
        return not self.marked and not self.own


def init_app(app: Flask) -> None:
    app.extensions[EXTENSION] = Fragments(MOST_FRAGMENTS)


def panel(place: Place) -> Markup:
    """The discussion for the page of its subject: one query for visitors once it has been drawn, three for others."""
    thread = queries.thread_of(db.session(), place.topic.ref)
    return _rendered("deliberation/_panel.html", **variables(place, thread, Order.BALANCED), level=2)


def variables(place: Place, thread: Thread | None, order: Order) -> dict[str, Any]:
    """What the templates of a discussion's first page ask for."""
    reads = reader_of(place, thread)
    turn = round_of(thread) if thread is not None else Round(0)
    return {
        "place": place,
        "thread": thread,
        "reads": reads,
        "order": order,
        "sides": (turn.first_side, *(each for each in Stance if each is not turn.first_side)),
        "body": _body(place, thread, reads, order, turn) if thread is not None else None,
        "wording": wording,
        "Stance": Stance,
    }


def round_of(thread: Thread) -> Round:
    return Round.of(thread, site_day(clock.now()))


def reader_of(place: Place, thread: Thread | None) -> Reader:
    session, actor, now = db.session(), current_actor(), clock.now()
    decision = policies.can_comment(actor, place.topic, now=now, guest=queries.guest_of(session, actor))
    asks_sign_in = isinstance(decision, Denied) and decision.error is SignInNeeded
    is_open = bool(policies.takes_comments(place.topic, now)) and place.topic.refusal is None
    speaks = bool(decision) or (asks_sign_in and is_open)
    replies = speaks or bool(policies.can_answer(actor, place.topic, now=now))
    refusal = None if speaks else (decision.reason if isinstance(decision, Denied) else None)
    if asks_sign_in and not is_open:
        closed = policies.takes_comments(place.topic, now)
        refusal = place.topic.refusal or (closed.reason if isinstance(closed, Denied) else None)
    if actor.account_id is None or thread is None:
        return Reader(speaks, replies, False, frozenset(), {}, refusal)
    marked = queries.own_marks(session, thread, actor.account_id)
    own = {each.id: each for each in queries.own_waiting(session, thread, actor.account_id)}
    return Reader(speaks, replies, bool(decision) and not actor.is_guest, marked, own, refusal)


def _body(place: Place, thread: Thread, reads: Reader, order: Order, turn: Round) -> Markup:
    kept: Fragments = current_app.extensions[EXTENSION]
    who = (reader().locale, reader().calendar, reads.may_speak, reads.may_reply, reads.may_mark)
    key = ("discussion", thread.id, thread.version, place.topic.ref, order, turn.start, *who)
    found = kept.find(key) if reads.is_anybody else None
    if found is not None:
        return found
    outline = queries.first_page(db.session(), thread, order, turn)
    drawn = _rendered(
        "deliberation/_body.html",
        outline=outline,
        turn=turn,
        side_pairs=[turn.first_side, *(SIDES - {turn.first_side})],
        others=[Stance.QUESTION, Stance.REMARK],
        place=place,
        thread=thread,
        reads=reads,
        order=order,
    )
    return kept.keep(key, drawn) if reads.is_anybody else drawn


def _rendered(template: str, **facts: Any) -> Markup:
    """A template without the page around it."""
    facts = {"wording": wording, "SECTORS": SECTORS, "may_edit": may_edit, **facts}
    return Markup(current_app.jinja_env.get_template(template).render(**facts))  # noqa: S704  # just escaped


def may_edit(comment: Comment, place: Place) -> bool:
    """Whether the present actor may change these words now; needs the comment whole."""
    minutes = settings().comment_edit_minutes
    guest = queries.guest_of(db.session(), current_actor())
    return bool(
        policies.can_edit(current_actor(), comment, now=clock.now(), minutes=minutes, guest=guest, topic=place.round)
    )
