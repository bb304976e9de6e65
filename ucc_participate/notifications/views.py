"""The page of mails, on demonstration machines only: whoever opens it can follow everybody's links."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template

from ..kernel.web import public
from ..settings import Settings
from . import layout, mailbox

bp = Blueprint("notifications", __name__)

SHOWN = 50


@bp.get("/mails")
@public
def mails() -> str:
    return render_template("notifications/mails.html", mails=mailbox.newest(_folder(), limit=SHOWN))


@bp.get("/mails/<name>")
@public
def mail(name: str) -> Response:
    """The HTML of one mail, as it was sent; its links open in the whole window."""
    found = mailbox.find(_folder(), name)
    if found is None or found.html is None:
        abort(404)
    return Response(layout.framed(found.html), mimetype="text/html", headers=layout.FRAMED)


def _folder() -> Path:
    settings: Settings = current_app.extensions["ucc.settings"]
    if not settings.show_mails:
        abort(404)
    return settings.instance_path / mailbox.FOLDER
