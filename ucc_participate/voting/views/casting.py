"""Casting a ballot and keeping its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
from ...kernel.identity import Actor
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, say, see_other
from .. import operations, policies, queries
from ..building import codes_of
from ..forms import BallotForm
from ..models import Ballot, Franchise, RollEntry, Vote
from .blueprint import Answer, bp, load
from .organisations import Standing, standings, told_of_organisation


@dataclass(frozen=True, slots=True)
class BallotPage:
    """What the page of a vote says to this person about their ballot.

    ``form`` is None when they cannot cast one. ``standings``: of the organisations for which they can;
    ``speaks_for``: the public id of the one that is marked.
    """

    form: BallotForm | None
    slot: int | None = None
    is_counted: bool = False
    standings: tuple[Standing, ...] = ()
    speaks_for: str | None = None


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A person's newest ballot while the vote is open, and its entry in the log (None while it waits)."""

    entry: RollEntry
    ballot: Ballot
    choices: tuple[str, ...]
    logged: LoggedEntry | None
    is_sealed: bool

    @property
    def opening(self) -> dict[str, Any]:
        return {"commitment": self.ballot.commitment, "salt": self.ballot.salt.hex(), "choices": list(self.choices)}


def ballot_of(session: Session, vote: Vote, actor: Actor, now: datetime, form: BallotForm | None) -> BallotPage:
    """Whether the reader may cast a ballot, has cast one, and with what choices."""
    if vote.franchise is Franchise.ORGANISATION:
        return _ballot_of_organisation(session, vote, actor, now, form)
    entry = None
    if actor.account_id is not None and vote.roll_size is not None:
        entry = queries.roll_entry_of(session, vote, account_id=actor.account_id)
    own = queries.current_ballot(session, entry) if entry is not None else None
    chosen = tuple(codes_of(vote, own.choices)) if own is not None else ()
    if entry is None:
        return BallotPage(form=None)
    may = policies.can_cast(actor, vote, now=now)
    return BallotPage(_fresh(vote, form, chosen) if may else None, slot=entry.slot, is_counted=entry.has_voted)


def _ballot_of_organisation(
    session: Session, vote: Vote, actor: Actor, now: datetime, form: BallotForm | None
) -> BallotPage:
    """The organisation that was sent is marked, else the first one without a ballot, else the first."""
    found = standings(session, vote, actor, now)
    if not found or not policies.can_cast_for(actor, vote, now=now, organisation=found[0].organisation.public_id):
        return BallotPage(form=None)
    lacking = [each for each in found if each.counted is None]
    sent = form.organisation.data if form is not None else None
    marked = next((each for each in found if each.organisation.public_id == sent), (lacking or found)[0])
    return BallotPage(
        form=_fresh(vote, form, marked.codes),
        is_counted=not lacking,
        standings=found,
        speaks_for=marked.organisation.public_id,
    )


def _fresh(vote: Vote, form: BallotForm | None, chosen: tuple[str, ...]) -> BallotForm:
    form = form or BallotForm(formdata=None, data={"choices": list(chosen)})
    form.offer_options(vote)
    return form


@bp.post("/p/<process_id>/votes/<public_id>/ballot")
def cast(process_id: str, public_id: str) -> Answer:
    from .reading import page

    process, vote = load(process_id, public_id)
    form = BallotForm()
    form.offer_options(vote)
    chosen = [code for code in request.form.getlist("choices") if code]
    try:
        organisation = _cast(public_id, form, chosen)
    except Invalid as refusal:
        form.refuse(refusal)
        return page(process, vote, form=form), refusal.status
    except Conflict as refusal:
        titles = [option.title for option in vote.options if option.code in chosen]
        return page(process, vote, refused=refusal.reason, chosen=titles), refusal.status
    if organisation is not None:
        return told_of_organisation(vote, organisation, process_id=process_id)
    say(_("Your ballot is counted. You can replace it until the vote closes."))
    return see_other("voting.receipt", process_id=process_id, public_id=public_id)


def _cast(public_id: str, form: BallotForm, chosen: list[str]) -> str | None:
    """For which organisation (public id) it was cast, if for one."""
    actor, now = current_actor(), clock.now()
    key, organisation_id = form.idempotency_key.data, form.organisation.data or ""

    def work(session: Session) -> str | None:
        vote = queries.vote_to_cast_in(session, public_id)
        facts: dict[str, Any] = {"actor": actor, "now": now, "choices": chosen, "idempotency_key": key}
        if vote.franchise is Franchise.INDIVIDUAL:
            operations.cast_ballot(session, vote, **facts)
            return None
        organisation = queries.organisation_on_roll(session, vote, organisation_id)
        operations.cast_open_ballot(session, vote, organisation, **facts)
        return organisation_id

    return perform(work)


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
    return OwnBallot(entry, ballot, tuple(codes_of(vote, ballot.choices)), logged, is_sealed)


@bp.get("/p/<process_id>/votes/<public_id>/receipt")
def receipt(process_id: str, public_id: str) -> str:
    process, vote = load(process_id, public_id)
    require(policies.can_cast(current_actor(), vote, now=clock.now()))
    own = own_ballot(vote)
    titles = [option.title for option in vote.options if option.code in own.choices]
    return render_template(
        "voting/receipt.html", process=process, vote=vote, own=own, titles=titles, qr=qr_svg(own.ballot.commitment)
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
