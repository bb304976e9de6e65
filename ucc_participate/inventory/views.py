"""Pages of needs and assets: the lists, one of them, suggesting, and what a coordinator decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.decision import require
from ..kernel.errors import Conflict, Invalid
from ..kernel.web import current_actor, decide, limiter, public, say, see_other
from ..moderation.screening import Blocked, TooMany
from ..processes.frame import phases_of
from ..processes.models import Process
from ..processes.queries import process_in_brief, process_to_change
from . import operations, policies, queries, wording
from .forms import ItemForm, ReasonForm
from .models import InventoryItem, ItemKind, ItemState

bp = Blueprint("inventory", __name__)
Answer = str | Response | tuple[str, int]
SENDING_LIMIT = "30 per hour"
LISTS = {"needs": (ItemKind.NEED,), "assets": (ItemKind.HERITAGE, ItemKind.CREATIVE)}
LARGEST_ID = 2**31 - 1


@bp.get("/p/<process_id>/inventory")
@public
def index(process_id: str) -> str:
    """Needs first; ``?list=assets`` shows the assets."""
    process, actor, now = _process(process_id), current_actor(), clock.now()
    chosen = request.args.get("list", "needs")
    chosen = chosen if chosen in LISTS else "needs"
    after = request.args.get("after", 0, type=int)
    page = queries.browse(
        db.session(), process, LISTS[chosen], actor=actor, after=after if 0 < after <= LARGEST_ID else 0
    )
    return render_template(
        "inventory/index.html",
        process=process,
        phases=phases_of(process),
        chosen=chosen,
        page=page,
        counts=queries.counts(db.session(), process),
        uses=uses_of(process, page.items),
        may_suggest=policies.can_suggest(actor, process, now=now),
        may_curate=policies.can_curate(actor, process, now=now),
        wording=wording,
    )


def uses_of(process: Process, items: list[InventoryItem]) -> dict[str, tuple[int, str]]:
    """By public id: how many proposals name an item, and where they are listed."""
    found: dict[str, tuple[int, str]] = {}
    for ask in current_app.extensions["ucc.inventory_uses"]:
        found |= ask(db.session(), process, items)
    return found


@bp.route("/p/<process_id>/inventory/new", methods=["GET", "POST"])
@limiter.limit(SENDING_LIMIT, methods=["POST"])
def new(process_id: str) -> Answer:
    process, actor, now = _process(process_id), current_actor(), clock.now()
    require(policies.can_suggest(actor, process, now=now))
    form = ItemForm(data={"kind": request.args.get("kind"), "shows_name": True})
    if not form.validate_on_submit():
        return _page(form, process, None, status=422 if form.errors else 200)
    told = form.told()

    def work(session: Session) -> InventoryItem:
        here = process_to_change(session, process_id, actor=actor)
        return operations.add_item(session, here, told, actor=actor, now=now, is_typed=True)

    return _tried(form, process, None, lambda: perform(work))


@bp.get("/p/<process_id>/inventory/<public_id>")
@public
def show(process_id: str, public_id: str) -> str:
    process, item = _load(process_id, public_id)
    return render_template(
        "inventory/show.html",
        process=process,
        phases=phases_of(process),
        item=item,
        use=uses_of(process, [item]).get(public_id),
        form=ReasonForm(),
        wording=wording,
    )


@bp.route("/p/<process_id>/inventory/<public_id>/edit", methods=["GET", "POST"])
def edit(process_id: str, public_id: str) -> Answer:
    process, item = _load(process_id, public_id)
    require(decide("edit", item))
    form = ItemForm(data={**_typed(item), "shows_name": item.author_name is not None})
    if not form.validate_on_submit():
        return _page(form, process, item, status=422 if form.errors else 200)
    told = form.told()
    return _tried(form, process, item, lambda: _change(process_id, public_id, operations.revise_item, told))


def _typed(item: InventoryItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("kind", "title", "text", "evidence", "place")}


@bp.post("/p/<process_id>/inventory/<public_id>/list")
def put_on_list(process_id: str, public_id: str) -> Answer:
    item = _load(process_id, public_id)[1]
    require(decide("decide", item))
    _change(process_id, public_id, operations.list_item)
    say(_("“%(title)s” is on the list.", title=item.title))
    return see_other("inventory.show", process_id=process_id, public_id=public_id)


@bp.post("/p/<process_id>/inventory/<public_id>/retire")
def retire(process_id: str, public_id: str) -> Answer:
    process, item = _load(process_id, public_id)
    require(decide("decide", item))
    form = ReasonForm()
    if not form.validate_on_submit():
        use = uses_of(process, [item]).get(public_id)
        facts: dict[str, Any] = {"process": process, "phases": phases_of(process), "item": item, "use": use}
        return render_template("inventory/show.html", form=form, wording=wording, **facts), 422
    _change(process_id, public_id, operations.retire_item, reason=form.reason.data)
    say(_("“%(title)s” is not on the list any more.", title=item.title))
    return see_other("inventory.show", process_id=process_id, public_id=public_id)


def _process(process_id: str) -> Process:
    return process_in_brief(db.session(), process_id, actor=current_actor())


def _load(process_id: str, public_id: str) -> tuple[Process, InventoryItem]:
    process = _process(process_id)
    found = queries.get_item(db.session(), process, public_id, actor=current_actor(), now=clock.now())
    return process, found


def _change(process_id: str, public_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> InventoryItem:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> InventoryItem:
        process = process_to_change(session, process_id, actor=actor)
        item = queries.item_to_change(session, process, public_id, actor=actor, now=now)
        operation(session, item, *args, actor=actor, now=now, **facts)
        return item

    return perform(work)


def _tried(form: ItemForm, process: Process, item: InventoryItem | None, run: Callable[[], InventoryItem]) -> Answer:
    """To the page of what was written, or back to the form with the reason."""
    try:
        made = run()
    except (Blocked, TooMany) as refusal:
        form.refuse_screening(refusal)
        return _page(form, process, item, status=refusal.status)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, item, status=refusal.status)
    if made.status is ItemState.SUGGESTED:
        say(_("Thank you. A coordinator of the city looks at it and puts it on the list."))
    else:
        say(_("“%(title)s” is on the list.", title=made.title))
    return see_other("inventory.show", process_id=process.public_id, public_id=made.public_id)


def _page(form: ItemForm, process: Process, item: InventoryItem | None, *, status: int) -> Answer:
    facts: dict[str, Any] = {"process": process, "phases": phases_of(process), "item": item}
    return render_template("inventory/edit.html", form=form, **facts), status
