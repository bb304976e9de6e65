"""What everybody can check for themselves: the roll in numbers, one's own ballot by its code, the lot step by step."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from ...audit import canonical
from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.web import current_actor, public
from .. import queries
from ..building import codes_of
from ..events import RollEvent
from ..forms import FindBallotForm
from ..models import Franchise, Vote
from ..rules import lots
from .blueprint import bp, load

CODE = re.compile(r"[0-9a-f]{64}")
LARGEST_RECEIPT = 100_000


@bp.get("/p/<process_id>/votes/<public_id>/roll")
@public
def roll(process_id: str, public_id: str) -> str:
    """How many may vote and what was changed since, with each reason; no names."""
    process, vote = load(process_id, public_id)
    told = queries.told_of(db.session(), vote, RollEvent.FROZEN, RollEvent.EXTENDED, RollEvent.REDUCED)
    frozen = next((each for each in told if each.kind == str(RollEvent.FROZEN)), None)
    changes = [each for each in told if each.kind != str(RollEvent.FROZEN)]
    facts = {"frozen": frozen, "changes": changes, "turnout": queries.turnout(db.session(), vote)}
    return render_template("voting/roll_numbers.html", process=process, vote=vote, **facts)


@bp.route("/p/<process_id>/votes/<public_id>/find", methods=["GET", "POST"])
@public
def find(process_id: str, public_id: str) -> Response:
    """What became of a ballot, for whoever holds its code. The code is sent in the body: it stands in no address, and
    nothing is written down of who asked for what."""
    process, vote = load(process_id, public_id)
    if vote.franchise is not Franchise.INDIVIDUAL:
        raise NotFound(_l("Organisations vote on the record: their page says what each chose."))
    form = FindBallotForm()
    code = _code(form.code.data or "") if request.method == "POST" else None
    found, status = None, 200
    if request.method == "POST" and form.validate_on_submit():
        if code is None:
            form.code.errors = [*form.code.errors, str(_l("The code has 64 letters a to f and digits."))]
        else:
            found = queries.find_ballot(db.session(), vote, code, actor=current_actor(), now=clock.now())
    if form.errors:
        status = 422
    facts = {"form": form, "code": code if status == 200 else None, "found": found, "titles": _titles(vote, found)}
    response = make_response(render_template("voting/find.html", process=process, vote=vote, **facts), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _code(typed: str) -> str | None:
    """As typed or scanned, or from the file of a receipt."""
    upload = request.files.get("receipt")
    content = upload.stream.read(LARGEST_RECEIPT) if upload is not None and upload.filename else b""
    if content:
        typed = _of_receipt(content) or typed
    plain = re.sub(r"[^0-9a-z]", "", typed.lower())
    return plain if CODE.fullmatch(plain) else None


def _of_receipt(content: bytes) -> str:
    try:
        return str(json.loads(content)["ballot"]["commitment"])
    except (ValueError, KeyError, TypeError):
        return ""


def _titles(vote: Vote, found: queries.FoundBallot | None) -> list[str] | None:
    if found is None or found.choices is None:
        return None
    titles = {option.code: option.title for option in vote.options}
    return [titles[code] for code in codes_of(vote, found.choices)]


@bp.get("/p/<process_id>/votes/<public_id>/lot")
@public
def lot(process_id: str, public_id: str) -> str:
    """The draw, step by step, to be repeated by hand; before it only the seal and what will be drawn with."""
    process, vote = load(process_id, public_id)
    if vote.rules.get("lot") is None:
        raise NotFound(_l("In this vote nothing is decided by lot."))
    steps = _steps(vote) if vote.lot_draw is not None else None
    return render_template("voting/lot.html", process=process, vote=vote, steps=steps)


def _steps(vote: Vote) -> dict[str, Any]:
    draw = vote.lot_draw or {}
    named = {name: draw[name] for name in ("public_value", "secret", "snapshot")}
    titles = {option.code: option.title for option in vote.options}
    tickets = [(titles[code], code, lots.key(draw["seed"], code)) for code in draw["order"]]
    text = canonical.dumps({**named, "vote": vote.ref}).decode()
    return {**draw, "text": text, "tickets": tickets, "commands": _commands(draw, text)}


def _commands(draw: dict[str, Any], text: str) -> dict[str, str]:
    """What anybody can type into the shell of their own computer."""
    quoted = text.replace("'", "'\\''")
    return {
        "seal": f"printf '%s' '{draw['secret']}' | xxd -r -p | shasum -a 256",
        "seed": f"printf 'ucc-lot-1\\0%s' '{quoted}' | shasum -a 256",
        "ticket": f"(printf '%s' '{draw['seed']}' | xxd -r -p; printf '%s' '{draw['order'][0]}') | shasum -a 256",
    }
