"""Opening documents: a public one by its address, any other by a button, because the log notes it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import Session

from ..kernel import clock
from ..kernel.db import db, perform
from ..kernel.decision import require
from ..kernel.errors import NotFound
from ..kernel.files import KIND_OF, serve
from ..kernel.web import current_actor, decide, public
from . import operations, queries
from .models import Document

bp = Blueprint("documents", __name__)


@bp.get("/documents/<public_id>")
@public
def show(public_id: str) -> Response:
    document = queries.get_document(db.session(), public_id)
    if not document.is_public:
        raise NotFound
    return _served(document)


@bp.post("/documents/<public_id>")
def read(public_id: str) -> Response:
    """Staff only, and noted: the form is a button of its own beside the title."""
    document = queries.get_document(db.session(), public_id)
    require(decide("view", document))
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        operations.read_document(session, queries.get_document(session, public_id), actor=actor, now=now)

    perform(work)
    return _served(queries.get_document(db.session(), public_id))


def _served(document: Document) -> Response:
    kind = KIND_OF[document.media_type]
    name = f"{document.title}.{kind.value}"
    store = current_app.extensions["ucc.store"]
    return serve(store, sha256=document.sha256, kind=kind, name=name, is_public=document.is_public)
