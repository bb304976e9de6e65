"""Keeping drafts while somebody types: small answers for the page's script, which says them."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from ...kernel.db import perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import decide, limiter
from ...processes.models import Process
from ..models import Proposal
from ..versioning import Overtaken
from . import writing
from .blueprint import bp, load, load_process

KEEPING_LIMIT = "600 per hour"
LARGEST_FORM = 12_000_000
"""Bytes of a form that is read at all: a paste of two megabytes gets its field's own error, and its text back."""
WRITING = frozenset({"new", "edit", "keep_new", "keep", "change_text", "amend", "renew"})

Said = tuple[dict[str, Any], int]


@bp.url_value_preprocessor
def _take_long_texts(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Runs before anything reads the form, the check of its token too."""
    if (endpoint or "").removeprefix("proposals.") in WRITING:
        request.max_form_memory_size = LARGEST_FORM


@bp.post("/p/<process_id>/proposals/new/keep")
@limiter.limit(KEEPING_LIMIT)
def keep_new(process_id: str) -> Said:
    return _keep(load_process(process_id), None)


@bp.post("/p/<process_id>/proposals/<public_id>/keep")
@limiter.limit(KEEPING_LIMIT)
def keep(process_id: str, public_id: str) -> Said:
    process, draft = load(process_id, public_id)
    require(decide("edit", draft))
    return _keep(process, draft)


def _keep(process: Process, draft: Proposal | None) -> Said:
    """Keep what is typed; what cannot be kept is said in a line, and the page still has it."""
    form = writing.form_with(process, draft)
    if not form.validate_on_submit():
        return {"said": _not_kept(form.error_list[0].message)}, 422
    try:
        made = perform(writing.keeping(form, process, draft))
    except Overtaken as refusal:
        said = _("Not kept: somebody has saved another text meanwhile. Your text is still here.")
        return {"said": said, "newest": refusal.newest}, 409
    except (Conflict, Invalid) as refusal:
        return {"said": _not_kept(str(refusal.reason))}, refusal.status
    if not made.is_draft:
        return {"said": _("This proposal has been sent already.")}, 409
    place: dict[str, Any] = {"process_id": process.public_id, "public_id": made.public_id}
    return {
        "stamp": made.text_version,
        "page": url_for("proposals.edit", **place),
        "keep": url_for("proposals.keep", **place),
    }, 200


def _not_kept(reason: str) -> str:
    return str(_("Not kept yet; your text is still here. %(reason)s", reason=reason))
