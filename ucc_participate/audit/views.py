"""The public log: C2SP tlog-tiles files, proofs, the key, and a page that people can read."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from ..kernel.db import db
from ..kernel.events import AuditEvent
from ..kernel.visitor_cache import shared_by_visitors
from ..kernel.web import public
from . import queries, reading, tiles
from .extension import audit_log

bp = Blueprint("audit", __name__)

IMMUTABLE = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=5"
PAGE = 50
LARGEST_INDEX = 2**53


def _file(body: bytes | str, *, cache: str, kind: str = "application/octet-stream") -> Response:
    response = Response(body, mimetype=kind)
    response.headers["Cache-Control"] = cache
    return response


def _position(name: str) -> int | None:
    """The index that the address names, when a log can have it."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number < LARGEST_INDEX else None


@bp.get("/log/checkpoint")
@public
def checkpoint() -> Response:
    newest = reading.latest_checkpoint(db.session.connection())
    if newest is None:
        abort(404)
    return _file(newest.note, cache=BRIEFLY, kind="text/plain")


@bp.get("/log/vkey")
@public
def vkey() -> Response:
    return _file(audit_log().signer.vkey + "\n", cache=BRIEFLY, kind="text/plain")


@bp.get("/log/tile/<path:rest>")
@public
def tile(rest: str) -> Response:
    try:
        place = tiles.parse_path(f"tile/{rest}")
    except tiles.TileError:
        abort(404)
    connection = db.session.connection()
    newest = reading.latest_checkpoint(connection)
    if newest is None or place.width > tiles.width_at(place.level, place.n, newest.size):
        abort(404)
    if place.level is None:
        body = reading.bundle(connection, place.n, place.width)
    else:
        body = reading.tile(connection, place.level, place.n, place.width)
    return _file(body, cache=IMMUTABLE)


@bp.get("/log/proof/<int:position>.tlog-proof")
@public
def proof(position: int) -> Response:
    connection = db.session.connection()
    newest = reading.latest_checkpoint(connection, covering=position + 1)
    if newest is None:
        abort(404)
    return _file(queries.proof(connection, position, newest), cache=BRIEFLY, kind="text/plain")


@bp.get("/log")
@public
@shared_by_visitors
def index() -> str:
    connection = db.session.connection()
    before = _position("before")
    process, subject = request.args.get("process"), request.args.get("subject")
    entries = queries.latest_entries(connection, process=process, subject=subject, before=before, limit=PAGE + 1)
    return render_template(
        "audit/index.html",
        entries=entries[:PAGE],
        next_before=entries[PAGE - 1].position if len(entries) > PAGE else None,
        texts=AuditEvent.all_texts(),
        head=reading.head(connection),
        checkpoint=reading.latest_checkpoint(connection),
        vkey=audit_log().signer.vkey,
        filters={"process": process, "subject": subject},
    )
