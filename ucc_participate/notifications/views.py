"""The page of mails, on demonstration machines only: whoever opens it can follow everybody's links."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template

from ..kernel.web import public
from ..settings import Settings
from . import mailbox

bp = Blueprint("notifications", __name__)

SHOWN = 50


@bp.get("/mails")
@public
def mails() -> str:
    settings: Settings = current_app.extensions["ucc.settings"]
    if not settings.show_mails:
        abort(404)
    found = mailbox.newest(settings.instance_path / mailbox.FOLDER, limit=SHOWN)
    return render_template("notifications/mails.html", mails=found)
