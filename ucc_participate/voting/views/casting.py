"""Casting a ballot and keeping its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit import queries as audit_queries
from ...audit import reading as audit_reading
from ...audit.extension import audit_log
from ...audit.queries import LoggedEntry
from ...audit.receipts import Said, receipt_text
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, limiter, say, see_other
from .. import marking, operations, policies, queries
from ..ballot_words import Line, lines
from ..forms import BallotForm
from ..models import Ballot, Franchise, RollEntry, Vote
from ..packing import Marks, marks_of
from .blueprint import Answer, bp, load
from .organisations import told_of_organisation
from .reading import page

DRAFT_LIMIT = "1800 per hour"
STRANGE = _l("The ballot names an option that is not on it. Choose again.")
SAVED = {
    "save": _l("Saved, and not counted yet. You find it here again on every device."),
    "discard": _l("What was not cast is thrown away."),
}


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A person's newest ballot while the vote is open, and its entry in the log (None while it waits)."""

    entry: RollEntry
    ballot: Ballot
    said: Marks
    logged: LoggedEntry | None
    is_sealed: bool

    @property
    def opening(self) -> dict[str, Any]:
        opened: dict[str, Any] = {
            "commitment": self.ballot.commitment,
            "salt": self.ballot.salt.hex(),
            "choices": list(self.said.codes),
        }
        if self.said.points is not None:
            opened["points"] = list(self.said.points)
        if self.ballot.sector is not None:
            opened["sector"] = self.ballot.sector
        return opened


@bp.post("/p/<process_id>/votes/<public_id>/ballot")
def cast(process_id: str, public_id: str) -> Answer:
    process, vote = load(process_id, public_id)
    form, sent = _sent(vote)
    try:
        if sent.strange:
            raise Invalid(STRANGE, field="choices")
        organisation = _cast(public_id, form, marking.marks(vote, sent.typed))
    except Invalid as refusal:
        form.refuse(refusal)
        return page(process, vote, form=form), refusal.status
    except Conflict as refusal:
        return page(process, vote, refused=refusal.reason, chosen=_as_typed(vote, sent.typed)), refusal.status
    if organisation is not None:
        return told_of_organisation(vote, organisation, process_id=process_id)
    say(_("Your ballot is counted. You can replace it until the vote closes."))
    return see_other("voting.receipt", process_id=process_id, public_id=public_id)


def _sent(vote: Vote) -> tuple[BallotForm, marking.Sent]:
    form, found = BallotForm(), marking.sent(vote, request.form)
    form.typed = found.typed
    return form, found


def _as_typed(vote: Vote, typed: Mapping[str, str]) -> list[Line]:
    """What was ticked or written, right or wrong, to copy it by hand."""
    is_set = marking.is_set(vote)
    return [Line(line.title, "" if is_set else typed[line.code]) for line in vote.options if line.code in typed]


def _cast(public_id: str, form: BallotForm, said: Marks) -> str | None:
    """For which organisation (public id) it was cast, if for one."""
    actor, now = current_actor(), clock.now()
    key, organisation_id = form.idempotency_key.data, form.organisation.data or ""
    facts: dict[str, Any] = {"actor": actor, "now": now, "choices": said.codes, "points": said.points}
    facts["idempotency_key"] = key

    def work(session: Session) -> str | None:
        vote = queries.vote_to_cast_in(session, public_id)
        if vote.franchise is Franchise.INDIVIDUAL:
            operations.cast_ballot(session, vote, **facts)
            return None
        organisation = queries.organisation_on_roll(session, vote, organisation_id)
        operations.cast_open_ballot(session, vote, organisation, **facts)
        return organisation_id

    return perform(work)


@bp.post("/p/<process_id>/votes/<public_id>/ballot/draft")
@limiter.limit(DRAFT_LIMIT, key_func=lambda: current_actor().key)
def draft(process_id: str, public_id: str) -> Answer | tuple[dict[str, Any], int]:
    """Keep what is ticked without casting it, after the button that was pressed; the script asks for the same."""
    process, vote = load(process_id, public_id)
    form, sent = _sent(vote)
    act = request.form.get("act", "")
    form.typed = marking.pressed(vote, sent.typed, act)
    place = _anchor(vote, form.organisation.data, act)
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        stamp = _keep(public_id, form, form.typed, act)
    except operations.Overtaken as refusal:
        if wants_json:
            return {"said": str(refusal.reason)}, refusal.status
        return page(process, vote, form=form, overtaken=refusal), refusal.status
    except Conflict as refusal:
        if wants_json:
            return {"said": str(refusal.reason)}, refusal.status
        return page(process, vote, refused=refusal.reason, chosen=_as_typed(vote, form.typed)), refusal.status
    if wants_json:
        return {"stamp": stamp}, 200
    say(SAVED[act] if act in SAVED else SAVED["save"])
    return see_other("voting.show", process_id=process_id, public_id=public_id, **place)


def _keep(public_id: str, form: BallotForm, typed: marking.Typed, act: str) -> str:
    facts: dict[str, Any] = {"actor": current_actor(), "now": clock.now()}
    organisation_id, based_on = form.organisation.data or "", form.based_on.data or ""

    def work(session: Session) -> str:
        vote = queries.vote_to_cast_in(session, public_id)
        if vote.franchise is Franchise.ORGANISATION:
            facts["organisation"] = queries.organisation_on_roll(session, vote, organisation_id)
        if act == "discard":
            operations.discard_draft(session, vote, **facts)
            return operations.FRESH
        return operations.save_draft(session, vote, typed=typed, based_on=based_on, **facts)

    return perform(work)


def _anchor(vote: Vote, organisation: str | None, act: str) -> dict[str, Any]:
    """Back to the option whose button was pressed, and to the organisation that was marked."""
    codes = [option.code for option in vote.options]
    code = act.partition(":")[2]
    where = {"_anchor": f"option-{codes.index(code)}"} if code in codes else {"_anchor": "ballot"}
    return {**where, **({"for": organisation} if organisation else {})}


def own_ballot(vote: Vote) -> OwnBallot:
    """The reader's own ballot. Raises NotFound when there is none, or when nobody can tell any more (after closing)."""
    session, actor = db.session(), current_actor()
    entry = queries.roll_entry_of(session, vote, account_id=actor.account_id or 0)
    ballot = queries.current_ballot(session, entry) if entry is not None else None
    if entry is None or ballot is None:
        raise NotFound(_l("Your receipt can be shown while the vote is open. After that nobody can tell your ballot."))
    connection = session.connection()
    found = audit_queries.latest_entries(connection, subject=entry.slot_ref(vote), limit=1)
    logged = found[0] if found else None
    is_sealed = (
        logged is not None and audit_reading.latest_checkpoint(connection, covering=logged.position + 1) is not None
    )
    return OwnBallot(entry, ballot, marks_of(vote, ballot.choices), logged, is_sealed)


@bp.get("/p/<process_id>/votes/<public_id>/receipt")
def receipt(process_id: str, public_id: str) -> str:
    process, vote = load(process_id, public_id)
    require(policies.can_cast(current_actor(), vote, now=clock.now()))
    own = own_ballot(vote)
    said = lines(vote, own.said)
    return render_template(
        "voting/receipt.html", process=process, vote=vote, own=own, said=said, qr=qr_svg(own.ballot.commitment)
    )


@bp.get("/p/<process_id>/votes/<public_id>/receipt.json")
def receipt_file(process_id: str, public_id: str) -> Response:
    _process, vote = load(process_id, public_id)
    own = own_ballot(vote)
    if own.logged is None:
        raise Conflict(_l("Your ballot is recorded and waits for its line in the log. Try again in a moment."))
    text = receipt_text(audit_log().signer, Said.of(own.logged), logged=own.logged, ballot=own.opening)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{public_id}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
