"""Open data of votes."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import force_locale

from ..audit import canonical
from ..kernel import clock
from ..kernel.db import db
from ..kernel.errors import UccError
from ..kernel.web import current_actor, public
from . import queries

bp = Blueprint("voting_api", __name__, url_prefix="/api/v1/votes")


@bp.get("/<public_id>/result.json")
@public
def result(public_id: str) -> Response:
    """The result object, 409 while it is sealed, 404 when there is no such vote; always JSON."""
    try:
        vote = queries.get_vote(db.session(), public_id)
        found = queries.result_of(vote, actor=current_actor(), now=clock.now())
    except UccError as refusal:
        with force_locale("en"):
            problem = {"status": refusal.status, "title": str(refusal)}
        return Response(canonical.dumps(problem), refusal.status, mimetype="application/problem+json")
    response = Response(canonical.dumps(found), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response
