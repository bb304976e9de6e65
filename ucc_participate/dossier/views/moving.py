"""Moving a dossier to another edition of its form: what that changes is shown before it is done."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.i18n import in_language, reader
from ...kernel.web import current_actor, say, see_other
from .. import operations, policies, queries
from ..models import Dossier
from ..moving import changes_of
from ..shipped import shipped
from .blueprint import ONE, Page, bp, change, desk_page, load


@bp.get(f"{ONE}/form")
def change_form(process_id: str, dossier_id: str) -> Page:
    """Which editions there are; with ``?to=`` what moving to that one would change."""
    process, dossier = load(process_id, dossier_id)
    require(policies.can_edit(current_actor(), dossier, now=clock.now()))
    contents = _editions(dossier)
    wanted = request.args.get("to") or None
    if wanted is not None and wanted not in contents:
        raise NotFound()
    answers = queries.answers_of(db.session(), dossier).values()
    locale = reader().locale
    return desk_page(
        "dossier/change_form.html",
        process,
        dossier=dossier,
        editions={code: str(in_language(content["title"], locale)) for code, content in contents.items()},
        wanted=wanted,
        moved=changes_of(dossier.form.content, contents[wanted], answers) if wanted else None,
    )


@bp.post(f"{ONE}/form")
def move_to_form(process_id: str, dossier_id: str) -> Page:
    load(process_id, dossier_id)
    opened = change(process_id, dossier_id, operations.change_form, request.form.get("to", ""))
    say(_("The dossier stands on the other form. Nothing that was written is lost."))
    if opened:
        count = len(opened)
        say(ngettext("%(num)s final text is a draft again.", "%(num)s final texts are drafts again.", count))
    return see_other("dossier.show", process_id=process_id, dossier_id=dossier_id)


def _editions(dossier: Dossier) -> dict[str, dict[str, Any]]:
    """Contents of the other forms for the same purpose, by code."""
    found = {content["code"]: content for content in shipped().values() if content["purpose"] == dossier.purpose}
    used = queries.forms(db.session())
    found |= {form.code: form.content for form in used if form.purpose is dossier.purpose}
    found.pop(dossier.form.code, None)
    return found
