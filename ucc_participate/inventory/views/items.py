"""Pages of needs and assets: the lists, one of them, suggesting, and what a coordinator decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, decide, limiter, public, say, see_other
from ...moderation.screening import Blocked, TooMany
from ...processes.frame import phases_of
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..forms import ItemForm, ReasonForm
from ..models import InventoryItem, ItemKind, ItemState
from .blueprint import Answer, bp, change, load, load_process, offers_ranking

SENDING_LIMIT = "30 per hour"
Uses = dict[str, tuple[int, str]]
"""By what it is (proposals, initiatives): how many, and where they are listed."""
LISTS = {"needs": (ItemKind.NEED,), "assets": (ItemKind.HERITAGE, ItemKind.CREATIVE)}
LARGEST_ID = 2**31 - 1


@bp.get("/p/<process_id>/inventory")
@public
def index(process_id: str) -> str:
    """Needs first; ``?list=assets`` shows the assets."""
    process, actor, now = load_process(process_id), current_actor(), clock.now()
    chosen = request.args.get("list", "needs")
    chosen = chosen if chosen in LISTS else "needs"
    if request.args.get("unused"):
        return _unused(process, chosen)
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
        may_rank=offers_ranking(process),
        uses=uses_of(process, page.items),
        may_suggest=policies.can_suggest(actor, process, now=now),
        may_curate=policies.can_curate(actor, process, now=now),
        wording=wording,
    )


def _unused(process: Process, chosen: str) -> str:
    """What is on the list and no proposal and no initiative names (rules B1, F2)."""
    items = queries.listed(db.session(), process, LISTS[chosen])
    uses = uses_of(process, items)
    unused = [item for item in items if not any(number for number, _address in uses[item.public_id].values())]
    return render_template(
        "inventory/unused.html",
        process=process,
        phases=phases_of(process),
        chosen=chosen,
        items=unused,
        all=len(items),
        wording=wording,
    )


def uses_of(process: Process, items: list[InventoryItem]) -> dict[str, Uses]:
    """By public id: how many proposals and initiatives name an item, and where they are listed."""
    found: dict[str, Uses] = {item.public_id: {} for item in items}
    for ask in current_app.extensions["ucc.inventory_uses"]:
        for public_id, (number, address, *kind) in ask(db.session(), process, items).items():
            found[public_id][kind[0] if kind else "proposals"] = (number, address)
    return found


@bp.route("/p/<process_id>/inventory/new", methods=["GET", "POST"])
@limiter.limit(SENDING_LIMIT, methods=["POST"])
def new(process_id: str) -> Answer:
    process, actor, now = load_process(process_id), current_actor(), clock.now()
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
    process, item = load(process_id, public_id)
    return render_template(
        "inventory/show.html",
        process=process,
        phases=phases_of(process),
        item=item,
        use=uses_of(process, [item])[public_id],
        ranks=queries.need_ranks(db.session(), process),
        form=ReasonForm(),
        wording=wording,
    )


@bp.route("/p/<process_id>/inventory/<public_id>/edit", methods=["GET", "POST"])
def edit(process_id: str, public_id: str) -> Answer:
    process, item = load(process_id, public_id)
    require(decide("edit", item))
    form = ItemForm(data={**_typed(item), "shows_name": item.author_name is not None})
    if not form.validate_on_submit():
        return _page(form, process, item, status=422 if form.errors else 200)
    told = form.told()
    return _tried(form, process, item, lambda: change(process_id, public_id, operations.revise_item, told))


def _typed(item: InventoryItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("kind", "title", "text", "evidence", "place")}


@bp.post("/p/<process_id>/inventory/<public_id>/list")
def put_on_list(process_id: str, public_id: str) -> Answer:
    item = load(process_id, public_id)[1]
    require(decide("decide", item))
    change(process_id, public_id, operations.list_item)
    say(_("“%(title)s” is on the list.", title=item.title))
    return see_other("inventory.show", process_id=process_id, public_id=public_id)


@bp.post("/p/<process_id>/inventory/<public_id>/retire")
def retire(process_id: str, public_id: str) -> Answer:
    process, item = load(process_id, public_id)
    require(decide("decide", item))
    form = ReasonForm()
    if not form.validate_on_submit():
        use = uses_of(process, [item])[public_id]
        facts: dict[str, Any] = {"process": process, "phases": phases_of(process), "item": item, "use": use}
        return render_template("inventory/show.html", form=form, wording=wording, **facts), 422
    change(process_id, public_id, operations.retire_item, reason=form.reason.data)
    say(_("“%(title)s” is not on the list any more.", title=item.title))
    return see_other("inventory.show", process_id=process_id, public_id=public_id)


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
