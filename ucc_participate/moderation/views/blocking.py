"""Blocks: who is kept from contributing, making one, ending one early; and unusual rates, as information."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.queries import get_account
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import site_timezone
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...processes.queries import get_process
from ...settings import Settings
from .. import operations, policies, queries
from ..forms import BlockForm, EndBlockForm
from ..kinds import known_kinds, load_all
from ..models import Reason
from .blueprint import Answer, bp, load
from .desk import desk_page

SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
NEW = timedelta(days=2)
SHOWN = 12


@bp.get("/staff/processes/<process_id>/moderation/blocks")
def blocks(process_id: str) -> Answer:
    process, now = load(process_id), clock.now()
    require(policies.can_read_queue(current_actor(), process, now=now))
    return desk_page("moderation/blocks.html", process, blocks=queries.list_blocks(db.session(), process))


@bp.route("/staff/processes/<process_id>/moderation/block/<account_id>", methods=["GET", "POST"])
def block(process_id: str, account_id: str) -> Answer:
    """Keep a person from contributing for a time; one comes here from something that the person wrote."""
    process, actor, now = load(process_id), current_actor(), clock.now()
    account = get_account(db.session(), account_id)
    require(policies.can_block(actor, process, account.id, now=now))
    form = BlockForm()
    if form.validate_on_submit():
        days, reason, words = form.days.data or 0, Reason(form.reason.data), form.words.data or ""
        facts = {"address": _own_address(process), "tz": site_timezone()}

        def work(session: Session) -> None:
            here, person = get_process(session, process_id, actor=actor), get_account(session, account_id)
            operations.block_person(
                session, here, person, days=days, reason=reason, words=words, **facts, actor=actor, now=now
            )

        try:
            perform(work)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        else:
            say(_("The person is blocked for a time, and is told why."))
            return see_other("moderation.blocks", process_id=process_id)
    page = desk_page("moderation/block.html", process, form=form, account=account)
    return (page, 422) if form.errors or form.form_errors else page


@bp.route("/staff/processes/<process_id>/moderation/blocks/<block_id>/end", methods=["GET", "POST"])
def end_block(process_id: str, block_id: str) -> Answer:
    process, actor, now = load(process_id), current_actor(), clock.now()
    found = queries.get_block(db.session(), process, block_id)
    require(policies.can_end_block(actor, process, found, now=now))
    form = EndBlockForm()
    if form.validate_on_submit():
        because, facts = form.words.data or "", {"address": _own_address(process), "tz": site_timezone()}

        def work(session: Session) -> None:
            here = get_process(session, process_id, actor=actor)
            held = queries.block_to_change(session, here, block_id)
            operations.end_block(session, here, held, because=because, **facts, actor=actor, now=now)

        try:
            perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The block is ended, and the person is told."))
            return see_other("moderation.blocks", process_id=process_id)
    page = desk_page("moderation/end_block.html", process, form=form, block=found)
    return (page, 422) if form.errors or form.form_errors else page


def _own_address(process: Process) -> str:
    settings: Settings = current_app.extensions["ucc.settings"]
    return settings.public_url + url_for("moderation.policy", process_id=process.public_id)


@bp.get("/staff/processes/<process_id>/moderation/bursts")
def bursts(process_id: str) -> Answer:
    """Unusual rates in the last hour or day. It says nothing of anybody: a school is one network, too."""
    process, now, session = load(process_id), clock.now(), db.session()
    require(policies.can_read_queue(current_actor(), process, now=now))
    span = request.args.get("span") if request.args.get("span") in SPANS else "day"
    found = queries.bursts(session, process, since=now - SPANS[span or "day"], new_since=now - NEW)
    refs = list(dict.fromkeys(ref for burst in found for ref in burst.refs[:SHOWN]))
    contributions = load_all(known_kinds(), session, refs)
    return desk_page(
        "moderation/bursts.html",
        process,
        bursts=[(burst, [contributions[ref] for ref in burst.refs[:SHOWN] if ref in contributions]) for burst in found],
        span=span,
    )
