"""Freezing a dossier: everything that stands in the way, thing by thing; and opening it again."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from .. import operations, policies
from ..blockers import blockers_of, rooms
from ..forms import ReasonForm
from ..models import Dossier
from ..operations.freezing import Blocked
from .blueprint import ONE, Page, bp, change, desk_page, load


@bp.route(f"{ONE}/freeze", methods=["GET", "POST"])
def freeze(process_id: str, dossier_id: str) -> Page:
    """Reasons come as ``reason-<number of the blocker on the page>`` with ``code-<number>`` beside them."""
    process, dossier = load(process_id, dossier_id)
    require(policies.can_freeze(current_actor(), dossier, now=clock.now()))
    if request.method == "GET":
        return _page(process, dossier, {}, status=200)
    reasons = _reasons()
    try:
        change(process_id, dossier_id, operations.freeze_dossier, rooms(), reasons=reasons)
    except Blocked as refusal:
        return _page(process, dossier, reasons, status=refusal.status, error=str(refusal.reason))
    except Invalid as refusal:
        return _page(process, dossier, reasons, status=422, error=str(refusal.reason), at=refusal.field)
    say(_("The dossier is frozen. What is handed in cannot change behind anybody’s back any more."))
    return see_other("dossier.show", process_id=process_id, dossier_id=dossier_id)


@bp.route(f"{ONE}/unfreeze", methods=["GET", "POST"])
def unfreeze(process_id: str, dossier_id: str) -> Page:
    process, dossier = load(process_id, dossier_id)
    require(policies.can_unfreeze(current_actor(), dossier, now=clock.now()))
    form = ReasonForm()
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return desk_page("dossier/unfreeze.html", process, status=status, dossier=dossier, form=form)
    change(process_id, dossier_id, operations.unfreeze_dossier, reason=form.reason.data)
    say(_("The dossier is open again. The log keeps what was frozen."))
    return see_other("dossier.show", process_id=process_id, dossier_id=dossier_id)


def _reasons() -> dict[str, str]:
    codes = {name.partition("-")[2]: code for name, code in request.form.items() if name.startswith("code-")}
    return {code: request.form.get(f"reason-{number}", "") for number, code in codes.items()}


def _page(
    process: Process,
    dossier: Dossier,
    reasons: dict[str, str],
    *,
    status: int,
    error: str | None = None,
    at: str | None = None,
) -> Page:
    found = blockers_of(db.session(), dossier, clock.now())
    return desk_page(
        "dossier/freeze.html",
        process,
        status=status,
        dossier=dossier,
        firm=[each for each in found if not each.can_override],
        soft=[each for each in found if each.can_override],
        reasons=reasons,
        error=error,
        at=at,
    )
