"""The slip: whoever holds its code sees what was written down, puts it right, takes it back, takes over the account.

The code is typed once; a signed cookie of the session then remembers the item for half an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, render_template, request, session
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts import tokens
from ...accounts.models import PAPER_DOMAIN
from ...accounts.sessions import link_addresses
from ...eligibility.operations import TooManyAttempts, begin_attempt, finish_attempt
from ...kernel import clock
from ...kernel.codes import read_code, slip_of
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..forms import CodeForm, MendForm, TakeOverForm, WithdrawForm
from ..models import AssistedItem
from ..setup import digests
from .blueprint import Answer, bp

REMEMBERED = 30 * 60


@bp.route("/slip", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def slip() -> Answer:
    """Type the code of the slip. Wrong ones are counted, whoever types them."""
    form = (
        CodeForm() if request.method == "POST" else CodeForm(formdata=None, data={"code": request.args.get("code", "")})
    )
    if form.validate_on_submit():
        try:
            found = _found(form.code.data or "")
        except (Invalid, TooManyAttempts) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
            return render_template("assisted/slip.html", form=form), refusal.status
        session["slip"] = [found.public_id, int(clock.now().timestamp())]
        return see_other("assisted.own_item")
    return render_template("assisted/slip.html", form=form), 422 if form.error_list else 200


def _found(typed: str) -> AssistedItem:
    """The item of a code. Raises Invalid for a slip of the hand or an unknown code, TooManyAttempts for guessing."""
    actor, now, code = current_actor(), clock.now(), read_code(typed)
    if code is None:
        raise Invalid(slip_of(typed), field="code")
    keys = [tokens.attempt_key(str(current_app.secret_key), "slip", request.remote_addr or "")]
    tries = perform(lambda write: begin_attempt(write, keys=keys, actor=actor, now=now))
    found = queries.item_by_code(db.session(), digests()("slip", code))
    if found is None:
        raise Invalid(_("Nobody was given this code. Look at it once more, or go to the city’s counter."), field="code")
    perform(lambda write: finish_attempt(write, tries, actor=actor, now=now))
    return found


def _own() -> AssistedItem:
    """The item whose code was typed in this browser within the last half hour. Raises NotFound."""
    remembered = session.get("slip")
    if not remembered or clock.now().timestamp() - remembered[1] > REMEMBERED:
        raise NotFound(_("Type the code of your slip first."))
    return queries.get_item(db.session(), remembered[0])


@bp.get("/slip/item")
@public
def own_item() -> Answer:
    found, now, actor = _own(), clock.now(), current_actor()
    return render_template(
        "assisted/own_item.html",
        item=found,
        process=found.intake.process,
        wording=wording,
        may_correct=policies.can_correct(actor, found, now=now, holds_code=True),
        is_free=found.account.email.endswith(f"@{PAPER_DOMAIN}"),
        form=TakeOverForm(formdata=None),
    )


@bp.route("/slip/item/correct", methods=["GET", "POST"])
@public
def own_correct() -> Answer:
    found = _own()
    form = MendForm.of(found.proposal) if request.method == "GET" and found.proposal else MendForm()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"name": form.name.data or "", "reason": form.reason.data or ""}
        try:
            _change(found, operations.correct_item, form.content(shows_name=bool(form.name.data)), **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is put right."))
            return see_other("assisted.own_item")
    page = render_template("assisted/own_correct.html", item=found, process=found.intake.process, form=form)
    return page, 422 if form.error_list else 200


@bp.route("/slip/item/withdraw", methods=["GET", "POST"])
@public
def own_withdraw() -> Answer:
    found, form = _own(), WithdrawForm()
    if form.validate_on_submit():
        try:
            _change(found, operations.withdraw_item, reason=form.reason.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is taken back."))
            return see_other("assisted.own_item")
    page = render_template("assisted/own_withdraw.html", item=found, process=found.intake.process, form=form)
    return page, 422 if form.error_list else 200


def _change(found: AssistedItem, operation: Callable[..., Any], *args: Any, **facts: Any) -> None:
    """Run one operation on the item in the name of whoever holds its code."""
    actor, now = current_actor(), clock.now()
    process_id, item_id = found.intake.process.public_id, found.public_id

    def work(write: Session) -> None:
        process_to_change(write, process_id, actor=actor)
        operation(write, queries.get_item(write, item_id), *args, holds_code=True, actor=actor, now=now, **facts)

    perform(work)


@bp.post("/slip/item/account")
@public
@limiter.limit("5 per minute; 20 per hour")
def take_over() -> Answer:
    """Ask for a link with which the account becomes one's own."""
    found, form, actor, now = _own(), TakeOverForm(), current_actor(), clock.now()
    address, item_id = link_addresses(), found.public_id
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            perform(
                lambda write: operations.take_over(
                    write, queries.get_item(write, item_id), email=email, address=address, actor=actor, now=now
                )
            )
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        else:
            say(_("A link is on its way to you. With it the account becomes yours."))
            return see_other("assisted.own_item")
    page = render_template(
        "assisted/own_item.html",
        item=found,
        process=found.intake.process,
        wording=wording,
        may_correct=policies.can_correct(actor, found, now=now, holds_code=True),
        is_free=True,
        form=form,
    )
    return page, 422
