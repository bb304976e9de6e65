"""Being told what happens, of what, when not, and stopping it with one press."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.queries import own_account
from ...accounts.references import actor_of
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Invalid, NotFound
from ...kernel.identity import VISITOR
from ...kernel.web import csrf, current_actor, limiter, public, safe_next, say, see_other
from ...processes.queries import process_in_brief
from .. import operations, queries
from ..addresses import CONTACT, FOLLOWING, NEWSLETTERS, read_stop_token, settings
from ..forms import WishesForm, hour_of_day
from ..models import NewsKind
from ..subjects import find_all, find_followed
from .blueprint import Answer, bp

LIMIT = "30 per minute"


@bp.post("/p/<public_id>/follow", defaults={"name": "process"})
@bp.post("/on/<name>/<public_id>/follow")
def follow(name: str, public_id: str) -> Answer:
    """Of anything that can be followed: the first part of its ref, and the rest."""
    ref, session, actor, now = f"{name}/{public_id}", db.session(), current_actor(), clock.now()
    found = find_followed(session, ref, actor)
    if found is None:
        raise NotFound()
    process_id = found.process.public_id if found.process is not None else None

    def work(unit: Session) -> None:
        process = process_in_brief(unit, process_id, actor=actor) if process_id is not None else None
        operations.follow(unit, process, own_account(unit, actor), subject=ref, actor=actor, now=now)

    perform(work)
    say(_("You are told what happens here, in one mail a day at most unless you choose otherwise."))
    return redirect(safe_next(request.form.get("next"), found.address), 303)


@bp.post("/p/<public_id>/unfollow", defaults={"name": "process"})
@bp.post("/on/<name>/<public_id>/unfollow")
def unfollow(name: str, public_id: str) -> Answer:
    """Also of what is no longer there, or no longer to be seen."""
    ref, actor, now = f"{name}/{public_id}", current_actor(), clock.now()
    perform(lambda s: operations.unfollow(s, ref, own_account(s, actor), actor=actor, now=now))
    say(_("You are told nothing of it any more."))
    found = find_followed(db.session(), ref, actor)
    if request.form.get("from") == "wishes" or found is None:
        return see_other("outreach.wishes")
    return redirect(safe_next(request.form.get("next"), found.address), 303)


@bp.route("/account/reminders", methods=["GET", "POST"])
def wishes() -> Answer:
    session, actor, now = db.session(), current_actor(), clock.now()
    wish = queries.wish_of(session, own_account(session, actor))
    form = WishesForm()
    if request.method == "GET":
        kinds = list(NewsKind) if wish is None else [NewsKind(kind) for kind in wish.kinds]
        at_once = [] if wish is None else [NewsKind(kind) for kind in wish.at_once]
        hours = {"quiet_from": wish and wish.quiet_from, "quiet_until": wish and wish.quiet_until}
        form = WishesForm(data={"kinds": kinds, "at_once": at_once, **hours})
    if form.validate_on_submit():
        said = {
            "kinds": form.kinds.data or [],
            "at_once": form.at_once.data or [],
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
    places = find_all(session, [each.subject for each in followed], actor)
    facts: dict[str, Any] = {"followed": followed, "places": places, "city": settings(), "hour_of_day": hour_of_day}
    page = render_template("outreach/wishes.html", form=form, wish=wish, **facts)
    return (page, 422) if form.error_list else page


@bp.get("/stop/<token>")
@public
def stop(token: str) -> Answer:
    """The page behind the link: it changes nothing by itself, programs that follow links in mails stop nothing."""
    whose = read_stop_token(token)
    if whose is None:
        abort(404)
    facts = _facts_of(*whose)
    return render_template("outreach/stop.html", token=token, is_done=False, was_done=_is_stopped(*whose), **facts)


def _facts_of(kind: str, name: str) -> dict[str, Any]:
    """What the page says of it: ``kind``, and the title of what would not be followed any more."""
    followed = find_followed(db.session(), name.partition(" ")[2], VISITOR) if kind == FOLLOWING else None
    return {"kind": kind, "followed": followed}


def _is_stopped(kind: str, name: str) -> bool:
    """Whether nothing more is sent there already; nothing is sent to an account that is gone."""
    session = db.session()
    if kind == CONTACT:
        return name in queries.stopped_among(session, [name])
    public_id, _space, subject = name.partition(" ")
    account = queries.account_of_key(session, public_id)
    if account is None:
        return True
    wish = queries.wish_of(session, account)
    if wish is not None and wish.stopped_at is not None:
        return True
    if kind == FOLLOWING:
        return not queries.is_following(session, account.id, subject)
    return kind == NEWSLETTERS and wish is not None and not wish.wants(NewsKind.NEWSLETTER)


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
    if kind == CONTACT:
        now = clock.now()
        perform(lambda session: operations.stop_contact(session, name, actor=VISITOR, now=now))
    else:
        _stop_for_account(kind, *name.partition(" ")[::2])
    return render_template("outreach/stop.html", token=token, is_done=True, **_facts_of(*whose))


def _stop_for_account(kind: str, public_id: str, subject: str) -> None:
    """An account that is gone gets no mails: nothing is left to stop."""
    now = clock.now()
    if queries.account_of_key(db.session(), public_id) is None:
        return

    def work(session: Session) -> None:
        account = queries.account_of_key(session, public_id)
        if account is None:
            return
        who: dict[str, Any] = {"actor": actor_of(account), "now": now}
        if kind == FOLLOWING:
            operations.unfollow(session, subject, account, **who)
        elif kind == NEWSLETTERS:
            operations.stop_newsletters(session, account, **who)
        else:
            operations.stop_account(session, account, **who)

    perform(work)
