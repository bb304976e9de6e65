"""Open data of votes."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import force_locale

from ..audit import canonical
from ..kernel import clock
from ..kernel.db import db
from ..kernel.errors import UccError
from ..kernel.web import current_actor, public
from . import ballot_files, counting, queries

bp = Blueprint("voting_api", __name__, url_prefix="/api/v1/votes")


@bp.get("/<public_id>/result.json")
@public
def result(public_id: str) -> Response:
    """The result object, 409 while it is sealed, 404 when there is no such vote; always JSON."""
    try:
        vote = queries.get_vote(db.session(), public_id)
        found = queries.result_of(vote, actor=current_actor(), now=clock.now())
    except UccError as refusal:
        return _refused(refusal)
    return _kept_a_minute(canonical.dumps(found), "application/json")


@bp.get("/<public_id>/ballots.<kind>")
@public
def ballots(public_id: str, kind: str) -> Response:
    """All ballots of a counted vote, equal ones together and nothing about voters: csv and json, and for ranked ballots
    blt, soi, toc, toi. 409 while the vote is sealed, 404 when there is no such vote or format."""
    session, now = db.session(), clock.now()
    try:
        vote = queries.get_vote(session, public_id)
        queries.result_of(vote, actor=current_actor(), now=now)
        found = ballot_files.build(kind, counting.election_of(vote), counting.ballots_of(session, vote))
    except UccError as refusal:
        return _refused(refusal)
    response = _kept_a_minute(found, ballot_files.MEDIA.get(kind, "text/plain"))
    response.headers["Content-Disposition"] = f"attachment; filename={vote.public_id}.{kind}"
    return response


def _refused(refusal: UccError) -> Response:
    with force_locale("en"):
        problem = {"status": refusal.status, "title": str(refusal)}
    return Response(canonical.dumps(problem), refusal.status, mimetype="application/problem+json")


def _kept_a_minute(content: bytes, media: str) -> Response:
    response = Response(content, mimetype=media)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response
