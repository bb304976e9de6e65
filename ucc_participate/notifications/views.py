"""The page of mails, on demonstration machines only: whoever opens it can follow everybody's links."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template

from ..kernel.web import public
from ..settings import Settings
from . import mailbox

bp = Blueprint("notifications", __name__)

SHOWN = 50


FRAMED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-top-navigation-by-user-activation"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}
"""A mail has its styles at its elements; here it can do nothing else, and stand only in the frame on our page."""


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
    page = found.html.replace("<head>", '<head><base target="_top">', 1)
    return Response(page, mimetype="text/html", headers=FRAMED)


def _folder() -> Path:
    settings: Settings = current_app.extensions["ucc.settings"]
    if not settings.show_mails:
        abort(404)
    return settings.instance_path / mailbox.FOLDER
