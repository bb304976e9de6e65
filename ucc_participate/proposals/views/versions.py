"""Another text for what was sent, and what is different between any two of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_name
from flask import render_template, request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.comparing import compare
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import reader
from ...kernel.identity import Role
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import decide, limiter, public, say, see_other
from ...processes.frame import phases_of
from ...processes.models import Process
from ...vocabularies import uccn
from .. import operations, policies, queries, wording
from ..forms import NewTextForm, typed_in
from ..models import Proposal, ProposalVersion
from ..recording import role_of
from ..versioning import TEXT_FIELDS, Overtaken, text_of
from .blueprint import Answer, address_of, bp, change, load, settings
from .overtaken import side_by_side
from .writing import SENDING_LIMIT

BY_WORDS = ("title", "summary", "body", "place")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a proposal, as the page of versions lists it."""

    number: int
    content: dict[str, Any]
    role: Role
    published_at: datetime
    change: str | None = None
    credit: str | None = None
    amendment: int | None = None


@bp.get("/p/<process_id>/proposals/<public_id>/versions")
@public
@shared_by_visitors
def versions(process_id: str, public_id: str) -> str:
    """The texts, newest first, and the difference of two: the newest against the one before unless asked otherwise."""
    process, proposal = load(process_id, public_id)
    texts = _texts(proposal, queries.list_versions(db.session(), proposal))
    old, new = _asked(texts)
    return render_template(
        "proposals/versions.html",
        process=process,
        phases=phases_of(process),
        proposal=proposal,
        texts=texts,
        old=old,
        new=new,
        differences={name: compare(old.content[name] or "", new.content[name] or "") for name in BY_WORDS},
        changed=[name for name in TEXT_FIELDS if name not in BY_WORDS and old.content[name] != new.content[name]],
        wording=wording,
        vocabularies=uccn,
    )


def _texts(proposal: Proposal, rows: list[ProposalVersion]) -> list[Text]:
    """The rows, or the one text that was sent, whose row comes with the second."""
    if not rows:
        sent = proposal.submitted_at or proposal.updated_at
        return [Text(1, text_of(proposal), role_of(proposal), sent)]
    return [
        Text(row.number, row.content, row.by_role, row.published_at, row.change, row.credit, row.amendment)
        for row in rows
    ]


def _asked(texts: list[Text]) -> tuple[Text, Text]:
    """Which two to compare, the older first."""
    by_number = {text.number: text for text in texts}
    new = by_number.get(request.args.get("new", type=int) or 0, texts[0])
    before = by_number.get(new.number - 1, new)
    old = by_number.get(request.args.get("old", type=int) or 0, before)
    return (old, new) if old.number <= new.number else (new, old)


@bp.route("/p/<process_id>/proposals/<public_id>/text", methods=["GET", "POST"])
@limiter.limit(SENDING_LIMIT, methods=["POST"])
def change_text(process_id: str, public_id: str) -> Answer:
    """Its authors give what was sent another text."""
    process, proposal = load(process_id, public_id)
    require(decide("change_text", proposal))
    form = NewTextForm(data=typed_in(proposal) | {"based_on": str(proposal.text_version)})
    del form.author
    if "go_on" in request.form or not form.validate_on_submit():
        return _page(form, process, proposal, status=422 if form.errors else 200)
    facts = {"change": form.change.data, "based_on": form.stamp, "address": address_of(process_id, public_id)}
    try:
        is_new = change(process_id, public_id, operations.change_text, form.content(), **facts)
    except Overtaken as refusal:
        return side_by_side(form, process, proposal, refusal.newest)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, proposal, status=refusal.status)
    say(_("The new version is public. The earlier one stays readable.") if is_new else _("Nothing was different."))
    return see_other("proposals.show", process_id=process_id, public_id=public_id)


def _page(form: NewTextForm, process: Process, proposal: Proposal, *, status: int) -> Answer:
    page = render_template(
        "proposals/change.html",
        form=form,
        process=process,
        phases=phases_of(process),
        proposal=proposal,
        draft=None,
        may_send=True,
        must_say=policies.must_say_what_changed(proposal, now=clock.now()),
        currency_name=get_currency_name(settings().currency, locale=reader().locale),
    )
    return page, status
