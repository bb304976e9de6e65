"""The page that says today what an evaluator would say later."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from flask import Blueprint, render_template, url_for

from ..kernel import clock
from ..kernel.db import db
from ..kernel.decision import require
from ..kernel.i18n import lazy_number
from ..kernel.identity import Role
from ..kernel.web import can, current_actor
from ..processes.models import Process
from ..processes.queries import get_process
from . import checks, policies, queries, wording
from .checks import Finding

MENDED_BY = {
    "processes.edit": "revise",
    "processes.timetable": "revise",
    "processes.targets": "set_targets",
    "processes.documents": "add_document",
    "outreach.invite": "invite",
}
"""What one must be allowed to do with the process on the pages to which findings lead."""

bp = Blueprint("objections", __name__)


@bp.get("/p/<public_id>/objections")
def show(public_id: str) -> str:
    actor, now = current_actor(), clock.now()
    process = get_process(db.session(), public_id, actor=actor)
    require(policies.can_read_objections(actor, process, now=now))
    findings = checks.find(queries.gather(db.session(), process, now=now))
    parts = [(standing, list(found)) for standing, found in groupby(findings, key=lambda each: each.standing)]
    counts = Counter(each.standing for each in findings)
    return render_template(
        "objections/show.html",
        process=process,
        parts=parts,
        summary=[(wording.STANDINGS[each], lazy_number(counts[each]), None) for each in checks.Standing],
        page_of=lambda finding: _page(process, finding),
        wording=wording,
        is_staff=actor.is_staff,
    )


def _page(process: Process, finding: Finding) -> str | None:
    """Where it is put right, for those who may."""
    needed = MENDED_BY.get(finding.page or "")
    if finding.page is None or (needed is not None and not can(needed, process)):
        return None
    if finding.page == "audit.index":
        return url_for("audit.index")
    if finding.page.startswith("moderation.") and not current_actor().has(Role.COORDINATOR, Role.MODERATOR):
        return None
    if finding.page.startswith("stakeholders."):
        return url_for(finding.page) if current_actor().is_staff else None
    if finding.page.startswith(("processes.", "outreach.")):
        return url_for(finding.page, public_id=process.public_id)
    return url_for(finding.page, process_id=process.public_id)
