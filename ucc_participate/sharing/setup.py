"""How giving and taking hooks into the application."""

from flask import Flask

from ..audit import drift
from ..kernel import web
from . import policies, queries
from .models import Exchange, Practice, Share


def init_app(app: Flask) -> None:
    web.register_policies(app, policies, Practice, Exchange, Share)
    drift.register(app, "ucc.practice/1", queries.live_practices)
    drift.register(app, "ucc.exchange/1", queries.live_exchanges)
    drift.register(app, "ucc.share/1", queries.live_shares)
