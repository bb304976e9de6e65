"""Being told what happens, of what, when not, and stopping it with one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.queries import own_account
from ...accounts.references import actor_of
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Invalid
from ...kernel.identity import VISITOR
from ...kernel.web import csrf, current_actor, limiter, public, say, see_other
from ...processes.queries import get_process
from .. import operations, queries
from ..addresses import ACCOUNT, read_stop_token, settings
from ..forms import WishesForm, hour_of_day
from ..models import NewsKind
from .blueprint import Answer, bp, load

LIMIT = "30 per minute"


@bp.post("/p/<public_id>/follow")
def follow(public_id: str) -> Answer:
    _change(public_id, operations.follow)
    say(_("You are told what happens here, in one mail a day at most."))
    return see_other("processes.show", public_id=public_id)


@bp.post("/p/<public_id>/unfollow")
def unfollow(public_id: str) -> Answer:
    _change(public_id, operations.unfollow)
    say(_("You are told nothing of this process any more."))
    return see_other("outreach.wishes" if request.form.get("from") == "wishes" else "processes.show", **_of(public_id))


def _of(public_id: str) -> dict[str, str]:
    return {} if request.form.get("from") == "wishes" else {"public_id": public_id}


def _change(public_id: str, operation: Callable[..., Any]) -> None:
    load(public_id)
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = get_process(session, public_id, actor=actor)
        operation(session, process, own_account(session, actor), actor=actor, now=now)

    perform(work)


@bp.route("/account/reminders", methods=["GET", "POST"])
def wishes() -> Answer:
    session, actor, now = db.session(), current_actor(), clock.now()
    wish = queries.wish_of(session, own_account(session, actor))
    form = WishesForm()
    if request.method == "GET":
        kinds = list(NewsKind) if wish is None else [NewsKind(kind) for kind in wish.kinds]
        form = WishesForm(
            data={"kinds": kinds, "quiet_from": wish and wish.quiet_from, "quiet_until": wish and wish.quiet_until}
        )
    if form.validate_on_submit():
        said = {
            "kinds": form.kinds.data or [],
            "quiet_from": form.quiet_from.data,
            "quiet_until": form.quiet_until.data,
        }

        def work(unit: Session) -> None:
            operations.set_wishes(unit, own_account(unit, actor), actor=actor, now=now, **said)

        try:
            perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is saved of what you are told."))
            return see_other("outreach.wishes")
    followed = queries.followed_by(session, own_account(session, actor))
    facts: dict[str, Any] = {"followed": followed, "city": settings(), "hour_of_day": hour_of_day}
    page = render_template("outreach/wishes.html", form=form, wish=wish, **facts)
    return (page, 422) if form.error_list else page


@bp.get("/stop/<token>")
@public
def stop(token: str) -> Answer:
    """The page behind the link: it changes nothing by itself, programs that follow links in mails stop nothing."""
    whose = read_stop_token(token)
    if whose is None:
        abort(404)
    return render_template("outreach/stop.html", token=token, is_done=False, was_done=_is_stopped(*whose))


def _is_stopped(kind: str, name: str) -> bool:
    """Whether nothing more is sent there already; nothing is sent to an account that is gone."""
    session = db.session()
    if kind != ACCOUNT:
        return name in queries.stopped_among(session, [name])
    account = queries.account_of_key(session, name)
    wish = None if account is None else queries.wish_of(session, account)
    return account is None or (wish is not None and wish.stopped_at is not None)


@bp.post("/stop/<token>")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf is untyped
@limiter.limit(LIMIT)
def stop_now(token: str) -> Answer:
    """RFC 8058: mail programs post here themselves, with no cookie; the signed link is all that is asked for."""
    whose = read_stop_token(token)
    if whose is None:
        abort(404)
    kind, name = whose
    if kind == ACCOUNT:
        _stop_account(name)
    else:
        now = clock.now()
        perform(lambda session: operations.stop_contact(session, name, actor=VISITOR, now=now))
    return render_template("outreach/stop.html", token=token, is_done=True)


def _stop_account(public_id: str) -> None:
    """An account that is gone gets no mails: nothing is left to stop."""
    now = clock.now()
    if queries.account_of_key(db.session(), public_id) is None:
        return

    def work(session: Session) -> None:
        account = queries.account_of_key(session, public_id)
        if account is not None:
            operations.stop_account(session, account, actor=actor_of(account), now=now)

    perform(work)
