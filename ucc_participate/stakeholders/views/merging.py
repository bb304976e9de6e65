"""The desk at which staff finds entries that are one organisation, and merges them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.looks import shows
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import Denied, first_refusal, require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, decide, say, see_other
from .. import operations, policies, queries
from ..forms import MergeForm
from ..lineage import Holding, MergePart
from ..models import Organisation
from ..wording import CHANGED_MEANWHILE, LABELS, LIKENESS, own_holdings
from .blueprint import Answer, bp


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do: what the entry that goes has, and why it cannot be done now, if so."""

    holdings: list[Holding]
    refusal: Any

    @property
    def mark(self) -> str:
        """Changes when anything does that the page shows of it."""
        shown = "|".join(str(each.number) for each in self.holdings)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


@bp.get("/staff/stakeholders/duplicates")
def duplicates() -> str:
    require(decide("register", Organisation))
    page = queries.list_pairs(db.session(), after=request.args.get("after"))
    return render_template("stakeholders/duplicates.html", page=page, labels=LABELS, likeness=LIKENESS)


@bp.get("/staff/stakeholders/<public_id>/merge")
def merge_with(public_id: str) -> str:
    """Looking for the other entry."""
    organisation = queries.get_organisation(db.session(), public_id)
    require(decide("merge", organisation))
    wanted = request.args.get("q") or organisation.name
    found = queries.similar_organisations(db.session(), wanted, besides=public_id)
    return render_template(
        "stakeholders/merge_with.html", organisation=organisation, found=found, wanted=wanted, labels=LABELS
    )


@bp.route("/staff/stakeholders/<public_id>/merge/<survivor_id>", methods=["GET", "POST"])
def merge(public_id: str, survivor_id: str) -> Answer:
    merged, survivor = (queries.get_organisation(db.session(), each) for each in (public_id, survivor_id))
    for each in (merged, survivor):
        require(decide("merge", each))
    preview, form = _preview(db.session(), merged, survivor, _parts()), MergeForm()
    if form.validate_on_submit() and _merged(public_id, survivor_id, form):
        say(_("The two are one entry now. The old address leads to it."))
        return see_other("stakeholders.show", public_id=survivor_id)
    for each in (merged, survivor):
        shows(each.ref, Page.CONTACT)
    form.seen.data = preview.mark
    page = render_template(
        "stakeholders/merge.html", merged=merged, survivor=survivor, preview=preview, form=form, labels=LABELS
    )
    return (page, 422) if form.errors or form.form_errors else page


@bp.post("/staff/stakeholders/<public_id>/apart/<other_id>")
def keep_apart(public_id: str, other_id: str) -> Answer:
    """They look alike and are two."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        operations.keep_apart(
            session, *queries.organisations_to_merge(session, public_id, other_id), actor=actor, now=now
        )

    perform(work)
    say(_("Noted. These two are not shown as duplicates any more."))
    return see_other("stakeholders.duplicates")


def _parts() -> list[MergePart]:
    found: list[MergePart] = current_app.extensions["ucc.merge_parts"]
    return found


def _preview(session: Session, merged: Organisation, survivor: Organisation, parts: Sequence[MergePart]) -> Preview:
    holdings = own_holdings(
        queries.count_mandates(session, merged),
        queries.count_nominations_of(session, merged),
        len(queries.merged_into(session, merged)),
    )
    decision = first_refusal(
        [policies.can_be_one(merged, survivor), *(part.decide(session, merged, survivor) for part in parts)]
    )
    refusal = decision.reason if isinstance(decision, Denied) else None
    return Preview(holdings + [each for part in parts for each in part.holdings(session, merged)], refusal)


def _merged(public_id: str, survivor_id: str, form: MergeForm) -> bool:
    actor, now, parts, seen = current_actor(), clock.now(), _parts(), form.seen.data

    def work(session: Session) -> None:
        merged, survivor = queries.organisations_to_merge(session, public_id, survivor_id)
        if _preview(session, merged, survivor, parts).mark != seen:
            raise Invalid(CHANGED_MEANWHILE)
        reason = form.reason.data or ""
        operations.merge_organisations(session, merged, survivor, reason=reason, parts=parts, actor=actor, now=now)

    try:
        perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as refusal:
        form.refuse(Invalid(refusal.reason))
    else:
        return True
    return False
