"""A discussion as data, for everybody: CSV and JSON, everything that is or was public, in the order of writing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Response

from ...kernel.clock import utc_text
from ...kernel.db import db
from ...kernel.tables import write_csv
from ...kernel.web import public
from .. import queries
from .blueprint import bp, load_place

FORMAT = "ucc-discussion/1"
COLUMNS = (
    *("comment", "about", "in_reply_to", "stance", "voice", "author", "organisation", "sector", "city", "country"),
    *("language", "text", "quote", "quoted", "helpful", "replies", "status", "standing", "written_at", "changed_at"),
)


@bp.get("/p/<process_id>/discussion/<kind>/<thing>/comments.csv")
@public
def csv(process_id: str, kind: str, thing: str) -> Response:
    rows = _rows(process_id, f"{kind}/{thing}")
    content = write_csv([COLUMNS, *([row[column] for column in COLUMNS] for row in rows)])
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="discussion-{thing}.csv"'
    return response


@bp.get("/p/<process_id>/discussion/<kind>/<thing>/comments.json")
@public
def as_json(process_id: str, kind: str, thing: str) -> Response:
    ref = f"{kind}/{thing}"
    whole = {"format": FORMAT, "about": ref, "comments": list(_rows(process_id, ref))}
    return Response(json.dumps(whole, ensure_ascii=False), mimetype="application/json")


def _rows(process_id: str, ref: str) -> Iterator[dict[str, Any]]:
    place = load_place(process_id, ref)
    thread = queries.thread_of(db.session(), place.topic.ref)
    if thread is None:
        return
    for comment, helpful, replies in queries.all_comments(db.session(), thread):
        state = comment.public_payload()
        written = {"comment": comment.ref, "helpful": helpful, "replies": replies}
        yield {name: (written | state).get(name) for name in COLUMNS} | {"written_at": utc_text(comment.written_at)}
