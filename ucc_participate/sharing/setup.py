"""How giving and taking hooks into the application."""

from flask import Flask
from flask_babel import gettext as _

from ..audit import drift
from ..kernel import web
from ..kernel.db import db
from ..kernel.web import current_actor
from ..processes import frame
from ..processes.models import Process
from . import policies, queries
from .models import Exchange, Practice, Share


def init_app(app: Flask) -> None:
    app.extensions.setdefault(frame.PARTS, []).append(_given)
    web.register_policies(app, policies, Practice, Exchange, Share)
    drift.register(app, "ucc.practice/1", queries.live_practices)
    drift.register(app, "ucc.exchange/1", queries.live_exchanges)
    drift.register(app, "ucc.share/1", queries.live_shares)


def _given(process: Process) -> frame.Entry | None:
    session, actor = db.session(), current_actor()
    shown = queries.practices_of(session, process, actor=actor) or queries.exchanges_of(session, process)
    return frame.part(_("Give and take"), "sharing.index", process) if shown else None
