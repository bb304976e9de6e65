"""How partner cities hook into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..accounts.purposes import DataKind
from ..audit import drift
from ..kernel import web
from ..kernel.db import db
from ..processes import frame
from ..processes.models import Process
from . import policies, queries
from .models import PartnerCity


def init_app(app: Flask) -> None:
    web.register_policies(app, policies, PartnerCity)
    drift.register(app, "ucc.partner_city/1", queries.live_states)
    app.extensions.setdefault(frame.PARTS, []).append(_directory)
    app.extensions.setdefault("ucc.personal_data_kinds", []).append(_contacts())


def _directory(process: Process) -> frame.Entry | None:
    named = queries.partners_of(db.session(), process)
    return frame.part(_("Partner cities"), "partners.index", process) if named else None


def _contacts() -> DataKind:
    return DataKind(
        "partner_contacts",
        _l("How to reach the office of a partner city"),
        _l("So that the city can write to those it works with."),
        _l("The city’s public task of consulting its people."),
        _l("As long as the city is in the directory; a coordinator takes it out at once when asked."),
        _l("The city’s staff."),
        frozenset({"partner_city.contact"}),
    )
