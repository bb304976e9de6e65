"""How readiness hooks into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..accounts.purposes import DataKind
from ..audit import drift
from ..dossier import blockers
from ..kernel.web import register_policies
from . import gaps, policies, queries, wording
from .models import Attachment

_KIND = DataKind(
    key="photo_authors",
    name=_l("Who took a photo of the application"),
    purpose=_l("To name the author and to show that the rights were ceded."),
    ground=_l("The sheet that the author signs."),
    kept=_l("As long as the application is kept."),
    seen_by=_l("The city’s staff, evaluators and UNESCO, with the photo."),
    columns=frozenset({"dossier_attachment.author"}),
)


def init_app(app: Flask) -> None:
    """``ucc.readiness``: callables (session, process, *, now) → mapping of rule ids to ``facts.Said``, by which rooms
    above tell how rules stand that only they know (L1, L2, K4, K5)."""
    app.extensions.setdefault("ucc.readiness", [])
    app.extensions.setdefault(blockers.BLOCKERS, []).append(gaps.blockers)
    app.extensions.setdefault(blockers.WORDS, []).append(gaps.words)
    app.extensions.setdefault("ucc.dossier_files", []).append(queries.files_of)
    app.extensions.setdefault("ucc.personal_data_kinds", []).append(_KIND)
    app.extensions.setdefault("ucc.personal_words", {})["attachment.state"] = wording.STATES
    register_policies(app, policies, Attachment)
    drift.register(app, "ucc.attachment/1", queries.live_attachments)
    drift.register(app, "ucc.deadline/1", queries.live_deadlines)
