"""What the signed-in person has said, everywhere, and texts that could not be taken."""

from __future__ import annotations

from flask import render_template

from ...accounts.queries import own_account
from ...kernel.db import db
from ...kernel.web import current_actor
from .. import queries, wording
from .blueprint import bp


@bp.get("/my/comments")
def own() -> str:
    session = db.session()
    account = own_account(session, current_actor())
    return render_template(
        "deliberation/own.html",
        comments=queries.comments_by(session, account)[::-1],
        drafts=queries.drafts_by(session, account),
        wording=wording,
    )
