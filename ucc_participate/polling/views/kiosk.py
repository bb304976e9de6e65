"""The kiosk: a browser that lends itself to one voter after the other and remembers none.

Its session holds what makes it a kiosk and, for minutes, what makes somebody its voter; every page forbids keeping, and
going back finds nothing. Who does nothing is forgotten, and nothing of an unfinished ballot is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import make_response, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.codes import read_code, slip_of
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.identity import VISITOR
from ...kernel.qr import qr_svg
from ...kernel.web import limiter, public, see_other
from ...voting import queries as voting
from ...voting.building import marks_of, pack_choices
from .. import operations, policies, queries, wording
from ..codes import digest_of
from ..forms import CodeForm, KioskBallotForm, Marked, marked, marks_from
from ..models import Kiosk, KioskTurn
from ..setup import KIOSK, TURN, digests
from .blueprint import bp

CODE_LIMIT = "10 per minute"
RESTS = 60
"""Seconds after which the page of a kiosk that nobody uses looks whether it still is one."""


def _kiosk() -> Kiosk:
    """Raises NotFound in a browser that is none."""
    found = queries.kiosk_by_token(db.session(), digests()("kiosk", session.get(KIOSK, "")))
    if found is None:
        raise NotFound
    return found


def _turn(kiosk: Kiosk, now: datetime) -> KioskTurn | None:
    held = session.get(TURN)
    return queries.turn_by_token(db.session(), kiosk, digests()("turn", held), now) if held else None


def _page(template: str, kiosk: Kiosk, *, refresh: int, status: int = 200, **facts: Any) -> Response:
    """A page that no browser keeps. ``refresh``: seconds without a tap after which it leads back to the beginning."""
    shown = {"kiosk": kiosk, "vote": kiosk.place.vote, "wording": wording, "now": clock.now()}
    response = make_response(render_template(template, **shown, **facts), status)
    response.headers["Cache-Control"] = "no-store, max-age=0"
    response.headers["Pragma"] = "no-cache"
    response.headers["Refresh"] = f"{refresh}; url={url_for('polling.kiosk')}"
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/kiosk")
@public
def kiosk() -> Response:
    """The first page: a code, or the ballot that the staff released. Whoever stood here before is forgotten."""
    if KIOSK not in session:
        return see_other("portal.home")
    found = queries.kiosk_by_token(db.session(), digests()("kiosk", session[KIOSK]))
    now = clock.now()
    if found is None or not found.is_running(now):
        session.clear()
        return see_other("portal.home")
    turn = _turn(found, now)
    if turn is not None:
        return see_other("polling.kiosk_receipt" if turn.has_cast else "polling.kiosk_ballot")
    was_lent = session.pop(TURN, None) is not None
    return _start(found, CodeForm(formdata=None), was_lent=was_lent)


def _start(found: Kiosk, form: CodeForm, *, status: int = 200, **facts: Any) -> Response:
    may = policies.can_use(VISITOR, found, now=clock.now())
    refresh = found.idle_minutes * 60 if form.code.data else RESTS
    return _page("polling/kiosk_start.html", found, refresh=refresh, status=status, form=form, may_use=may, **facts)


@bp.post("/kiosk")
@public
@limiter.limit(CODE_LIMIT)
def kiosk_code() -> Response:
    found, form = _kiosk(), CodeForm()
    if form.validate_on_submit():
        typed = form.code.data or ""
        if read_code(typed) is None:
            form.refuse(Invalid(slip_of(typed), field="code"))
            return _start(found, form, status=422)
        keyed = digests()
        code = digest_of(found.place.vote, typed, keyed)
        try:
            token = _at_kiosk(
                lambda write, at, **who: operations.begin_turn(write, at, code=code, digests=keyed, **who)
            )
        except Conflict as refusal:
            form.refuse(Invalid(refusal.reason, field="code"))
            return _start(_kiosk(), form, status=409)
        if token is not None:
            return _lend(token)
        form.refuse(
            Invalid(_("This code opens nothing here. Compare it with your letter, or ask the staff."), field="code")
        )
    return _start(_kiosk(), form, status=422)


@bp.post("/kiosk/released")
@public
@limiter.limit(CODE_LIMIT)
def kiosk_released() -> Response:
    keyed = digests()
    try:
        token = _at_kiosk(lambda write, at, **who: operations.take_released(write, at, digests=keyed, **who))
    except Conflict as refusal:
        start = CodeForm(formdata=None)
        start.form_errors.append(str(refusal.reason))
        return _start(_kiosk(), start, status=409)
    return _lend(token)


def _lend(token: str) -> Response:
    """A new session for a new voter: of the one before nothing stays but that this is a kiosk."""
    held = session[KIOSK]
    session.clear()
    session[KIOSK], session[TURN] = held, token
    return see_other("polling.kiosk_ballot")


def _at_kiosk(work: Callable[..., Any]) -> Any:
    """``work(session, kiosk, actor=…, now=…)`` with the kiosk locked and its vote held against closing."""
    mark, now, of = digests()("kiosk", session[KIOSK]), clock.now(), _kiosk().place.vote.public_id

    def run(write: Session) -> Any:
        voting.vote_to_cast_in(write, of)
        found = queries.kiosk_to_count_at(write, mark)
        if found is None:
            raise NotFound
        return work(write, found, actor=VISITOR, now=now)

    return perform(run)


def _for_turn(work: Callable[..., Any]) -> Any:
    """As _at_kiosk, with the voter's turn. Raises Conflict when the time is over."""
    mark = digests()("turn", session.get(TURN, ""))

    def run(write: Session, found: Kiosk, *, now: datetime, **who: Any) -> Any:
        turn = queries.turn_by_token(write, found, mark, now)
        if turn is None:
            raise Conflict(_("The time was over, and the kiosk has forgotten you. Nothing was cast. Begin again."))
        return work(write, found, turn, now=now, **who)

    return _at_kiosk(run)


@bp.route("/kiosk/ballot", methods=["GET", "POST"])
@public
def kiosk_ballot() -> Response:
    """The ballot; sent once it is shown again, to be looked at; sent from there it is cast. It lies nowhere between."""
    found, now = _kiosk(), clock.now()
    turn = _turn(found, now)
    if turn is None or turn.has_cast:
        return see_other("polling.kiosk")
    vote, form = found.place.vote, KioskBallotForm()
    sent = marked(vote, request.form)
    if request.method == "GET" or not form.validate():
        return _ballot(found, form, sent, status=200 if request.method == "GET" else 422)
    try:
        marks = marks_from(vote, sent)
        pack_choices(vote, marks.codes, marks.points)  # what the rules do not allow is told before it is looked at
        if request.form.get("step") == "cast":
            key = form.idempotency_key.data
            facts: dict[str, Any] = {"choices": marks.codes, "points": marks.points, "idempotency_key": key}
            _for_turn(lambda write, at, turn, **who: operations.cast_at_kiosk(write, at, turn, **facts, **who))
            return see_other("polling.kiosk_receipt")
        _for_turn(operations.keep_turn)
    except Invalid as refusal:
        form.form_errors.append(str(refusal.reason))
        return _ballot(_kiosk(), form, sent, status=422)
    except Conflict as refusal:
        return _refused(_kiosk(), refusal.reason)
    found = _kiosk()  # what was read before a change is of another moment
    if request.form.get("step") == "change":
        return _ballot(found, form, sent)
    lines = _lines(found, marks.codes, marks.points)
    return _page("polling/kiosk_look.html", found, refresh=found.idle_minutes * 60, form=form, sent=sent, lines=lines)


def _ballot(found: Kiosk, form: Any, sent: Marked, *, status: int = 200) -> Response:
    vote = found.place.vote
    how = wording.how_to_mark(vote)
    refresh = found.idle_minutes * 60
    return _page("polling/kiosk_ballot.html", found, refresh=refresh, status=status, form=form, sent=sent, how=how)


def _lines(found: Kiosk, codes: Any, points: Any) -> list[tuple[str, int | None]]:
    """What a ballot says, line by line: title, and its points where there are."""
    titles = {option.code: option.title for option in found.place.vote.options}
    given = points if points is not None else [None] * len(codes)
    return [(titles[code], value) for code, value in zip(codes, given, strict=True)]


def _refused(found: Kiosk, reason: Any) -> Response:
    """The vote has closed, the slot was used, the time was over: the voter is told, and forgotten."""
    session.pop(TURN, None)
    return _page("polling/kiosk_refused.html", found, refresh=RESTS, status=409, reason=reason)


@bp.get("/kiosk/receipt")
@public
def kiosk_receipt() -> Response:
    """What was cast, for two minutes or until the voter is done; to be printed by whoever wants it."""
    found, now = _kiosk(), clock.now()
    turn = _turn(found, now)
    ballot = voting.current_ballot(db.session(), turn.entry) if turn is not None and turn.has_cast else None
    if turn is None or ballot is None:
        return see_other("polling.kiosk")
    marks = marks_of(found.place.vote, bytes(ballot.choices))
    return _page(
        "polling/kiosk_receipt.html",
        found,
        refresh=int(operations.RECEIPT.total_seconds()),
        ballot=ballot,
        slot=turn.entry.slot,
        lines=_lines(found, marks.codes, marks.points),
        qr=qr_svg(f"{ballot.commitment} {bytes(ballot.salt).hex()}"),
    )


@bp.post("/kiosk/done")
@public
def kiosk_done() -> Response:
    """Forget the voter now."""
    found, now = _kiosk(), clock.now()
    if _turn(found, now) is not None:
        _for_turn(lambda write, _at, turn, **who: operations.end_turn(write, turn, **who))
    held = session[KIOSK]
    session.clear()
    session[KIOSK] = held
    response = see_other("polling.kiosk")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/kiosk/leave")
@public
def kiosk_leave() -> Response:
    """This browser is no kiosk any more. It opens nothing else by that: whoever wants more signs in."""
    session.clear()
    return see_other("portal.home")
