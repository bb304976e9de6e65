"""How polling places hook into the application: policies, drift, a kiosk's browser, forgetting voters."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, redirect, render_template, request, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ..accounts.models import Account
from ..audit import drift
from ..kernel import clock
from ..kernel.codes import Digests
from ..kernel.db import db, perform
from ..kernel.identity import system_actor
from ..kernel.web import current_actor, register_policies
from ..voting.models import Vote
from . import operations, policies, queries
from .models import BallotBox, CodeLetters, Kiosk, PaperMishap, PollingPlace

KIOSK, TURN = "kiosk", "turn"
"""What the session of a kiosk's browser holds, and nothing else."""
TIDY_SECONDS = 60.0
SEALED_SECONDS = 15 * 60
STAYS = frozenset({"static", "portal.set_language"})


def init_app(app: Flask) -> None:
    register_policies(app, policies, PollingPlace, BallotBox, CodeLetters, Kiosk, PaperMishap)
    drift.register(app, "ucc.polling_place/1", queries.live_places)
    drift.register(app, "ucc.ballot_box/1", queries.live_boxes)
    app.extensions["ucc.jobs"].add("polling.forget", _forget, every_seconds=TIDY_SECONDS)
    app.extensions.setdefault("ucc.personal_data", []).append(_typed)
    app.before_request(_stay_at_the_kiosk)
    app.jinja_env.globals.update(polling_panel=polling_panel)


def digests() -> Digests:
    return Digests(str(current_app.secret_key))


def seal(slot: int, vote_id: str) -> str:
    """A place on the roll as a hidden field carries it for some minutes: no address of a page names it."""
    return str(_sealer().dumps([vote_id, slot]))


def unseal(sealed: str, vote_id: str) -> int | None:
    """The slot; None when the time is over or somebody has written it themselves."""
    try:
        of, slot = _sealer().loads(sealed, max_age=SEALED_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    return int(slot) if of == vote_id else None


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="ucc-polling-voter")


def _forget() -> None:
    actor, now = system_actor("tidy"), clock.now()
    perform(lambda session: operations.forget_turns(session, actor=actor, now=now))


def _stay_at_the_kiosk() -> Response | None:
    """A browser that is a kiosk shows nothing else: no page of the site has a voter's place in its history."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies or request.endpoint in STAYS:
        return None
    if (request.endpoint or "").startswith("polling.kiosk") or KIOSK not in session:
        return None
    return redirect(url_for("polling.kiosk"), 303)


def polling_panel(vote: Vote) -> Markup:
    """On the page of a vote: where and when one can vote in person."""
    places = queries.places_of(db.session(), vote)
    works = current_actor().is_staff and bool(policies.can_watch(current_actor(), vote, now=clock.now()))
    if not places and not works:
        return Markup("")
    page = render_template("polling/_panel.html", vote=vote, places=places, works=works)
    return Markup(page)  # noqa: S704  # a template has just escaped it


def _typed(session: Session, account: Account) -> dict[str, Any]:
    """Of which boxes the account has typed papers, as data for that person."""
    found = queries.typed_boxes(session, account)
    return {"typed_boxes": [{"place": place.name, "box": box.number} for place, box in found]}
