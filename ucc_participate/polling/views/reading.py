"""What everybody may read: where and when one can vote in person, and the public numbers."""

from __future__ import annotations

from flask import render_template

from ...kernel import clock
from ...kernel.db import db
from ...kernel.web import public
from ...voting.models import VoteState
from .. import queries, wording
from .blueprint import Answer, bp, load


@bp.get("/p/<process_id>/votes/<vote_id>/polling")
@public
def show(process_id: str, vote_id: str) -> Answer:
    """Places and hours; codes issued; after the closing what was found in each box."""
    process, vote = load(process_id, vote_id)
    session = db.session()
    return render_template(
        "polling/show.html",
        process=process,
        vote=vote,
        places=queries.places_of(session, vote),
        codes=queries.issued_codes(session, vote),
        is_over=vote.status is VoteState.CLOSED,
        wording=wording,
        now=clock.now(),
    )
