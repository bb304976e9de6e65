"""What everybody reads: a discussion, one side of it, a comment with its replies, its earlier words."""

from __future__ import annotations

from flask import render_template, request

from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import current_actor, public
from ...processes.frame import phases_of
from ...vocabularies.uccn import SECTORS
from .. import comparing, policies, queries, wording
from ..models import LOTS, Stance, Thread
from ..queries import Order, Round
from . import panels
from .blueprint import bp, load_comment, load_place


@bp.get("/p/<process_id>/discussion/<kind>/<thing>")
@public
@shared_by_visitors
def show(process_id: str, kind: str, thing: str) -> str:
    """The whole discussion of a subject, in the order that is asked for."""
    place = load_place(process_id, f"{kind}/{thing}")
    thread = queries.thread_of(db.session(), place.topic.ref)
    return render_template(
        "deliberation/show.html",
        process=place.process,
        phases=phases_of(place.process),
        Order=Order,
        SECTORS=SECTORS,
        **panels.variables(place, thread, _order()),
    )


def _order() -> Order:
    asked = request.args.get("order", "")
    return Order(asked) if asked in set(Order) else Order.BALANCED


@bp.get("/p/<process_id>/discussion/<kind>/<thing>/side/<side>")
@public
@shared_by_visitors
def side(process_id: str, kind: str, thing: str, side: str) -> str:
    """One side from a comment on: ``after`` is its public id, ``round`` where the circle of that day began."""
    place = load_place(process_id, f"{kind}/{thing}")
    thread = queries.thread_of(db.session(), place.topic.ref)
    if thread is None or side not in set(Stance):
        raise NotFound()
    order, turn, after = _order(), _round(thread), None
    if "after" in request.args:
        after = queries.get_comment(
            db.session(), process_id, request.args["after"], actor=current_actor(), now=clock.now()
        )
    seen, goes_on = queries.side_page(db.session(), thread, Stance(side), order, turn, after=after)
    return render_template(
        "deliberation/side.html",
        process=place.process,
        phases=phases_of(place.process),
        place=place,
        thread=thread,
        side=Stance(side),
        seen=seen,
        goes_on=goes_on,
        order=order,
        turn=turn,
        reads=panels.reader_of(place, thread),
        wording=wording,
        SECTORS=SECTORS,
        may_edit=panels.may_edit,
    )


def _round(thread: Thread) -> Round:
    """The circle in which the reader began, so that midnight changes nothing between two pages."""
    start = request.args.get("round", type=int)
    return Round(start) if start is not None and 0 <= start < LOTS else panels.round_of(thread)


@bp.get("/p/<process_id>/comments/<public_id>")
@public
@shared_by_visitors
def comment(process_id: str, public_id: str) -> str:
    """One comment with all its replies; a reply leads to the comment above it."""
    place, found = load_comment(process_id, public_id)
    top = found.parent if found.parent is not None else found
    return render_template(
        "deliberation/comment.html",
        process=place.process,
        phases=phases_of(place.process),
        place=place,
        top=top,
        each=queries.one_with_replies(db.session(), top),
        reads=panels.reader_of(place, found.thread),
        may_erase=bool(policies.can_erase_words(current_actor(), found, now=clock.now())),
        wording=wording,
        SECTORS=SECTORS,
        may_edit=panels.may_edit,
    )


@bp.get("/p/<process_id>/comments/<public_id>/versions")
@public
def versions(process_id: str, public_id: str) -> str:
    """What a comment said before, with what was changed from one text to the next."""
    place, found = load_comment(process_id, public_id)
    if not found.is_public and not policies.is_author(current_actor(), found):
        raise NotFound()
    return render_template(
        "deliberation/versions.html",
        process=place.process,
        phases=phases_of(place.process),
        place=place,
        comment=found,
        steps=comparing.steps(found, queries.editions_of(db.session(), found)),
        wording=wording,
    )
