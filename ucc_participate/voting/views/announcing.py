"""Announcing a vote: the purpose first, then everything else, then what voters will read; sealed only after that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...audit import canonical
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, say, see_other
from ...processes.models import PhaseKind, Process
from ...processes.queries import get_process, process_to_change
from ...proposals.models import Proposal
from ...proposals.queries import count_without_support, current_map, shortlist_candidates
from .. import operations, policies, purposes, queries, wording
from ..announcing import AnnouncementForm, Asides
from ..building import OptionLine, preview_vote, require_affordable
from ..models import Franchise, Vote
from ..purposes import PURPOSES, Purpose
from .blueprint import Answer, bp


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page of one announcement works with."""

    process: Process
    purpose: Purpose
    candidates: list[Proposal]
    form: AnnouncementForm
    now: datetime

    @property
    def chosen(self) -> list[Proposal]:
        """The proposals on the ballot to be, by number."""
        return [each for each in self.candidates if each.public_id in (self.form.shortlist.data or [])]

    def asides(self, proposals: list[Proposal]) -> Asides:
        found = current_map(db.session())
        groups = queries.groups_of_proposers(db.session(), [each.id for each in proposals])
        return Asides.of(proposals, found.names if found is not None else {}, groups, request.form)

    def facts(self) -> dict[str, Any]:
        """What the operation needs. Raises Invalid naming the field."""
        form, chosen = self.form, self.chosen
        voters = queries.count_voters(db.session(), self.process, Franchise(form.franchise.data), now=self.now)
        currency = current_app.extensions["ucc.settings"].currency
        sizes = form.weights() if form.franchise.data == Franchise.ORGANISATION.value else {}
        return {
            "title": form.title.data,
            "franchise": Franchise(form.franchise.data),
            "rules": form.rules(currency, chosen, self.asides(chosen), voters=voters),
            "options": [OptionLine(each.public_id, each.title, each.cost, each.id, each.ref) for each in chosen],
            "opens_at": form.opens_at.data,
            "closes_at": form.closes_at.data,
            "public_value": form.public_value.data or "",
            "weights": queries.weights_by_size(db.session(), self.process, sizes) if sizes else {},
        }


@bp.route("/staff/processes/<process_id>/votes/new", methods=["GET", "POST"])
def announce(process_id: str) -> Answer:
    process = get_process(db.session(), process_id, actor=current_actor())
    require(policies.can_announce_in(current_actor(), process, now=clock.now()))
    sent = request.form.get("purpose", "other") if request.method == "POST" else request.args.get("purpose", "")
    purpose = PURPOSES.get(sent)
    if purpose is None or purpose not in purposes.offered():
        return render_template("voting/purpose.html", process=process, purposes=purposes.offered())
    desk = _desk(process, purpose)
    if request.method == "GET":
        return _page(desk), 200
    preview = None
    if desk.form.validate_on_submit():
        try:
            facts = desk.facts()
            preview = _previewed(desk, facts)
            if request.form.get("send") == "announce" and desk.form.seen.data == digest(preview):
                return _announced(process_id, facts)
        except Invalid as refusal:
            desk.form.refuse(refusal)
            preview = None
    return _page(desk, preview), 200 if preview is not None else 422


def _desk(process: Process, purpose: Purpose) -> Desk:
    now = clock.now()
    candidates = shortlist_candidates(db.session(), process)
    form = AnnouncementForm() if request.method == "POST" else AnnouncementForm(data=_defaults(process, purpose, now))
    form.offer(purpose, candidates)
    return Desk(process, purpose, candidates, form, now)


def _defaults(process: Process, purpose: Purpose, now: datetime) -> dict[str, Any]:
    phase = process.phase_of(PhaseKind.VOTE)
    times = {"opens_at": max(phase.starts_at, now), "closes_at": phase.ends_at} if phase else {}
    return {"purpose": purpose.id, "franchise": "individual", "envelope_by": "none", **purpose.begins_with(), **times}


def _previewed(desk: Desk, facts: dict[str, Any]) -> Vote:
    """The vote in memory, as it would be announced."""
    weights = facts["weights"]
    require_affordable(facts["rules"], facts["options"])
    shown = {name: value for name, value in facts.items() if name != "weights"}
    vote = preview_vote(desk.process, now=desk.now, **shown)
    vote.weights = weights or None
    return vote


def digest(vote: Vote) -> str:
    """Of all that the preview shows: what is announced must be what was seen."""
    return sha256(canonical.dumps(vote.public_payload())).hexdigest()


def _announced(process_id: str, facts: dict[str, Any]) -> Answer:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> str:
        process = process_to_change(session, process_id, actor=actor)
        return operations.announce_vote(session, process, actor=actor, now=now, **facts).public_id

    public_id = perform(work)
    say(_("The vote is announced. Its rules and options are sealed now."))
    return see_other("voting.show", process_id=process_id, public_id=public_id)


def _page(desk: Desk, preview: Vote | None = None) -> str:
    return render_template(
        "voting/announce.html",
        process=desk.process,
        purpose=desk.purpose,
        form=desk.form,
        asides=desk.asides(desk.candidates),
        preview=preview,
        rule=wording.rule_in_words(preview) if preview is not None else [],
        seen=digest(preview) if preview is not None else "",
        voters=queries.count_voters(db.session(), desk.process, Franchise(desk.form.franchise.data), now=desk.now)
        if preview is not None
        else None,
        wording=wording,
        candidates=desk.candidates,
        without_support=count_without_support(db.session(), desk.process),
    )
