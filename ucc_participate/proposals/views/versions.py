"""Another text for what was sent, and what is different between any two of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_name
from flask import render_template, request
from flask_babel import gettext as _

from ...inventory.queries import offered
from ...kernel import clock
from ...kernel.comparing import compare
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import reader
from ...kernel.identity import Role
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import decide, limiter, public, say, see_other
from ...moderation.networks import sender
from ...moderation.screening import Blocked, TooMany
from ...processes.frame import phases_of
from ...processes.models import Process
from ...vocabularies import uccn
from .. import operations, policies, queries, wording
from ..forms import NewTextForm, degrees, typed_answers, typed_in, with_questions
from ..models import Proposal, ProposalVersion
from ..recording import role_of
from ..versioning import TEXT_FIELDS, Overtaken, text_of
from .blueprint import Answer, address_of, bp, change, load, settings
from .overtaken import side_by_side
from .particulars import answered, items_named
from .places import district_names
from .writing import SENDING_LIMIT

BY_WORDS = ("title", "summary", "body", "place")
POINT = ("latitude", "longitude")
SHOWN_WHOLE = (*(name for name in TEXT_FIELDS if name not in (*BY_WORDS, *POINT)), "point")
"""What has no difference word by word: both are shown. A point is one thing."""


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
        changed=[name for name in SHOWN_WHOLE if _said(old, name) != _said(new, name)],
        **_particulars_of(process, old, new),
        wording=wording,
        vocabularies=uccn,
    )


def _said(text: Text, name: str) -> Any:
    """None and nothing at all are the same; versions from before particulars were kept say nothing of them."""
    if name == "point":
        return (text.content.get("latitude"), text.content.get("longitude"))
    return text.content.get(name) or None


def _particulars_of(process: Process, *texts: Text) -> dict[str, Any]:
    """What the page needs to name districts, needs, assets and answers of these texts."""
    named = [one for text in texts for name in ("needs", "assets") for one in text.content.get(name) or ()]
    return {
        "answers": {text.number: answered(process, text.content.get("fields")) for text in texts},
        "districts": district_names(),
        "items": {one: item.title for one, item in items_named(process, named).items()},
        "points": {text.number: tuple(degrees(text.content.get(name)) for name in POINT) for text in texts},
    }


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
    form = _form(process, proposal)
    if "go_on" in request.form or not form.validate_on_submit():
        return _page(form, process, proposal, status=422 if form.errors else 200)
    facts = {"change": form.change.data, "based_on": form.stamp, "address": address_of(process_id, public_id)}
    facts["network"] = sender(clock.now())
    try:
        is_new = change(process_id, public_id, operations.change_text, form.content(), **facts)
    except Overtaken as refusal:
        return side_by_side(form, process, proposal, refusal.newest)
    except (Blocked, Conflict, Invalid, TooMany) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, proposal, status=refusal.status)
    if load(process_id, public_id)[1].is_concealed:
        say(_("The new version waits: a moderator reads it before others do; you get a mail."))
        return see_other("proposals.show", process_id=process_id, public_id=public_id)
    say(_("The new version is public. The earlier one stays readable.") if is_new else _("Nothing was different."))
    return see_other("proposals.show", process_id=process_id, public_id=public_id)


def _form(process: Process, proposal: Proposal) -> NewTextForm:
    """It goes on from the newest text, with the questions that the process asks now."""
    fields = queries.fields_of(db.session(), process)
    typed = {**typed_in(proposal), **typed_answers(fields, proposal.fields or {})}
    form = with_questions(NewTextForm, fields)(data=typed | {"based_on": str(proposal.text_version)})
    form.offer_particulars(district_names(), offered(db.session(), process))
    del form.author
    return form


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
